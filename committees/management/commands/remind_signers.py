"""Reminds those whose countersignature is due: once each, however often it runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from committees.actions.signing_mails import remind


class Command(BaseCommand):
    help = "Erinnert an fällige Mitzeichnungen, jede einmal. Täglich aus cron aufzurufen."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind()} erinnert")
