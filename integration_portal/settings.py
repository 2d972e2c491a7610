"""Settings, read from the environment.

Every variable that decides something in production is named here once. A value that cannot be
understood stops the start with the variable's name.
"""

from pathlib import Path

import environ
from csp.constants import NONE, SELF
from django.contrib.messages import constants as message_level
from django.core.exceptions import ImproperlyConfigured

BASE_DIR = Path(__file__).resolve().parent.parent
VAR_DIR = BASE_DIR / "var"

env = environ.Env()

DEBUG = env.bool("DEBUG", default=False)
# One-click logins for trying the program out. Refused in production: see the check below.
DEMO_MODE = env.bool("DEMO_MODE", default=False)
PRODUCTION = env.bool("PRODUCTION", default=not (DEBUG or DEMO_MODE))
if PRODUCTION and (DEBUG or DEMO_MODE):
    raise ImproperlyConfigured("DEBUG und DEMO_MODE sind mit PRODUCTION=true nicht erlaubt.")

SECRET_KEY = env.str("SECRET_KEY", default="" if PRODUCTION else "nur-zum-ausprobieren-nicht-geheim")
if not SECRET_KEY:
    raise ImproperlyConfigured("SECRET_KEY fehlt: eine lange Zufallszeichenfolge, die geheim bleibt.")
# Private notes are encrypted with keys derived from it (docs/decisions/0023-private-notes.md). A key that is
# replaced stays among the old ones as long as notes are sealed with it.
NOTES_KEY = env.str("NOTES_KEY", default="") or SECRET_KEY
NOTES_OLD_KEYS = env.list("NOTES_OLD_KEYS", default=[])
ALLOWED_HOSTS = env.list("ALLOWED_HOSTS", default=[] if PRODUCTION else ["localhost", "127.0.0.1"])
CSRF_TRUSTED_ORIGINS = env.list("CSRF_TRUSTED_ORIGINS", default=[])
# Where the links of mails lead that no page asked for: reminders, and who is asked after a change.
PORTAL_URL = env.str(
    "PORTAL_URL",
    default=f"https://{(ALLOWED_HOSTS or ['localhost'])[0]}" if PRODUCTION else "http://localhost:8000",
).rstrip("/")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "django.contrib.sessions",
    "django.contrib.messages",
    "django.contrib.staticfiles",
    "allauth",
    "allauth.account",
    "crispy_forms",
    "csp",
    "simple_history",
    "municipalities",
    "outbox",
    "documents",
    "concepts",
    "participation",
    "committees",
    "council",
    "search",
    "desk",
    "demo",
]

MIDDLEWARE = [
    "django.middleware.security.SecurityMiddleware",
    "integration_portal.headers.more_security_headers",
    "whitenoise.middleware.WhiteNoiseMiddleware",
    "csp.middleware.CSPMiddleware",
    "django.contrib.sessions.middleware.SessionMiddleware",
    "django.middleware.common.CommonMiddleware",
    "django.middleware.csrf.CsrfViewMiddleware",
    "django.contrib.auth.middleware.AuthenticationMiddleware",
    "django.contrib.messages.middleware.MessageMiddleware",
    "django.middleware.clickjacking.XFrameOptionsMiddleware",
    "allauth.account.middleware.AccountMiddleware",
    "simple_history.middleware.HistoryRequestMiddleware",
]

ROOT_URLCONF = "integration_portal.urls"
WSGI_APPLICATION = "integration_portal.wsgi.application"

TEMPLATES = [
    {
        "BACKEND": "django.template.backends.django.DjangoTemplates",
        "DIRS": [BASE_DIR / "templates"],
        "APP_DIRS": True,
        "OPTIONS": {
            "context_processors": [
                "django.template.context_processors.request",
                "django.contrib.auth.context_processors.auth",
                "django.contrib.messages.context_processors.messages",
            ],
        },
    },
]

DATABASES = {"default": env.db("DATABASE_URL", default=f"sqlite:///{VAR_DIR / 'portal.sqlite3'}")}
# A fresh connection for each request costs more than most pages' queries.
DATABASES["default"]["CONN_MAX_AGE"] = None
if DATABASES["default"]["ENGINE"].endswith("sqlite3"):
    DATABASES["default"]["OPTIONS"] = {
        # IMMEDIATE: a writer waits its turn instead of failing in the middle of a transaction.
        "transaction_mode": "IMMEDIATE",
        "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=NORMAL;",
        "timeout": 20,
    }
