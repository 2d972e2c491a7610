from django.db import migrations

from search.fulltext import FullTextIndex


class Migration(migrations.Migration):
    dependencies = [("search", "0001_initial")]

    operations = [FullTextIndex("Entry")]
