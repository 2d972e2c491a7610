import django.db.models.deletion
import fuzzydates.fields
import municipalities.tables
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('committees', '0001_initial'),
        ('municipalities', '0001_initial'),
        ('municipalities', '__first__'),
    ]

    operations = [
        municipalities.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name='CalendarKey',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='Prüfwert')),
                        ('made_at', models.DateTimeField(auto_now=True, verbose_name='angelegt am')),
                        ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='zuletzt abgerufen')),
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_key', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'geheime Kalenderadresse',
                        'verbose_name_plural': 'geheime Kalenderadressen',
                    },
                ),
                migrations.CreateModel(
                    name='FactionNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('passage', models.CharField(blank=True, max_length=80, verbose_name='Stelle')),
                        ('text', models.TextField(max_length=5000, verbose_name='Text')),
                        ('written_at', models.DateTimeField(auto_now_add=True, verbose_name='geschrieben am')),
                        ('author', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='von')),
                        ('faction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='notes', to='committees.faction', verbose_name='Fraktion')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faction_notes', to='committees.paper', verbose_name='Vorlage')),
                    ],
                    options={
                        'verbose_name': 'Notiz in der Fraktion',
                        'verbose_name_plural': 'Notizen in der Fraktion',
                        'ordering': ['paper', 'written_at', 'pk'],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalFactionStaff',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('function', models.CharField(blank=True, max_length=100, verbose_name='Funktion')),
                        ('span', fuzzydates.fields.FuzzyDateField(blank=True, max_length=40, null=True, verbose_name='Zeitraum')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('faction', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='committees.faction', verbose_name='Fraktion')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('person', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.person', verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Mitarbeit',
                        'verbose_name_plural': 'historical Mitarbeit in Fraktionen',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalPaperQuestion',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('passage', models.CharField(blank=True, max_length=80, verbose_name='Stelle')),
                        ('text', models.TextField(max_length=3000, verbose_name='Frage')),
                        ('asked_at', models.DateTimeField(blank=True, editable=False, verbose_name='gefragt am')),
                        ('audience', models.CharField(choices=[('person', 'nur wer fragt'), ('committee', 'alle Mitglieder der beteiligten Gremien'), ('public', 'alle, die die Vorlage lesen')], default='person', max_length=10, verbose_name='Wer die Antwort liest')),
                        ('answer', models.TextField(blank=True, max_length=5000, verbose_name='Antwort')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='beantwortet am')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('answered_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='beantwortet von')),
                        ('asked_by', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gefragt von')),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('paper', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='committees.paper', verbose_name='Vorlage')),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Frage',
                        'verbose_name_plural': 'historical Fragen zur Vorlage',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='MeetingLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('holder', models.CharField(max_length=150, verbose_name='Für wen')),
                        ('token_hash', models.CharField(max_length=64, unique=True, verbose_name='Prüfwert')),
                        ('complete', models.BooleanField(default=False, help_text='Nur für Personen, die zur Verschwiegenheit verpflichtet sind.', verbose_name='mit dem nichtöffentlichen Teil')),
                        ('expires_at', models.DateTimeField(verbose_name='gilt bis')),
                        ('revoked_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='widerrufen am')),
                        ('made_at', models.DateTimeField(auto_now_add=True, verbose_name='angelegt am')),
                        ('made_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='angelegt von')),
                        ('meeting', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='links', to='committees.meeting', verbose_name='Sitzung')),
                    ],
                    options={
                        'verbose_name': 'Leselink',
                        'verbose_name_plural': 'Leselinks',
                        'ordering': ['meeting', '-made_at'],
                    },
                ),
                migrations.CreateModel(
                    name='LinkUse',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('at', models.DateTimeField(auto_now_add=True, verbose_name='am')),
                        ('what', models.CharField(max_length=200, verbose_name='Was')),
                        ('link', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='uses', to='council.meetinglink', verbose_name='Leselink')),
                    ],
                    options={
                        'verbose_name': 'Nutzung eines Leselinks',
                        'verbose_name_plural': 'Nutzungen eines Leselinks',
                        'ordering': ['link', '-at'],
                    },
                ),
                migrations.CreateModel(
                    name='FactionStaff',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('function', models.CharField(blank=True, max_length=100, verbose_name='Funktion')),
                        ('span', fuzzydates.fields.FuzzyDateField(blank=True, max_length=40, null=True, verbose_name='Zeitraum')),
                        ('faction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='staff', to='committees.faction', verbose_name='Fraktion')),
                        ('person', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='faction_work', to='municipalities.person', verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'Mitarbeit in einer Fraktion',
                        'verbose_name_plural': 'Mitarbeit in Fraktionen',
                        'ordering': ['faction', 'person'],
                        'constraints': [models.UniqueConstraint(fields=('faction', 'person'), name='faction_staff_once')],
                    },
                ),
                migrations.CreateModel(
                    name='IntendedVote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('vote', models.CharField(choices=[('for', 'Zustimmung'), ('against', 'Ablehnung'), ('abstain', 'Enthaltung'), ('free', 'freigegeben'), ('open', 'noch offen')], default='open', max_length=10, verbose_name='Abstimmungsverhalten')),
                        ('speaker', models.CharField(blank=True, max_length=150, verbose_name='Wer spricht')),
                        ('remark', models.CharField(blank=True, max_length=500, verbose_name='Bemerkung')),
                        ('changed_at', models.DateTimeField(auto_now=True, verbose_name='zuletzt am')),
                        ('changed_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='zuletzt von')),
                        ('consultation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intended_votes', to='committees.consultation', verbose_name='Beratung')),
                        ('faction', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intended_votes', to='committees.faction', verbose_name='Fraktion')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='intended_votes', to='committees.paper', verbose_name='Vorlage')),
                    ],
                    options={
                        'verbose_name': 'Abstimmungsverhalten',
                        'verbose_name_plural': 'Abstimmungsverhalten',
                        'ordering': ['faction', 'consultation'],
                        'constraints': [models.UniqueConstraint(fields=('faction', 'consultation'), name='intended_vote_once'), models.CheckConstraint(condition=models.Q(('vote__in', ['for', 'against', 'abstain', 'free', 'open'])), name='council_intendedvote_vote_known')],
                    },
                ),
                migrations.CreateModel(
                    name='PaperQuestion',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('passage', models.CharField(blank=True, max_length=80, verbose_name='Stelle')),
                        ('text', models.TextField(max_length=3000, verbose_name='Frage')),
                        ('asked_at', models.DateTimeField(auto_now_add=True, verbose_name='gefragt am')),
                        ('audience', models.CharField(choices=[('person', 'nur wer fragt'), ('committee', 'alle Mitglieder der beteiligten Gremien'), ('public', 'alle, die die Vorlage lesen')], default='person', max_length=10, verbose_name='Wer die Antwort liest')),
                        ('answer', models.TextField(blank=True, max_length=5000, verbose_name='Antwort')),
                        ('answered_at', models.DateTimeField(blank=True, null=True, verbose_name='beantwortet am')),
                        ('answered_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='beantwortet von')),
                        ('asked_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='gefragt von')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='questions', to='committees.paper', verbose_name='Vorlage')),
                    ],
                    options={
                        'verbose_name': 'Frage zur Vorlage',
                        'verbose_name_plural': 'Fragen zur Vorlage',
                        'ordering': ['paper', 'asked_at', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('answer', ''), ('answered_at', None)), models.Q(('answered_at__isnull', False), models.Q(('answer', ''), _negated=True)), _connector='OR'), name='paper_question_answer_has_day', violation_error_message='Bitte schreiben Sie eine Antwort.'), models.CheckConstraint(condition=models.Q(('audience__in', ['person', 'committee', 'public'])), name='council_paperquestion_audience_known')],
                    },
                ),
                migrations.CreateModel(
                    name='PrivateNote',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('note', 'Notiz'), ('mark', 'Markierung')], default='note', max_length=5, verbose_name='Art')),
                        ('passage', models.CharField(blank=True, max_length=80, verbose_name='Stelle')),
                        ('sealed', models.BinaryField(verbose_name='verschlüsselter Text')),
                        ('written_at', models.DateTimeField(auto_now=True, verbose_name='geschrieben am')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='private_notes', to='committees.paper', verbose_name='Vorlage')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='private_notes', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'eigene Notiz',
                        'verbose_name_plural': 'eigene Notizen',
                        'ordering': ['paper', 'pk'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['note', 'mark'])), name='council_privatenote_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='ReadMark',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('read_at', models.DateTimeField(verbose_name='gelesen am')),
                        ('state', models.JSONField(default=dict, verbose_name='gelesener Stand')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_marks', to='committees.paper', verbose_name='Vorlage')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='read_marks', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'Lesezeichen',
                        'verbose_name_plural': 'Lesezeichen',
                        'ordering': ['-read_at'],
                        'constraints': [models.UniqueConstraint(fields=('user', 'paper'), name='read_mark_once')],
                    },
                ),
                migrations.CreateModel(
                    name='Reminder',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('day', models.DateField(verbose_name='Tag')),
                        ('sent_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='erinnert am')),
                        ('paper', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to='committees.paper', verbose_name='Vorlage')),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='reminders', to=settings.AUTH_USER_MODEL, verbose_name='Person')),
                    ],
                    options={
                        'verbose_name': 'Erinnerung',
                        'verbose_name_plural': 'Erinnerungen',
                        'ordering': ['day', 'pk'],
                        'constraints': [models.UniqueConstraint(fields=('user', 'paper', 'day'), name='reminder_once')],
                    },
                ),
            ],
        ),
    ]
