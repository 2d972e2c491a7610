"""Django's migrate, and then the guards of the database (municipalities/guards.py)."""

from __future__ import annotations

from typing import Any

from django.core.management.commands.migrate import Command as DjangosMigrate
from django.db import connections
from django.db.migrations.executor import MigrationExecutor

from municipalities.guards import set_up, take_down


class Command(DjangosMigrate):
    def handle(self, *args: Any, **options: Any) -> None:
        if options["plan"] or options["check_unapplied"]:
            super().handle(*args, **options)
            return
        connection = connections[options["database"]]
        take_down(connection)
        super().handle(*args, **options)
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            # Half-way, the tables are not as the models say.
            self.stdout.write("Die Wächter der Datenbank stehen erst wieder, wenn alle Migrationen laufen.")
        else:
            set_up(connection)
