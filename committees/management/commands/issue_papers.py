"""Makes the PDFs that were ordered: once, or for as long as it runs."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from committees.actions.issuing_runs import issue_due

PAUSE = 2  # seconds


class Command(BaseCommand):
    help = "Fertigt Vorlagen aus, deren PDFs bestellt sind. Mehrere können gleichzeitig laufen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help="Läuft weiter und sieht alle 2 Sekunden nach."
        )
        parser.add_argument(
            "--processes", type=int, default=1, help="Wie viele Prozesse zugleich drucken (1)."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            runs = issue_due(processes=options["processes"])
            if runs or not options["watch"]:
                self.stdout.write(f"{runs} Vorlagen ausgefertigt")
            if not options["watch"]:
                return
            close_old_connections()
            time.sleep(PAUSE)
