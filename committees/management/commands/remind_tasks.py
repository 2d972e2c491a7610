"""Reminds those whose task is due soon or overdue; nobody twice for the same, however often it runs."""

from __future__ import annotations

from typing import Any

from django.core.management.base import BaseCommand

from committees.actions.task_mails import remind


class Command(BaseCommand):
    help = "Erinnert an fällige Aufträge aus Beschlüssen. Täglich aus cron aufzurufen."

    def handle(self, *args: Any, **options: Any) -> None:
        self.stdout.write(f"{remind()} erinnert")
