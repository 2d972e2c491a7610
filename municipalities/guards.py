"""Database triggers for what neither a foreign key nor a check can say, so that no shell breaks it either.

They follow from the models: `OwnedModel.guards()` says which. They are no part of a migration, because
SQLite drops a table's triggers when it alters the table, and refuses to alter one that another's trigger
reads. So `manage.py migrate` takes all of them down, migrates, and sets them up as the models are then.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.backends.utils import truncate_name

PREFIX = "guard_"
LONGEST_NAME = 63  # in PostgreSQL


@dataclass(frozen=True)
class Guard:
    """`broken` is the SQL condition on NEW and OLD that keeps a row from being written to `table`."""

    table: str
    name: str
    broken: str
    message: str
    events: tuple[str, ...] = ("INSERT", "UPDATE")

    @property
    def triggers(self) -> dict[str, str]:
        """Name and event; SQLite knows one event per trigger, PostgreSQL does as it is told."""
        names = {event: f"{PREFIX}{self.table}_{self.name}_{event.lower()}" for event in self.events}
        return {truncate_name(name, LONGEST_NAME): event for event, name in names.items()}

    def sql(self, vendor: str) -> Iterator[str]:
        for name, event in self.triggers.items():
            row = "OLD" if event == "DELETE" else "NEW"
            if vendor == "postgresql":
                yield (
                    f"CREATE OR REPLACE FUNCTION {name}() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN "
                    f"IF {self.broken} THEN RAISE EXCEPTION '{self.message}' "
                    f"USING ERRCODE = 'integrity_constraint_violation'; END IF; RETURN {row}; END $$"
                )
                yield (
                    f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} "
                    f"FOR EACH ROW EXECUTE FUNCTION {name}()"
                )
            else:
                yield (
                    f"CREATE TRIGGER {name} BEFORE {event} ON {self.table} WHEN {self.broken} "
                    f"BEGIN SELECT RAISE(ABORT, '{self.message}'); END"
                )


# ---- What guards there are -------------------------------------------------------------------------------


def one_owner(model: type[models.Model], way: str) -> Iterator[Guard]:
    """No foreign key and no many-to-many row ties rows of two owners together, and no row changes hands.

    `way` names the attribute that says how a model leads to its owner: "municipality_path", for example.
    """
    table, kind = model._meta.db_table, way.removesuffix("_path")
    home, owner = _home(model, way), _owner("NEW", model, way)
    strays = [
        f"{_owner_behind(field, 'NEW', way)} <> {owner}"
        for field in model._meta.concrete_fields
        if field is not home and _is_owned(field.related_model, way)
    ]
    if strays:
        yield Guard(table, f"one_{kind}", " OR ".join(strays), f"the rows belong to two owners: {kind}")
    moved = f"{owner} <> {_owner('OLD', model, way)}"
    yield Guard(table, f"same_{kind}", moved, f"a row keeps its owner: {kind}", ("UPDATE",))
    for many in model._meta.local_many_to_many:
        through: Any = many.remote_field.through
        if through._meta.auto_created and _is_owned(many.related_model, way):
            ends = [_owner_behind(end, "NEW", way) for end in through._meta.fields if end.is_relation]
            yield Guard(
                through._meta.db_table,
                f"one_{kind}",
                " <> ".join(ends),
                f"the rows belong to two owners: {kind}",
            )


def same_parent(model: type[models.Model], name: str, parent: str) -> Guard:
    """What the foreign key `name` names has the same `parent` as the row itself: a stage's agenda item
    belongs to the stage's meeting. In the other's table the parent has to be `fixed`."""
    field, own = _field(model, name), f"NEW.{_field(model, parent).column}"
    key = f"NEW.{field.column}"
    theirs = _read(_field(field.related_model, parent), key)
    broken = f"{key} IS NOT NULL AND ({own} IS NULL OR {theirs} <> {own})"
    return Guard(model._meta.db_table, f"{name}_fits", broken, f"{name} belongs to another {parent}")


def fixed(model: type[models.Model], name: str) -> Guard:
    """The foreign key `name` stays as it was first written."""
    column = _field(model, name).column
    broken = f"NEW.{column} <> OLD.{column}"
    return Guard(model._meta.db_table, f"{name}_fixed", broken, f"{name} cannot be changed", ("UPDATE",))


def frozen(model: type[models.Model]) -> Guard:
    """A row stays as it was first written."""
    return Guard(model._meta.db_table, "frozen", "TRUE", "frozen rows cannot be changed", ("UPDATE",))


def _is_owned(model: Any, way: str) -> bool:
    """Whether the model leads on to an owner; the owner itself does not."""
    return isinstance(model, type) and getattr(model, way, "pk") != "pk"


def _home(model: Any, way: str) -> Any:
    """The foreign key with which the way to the owner begins."""
    return _field(model, getattr(model, way).split("__")[0])


def _owner(row: str, model: type[models.Model], way: str) -> str:
    """SQL for the owner of NEW or OLD."""
    return _owner_behind(_home(model, way), row, way)


def _owner_behind(field: Any, row: str, way: str) -> str:
    """SQL for the owner of what a foreign key of NEW or OLD names; NULL where it names nothing."""
    key, model = f"{row}.{field.column}", field.related_model
    while _is_owned(model, way):
        home = _home(model, way)
        key, model = _read(home, key), home.related_model
    return key


def _field(model: type[models.Model], name: str) -> Any:
    return model._meta.get_field(name)


def _read(field: Any, key: str) -> str:
    """SQL for the field's column in the row with this key."""
    return f"(SELECT {field.column} FROM {field.model._meta.db_table} WHERE id = {key})"  # noqa: S608 - our own names


# ---- Setting them up -------------------------------------------------------------------------------------


def all_guards() -> list[Guard]:
    return [guard for model in apps.get_models() if hasattr(model, "guards") for guard in model.guards()]


def standing(connection: BaseDatabaseWrapper) -> dict[str, str]:
    """The triggers in the database, by name, with their tables."""
    if connection.vendor == "postgresql":
        query = (
            "SELECT t.tgname, c.relname FROM pg_trigger t JOIN pg_class c ON c.oid = t.tgrelid"
            " WHERE NOT t.tgisinternal AND c.relnamespace = current_schema()::regnamespace"
        )
    else:
        query = "SELECT name, tbl_name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(query)
        return {name: table for name, table in cursor.fetchall() if name.startswith(PREFIX)}


def take_down(connection: BaseDatabaseWrapper) -> None:
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for name, table in standing(connection).items():
            if connection.vendor == "postgresql":
                cursor.execute(f"DROP TRIGGER {name} ON {table}")
                cursor.execute(f"DROP FUNCTION {name}()")
            else:
                cursor.execute(f"DROP TRIGGER {name}")


def set_up(connection: BaseDatabaseWrapper) -> None:
    with transaction.atomic(connection.alias), connection.cursor() as cursor:
        for guard in all_guards():
            for sql in guard.sql(connection.vendor):
                cursor.execute(sql)
