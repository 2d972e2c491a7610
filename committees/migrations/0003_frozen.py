from django.db import migrations

from documents.triggers import ForbidUpdates


class Migration(migrations.Migration):
    dependencies = [("committees", "0002_initial")]

    operations = [ForbidUpdates("IssuedPaper")]
