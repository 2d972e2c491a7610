"""Prints the demo logins."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from desk.login import demo_logins


class Command(BaseCommand):
    help = "Zeigt die Vorführzugänge. Sie wirken nur im Vorführbetrieb (DEMO_MODE)."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write("Zugänge (auf der Anmeldeseite genügt ein Klick, ein Passwort gibt es nicht):")
        for town, logins in demo_logins().items():
            self.stdout.write(f"\n{town}")
            for login in logins:
                self.stdout.write(f"  {login.user.email:<45} {login.roles}")
