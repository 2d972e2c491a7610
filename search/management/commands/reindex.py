"""`manage.py reindex`: makes the index of the search anew. Nothing needs it in daily life."""

from typing import Any

from django.core.management.base import BaseCommand

from search.actions import rebuild_index


class Command(BaseCommand):
    help = "Legt das Verzeichnis der Suche neu an. Sonst geschieht das beim Suchen von selbst."

    def handle(self, *args: Any, **options: Any) -> None:
        written = rebuild_index()
        self.stdout.write(f"{written} Einträge sind neu verzeichnet.")
