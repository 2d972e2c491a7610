from django.db import migrations

from documents.triggers import ForbidUpdates


class Migration(migrations.Migration):
    dependencies = [("documents", "0002_initial")]

    operations = [ForbidUpdates("IssuedFile")]
