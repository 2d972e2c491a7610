"""What may only be one of a few values, and what guards say, is so in the database itself."""

import io
import sqlite3
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.management import call_command
from django.db import IntegrityError, OperationalError, connection, connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from municipalities.guards import all_guards, standing, take_down
from municipalities.models import Institution, Municipality


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
        for value in ["?", *([] if field.blank else [""])] if row else []:
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


@pytest.fixture
def copy(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> Iterator[BaseDatabaseWrapper]:
    """The tests' SQLite database in a file of its own, under a name of its own."""
    file = tmp_path / "portal.sqlite3"
    with django_db_blocker.unblock():
        connection.ensure_connection()
        with sqlite3.connect(file) as target:
            connection.connection.backup(target)
        connections.databases["copy"] = {**connection.settings_dict, "NAME": str(file)}
        yield connections["copy"]
        connections["copy"].close()
        del connections["copy"], connections.databases["copy"]


@pytest.mark.once
def test_sqlite_alters_no_table_that_a_guard_reads(copy: BaseDatabaseWrapper) -> None:
    """Why guards are no part of migrations. With them taken down it does."""

    def widen() -> None:
        wider = models.CharField(max_length=151)
        wider.set_attributes_from_name("name")
        with copy.schema_editor() as editor:
            editor.alter_field(Institution, Institution._meta.get_field("name"), wider)

    with pytest.raises(OperationalError, match="error in trigger guard_"):
        widen()
    take_down(copy)
    widen()
    assert standing(copy) == {}
    call_command("migrate", database="copy", verbosity=0)
    assert set(standing(copy).items()) == expected()


@pytest.mark.once
def test_half_way_there_are_no_guards(copy: BaseDatabaseWrapper) -> None:
    said = io.StringIO()
    call_command("migrate", "committees", "zero", database="copy", stdout=said)
    assert "Die Wächter der Datenbank stehen erst wieder" in said.getvalue()
    assert standing(copy) == {}
    call_command("migrate", database="copy", verbosity=0)
    assert set(standing(copy).items()) == expected()


def expected() -> set[tuple[str, str]]:
    return {(name, guard.table) for guard in all_guards() for name in guard.triggers}
