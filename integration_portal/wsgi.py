"""Entry point for gunicorn."""

import os

from django.core.wsgi import get_wsgi_application
from django.urls import resolve

from documents.pdf import warm_up

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "integration_portal.settings")
application = get_wsgi_application()

from committees.printing.rehearsal import rehearse  # noqa: E402 - its models need the settings

# Everything is loaded before the first visitor comes: the code of all pages; the fonts, style sheets and
# hyphenation of the PDFs; the templates and styles of the Vorlagen.
resolve("/")
warm_up()
rehearse()
