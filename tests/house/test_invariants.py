"""What may only be one of a few values, and what guards say, is so in the database itself."""

import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, connection, models, transaction

from municipalities.guards import all_guards, standing, take_down
from municipalities.models import Municipality


def fields_with_choices(ranks: dict[str, int]) -> Iterator[Any]:
    """Of all our models; not of the tables of their history, which keep what once was allowed."""
    for app in ranks:
        for model in apps.get_app_config(app).get_models() if apps.is_installed(app) else ():
            if not hasattr(model, "instance_type"):
                yield from (field for field in model._meta.local_fields if field.choices)


@pytest.mark.django_db
def test_every_field_with_choices_has_its_check(ranks: dict[str, int]) -> None:
    without = []
    with connection.cursor() as cursor:
        for field in fields_with_choices(ranks):
            found = connection.introspection.get_constraints(cursor, field.model._meta.db_table)
            checked = [check["columns"] for check in found.values() if check["check"]]
            if [field.column] not in checked:
                without.append(str(field))
    assert without == []


def test_an_unknown_value_is_refused_and_the_empty_one_where_it_is_not_allowed(
    ranks: dict[str, int], towns: dict[str, Municipality]
) -> None:
    """The five towns have rows in nearly every table to try it with."""
    tried = 0
    for field in fields_with_choices(ranks):
        row = field.model._base_manager.first()
        unknown = "erfunden"[: field.max_length]  # what is too long is refused for another reason
        for value in [unknown, *([] if field.blank else [""])] if row else []:
            with pytest.raises(IntegrityError), transaction.atomic():
                write(row, field, value)
            tried += 1
    assert tried >= 30


def write(row: models.Model, field: Any, value: Any) -> None:
    with connection.cursor() as cursor:
        table, column = row._meta.db_table, field.column
        cursor.execute(f"UPDATE {table} SET {column} = %s WHERE id = %s", [value, row.pk])


@pytest.mark.django_db
def test_a_database_that_was_migrated_has_all_guards() -> None:
    assert expected() <= standing(connection).items()
    assert len(expected()) == len(standing(connection))
    assert len(expected()) >= 90


@pytest.mark.django_db
def test_migrating_brings_back_guards_that_are_gone() -> None:
    take_down(connection)
    assert standing(connection) == {}
    call_command("migrate", verbosity=0)
    assert expected() == set(standing(connection).items())


@pytest.mark.once
def test_tables_can_be_altered_under_standing_guards(
    root: Path, tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    """SQLite refuses to rebuild a table that a trigger of another reads. Half-way there are no guards."""

    def run(*words: str) -> str:
        done = subprocess.run(
            [sys.executable, "manage.py", *words],
            cwd=root,
            env=os.environ | {"DATABASE_URL": f"sqlite:///{tmp_path / 'portal.sqlite3'}"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return done.stdout

    def guards() -> int:
        with sqlite3.connect(tmp_path / "portal.sqlite3") as database:
            return len(database.execute("SELECT 1 FROM sqlite_master WHERE name LIKE 'guard_%'").fetchall())

    with sqlite3.connect(tmp_path / "portal.sqlite3") as copy, django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    assert guards() == len(expected())
    assert "Die Wächter der Datenbank stehen erst wieder" in run("migrate", "search", "0001")
    assert guards() == 0
    run("migrate", "--verbosity", "0")
    assert guards() == len(expected())


def expected() -> set[tuple[str, str]]:
    return {(name, guard.table) for guard in all_guards() for name in guard.triggers}
