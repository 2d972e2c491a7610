import django.db.models.deletion
import municipalities.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('committees', '0001_initial'),
        ('concepts', '0001_initial'),
        ('municipalities', '0001_initial'),
    ]

    operations = [
        municipalities.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name='Container',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('own_number', models.BigIntegerField(default=-1)),
                        ('town_number', models.BigIntegerField(default=-1)),
                        ('rules', models.PositiveSmallIntegerField(default=0)),
                        ('concept', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_container', to='concepts.concept')),
                        ('paper', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_container', to='committees.paper')),
                        ('town', models.OneToOneField(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='search_container', to='municipalities.municipality')),
                    ],
                    options={
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('concept', None), ('paper', None), ('town__isnull', False)), models.Q(('concept__isnull', False), ('paper', None), ('town', None)), models.Q(('concept', None), ('paper__isnull', False), ('town', None)), _connector='OR'), name='search_container_of_one_thing')],
                    },
                ),
                migrations.CreateModel(
                    name='Entry',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=20)),
                        ('number', models.BigIntegerField()),
                        ('position', models.BigIntegerField()),
                        ('digest', models.CharField(max_length=64)),
                        ('label', models.CharField(max_length=120)),
                        ('title', models.TextField()),
                        ('body', models.TextField()),
                        ('place', models.TextField()),
                        ('address', models.CharField(max_length=500)),
                        ('title_words', models.TextField()),
                        ('body_words', models.TextField()),
                        ('title_parts', models.TextField()),
                        ('body_parts', models.TextField()),
                        ('container', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='entries', to='search.container')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='municipalities.municipality')),
                    ],
                    options={
                        'constraints': [models.UniqueConstraint(fields=('kind', 'number'), name='search_entry_unique')],
                    },
                ),
            ],
        ),
    ]
