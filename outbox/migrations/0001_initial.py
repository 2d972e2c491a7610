import django.db.models.deletion
import django.utils.timezone
import municipalities.tables
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
    ]

    operations = [
        municipalities.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name='OutgoingMail',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('key', models.CharField(max_length=150, unique=True, verbose_name='Anlass')),
                        ('recipient', models.EmailField(max_length=254, verbose_name='Empfänger')),
                        ('subject', models.CharField(max_length=200, verbose_name='Betreff')),
                        ('text', models.TextField(blank=True, verbose_name='Text')),
                        ('named', models.JSONField(blank=True, default=dict, help_text='Die Schlüssel der Zeilen, je Modell.', verbose_name='Genanntes')),
                        ('naming_subject', models.CharField(blank=True, max_length=200, verbose_name='Betreff mit Namen')),
                        ('naming_text', models.TextField(blank=True, verbose_name='Text mit Namen')),
                        ('secret', models.BooleanField(default=False, help_text='Der Text enthält einen Zugang.', verbose_name='Text nach dem Senden löschen')),
                        ('message_id', models.CharField(max_length=200, unique=True, verbose_name='Message-ID')),
                        ('state', models.CharField(choices=[('waiting', 'wartet'), ('sending', 'wird gesendet'), ('sent', 'gesendet'), ('failed', 'nicht zustellbar'), ('cancelled', 'zurückgezogen')], default='waiting', max_length=10, verbose_name='Stand')),
                        ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='Versuche')),
                        ('next_attempt', models.DateTimeField(default=django.utils.timezone.now, verbose_name='nächster Versuch')),
                        ('claimed_at', models.DateTimeField(blank=True, null=True, verbose_name='letzter Versuch')),
                        ('sent_at', models.DateTimeField(blank=True, null=True, verbose_name='gesendet am')),
                        ('last_error', models.CharField(blank=True, max_length=500, verbose_name='letzter Fehler')),
                        ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='geschrieben am')),
                    ],
                    options={
                        'verbose_name': 'ausgehende E-Mail',
                        'verbose_name_plural': 'ausgehende E-Mails',
                        'ordering': ['-written_at', '-pk'],
                        'indexes': [models.Index(fields=['state', 'next_attempt'], name='outgoing_due')],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('sent_at__isnull', False), ('state', 'sent')), models.Q(models.Q(('state', 'sent'), _negated=True), ('sent_at', None)), _connector='OR'), name='outgoing_sent_has_its_time'), models.CheckConstraint(condition=models.Q(('state__in', ['waiting', 'sending', 'sent', 'failed', 'cancelled'])), name='outbox_outgoingmail_state_known')],
                    },
                ),
                migrations.CreateModel(
                    name='MailAttachment',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('position', models.PositiveSmallIntegerField(verbose_name='Reihenfolge')),
                        ('name', models.CharField(max_length=150, verbose_name='Name')),
                        ('content_type', models.CharField(max_length=100, verbose_name='Typ')),
                        ('content', models.BinaryField(verbose_name='Inhalt')),
                        ('naming', models.BooleanField(default=False, help_text='Geht nur mit, solange das Genannte öffentlich ist.', verbose_name='nennt etwas')),
                        ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='attachments', to='outbox.outgoingmail')),
                    ],
                    options={
                        'verbose_name': 'Anhang',
                        'verbose_name_plural': 'Anhänge',
                        'ordering': ['mail', 'position'],
                        'constraints': [models.UniqueConstraint(fields=('mail', 'position'), name='mail_attachment_unique_position')],
                    },
                ),
            ],
        ),
    ]