DEFAULT_AUTO_FIELD = "django.db.models.BigAutoField"

# What later apps show on a measure's page (concepts/regions.py).
MEASURE_REGIONS = ["committees.measure_region.decision_region", "participation.origins.origin_region"]
# Pages of later apps among the tabs of a paper (committees/tabs.py).
PAPER_TABS = ["council.paper_tabs.PAGES"]
# What later apps show at the end of each page of a paper, and of a meeting (committees/regions.py).
PAPER_REGIONS = ["council.offline_regions.paper_region"]
MEETING_REGIONS = ["council.offline_regions.meeting_region"]

AUTH_USER_MODEL = "municipalities.User"
AUTHENTICATION_BACKENDS = ["desk.login.PortalBackend"]
AUTH_PASSWORD_VALIDATORS = [
    {"NAME": "django.contrib.auth.password_validation.MinimumLengthValidator", "OPTIONS": {"min_length": 12}},
    {"NAME": "django.contrib.auth.password_validation.CommonPasswordValidator"},
]

LOGIN_URL = "account_login"
LOGIN_REDIRECT_URL = "/"
ACCOUNT_ADAPTER = "desk.login.ClosedAccountAdapter"
ACCOUNT_LOGIN_METHODS = {"email"}
ACCOUNT_SIGNUP_FIELDS = ["email*", "password1*"]
ACCOUNT_USER_MODEL_USERNAME_FIELD = None
# Who has an account was given it by an administration that knows the address.
ACCOUNT_EMAIL_VERIFICATION = "none"
ACCOUNT_PREVENT_ENUMERATION = True
ACCOUNT_EMAIL_UNKNOWN_ACCOUNTS = False  # strangers get no mail from us
ACCOUNT_LOGIN_BY_CODE_ENABLED = True
ACCOUNT_LOGIN_BY_CODE_TIMEOUT = 15 * 60  # government mail servers like to hold a message back
ACCOUNT_EMAIL_NOTIFICATIONS = True  # a changed password is told to its owner
ACCOUNT_LOGOUT_REDIRECT_URL = "account_login"
ACCOUNT_LOGIN_ON_PASSWORD_RESET = False
ACCOUNT_EMAIL_SUBJECT_PREFIX = "Integrationsportal: "
ACCOUNT_SESSION_REMEMBER = True
SESSION_ENGINE = "desk.sessions"
SESSION_COOKIE_AGE = ACCOUNT_SESSION_COOKIE_AGE = 12 * 3600  # a working day
ACCOUNT_FORMS = {
    "login": "desk.login_forms.PortalLoginForm",
    "request_login_code": "desk.login_forms.PortalRequestLoginCodeForm",
    "confirm_login_code": "desk.login_forms.PortalConfirmLoginCodeForm",
    "change_password": "desk.login_forms.PortalChangePasswordForm",
    "set_password": "desk.login_forms.PortalSetPasswordForm",
    "reset_password": "desk.login_forms.PortalResetPasswordForm",
    "reset_password_from_key": "desk.login_forms.PortalResetPasswordKeyForm",
    "reauthenticate": "desk.login_forms.PortalReauthenticateForm",
}
# A town hall of hundreds comes from one address: the limit per address is wide, the one per account narrow.
ACCOUNT_RATE_LIMITS = {
    "login": "300/m/ip",
    "login_failed": "100/m/ip,5/300s/key",
    "request_login_code": "100/m/ip,3/m/key",
    "invitation": "60/m/ip",
    "reset_password": "100/m/ip,3/m/key",
    "reset_password_from_key": "100/m/ip",
}
# How many proxies of our own stand in front: only as many entries of X-Forwarded-For are believed.
ALLAUTH_TRUSTED_PROXY_COUNT = env.int("TRUSTED_PROXY_COUNT", default=0)

# Shared by all workers, because the limits above are counted in it.
CACHES = {"default": env.cache("CACHE_URL", default=f"filecache://{VAR_DIR / 'cache'}")}

