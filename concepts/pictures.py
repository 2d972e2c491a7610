"""What a concept's page depends on, as a key for what is kept of it (documents/keeping.py)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any, NamedTuple

from django.db import connection

from concepts.models import Concept, ConceptRevision, Measure
from documents.keeping import release
from municipalities.models import Municipality, MunicipalityRevision, Person, Role


class State(NamedTuple):
    """What a page of the concept depends on besides the program.

    The counters do not know when only the goals or partners of a measure change; its history does. What
    the reader may do, here and in other towns, is known by the history of roles and persons.
    """

    concept: int
    concept_number: int | None
    town_number: int | None
    newest_measure: int | None
    readers_newest_role: int | None = None
    readers_newest_person: int | None = None

    @property
    def content(self) -> str:
        """The part that is the same for all readers, fit for a key."""
        return ".".join(str(number or 0) for number in self[:4])


def state_at(town: str, concept: str, user_id: int | None = None) -> State | None:
    """The state of the concept at this address. It is no permission to read it."""
    with connection.cursor() as cursor:
        cursor.execute(state_query(), [user_id, user_id, town, concept])
        row = cursor.fetchone()
    return State(*row) if row else None


def state_of(concept: Concept) -> State:
    state = state_at(concept.municipality.slug, concept.slug)
    assert state is not None, concept
    return state


@lru_cache(maxsize=1)
def state_query() -> str:
    """Written by hand: it is asked for every page, and Django takes ten times as long to write it."""

    def table(model: Any) -> str:
        return str(connection.ops.quote_name(model._meta.db_table))

    def newest(model: Any, column: str, value: str) -> str:
        """The number of the last entry in the history of these rows."""
        rows = f"FROM {table(model.history.model)} h WHERE h.{column} = {value}"
        return f"(SELECT h.history_id {rows} ORDER BY h.history_id DESC LIMIT 1)"

    columns = (
        "c.id",
        "r.number",
        "t.number",
        newest(Measure, "concept_id", "c.id"),
        newest(Role, "user_id", "%s"),
        newest(Person, "user_id", "%s"),
    )
    return (
        f"SELECT {', '.join(columns)} FROM {table(Concept)} c"  # noqa: S608 - names of our own tables
        f" JOIN {table(Municipality)} m ON m.id = c.municipality_id"
        f" LEFT JOIN {table(ConceptRevision)} r ON r.concept_id = c.id"
        f" LEFT JOIN {table(MunicipalityRevision)} t ON t.municipality_id = m.id"
        " WHERE m.slug = %s AND c.slug = %s"
    )


def key_of(state: State, kind: str, rights: Iterable[str] = ()) -> str:
    """Every part of it can stand in a cache key and in an ETag."""
    return ":".join((f"concept-{kind}", state.content, "+".join(sorted(rights)), release()))
