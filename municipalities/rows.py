"""Rows by an id, read without Django writing the same SQL again for each page.

Writing the SQL of a query takes Django as long as the database takes for 600 rows. Here it is written once
in a process, for any id: nothing else in it changes from page to page.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db import DEFAULT_DB_ALIAS, connection
from django.db.models import Model, QuerySet

ANY_ID = -1
Row = tuple[Any, ...]
Converter = tuple[int, list[Callable[..., Any]], Any]
Found = TypeVar("Found", bound=Model)


@dataclass(frozen=True)
class Written:
    """The SQL of a query, its parameters (`ANY_ID` for the id), and how columns become Python's values."""

    sql: str
    params: tuple[Any, ...]
    names: list[str]
    converters: list[Converter]

    @classmethod
    def of(cls, rows: QuerySet[Any, Any]) -> Written:
        compiler = rows.query.get_compiler(DEFAULT_DB_ALIAS)
        sql, params = compiler.as_sql()
        assert ANY_ID in params, sql
        columns = [column for column, _sql, _alias in compiler.select]
        converters = [(place, *found) for place, found in compiler.get_converters(columns).items()]
        names = [column.target.attname for column in columns]
        return cls(sql, tuple(params), names, converters)


class RowsById(Generic[Found]):
    """`make` gives the query for an id."""

    def __init__(self, make: Callable[[int], QuerySet[Found, Any]]) -> None:
        self.make = make
        self.written: dict[str, Written] = {}

    def rows(self, pk: int) -> list[Row]:
        """Tuples in the order of the columns."""
        written = self.written.get(connection.vendor)
        if written is None:
            written = self.written[connection.vendor] = Written.of(self.make(ANY_ID))
        with connection.cursor() as cursor:
            cursor.execute(written.sql, [pk if param == ANY_ID else param for param in written.params])
            found: list[Row] = cursor.fetchall()
        return [_converted(row, written.converters) for row in found] if written.converters else found

    def models(self, pk: int) -> list[Found]:
        """Instances, as the query itself would give them."""
        rows = self.rows(pk)
        names = self.written[connection.vendor].names
        model = self.make(ANY_ID).model if rows else None
        return [model.from_db(DEFAULT_DB_ALIAS, names, row) for row in rows] if model else []


def _converted(row: Row, converters: list[Converter]) -> Row:
    values = list(row)
    for place, functions, column in converters:
        for convert in functions:
            values[place] = convert(values[place], column, connection)
    return tuple(values)
