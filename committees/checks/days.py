"""Ladungsfrist: the full days between the summons and the meeting; neither of the two counts."""

from __future__ import annotations

import datetime
from functools import lru_cache

from holidays import country_holidays

from committees.models import Committee, Land

SATURDAY, SUNDAY = 5, 6
# As the library names them.
SUBDIVISIONS = {land: land.name for land in Land}


def full_days(first: datetime.date, last: datetime.date, counted: str, land: Land | None) -> int:
    """How many days between the two count for the committee."""
    if counted == Committee.CountedDays.ALL:
        return max(0, (last - first).days - 1)
    free = {SUNDAY} if counted == Committee.CountedDays.WERKTAGE else {SATURDAY, SUNDAY}
    between = (first + datetime.timedelta(days=number) for number in range(1, (last - first).days))
    return sum(day.weekday() not in free and day not in public_holidays(day.year, land) for day in between)


@lru_cache(maxsize=64)
def public_holidays(year: int, land: Land | None) -> frozenset[datetime.date]:
    """Of the Land; where it is not known, those that all of them have."""
    subdivision = SUBDIVISIONS[land] if land else None
    return frozenset(country_holidays("DE", subdiv=subdivision, years=[year], expand=False))
