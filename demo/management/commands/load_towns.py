"""Loads the five towns. Towns that are there already stay as they are."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser

from demo.loading import load_town, town_slugs
from demo.reading import LoadError


class Command(BaseCommand):
    help = "Lädt die Vorführ-Kommunen. Was schon da ist, bleibt unverändert."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("towns", nargs="*", help="Kommunen (ohne Angabe: alle)")

    def handle(self, *args: Any, **options: Any) -> None:
        known = town_slugs()
        for slug in options["towns"] or known:
            if slug not in known:
                raise CommandError(
                    f"„{slug}“ gibt es nicht. Vorhanden sind: {', '.join(known)}.", returncode=2
                )
            try:
                loaded = load_town(slug)
            except LoadError as error:
                raise CommandError(str(error), returncode=2) from error
            self.stdout.write(f"{slug}: {'geladen' if loaded else 'schon vorhanden, unverändert'}")
