"""The program's settings as in production, and one empty page to measure against."""

import os

os.environ.setdefault("SECRET_KEY", "nur-fuer-die-messung-nicht-geheim-und-lang-genug-fuer-jede-pruefung")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")
os.environ.setdefault("PRODUCTION", "false")
# Playwright runs an event loop in the thread that measures; its queries are none of its business.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")

from integration_portal.settings import *

ROOT_URLCONF = "tests.bench.urls"
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# What is measured is done where it is measured.
ISSUE_AT_ONCE = OUTBOX_SEND_AT_ONCE = False