# smtp://user:password@host:port, smtp+tls://… – when trying the program out, mails are files in var/mails.
_email = env.email(
    "EMAIL_URL", default="smtp://localhost:25" if PRODUCTION else f"filemail:///{VAR_DIR / 'mails'}"
)
EMAIL_BACKEND = _email["EMAIL_BACKEND"]
EMAIL_FILE_PATH = _email["EMAIL_FILE_PATH"]
EMAIL_HOST = _email["EMAIL_HOST"]
EMAIL_PORT = _email["EMAIL_PORT"]
EMAIL_HOST_USER = _email["EMAIL_HOST_USER"]
EMAIL_HOST_PASSWORD = _email["EMAIL_HOST_PASSWORD"]
EMAIL_USE_TLS = _email.get("EMAIL_USE_TLS", False)
EMAIL_USE_SSL = _email.get("EMAIL_USE_SSL", False)
EMAIL_TIMEOUT = 20  # seconds; the next mail waits for the one before
# Whether the processes that serve pages also send what they put into the outbox, right after the answer.
# Not needed where `manage.py send_mails --watch` runs beside them.
OUTBOX_SEND_AT_ONCE = env.bool("OUTBOX_SEND_AT_ONCE", default=True)
# Likewise for the PDFs of a whole route; not needed where `manage.py issue_papers --watch` runs.
ISSUE_AT_ONCE = env.bool("ISSUE_AT_ONCE", default=True)
DEFAULT_FROM_EMAIL = env.str("DEFAULT_FROM_EMAIL", default="integrationsportal@localhost")

LANGUAGE_CODE = "de"
TIME_ZONE = "Europe/Berlin"
USE_I18N = True
USE_TZ = True
# A template prints ids and years as well: 1.181 in an address leads nowhere. What counts asks for its dots.
USE_THOUSAND_SEPARATOR = False

# A form with several long texts, in which each umlaut is sent as six characters. What is longer still gets a
# page that says so; a single text has a limit of its own.
DATA_UPLOAD_MAX_MEMORY_SIZE = 20_000_000
LARGEST_UPLOAD = 50_000_000  # bytes of one file; of pictures in texts see documents/pictures.py

STATIC_URL = "static/"
STATICFILES_DIRS = [BASE_DIR / "static"]
STATIC_ROOT = VAR_DIR / "static"
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    # Names with a hash in them: browsers keep a file for ever and still get the new one at once.
    "staticfiles": {"BACKEND": "integration_portal.static_files.PortalStaticFilesStorage"},
}
MEDIA_ROOT = env.path("MEDIA_ROOT", default=str(VAR_DIR / "media"))

FORM_RENDERER = "municipalities.quick_forms.QuickForms"
CRISPY_TEMPLATE_PACK = "kern"
CRISPY_ALLOWED_TEMPLATE_PACKS = ["kern"]

CONTENT_SECURITY_POLICY = {
    "DIRECTIVES": {
        "default-src": [NONE],
        "script-src": [SELF],
        "style-src": [SELF],
        "img-src": [SELF, "data:"],  # KERN's icons are data: addresses in its style sheet
        "font-src": [SELF],
        "connect-src": [SELF],
        "form-action": [SELF],
        "frame-src": [SELF],
        "frame-ancestors": [SELF],
        "base-uri": [NONE],
    },
}
X_FRAME_OPTIONS = "SAMEORIGIN"
CSRF_FAILURE_VIEW = "desk.errors.csrf_failure"
# Behind TLS everywhere but on the machine where the program is tried out.
SESSION_COOKIE_SECURE = CSRF_COOKIE_SECURE = SECURE_SSL_REDIRECT = PRODUCTION
SECURE_HSTS_SECONDS = 365 * 24 * 3600 if PRODUCTION else 0
SECURE_REFERRER_POLICY = "same-origin"
if PRODUCTION and env.int("TRUSTED_PROXY_COUNT", default=0):
    SECURE_PROXY_SSL_HEADER = ("HTTP_X_FORWARDED_PROTO", "https")

MESSAGE_TAGS = {message_level.ERROR: "danger", message_level.DEBUG: "info"}  # names of our banners
