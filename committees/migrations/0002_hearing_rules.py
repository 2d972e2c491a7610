from django.db import migrations

from committees.hearing_rules import load_rules


def rules_of_the_laender(apps, schema_editor):
    load_rules(apps.get_model("committees", "HearingRule"))


class Migration(migrations.Migration):
    dependencies = [("committees", "0001_initial")]

    operations = [migrations.RunPython(rules_of_the_laender, migrations.RunPython.noop)]
