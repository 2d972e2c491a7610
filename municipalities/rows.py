"""Rows by ids, read without Django writing the same SQL again for each page.

Writing the SQL of a query takes Django as long as the database takes for 600 rows. Here it is written once
in a process, for any id: nothing else in it changes from page to page.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet
from django.db.models import query as django_query
from django.db.models.query import RelatedPopulator

# Stand in a query for the ids that it will be asked for: numbers that fit every column and are in no query.
ANY_IDS = range(2_100_000_001, 2_100_000_010)
_populators: Any = django_query.get_related_populators  # the stubs know it from a later Django
Row = tuple[Any, ...]
Converter = tuple[int, list[Callable[..., Any]], Any]
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class Written:
    """The SQL of a query, its parameters (one of `ANY_IDS` for an id), and how columns become Python's
    values, a model and, after `select_related`, the models that it leads to."""

    sql: str
    params: tuple[Any, ...]
    converters: list[Converter]
    model: type[Model]
    names: list[str]
    related: Sequence[RelatedPopulator]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Written:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        assert not {str(one) for one in ANY_IDS}.isdisjoint(map(str, params)), sql
        assert sql.count("%s") == len(params), sql
        columns = [column for column, _sql, _alias in compiler.select]
        converters = [(place, *found) for place, found in compiler.get_converters(columns).items()]
        shape: Any = compiler.klass_info  # none, where the query asks for columns
        own = columns[: len(shape["select_fields"])] if shape else columns
        return cls(
            sql,
            tuple(params),
            converters,
            rows.model,
            [column.target.attname for column in own if hasattr(column, "target")],
            _populators(shape, compiler.select, DEFAULT_DB_ALIAS) if shape else (),
        )

    def given(self, ids: tuple[Any, ...]) -> tuple[str, list[Any]]:
        """The SQL for these ids with its parameters. A list of ids gets as many places."""
        places = {str(any_id): one for any_id, one in zip(ANY_IDS, ids, strict=False)}
        params = [places.get(str(param), param) for param in self.params]
        if not any(isinstance(param, list) for param in params):
            return self.sql, params
        flat: list[Any] = []
        sql, *pieces = self.sql.split("%s")
        for param, piece in zip(params, pieces, strict=True):
            several = param if isinstance(param, list) else [param]
            flat += several
            sql += ", ".join(["%s"] * len(several)) + piece
        return sql, flat


class RowsById(Generic[Found]):
    """`make` gives the query for an id, or for as many as it names. Where it asks for `[id]`, a list of ids
    can be given; for an empty one nothing is found."""

    def __init__(self, make: Callable[..., QuerySet[Found, Any]]) -> None:
        self.make = make
        self.written: dict[str, Written] = {}

    def rows(self, *ids: Any, first: int = 0, most: int | None = None) -> list[Row]:
        """Tuples in the order of the columns; from the `first`, counted from 0, at `most` so many."""
        if [] in ids:
            return []
        written = self.written.get(connection.vendor)
        if written is None:
            rows = self.make(*ANY_IDS[: len(ids)])
            written = self.written[connection.vendor] = Written.of(rows)
        sql, params = written.given(ids)
        if most is not None:
            sql, params = f"{sql} LIMIT %s OFFSET %s", [*params, most, first]
        with connection.cursor() as cursor:
            cursor.execute(sql, params)
            found: list[Row] = cursor.fetchall()
        return [_converted(row, written.converters) for row in found] if written.converters else found

    def models(self, *ids: Any) -> list[Found]:
        """Instances, as the query itself would give them."""
        rows = self.rows(*ids)
        if not rows:
            return []
        written: Any = self.written[connection.vendor]
        found = []
        for row in rows:
            instance = written.model.from_db(DEFAULT_DB_ALIAS, written.names, row[: len(written.names)])
            for related in written.related:
                related.populate(row, instance)
            found.append(instance)
        return found


def hand_out(parents: Sequence[Model], name: str, children: Iterable[tuple[Any, Model]]) -> None:
    """Gives each of the parents its children of the relation `name`, as prefetching does; a child comes with
    its parent's id."""
    by_parent: dict[Any, list[Model]] = {parent.pk: [] for parent in parents}
    for pk, child in children:
        by_parent[pk].append(child)
    for parent in parents:
        found: Any = QuerySet(parent._meta.get_field(name).related_model)
        found.__dict__.update(_result_cache=by_parent[parent.pk], _prefetch_done=True)
        kept: dict[str, Any] = parent.__dict__.setdefault("_prefetched_objects_cache", {})
        kept[name] = found


def _converted(row: Row, converters: list[Converter]) -> Row:
    """No field of ours makes something of nothing."""
    values = list(row)
    for place, functions, column in converters:
        if values[place] is not None:
            for convert in functions:
                values[place] = convert(values[place], column, connection)
    return tuple(values)
