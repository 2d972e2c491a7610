"""Sends the mails that are due: once, or for as long as it runs."""

from __future__ import annotations

import time
from typing import Any

from django.core.management.base import BaseCommand, CommandParser
from django.db import close_old_connections

from outbox.actions import send_due

PAUSE = 10  # seconds


class Command(BaseCommand):
    help = "Sendet die E-Mails, die im Postausgang warten. Mehrere können gleichzeitig laufen."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument(
            "--watch", action="store_true", help="Läuft weiter und sieht alle 10 Sekunden nach."
        )

    def handle(self, *args: Any, **options: Any) -> None:
        while True:
            done = send_due()
            if done.tried or not options["watch"]:
                self.stdout.write(
                    f"{done.sent} gesendet, {done.put_off} später noch einmal, {done.failed} nicht zustellbar"
                )
            if done.server_down:
                self.stderr.write("Der Mailserver antwortet nicht; die E-Mails warten im Postausgang.")
            if not options["watch"]:
                return
            close_old_connections()
            time.sleep(PAUSE)
