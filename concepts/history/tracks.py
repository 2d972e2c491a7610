"""The histories that tell of a concept, and what a row was at a moment: its state."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from concepts.models import (
    ActionField,
    Chapter,
    Concept,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)

State = dict[str, Any]
"""Values by name: of columns (a foreign key's is the id), of links to many (a frozen set of ids), and of
each answer to a town's own question, under „additional.<id of the question>“."""

ANSWERS = "additional"
# Where something stands in the tree is changed by moving it, not by restoring what was written there.
PLACES = {"place", "parent", "field"}
# What happened to the concept in its procedure is no wording either.
PROCEDURE = {"slug", "status", "predecessor", "municipality"}


@dataclass(frozen=True)
class Track:
    """The history of one model. `owner` is what one opens to see it: costs belong to their measure.

    `parent` is the column with the owner's id; for the owner itself it is "id".
    """

    model: Any
    owner: Any
    parent: str = "id"

    @property
    def name(self) -> str:
        return str(self.model._meta.model_name)

    @property
    def label(self) -> str:
        return str(self.model._meta.verbose_name)

    @property
    def history(self) -> Any:
        """The model of the history's rows."""
        return self.model.history.model

    @property
    def is_owner(self) -> bool:
        return self.model is self.owner

    @cached_property
    def columns(self) -> list[Any]:
        """All but the id, what leads to the concept and to the owner, and the place among the siblings:
        it changes whenever a sibling moves, without an entry of its own."""
        left_out = {"id", "concept", "position", self.parent.removesuffix("_id")}
        return [field for field in self.model._meta.concrete_fields if field.name not in left_out]

    @cached_property
    def links(self) -> list[Any]:
        return list(self.model._meta.many_to_many)

    @cached_property
    def fields(self) -> dict[str, Any]:
        return {field.name: field for field in [*self.columns, *self.links]}

    def restorable(self, name: str) -> bool:
        return name not in (PLACES | PROCEDURE if self.model is Concept else PLACES)

    def of_concept(self, concept: Concept) -> Any:
        rows = self.history.objects.order_by()
        if self.model is Concept:
            return rows.filter(id=concept.pk)
        return rows.filter(of_concept=concept)

    def states(self, rows: Iterable[Any], links: Mapping[tuple[int, str], set[int]]) -> list[State]:
        """`links` by the row's key (of a history its `history_id`) and the name of the link."""
        found = []
        for row in rows:
            state = {field.name: getattr(row, field.attname) for field in self.columns}
            answers = state.pop(ANSWERS, None) or {}
            key = getattr(row, "history_id", None) or row.pk
            state |= {field.name: frozenset(links.get((key, field.name), ())) for field in self.links}
            found.append(state | {f"{ANSWERS}.{number}": answer for number, answer in answers.items()})
        return found

    def past_states(self, rows: list[Any]) -> list[State]:
        """What rows of the history say; one query per link."""
        links: dict[tuple[int, str], set[int]] = defaultdict(set)
        for field in self.links if rows else ():
            table: Any = getattr(self.history, field.name).model
            target = f"{field.m2m_reverse_field_name()}_id"
            found = table.objects.filter(history__in=[row.history_id for row in rows])
            for history_id, pk in found.values_list("history_id", target):
                links[history_id, field.name].add(pk)
        return self.states(rows, links)

    def present_states(self, rows: list[Any]) -> list[State]:
        """What the rows themselves say; one query per link."""
        links: dict[tuple[int, str], set[int]] = defaultdict(set)
        for field in self.links if rows else ():
            table: Any = field.remote_field.through
            own, target = f"{field.m2m_field_name()}_id", f"{field.m2m_reverse_field_name()}_id"
            found = table.objects.filter(**{f"{own}__in": [row.pk for row in rows]})
            for pk, other in found.values_list(own, target):
                links[pk, field.name].add(other)
        return self.states(rows, links)


TRACKS = (
    Track(Concept, Concept),
    Track(Chapter, Chapter),
    Track(ActionField, ActionField),
    Track(Goal, Goal),
    Track(Measure, Measure),
    Track(MeasureCost, Measure, "measure_id"),
    Track(Indicator, Indicator),
    Track(IndicatorValue, Indicator, "indicator_id"),
    Track(IndicatorTarget, Indicator, "indicator_id"),
    Track(Funding, Funding),
    Track(FundingCondition, Funding, "funding_id"),
)
BY_NAME = {track.name: track for track in TRACKS}
BY_MODEL = {track.model: track for track in TRACKS}


def tracks_of(owner: Any) -> list[Track]:
    """The owner's own track and those of its rows."""
    return [track for track in TRACKS if track.owner is owner]


def differing(before: State, after: State) -> list[str]:
    """The names under which the two say something else. Nothing and the empty text are the same."""
    names = [*before, *(name for name in after if name not in before)]
    return [name for name in names if _bare(before.get(name)) != _bare(after.get(name))]


def _bare(value: Any) -> Any:
    return None if value == "" or value == frozenset() else value


def is_empty(value: Any) -> bool:
    return value is None or value in ("", frozenset()) or value == []


def is_answer(name: str) -> bool:
    return name.startswith(f"{ANSWERS}.")


def question_of(name: str) -> str:
    return name.removeprefix(f"{ANSWERS}.")
