"""Parts as they stood at a moment, with the lines inside them, against what they are today."""

from __future__ import annotations

import datetime
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import OuterRef, Subquery

from concepts.history.entries import Change
from concepts.history.tracks import BY_MODEL, State, Track, differing, tracks_of

Owner = tuple[Any, int]
Found = dict[Owner, dict[tuple[Track, int], State]]


@dataclass(frozen=True)
class Comparison:
    """A part then and now. `own` is None where it is the same; `rows` are the lines that are not.

    Of the `unrecorded` the history begins only later, with a change: `then` is what that left.
    """

    owner: Owner
    then: dict[tuple[Track, int], State]
    now: dict[tuple[Track, int], State]
    unrecorded: frozenset[tuple[Track, int]] = frozenset()

    def change(self, key: tuple[Track, int]) -> Change | None:
        before, after = self.then.get(key), self.now.get(key)
        if before is None and after is None:
            return None
        if before is not None and after is not None and not differing(before, after):
            return None
        return Change(key[0], before, after)

    @property
    def own_key(self) -> tuple[Track, int]:
        model, pk = self.owner
        return BY_MODEL[model], pk

    @property
    def own(self) -> Change | None:
        return self.change(self.own_key)

    @property
    def rows(self) -> dict[tuple[Track, int], Change]:
        keys = [*self.then, *(key for key in self.now if key not in self.then)]
        found = {key: self.change(key) for key in keys if key != self.own_key}
        return {key: change for key, change in found.items() if change is not None}


def compare_with_today(owners: Iterable[Owner], at: datetime.datetime) -> list[Comparison]:
    """In the order of `owners`; a handful of queries per model."""
    owners = list(owners)
    then: Found = defaultdict(dict)
    now: Found = defaultdict(dict)
    unrecorded: frozenset[tuple[Track, int]] = frozenset()
    wanted: dict[Any, list[int]] = defaultdict(list)
    for model, pk in owners:
        wanted[model].append(pk)
    for model, ids in wanted.items():
        for track in tracks_of(model):
            unrecorded |= _read(track, ids, at, then, now)
    return [Comparison(owner, then[owner], now[owner], unrecorded & then[owner].keys()) for owner in owners]


def _read(
    track: Track, ids: list[int], at: datetime.datetime, then: Found, now: Found
) -> set[tuple[Track, int]]:
    """Adds the states of both; answers whose state before the first change is unknown."""
    owner_ids = {f"{track.parent}__in": ids}
    present = list(track.model.objects.filter(**owner_ids))
    present_states = dict(zip((row.pk for row in present), track.present_states(present), strict=True))
    for row in present:
        now[track.owner, getattr(row, track.parent)][track, row.pk] = present_states[row.pk]

    objects = track.history.objects
    same = objects.filter(id=OuterRef("id"))
    last = same.filter(history_date__lte=at).order_by("-history_date", "-history_id")
    first = same.filter(history_date__gt=at).order_by("history_date", "history_id")
    rows = objects.filter(**owner_ids)
    past = {row.id: row for row in rows.filter(history_id=Subquery(last.values("history_id")[:1]))}
    # What was made without a history was there before its first entry.
    later = {row.id: row for row in rows.filter(history_id=Subquery(first.values("history_id")[:1]))}
    unrecorded = [row for pk, row in later.items() if pk not in past and row.history_type != "+"]
    known = [*(row for row in past.values() if row.history_type != "-"), *unrecorded]
    for row, state in zip(known, track.past_states(known), strict=True):
        then[track.owner, getattr(row, track.parent)][track, row.id] = state
    for row in present:
        if row.pk not in past and row.pk not in later:
            then[track.owner, getattr(row, track.parent)][track, row.pk] = present_states[row.pk]
    return {(track, row.id) for row in unrecorded if row.history_type == "~"}
