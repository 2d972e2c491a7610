"""The stored words as an index: a virtual FTS5 table on SQLite, a `tsvector` column on PostgreSQL.

Both are filled by the database itself from the columns of `Entry`, and both look up words as they stand
there: no stemmer, no stop words and no ranking of their own.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import Any

from django.db import models
from django.db.migrations.operations.base import Operation

from search.questions import BODY, BODY_PARTS, TITLE, TITLE_PARTS, Lookup

FTS_TABLE = "search_words"
SELECT_MATCHING = "SELECT rowid FROM search_words WHERE search_words MATCH %s"
COLUMNS = {TITLE: "title_words", BODY: "body_words", TITLE_PARTS: "title_parts", BODY_PARTS: "body_parts"}
Lookups = Sequence[Lookup]


def fts5(alternatives: Lookups) -> str:
    """One of the lookups, in the language of FTS5."""
    found = []
    for lookup in alternatives:
        columns = " ".join(COLUMNS[column] for column in lookup.columns)
        beginning = " *" if lookup.beginning else ""
        found.append(f'{{{columns}}} : "{" ".join(lookup.words)}"{beginning}')
    return f"({' OR '.join(found)})"


def tsquery(alternatives: Lookups) -> str:
    """One of the lookups, as text of the type `tsquery`."""
    found = []
    for lookup in alternatives:
        *before, last = (f"'{word}':{lookup.columns}" for word in lookup.words)
        if lookup.beginning:
            last = f"'{lookup.words[-1]}':*{lookup.columns}"
        found.append(f"({' <-> '.join([*before, last])})")
    return f"({' | '.join(found)})"


class Matching(models.Func):
    """Whether the entry has one of the lookups for each term, and none for what is excluded.

    `terms` and `without` hold the lookups of one term each; `terms` has at least one.
    """

    output_field = models.BooleanField()

    def __init__(self, terms: Iterable[Lookups], without: Iterable[Lookups] = (), **extra: Any) -> None:
        super().__init__(models.F("pk"), **extra)
        self.terms, self.without = list(terms), list(without)

    def _query(self, language: Callable[[Lookups], str], glue: str, but_not: str) -> str:
        query = glue.join(map(language, self.terms))
        for lookups in self.without:
            query = f"({query}){but_not}{language(lookups)}"
        return query

    def as_sqlite(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[str | int, ...]]:
        key, _params = compiler.compile(self.get_source_expressions()[0])
        query = self._query(fts5, " AND ", " NOT ")
        return f"{key} IN ({SELECT_MATCHING})", (query,)

    def as_postgresql(self, compiler: Any, connection: Any, **extra: Any) -> tuple[str, tuple[str]]:
        key, _params = compiler.compile(self.get_source_expressions()[0])
        table = key.rpartition(".")[0]
        return f'{table}."vector" @@ %s::tsquery', (self._query(tsquery, " & ", " & !"),)


class FullTextIndex(Operation):
    """Migration operation: the index of the table of `model_name`, kept up by the database.

    SQLite copies a table to change it and forgets its triggers. A later migration that alters the table drops
    this index before and makes it anew after.
    """

    reversible = True
    reduces_to_sql = True

    def __init__(self, model_name: str) -> None:
        self.model_name = model_name

    def state_forwards(self, app_label: str, state: Any) -> None:
        """The models do not change."""

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = to_state.apps.get_model(app_label, self.model_name)._meta.db_table
        make = _postgresql if schema_editor.connection.vendor == "postgresql" else _sqlite
        for statement in make(table):
            schema_editor.execute(statement, params=None)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        table = from_state.apps.get_model(app_label, self.model_name)._meta.db_table
        if schema_editor.connection.vendor == "postgresql":
            schema_editor.execute(f"ALTER TABLE {table} DROP COLUMN vector", params=None)
        else:
            for event in ("insert", "delete", "update"):
                schema_editor.execute(f"DROP TRIGGER {table}_words_{event}", params=None)
            schema_editor.execute(f"DROP TABLE {FTS_TABLE}", params=None)

    def describe(self) -> str:
        return f"Full-text index of {self.model_name}"


def _postgresql(table: str) -> list[str]:
    vector = " || ".join(
        f"setweight(to_tsvector('simple'::regconfig, {name}), '{weight}')" for weight, name in COLUMNS.items()
    )
    return [
        f"ALTER TABLE {table} ADD COLUMN vector tsvector GENERATED ALWAYS AS ({vector}) STORED",
        f"CREATE INDEX {table}_vector ON {table} USING gin (vector)",
    ]


def _sqlite(table: str) -> list[str]:
    names = ", ".join(COLUMNS.values())
    old, new = (", ".join(f"{row}.{name}" for name in COLUMNS.values()) for row in ("old", "new"))
    insert = f"INSERT INTO {FTS_TABLE} (rowid, {names}) VALUES (new.id, {new})"  # noqa: S608 - all of it our own names
    # An FTS5 table without content of its own has to be told what it forgets.
    delete = f"INSERT INTO {FTS_TABLE} ({FTS_TABLE}, rowid, {names}) VALUES ('delete', old.id, {old})"  # noqa: S608
    options = f"content='{table}', content_rowid='id', tokenize='ascii'"
    return [
        f"CREATE VIRTUAL TABLE {FTS_TABLE} USING fts5({names}, {options})",
        f"CREATE TRIGGER {table}_words_insert AFTER INSERT ON {table} BEGIN {insert}; END",
        f"CREATE TRIGGER {table}_words_delete AFTER DELETE ON {table} BEGIN {delete}; END",
        f"CREATE TRIGGER {table}_words_update AFTER UPDATE ON {table} BEGIN {delete}; {insert}; END",
    ]
