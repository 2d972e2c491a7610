"""Sends the reminders that readers have asked for: once each, however often it runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from council.actions.mails import remind_readers


class Command(BaseCommand):
    help = "Erinnert an Vorlagen, wie ihre Leserinnen und Leser es wollten. Täglich aus cron aufzurufen."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind_readers()} erinnert")
