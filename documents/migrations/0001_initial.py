import django.db.models.deletion
import municipalities.tables
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('municipalities', '0001_initial'),
        ('municipalities', '__first__'),
    ]

    operations = [
        municipalities.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name='IssuedFile',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=150, verbose_name='Dateiname')),
                        ('media_type', models.CharField(default='application/pdf', max_length=100, verbose_name='Art')),
                        ('content', models.BinaryField(verbose_name='Inhalt')),
                        ('size', models.PositiveIntegerField(verbose_name='Größe in Byte')),
                        ('sha256', models.CharField(db_index=True, max_length=64, verbose_name='SHA-256')),
                        ('issued_at', models.DateTimeField(auto_now_add=True, verbose_name='ausgefertigt am')),
                        ('issued_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ausgefertigt von')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='municipalities.municipality', verbose_name='Kommune')),
                    ],
                    options={
                        'verbose_name': 'Ausgefertigte Datei',
                        'verbose_name_plural': 'Ausgefertigte Dateien',
                        'ordering': ['-issued_at'],
                        'base_manager_name': 'objects',
                        'constraints': [models.CheckConstraint(condition=models.Q(('size__gt', 0)), name='issued_file_not_empty')],
                    },
                ),
                migrations.CreateModel(
                    name='Picture',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=150, verbose_name='Dateiname')),
                        ('media_type', models.CharField(max_length=20, verbose_name='Art')),
                        ('content', models.BinaryField(verbose_name='Inhalt')),
                        ('width', models.PositiveIntegerField(verbose_name='Breite in Bildpunkten')),
                        ('height', models.PositiveIntegerField(verbose_name='Höhe in Bildpunkten')),
                        ('sha256', models.CharField(max_length=64, verbose_name='SHA-256')),
                        ('uploaded_at', models.DateTimeField(auto_now_add=True, verbose_name='hochgeladen am')),
                        ('municipality', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, to='municipalities.municipality', verbose_name='Kommune')),
                        ('uploaded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='hochgeladen von')),
                    ],
                    options={
                        'verbose_name': 'Bild',
                        'verbose_name_plural': 'Bilder',
                        'ordering': ['-uploaded_at', '-pk'],
                        'constraints': [models.UniqueConstraint(fields=('municipality', 'sha256'), name='picture_once_per_town')],
                    },
                ),
            ],
        ),
    ]
