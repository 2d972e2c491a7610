"""The steps of a concept's history in one order, over all its tracks."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import IntegerField, Max, OuterRef, Q, QuerySet, Subquery, Value

from concepts.history.tracks import BY_NAME, TRACKS, State, Track, tracks_of
from concepts.models import Concept


@dataclass(frozen=True)
class Selection:
    """Which steps: of one owner or of the whole concept, since when, by whom. None is no limit."""

    concept: Concept
    owner: Any = None
    pk: int | None = None
    since: datetime.datetime | None = None
    person: int | None = None

    @property
    def tracks(self) -> Sequence[Track]:
        return TRACKS if self.owner is None else tracks_of(self.owner)

    def rows(self, track: Track) -> QuerySet[Any]:
        rows = track.of_concept(self.concept)
        if self.pk is not None:
            rows = rows.filter(**{track.parent: self.pk})
        if self.since is not None:
            rows = rows.filter(history_date__gt=self.since)
        if self.person is not None:
            rows = rows.filter(history_user=self.person)
        return rows

    def steps(self) -> QuerySet[Any]:
        """Track's number, step's id and moment, the newest first."""
        found = [
            self.rows(track)
            .annotate(told_by=Value(TRACKS.index(track), output_field=IntegerField()))
            .values_list("told_by", "history_id", "history_date")
            for track in self.tracks
        ]
        return found[0].union(*found[1:], all=True).order_by("-history_date", "-told_by", "-history_id")

    def owners(self) -> list[tuple[Any, int]]:
        """What was changed, the last changed first."""
        newest: dict[tuple[Any, int], datetime.datetime] = {}
        parts = [
            self.rows(track)
            .values(track.parent)
            .annotate(
                newest=Max("history_date"),
                told_by=Value(TRACKS.index(track), output_field=IntegerField()),
            )
            .values_list("told_by", track.parent, "newest")
            for track in self.tracks
        ]
        for number, pk, when in parts[0].union(*parts[1:], all=True):
            key = (TRACKS[number].owner, pk)
            newest[key] = max(when, newest.get(key, when))
        return sorted(newest, key=lambda key: newest[key], reverse=True)

    def people(self) -> list[int]:
        """Ids of those who changed anything."""
        found = [self.rows(track).values_list("history_user") for track in self.tracks]
        return [pk for (pk,) in found[0].union(*found[1:]) if pk is not None]


def key_of(number: int, history_id: int) -> str:
    """What a step is called in addresses: „measure-12“."""
    return f"{TRACKS[number].name}-{history_id}"


@dataclass(frozen=True)
class Step:
    """One row of a history with the state that it left, and the one before; None where there is none.

    `revived`: it had been deleted before.
    """

    track: Track
    row: Any
    before: State | None
    after: State | None
    revived: bool = False

    @property
    def key(self) -> str:
        return key_of(TRACKS.index(self.track), self.row.history_id)

    @property
    def owner(self) -> tuple[Any, int]:
        return self.track.owner, getattr(self.row, self.track.parent)

    @property
    def made(self) -> bool:
        return self.row.history_type == "+" or self.revived

    @property
    def deleted(self) -> bool:
        return self.row.history_type == "-"


def newest_key(selection: Selection) -> str:
    newest = selection.steps().first()
    return key_of(newest[0], newest[1]) if newest else ""


def step_moment(selection: Selection, key: str) -> datetime.datetime | None:
    """When the step with this key was; None where it is not one of these."""
    name, _dash, number = key.rpartition("-")
    track = BY_NAME.get(name)
    if track is None or track not in selection.tracks or not number.isdecimal():
        return None
    return selection.rows(track).filter(history_id=number).values_list("history_date", flat=True).first()


def read_steps(numbered: Iterable[tuple[int, int, Any]]) -> list[Step]:
    """The steps that `Selection.steps` names, in its order; two queries per track and link."""
    numbered = list(numbered)
    ids: dict[int, list[int]] = defaultdict(list)
    for number, history_id, _when in numbered:
        ids[number].append(history_id)
    found = {
        (number, step.row.history_id): step
        for number, wanted in ids.items()
        for step in _steps_of(TRACKS[number], wanted)
    }
    return [found[number, history_id] for number, history_id, _when in numbered]


def _steps_of(track: Track, ids: list[int]) -> list[Step]:
    objects = track.history.objects
    earlier = objects.filter(id=OuterRef("id")).filter(
        Q(history_date__lt=OuterRef("history_date"))
        | Q(history_date=OuterRef("history_date"), history_id__lt=OuterRef("history_id"))
    )
    previous = earlier.order_by("-history_date", "-history_id").values("history_id")[:1]
    rows = list(
        objects.filter(history_id__in=ids)
        .select_related("history_user")
        .annotate(previous=Subquery(previous))
    )
    missing = {row.previous for row in rows if row.previous} - {row.history_id for row in rows}
    others = objects.in_bulk(missing)
    together = [*rows, *others.values()]
    known = {
        row.history_id: (row, state) for row, state in zip(together, track.past_states(together), strict=True)
    }
    steps = []
    for row in rows:
        past, before = known.get(row.previous, (None, None))
        revived = past is not None and past.history_type == "-" and row.history_type != "-"
        if revived or row.history_type == "+":
            before = None
        after: State | None = known[row.history_id][1]
        if row.history_type == "-":
            # Links are gone before the row is: the state before knows them still.
            before, after = before or after, None
        steps.append(Step(track, row, before, after, revived))
    return steps
