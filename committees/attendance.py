"""Who may be there for whom, and how many votes are in the room."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.db.models import Q
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committees.models import CommitteeSeat, Meeting, MeetingAttendance

State = MeetingAttendance.State
DAY_BEGINS, DAY_ENDS = datetime.time.min, datetime.time.max


@dataclass(frozen=True)
class Presence:
    """A seat as the sheet says it: `state` is empty as long as nobody has said anything."""

    seat: CommitteeSeat
    state: str = ""
    from_time: datetime.time | None = None
    until_time: datetime.time | None = None
    stands_in_for: CommitteeSeat | None = None

    @property
    def is_there(self) -> bool:
        return self.state == State.PRESENT

    def overlaps(self, other: Presence) -> bool:
        begin = max(self.from_time or DAY_BEGINS, other.from_time or DAY_BEGINS)
        return begin < min(self.until_time or DAY_ENDS, other.until_time or DAY_ENDS)


def seats_of(meeting: Meeting) -> list[CommitteeSeat]:
    """Held on the day of the meeting, and those that have been recorded already, even if they ended since."""
    held = CommitteeSeat.objects.on(meeting.date).filter(committee__meetings=meeting)
    recorded = CommitteeSeat.objects.filter(attendances__meeting=meeting)
    seats = CommitteeSeat.objects.filter(Q(pk__in=held.values("pk")) | Q(pk__in=recorded.values("pk")))
    found = seats.select_related("committee", "person", "faction", "deputy_for__person")
    roles = list(CommitteeSeat.Role)
    return sorted(
        found,
        key=lambda seat: (
            seat.committee.name,
            roles.index(CommitteeSeat.Role(seat.role)),
            seat.faction.name if seat.faction else "",
            seat.person.name,
            seat.pk,
        ),
    )


def may_stand_in(deputy: CommitteeSeat, other: CommitteeSeat) -> bool:
    """A personal deputy for one only; any other for each of their faction in the committee."""
    if deputy.role != CommitteeSeat.Role.DEPUTY or other.role == CommitteeSeat.Role.DEPUTY:
        return False
    if deputy.deputy_for_id is not None:
        return other.pk == deputy.deputy_for_id
    same_faction = deputy.faction_id is None or deputy.faction_id == other.faction_id
    return other.committee_id == deputy.committee_id and same_faction


def problems(meeting: Meeting, presences: Sequence[Presence]) -> dict[int, str]:
    """A sentence for each seat, by its id, that cannot be as the sheet says."""
    found: dict[int, str] = {}
    by_seat = {one.seat.pk: one for one in presences}
    deputies: dict[int, list[Presence]] = {}
    for one in presences:
        if sentence := _problem(meeting, one, by_seat, deputies):
            found[one.seat.pk] = sentence
    return found


def _problem(
    meeting: Meeting, one: Presence, by_seat: dict[int, Presence], deputies: dict[int, list[Presence]]
) -> str:
    if one.is_there and meeting.date > timezone.localdate():
        day = date_format(meeting.date, "d.m.Y")
        return _("Die Sitzung ist erst am %s. Bis dahin können Sie nur eintragen, wer absagt.") % day
    if not one.is_there and (one.from_time or one.until_time):
        return _("Uhrzeiten gehören nur zu jemandem, der anwesend ist.")
    if one.from_time and one.until_time and one.until_time <= one.from_time:
        return _("„Bis“ liegt nicht nach „ab“.")
    other = one.stands_in_for
    if other is None:
        return ""
    if not one.is_there:
        return _("Vertreten kann nur, wer anwesend ist.")
    if not may_stand_in(one.seat, other):
        return _("%(deputy)s kann %(other)s nicht vertreten.") % {
            "deputy": one.seat.person,
            "other": other.person,
        }
    represented = by_seat.get(other.pk)
    if represented and represented.is_there and represented.overlaps(one):
        return _(
            "%(other)s ist zur selben Zeit selbst anwesend. Bitte geben Sie Uhrzeiten an, oder wählen Sie "
            "jemand anderen, der vertreten wird."
        ) % {"other": other.person}
    earlier = deputies.setdefault(other.pk, [])
    if (before := next((deputy for deputy in earlier if deputy.overlaps(one)), None)) is not None:
        return _("%(other)s wird zur selben Zeit schon von %(deputy)s vertreten.") % {
            "other": other.person,
            "deputy": before.seat.person,
        }
    earlier.append(one)
    return ""


def voting_seats_present(rows: Iterable[MeetingAttendance], committee_id: int) -> int:
    """How many seats with a vote were filled at some time, by the holder or by a deputy."""
    filled = set()
    for row in rows:
        seat = row.stands_in_for or row.seat
        if row.state != State.PRESENT or seat is None or seat.committee_id != committee_id:
            continue
        if seat.role in CommitteeSeat.VOTING:
            filled.add(seat.pk)
    return len(filled)
