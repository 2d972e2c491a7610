"""Who may do what with what council members read and prepare: named predicates, nothing else decides."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from committees.models import CommitteeSeat, Faction, Paper
from committees.permissions import prepares
from council.models.preparing import factions_of, factions_with_seat
from municipalities.models import Role
from municipalities.rows import RowsById

# Whose work papers can be (`committees.permissions.prepares`).
ANSWERING = (
    Role.Kind.EDITING,
    Role.Kind.ADMINISTRATION,
    Role.Kind.COUNCIL_SERVICE,
    Role.Kind.DEPARTMENT,
)


@lru_cache(maxsize=1)
def _seats(day: datetime.date) -> RowsById[Any]:
    """Asked for on each page: the SQL is written once a day."""
    return RowsById(
        lambda user: (
            CommitteeSeat.objects.on(day).filter(person__user=user).values_list("committee__municipality")
        )
    )


def seat_towns(user: Any) -> frozenset[int]:
    """The towns in whose committees the user sits today."""
    if not user.is_authenticated:
        return frozenset()
    return frozenset(town for (town,) in _seats(timezone.localdate()).rows(user.pk))


def has_seat(user: Any, municipality_id: int) -> bool:
    """Whether the user sits today in a committee of the town."""
    return municipality_id in seat_towns(user)


def insider_papers(user: Any, ids: Any) -> frozenset[int]:
    """Those of these papers whose non-public parts the user may read."""
    found = Paper.objects.open_to_insider(user, pk__in=ids)
    return frozenset(found.values_list("pk", flat=True))


def may_ask(user: Any, paper: Paper) -> bool:
    """Who sits in a committee of the town asks about what has left the administration; the paper must be
    one that they may read."""
    return paper.released and has_seat(user, paper.municipality_id)


def may_answer(user: Any, paper: Paper) -> bool:
    """Whose work the paper is."""
    return prepares(user, paper)


def may_answer_in(user: Any, municipality_id: int) -> bool:
    """Who may have something to answer there."""
    return bool(user.is_authenticated) and user.access.has_role(municipality_id, *ANSWERING)


def belongs_to(user: Any, faction: Faction) -> bool:
    """By a seat or as staff: reads what the faction keeps."""
    if not user.is_authenticated:
        return False
    return bool(Faction.objects.filter(pk=faction.pk).filter(pk__in=factions_of(user)).exists())


def speaks_for(user: Any, faction: Faction) -> bool:
    """By a seat: writes what the faction keeps. Its staff only read."""
    if not user.is_authenticated:
        return False
    return bool(factions_with_seat(user).filter(pk=faction.pk).exists())
