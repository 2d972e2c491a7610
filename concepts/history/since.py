"""What has changed since a moment: of each part the state then against today, whatever lies between."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from concepts.history.entries import BRIEF, CHANGED, SAME, Change, Told, history_url
from concepts.history.stands import Comparison, compare_with_today
from concepts.history.tracks import BY_MODEL, Track
from concepts.history.words import Words
from concepts.models import Concept


def told_since(concept: Concept, owners: Sequence[tuple[Any, int]], at: datetime.datetime) -> list[Told]:
    """In the order of `owners`."""
    found = compare_with_today(owners, at)
    changes = [change for one in found for change in [one.own, *one.rows.values()] if change]
    words = Words(concept.municipality_id, [pair for change in changes for pair in change.told], owners)
    return [_told(concept, one, words) for one in found]


def _told(concept: Concept, found: Comparison, words: Words) -> Told:
    (owner, pk), own = found.owner, found.own
    there = found.own_key in found.now
    whole = own is not None and own.what != CHANGED  # its lines came or went with it
    rows: dict[tuple[Track, int], Change] = {} if whole else found.rows
    for key in found.unrecorded - {found.own_key} - rows.keys():
        rows[key] = Change(key[0], found.then[key], found.now.get(key), known=False)
    if own is not None:
        what = own.what
    elif not there:
        what = BRIEF
    else:
        what = CHANGED if rows else SAME
    return Told(
        kind=BY_MODEL[owner].label,
        label=words.reference(owner, pk),
        history=history_url(concept, owner, pk),
        there=there,
        what=what,
        fields=own.fields(words) if own else [],
        rows=[change.in_words(words) for change in rows.values()],
        recorded=found.own_key not in found.unrecorded,
    )
