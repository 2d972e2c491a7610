import django.core.validators
import django.db.models.deletion
import django.db.models.functions.text
import municipalities.images
import municipalities.models
import municipalities.number_patterns
import municipalities.tables
import simple_history.models
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
    ]

    operations = [
        municipalities.tables.CreateTables(
            operations=[
                migrations.CreateModel(
                    name='Municipality',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(help_text='Zum Beispiel „Stadt Leverkusen“.', max_length=100, unique=True, verbose_name='Name')),
                        ('short_name', models.CharField(max_length=60, unique=True, verbose_name='Kurzname')),
                        ('slug', models.SlugField(max_length=60, unique=True, validators=[municipalities.models.validate_slug_is_free], verbose_name='Adresse')),
                        ('kind', models.CharField(choices=[('city', 'Stadt'), ('commune', 'Gemeinde'), ('county', 'Kreis'), ('district', 'Bezirk')], max_length=10, verbose_name='Art')),
                        ('ags', models.CharField(blank=True, max_length=8, null=True, unique=True, validators=[django.core.validators.RegexValidator('^(\\d{5}|\\d{8})$', 'Der Amtliche Gemeindeschlüssel hat acht Ziffern, bei einem Kreis fünf.')], verbose_name='Amtlicher Gemeindeschlüssel')),
                        ('head_title', models.CharField(help_text='Zum Beispiel „Der Oberbürgermeister“.', max_length=60, verbose_name='Bezeichnung der Leitung')),
                        ('state_law', models.CharField(choices=[('go_nrw', 'GO NRW'), ('kro_nrw', 'KrO NRW'), ('nkomvg', 'NKomVG'), ('other', 'andere Kommunalverfassung')], max_length=10, verbose_name='Kommunalverfassung')),
                        ('logo', models.ImageField(blank=True, upload_to='logos/', validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg']), municipalities.images.check_logo], verbose_name='Logo')),
                        ('colour', models.CharField(default='#2144aa', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Bitte geben Sie die Farbe als # und sechs Zeichen von 0 bis f an, zum Beispiel #2144aa.')], verbose_name='Farbe')),
                        ('number_pattern', models.CharField(blank=True, help_text='Bausteine: {jahr}, {jahr2} (zweistellig), {laufend}, {laufend:3} (auf drei Stellen mit Nullen), {amt}, {wahlperiode} – zum Beispiel „{jahr}/{laufend}“.', max_length=60, validators=[municipalities.number_patterns.validate_number_pattern], verbose_name='Muster der Vorlagennummern')),
                    ],
                    options={
                        'verbose_name': 'Kommune',
                        'verbose_name_plural': 'Kommunen',
                        'ordering': ['short_name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['city', 'commune', 'county', 'district'])), name='municipalities_municipality_kind_known'), models.CheckConstraint(condition=models.Q(('state_law__in', ['go_nrw', 'kro_nrw', 'nkomvg', 'other'])), name='municipalities_municipality_state_law_known')],
                    },
                ),
                migrations.CreateModel(
                    name='Person',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=100, verbose_name='Name')),
                        ('function', models.CharField(blank=True, max_length=120, verbose_name='Funktion')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telefon')),
                    ],
                    options={
                        'verbose_name': 'Person',
                        'verbose_name_plural': 'Personen',
                        'ordering': ['name'],
                    },
                ),
                migrations.CreateModel(
                    name='Role',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('administration', 'Fachadministration'), ('editing', 'Redaktion'), ('department', 'Fachamt'), ('countersigning', 'Mitzeichnung'), ('council_service', 'Sitzungsdienst'), ('moderation', 'Moderation')], max_length=20, verbose_name='Rolle')),
                    ],
                    options={
                        'verbose_name': 'Rolle',
                        'verbose_name_plural': 'Rollen',
                        'ordering': ['municipality', 'user', 'kind'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('kind__in', ['administration', 'editing', 'department', 'countersigning', 'council_service', 'moderation'])), name='municipalities_role_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='User',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('password', models.CharField(max_length=128, verbose_name='password')),
                        ('last_login', models.DateTimeField(blank=True, null=True, verbose_name='last login')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('email', models.EmailField(max_length=254, unique=True, verbose_name='E-Mail-Adresse')),
                        ('name', models.CharField(max_length=100, verbose_name='Name')),
                        ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
                        ('is_demo', models.BooleanField(default=False, verbose_name='Vorführzugang')),
                        ('date_joined', models.DateTimeField(auto_now_add=True, verbose_name='angelegt am')),
                        ('groups', models.ManyToManyField(blank=True, help_text='The groups this user belongs to. A user will get all permissions granted to each of their groups.', related_name='user_set', related_query_name='user', to='auth.group', verbose_name='groups')),
                        ('user_permissions', models.ManyToManyField(blank=True, help_text='Specific permissions for this user.', related_name='user_set', related_query_name='user', to='auth.permission', verbose_name='user permissions')),
                    ],
                    options={
                        'verbose_name': 'Benutzerkonto',
                        'verbose_name_plural': 'Benutzerkonten',
                        'ordering': ['name'],
                        'constraints': [models.UniqueConstraint(django.db.models.functions.text.Lower('email'), name='user_unique_email_any_case', violation_error_message='Zu dieser E-Mail-Adresse gibt es schon ein Konto.')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalMunicipality',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('name', models.CharField(db_index=True, help_text='Zum Beispiel „Stadt Leverkusen“.', max_length=100, verbose_name='Name')),
                        ('short_name', models.CharField(db_index=True, max_length=60, verbose_name='Kurzname')),
                        ('slug', models.SlugField(max_length=60, validators=[municipalities.models.validate_slug_is_free], verbose_name='Adresse')),
                        ('kind', models.CharField(choices=[('city', 'Stadt'), ('commune', 'Gemeinde'), ('county', 'Kreis'), ('district', 'Bezirk')], max_length=10, verbose_name='Art')),
                        ('ags', models.CharField(blank=True, db_index=True, max_length=8, null=True, validators=[django.core.validators.RegexValidator('^(\\d{5}|\\d{8})$', 'Der Amtliche Gemeindeschlüssel hat acht Ziffern, bei einem Kreis fünf.')], verbose_name='Amtlicher Gemeindeschlüssel')),
                        ('head_title', models.CharField(help_text='Zum Beispiel „Der Oberbürgermeister“.', max_length=60, verbose_name='Bezeichnung der Leitung')),
                        ('state_law', models.CharField(choices=[('go_nrw', 'GO NRW'), ('kro_nrw', 'KrO NRW'), ('nkomvg', 'NKomVG'), ('other', 'andere Kommunalverfassung')], max_length=10, verbose_name='Kommunalverfassung')),
                        ('logo', models.TextField(blank=True, max_length=100, validators=[django.core.validators.FileExtensionValidator(['png', 'jpg', 'jpeg']), municipalities.images.check_logo], verbose_name='Logo')),
                        ('colour', models.CharField(default='#2144aa', max_length=7, validators=[django.core.validators.RegexValidator('^#[0-9a-f]{6}$', 'Bitte geben Sie die Farbe als # und sechs Zeichen von 0 bis f an, zum Beispiel #2144aa.')], verbose_name='Farbe')),
                        ('number_pattern', models.CharField(blank=True, help_text='Bausteine: {jahr}, {jahr2} (zweistellig), {laufend}, {laufend:3} (auf drei Stellen mit Nullen), {amt}, {wahlperiode} – zum Beispiel „{jahr}/{laufend}“.', max_length=60, validators=[municipalities.number_patterns.validate_number_pattern], verbose_name='Muster der Vorlagennummern')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Kommune',
                        'verbose_name_plural': 'historical Kommunen',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalRole',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('administration', 'Fachadministration'), ('editing', 'Redaktion'), ('department', 'Fachamt'), ('countersigning', 'Mitzeichnung'), ('council_service', 'Sitzungsdienst'), ('moderation', 'Moderation')], max_length=20, verbose_name='Rolle')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Benutzerkonto')),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Rolle',
                        'verbose_name_plural': 'historical Rollen',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalUser',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('is_superuser', models.BooleanField(default=False, help_text='Designates that this user has all permissions without explicitly assigning them.', verbose_name='superuser status')),
                        ('email', models.EmailField(db_index=True, max_length=254, verbose_name='E-Mail-Adresse')),
                        ('name', models.CharField(max_length=100, verbose_name='Name')),
                        ('is_active', models.BooleanField(default=True, verbose_name='aktiv')),
                        ('is_demo', models.BooleanField(default=False, verbose_name='Vorführzugang')),
                        ('date_joined', models.DateTimeField(blank=True, editable=False, verbose_name='angelegt am')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'verbose_name': 'Verlauf des Kontos',
                        'verbose_name_plural': 'historical Benutzerkonten',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='Institution',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('name', models.CharField(max_length=150, verbose_name='Name')),
                        ('kind', models.CharField(choices=[('department', 'Verwaltung'), ('welfare', 'Wohlfahrtsverband'), ('migrant_organisation', 'Migrantenselbstorganisation'), ('school', 'Bildungseinrichtung'), ('church', 'Religionsgemeinschaft'), ('politics', 'Politik'), ('association', 'Verein oder Verband'), ('business', 'Wirtschaft und Arbeit'), ('authority', 'Behörde'), ('state', 'Land oder Bund'), ('institute', 'Externes Institut'), ('network', 'Netzwerk'), ('other', 'Sonstige')], max_length=25, verbose_name='Art')),
                        ('sign', models.CharField(blank=True, help_text='Zum Beispiel „50“ oder „III“.', max_length=20, verbose_name='Kurzzeichen')),
                        ('parent', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='parts', to='municipalities.institution', verbose_name='gehört zu')),
                    ],
                    options={
                        'verbose_name': 'Einrichtung',
                        'verbose_name_plural': 'Einrichtungen',
                        'ordering': ['name'],
                        'constraints': [models.CheckConstraint(condition=models.Q(('parent', models.F('id')), _negated=True), name='institution_not_its_own_part'), models.CheckConstraint(condition=models.Q(('kind__in', ['department', 'welfare', 'migrant_organisation', 'school', 'church', 'politics', 'association', 'business', 'authority', 'state', 'institute', 'network', 'other'])), name='municipalities_institution_kind_known')],
                    },
                ),
                migrations.CreateModel(
                    name='HistoricalPerson',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('name', models.CharField(max_length=100, verbose_name='Name')),
                        ('function', models.CharField(blank=True, max_length=120, verbose_name='Funktion')),
                        ('phone', models.CharField(blank=True, max_length=40, verbose_name='Telefon')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='Benutzerkonto')),
                        ('institution', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.institution', verbose_name='Einrichtung')),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Person',
                        'verbose_name_plural': 'historical Personen',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='HistoricalInstitution',
                    fields=[
                        ('id', models.BigIntegerField(auto_created=True, blank=True, db_index=True, verbose_name='ID')),
                        ('name', models.CharField(max_length=150, verbose_name='Name')),
                        ('kind', models.CharField(choices=[('department', 'Verwaltung'), ('welfare', 'Wohlfahrtsverband'), ('migrant_organisation', 'Migrantenselbstorganisation'), ('school', 'Bildungseinrichtung'), ('church', 'Religionsgemeinschaft'), ('politics', 'Politik'), ('association', 'Verein oder Verband'), ('business', 'Wirtschaft und Arbeit'), ('authority', 'Behörde'), ('state', 'Land oder Bund'), ('institute', 'Externes Institut'), ('network', 'Netzwerk'), ('other', 'Sonstige')], max_length=25, verbose_name='Art')),
                        ('sign', models.CharField(blank=True, help_text='Zum Beispiel „50“ oder „III“.', max_length=20, verbose_name='Kurzzeichen')),
                        ('history_id', models.AutoField(primary_key=True, serialize=False)),
                        ('history_date', models.DateTimeField(db_index=True)),
                        ('history_change_reason', models.CharField(max_length=100, null=True)),
                        ('history_type', models.CharField(choices=[('+', 'Created'), ('~', 'Changed'), ('-', 'Deleted')], max_length=1)),
                        ('history_user', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                        ('parent', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.institution', verbose_name='gehört zu')),
                    ],
                    options={
                        'verbose_name': 'Verlauf der Einrichtung',
                        'verbose_name_plural': 'historical Einrichtungen',
                        'ordering': ('-history_date', '-history_id'),
                        'get_latest_by': ('history_date', 'history_id'),
                    },
                    bases=(simple_history.models.HistoricalChanges, models.Model),
                ),
                migrations.CreateModel(
                    name='MunicipalityRevision',
                    fields=[
                        ('number', models.PositiveBigIntegerField(default=0)),
                        ('municipality', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='revision', serialize=False, to='municipalities.municipality')),
                    ],
                    options={
                        'abstract': False,
                    },
                ),
                migrations.AddField(
                    model_name='institution',
                    name='municipality',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='institutions', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='historicalrole',
                    name='municipality',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='historicalperson',
                    name='municipality',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='historicalinstitution',
                    name='municipality',
                    field=models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='person',
                    name='institution',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='municipalities.institution', verbose_name='Einrichtung'),
                ),
                migrations.AddField(
                    model_name='person',
                    name='municipality',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='persons', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='person',
                    name='user',
                    field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='persons', to=settings.AUTH_USER_MODEL, verbose_name='Benutzerkonto'),
                ),
                migrations.AddField(
                    model_name='institution',
                    name='head',
                    field=models.ForeignKey(blank=True, help_text='Wer die Vorlagen dieser Stelle mitzeichnet, wo die Leitung gefragt wird.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='heads', to='municipalities.person', verbose_name='Leitung'),
                ),
                migrations.AddField(
                    model_name='historicalinstitution',
                    name='head',
                    field=models.ForeignKey(blank=True, db_constraint=False, help_text='Wer die Vorlagen dieser Stelle mitzeichnet, wo die Leitung gefragt wird.', null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='municipalities.person', verbose_name='Leitung'),
                ),
                migrations.AddField(
                    model_name='role',
                    name='municipality',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to='municipalities.municipality', verbose_name='Kommune'),
                ),
                migrations.AddField(
                    model_name='role',
                    name='user',
                    field=models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='roles', to=settings.AUTH_USER_MODEL, verbose_name='Benutzerkonto'),
                ),
                migrations.AddConstraint(
                    model_name='person',
                    constraint=models.UniqueConstraint(condition=models.Q(('user__isnull', False)), fields=('municipality', 'user'), name='person_one_per_user_and_town'),
                ),
                migrations.AddConstraint(
                    model_name='person',
                    constraint=models.UniqueConstraint(fields=('municipality', 'name', 'function'), name='person_unique_in_town'),
                ),
                migrations.AddConstraint(
                    model_name='institution',
                    constraint=models.UniqueConstraint(fields=('municipality', 'name'), name='institution_unique_name'),
                ),
                migrations.AddConstraint(
                    model_name='role',
                    constraint=models.UniqueConstraint(fields=('municipality', 'user', 'kind'), name='role_unique'),
                ),
            ],
        ),
    ]
