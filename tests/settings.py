"""The settings of the tests: the program's own, with an environment that asks for nothing from outside."""

import os
import tempfile

# Before the import below, because the program's settings read the environment while they load.
os.environ.setdefault("SECRET_KEY", "nur-fuer-die-tests-nicht-geheim-und-lang-genug-fuer-jede-pruefung")
os.environ.setdefault("PRODUCTION", "false")
os.environ.setdefault("ALLOWED_HOSTS", "localhost,127.0.0.1,testserver")

from integration_portal.settings import *

# A password takes a real hasher a quarter of a second, and every test logs somebody in.
PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
# The manifest of the real storage exists only after collectstatic.
STORAGES = {
    "default": {"BACKEND": "django.core.files.storage.FileSystemStorage"},
    "staticfiles": {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"},
}
# Static files straight from static/, so that the tests need no collectstatic.
WHITENOISE_AUTOREFRESH = True
WHITENOISE_USE_FINDERS = True
# Counted per process: tests running beside each other must not use up each other's login attempts.
CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
# A folder of their own for uploads, gone when the process ends.
_uploads = tempfile.TemporaryDirectory(prefix="uploads-")
MEDIA_ROOT = _uploads.name
# No threads of their own for mails and PDFs: they would not see the test's transaction.
OUTBOX_SEND_AT_ONCE = False
ISSUE_AT_ONCE = False
