"""Who may do what with the council's own work: named predicates, nothing else decides."""

from __future__ import annotations

import datetime
from functools import lru_cache
from typing import Any

from django.utils import timezone

from committees.models import CommitteeSeat, Paper
from municipalities.rows import RowsById


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
    found = Paper.objects.open_to_insider(user).filter(pk__in=ids)
    return frozenset(found.values_list("pk", flat=True))
