"""Who may do what with the council's own work: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from committees.models import CommitteeSeat, Paper


def has_seat(user: Any, municipality_id: int) -> bool:
    """Whether the user sits today in a committee of the town."""
    if not user.is_authenticated:
        return False
    seats = CommitteeSeat.objects.open().filter(person__user=user)
    return bool(seats.filter(committee__municipality=municipality_id).exists())


def seat_towns(user: Any) -> frozenset[int]:
    """The towns in whose committees the user sits today."""
    seats = CommitteeSeat.objects.open().filter(person__user=user)
    return frozenset(seats.values_list("committee__municipality", flat=True))


def insider_papers(user: Any, ids: Any) -> frozenset[int]:
    """Those of these papers whose non-public parts the user may read."""
    found = Paper.objects.open_to_insider(user).filter(pk__in=ids)
    return frozenset(found.values_list("pk", flat=True))


def reads_all(user: Any, paper: Paper) -> bool:
    """Whether the non-public parts of the paper are for this user."""
    return paper.pk in insider_papers(user, [paper.pk])
