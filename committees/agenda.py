"""How the points of a meeting stand one behind the other, and how they are numbered.

The public part comes first; a sub-item stands right behind the point it belongs to.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from string import ascii_lowercase

from committees.models import AgendaItem, Committee, Meeting, MeetingFile

COUNTED = re.compile(r"^(?P<before>\D*)(?P<number>\d+)(?P<behind>.*)$")
SIGN = {True: "Ö", False: "N"}


@dataclass
class Point:
    """A point with its sub-items."""

    item: AgendaItem
    children: list[AgendaItem] = field(default_factory=list)


@dataclass(frozen=True)
class Part:
    public: bool
    points: list[Point]


def parts_of(items: Iterable[AgendaItem]) -> list[Part]:
    """The public part and the other one, each only if it has points. `items` are in order."""
    points: dict[int, Point] = {}
    rows = list(items)
    for item in rows:
        if item.parent_id is None:
            points[item.pk] = Point(item)
    for item in rows:
        if item.parent_id is not None:
            if item.parent_id in points:
                points[item.parent_id].children.append(item)
            else:  # its point is not to be seen
                points[item.pk] = Point(item)
    parts = [
        Part(public, [p for p in points.values() if p.item.public == public]) for public in (True, False)
    ]
    return [part for part in parts if part.points]


def in_order(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """As they stand on the agenda, by the order in which they come here."""
    return [
        item for part in parts_of(items) for point in part.points for item in (point.item, *point.children)
    ]


def for_everybody(items: Iterable[AgendaItem]) -> list[AgendaItem]:
    """What stands on the public agenda: the public part; of the other one what has a title for all, under it
    and without what was said. Rows in memory, which are only shown."""
    found = []
    for item in items:
        if not item.public:
            item.title, item.discussion = item.public_title, ""
        if item.title:
            found.append(item)
    return found


def scheme_of(meeting: Meeting) -> str:
    """Of several committees that sit jointly the first one's."""
    schemes = [committee.agenda_numbers for committee in meeting.committees.all()]
    return str(schemes[0]) if schemes else Committee.AgendaNumbers.THROUGH


def numbers_of(items: Iterable[AgendaItem], scheme: str) -> dict[int, str]:
    """The number of each point, by the order in which they come here."""
    found: dict[int, str] = {}
    count = 0
    for part in parts_of(items):
        if scheme == Committee.AgendaNumbers.PARTS:
            count = 0
        for point in part.points:
            count += 1
            number = f"{SIGN[part.public]} {count}" if scheme == Committee.AgendaNumbers.PARTS else f"{count}"
            found[point.item.pk] = number
            for place, child in enumerate(point.children, start=1):
                found[child.pk] = f"{number}.{place}"
    return found


def next_number(others: Sequence[AgendaItem], item: AgendaItem, scheme: str) -> str:
    """For a point that joins an agenda whose numbers are out of the house: nobody else's changes for it."""
    taken = {other.number for other in others}
    if item.parent is not None:
        place = 1
        while f"{item.parent.number}.{place}" in taken:
            place += 1
        return f"{item.parent.number}.{place}"
    same = [other for other in others if other.public == item.public and other.parent_id is None]
    read = [match for other in same if (match := COUNTED.match(other.number))]
    if not read:
        start = 1
        if scheme == Committee.AgendaNumbers.PARTS:
            return f"{SIGN[item.public]} {start}"
        while str(start) in taken:
            start += 1
        return str(start)
    last = max(read, key=lambda match: int(match["number"]))
    following = f"{last['before']}{int(last['number']) + 1}"
    if following not in taken:
        return following
    # The non-public part goes on counting: 8a, 8b … behind the last public one.
    letters = (f"{last['before']}{last['number']}{letter}" for letter in ascii_lowercase)
    return next((number for number in letters if number not in taken), f"{last['number']}.{len(others) + 1}")


def is_sent(meeting: Meeting) -> bool:
    """Whether the invitation has left the house, and with it the numbers."""
    sent = (MeetingFile.Kind.INVITATION, MeetingFile.Kind.SUPPLEMENT)
    return bool(MeetingFile.objects.filter(meeting=meeting, kind__in=sent).exists())
