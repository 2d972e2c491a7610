"""The sheet of a meeting: who is there, for whom, from when to when, and who is befangen.

Two people may have the same sheet open: only what one of them has changed since opening it is written.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions.leading import lock_with_papers
from committees.actions.minuted import check_open
from committees.attendance import Presence, State, problems
from committees.models import AgendaItem, CommitteeSeat, Exclusion, Meeting, MeetingAttendance, MeetingMinutes
from concepts.actions.signing import sign
from municipalities.models import User


@dataclass(frozen=True)
class Guest:
    """Somebody without a seat who has come."""

    kind: str
    name: str
    function: str = ""


@dataclass(frozen=True)
class GuestTimes:
    row: MeetingAttendance
    from_time: datetime.time | None
    until_time: datetime.time | None


@dataclass(frozen=True)
class Befangen:
    """At this item: whoever holds the seat, or is the guest."""

    item: AgendaItem
    seat: CommitteeSeat | None = None
    row: MeetingAttendance | None = None


@transaction.atomic
def record_attendance(
    *,
    meeting: Meeting,
    seats: Sequence[Presence] = (),
    guests: Sequence[Guest] = (),
    times: Sequence[GuestTimes] = (),
    leaving: Sequence[MeetingAttendance] = (),
    excluded: Sequence[Befangen] = (),
    readmitted: Sequence[Exclusion] = (),
    by: User,
) -> None:
    """`leaving` are guests that were entered by mistake. Raises ValidationError with a sentence, and then
    nothing is written."""
    meeting = lock_with_papers(meeting.pk, by)
    check_can_be_recorded(meeting)
    for presence in seats:
        _save_seat(meeting, presence, by)
    for row in leaving:
        sign(row, by=by)
        row.delete()
    for change in times:
        _set(change.row, by, from_time=change.from_time, until_time=change.until_time)
    for guest in guests:
        if not meeting.attendance.filter(seat=None, name=guest.name, function=guest.function).exists():
            row = MeetingAttendance(meeting=meeting, **vars(guest))
            row.full_clean(validate_unique=False)
            sign(row, by=by)
            row.save()
    for exclusion in readmitted:
        sign(exclusion, by=by)
        exclusion.delete()
    for one in excluded:
        _exclude(meeting, one, by)
    _check_whole(meeting)


def check_can_be_recorded(meeting: Meeting) -> None:
    """Raises ValidationError where the sheet is closed."""
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist abgesagt. Anwesend war niemand."))
    check_open(meeting)
    check_not_agreed(meeting)


def check_not_agreed(meeting: Meeting) -> None:
    """Raises ValidationError while the minutes wait for their signatures: what is agreed does not move."""
    if MeetingMinutes.objects.filter(meeting=meeting, state=MeetingMinutes.State.AGREED).exists():
        raise ValidationError(
            _(
                "Die Niederschrift dieser Sitzung ist abgestimmt. Um noch etwas zu ändern, setzen Sie sie "
                "auf der Seite „Niederschrift“ zurück auf den Entwurf."
            )
        )


def function_of(seat: CommitteeSeat) -> str:
    """`Vorsitz, Fraktion der Mitte`: what stands beside the name in the minutes."""
    role = "" if seat.role == CommitteeSeat.Role.MEMBER else str(seat.get_role_display())
    return ", ".join(part for part in (role, seat.faction.name if seat.faction else "") if part)[:150]


def _save_seat(meeting: Meeting, presence: Presence, by: User) -> None:
    seat = presence.seat
    found = meeting.attendance.filter(seat=seat).first()
    if not presence.state:
        if found is not None:
            sign(found, by=by)
            found.delete()
        return
    row = found or MeetingAttendance(meeting=meeting, seat=seat, name=seat.person.name)
    if found is None:
        row.function = function_of(seat)
    _set(
        row,
        by,
        state=presence.state,
        from_time=presence.from_time,
        until_time=presence.until_time,
        stands_in_for=presence.stands_in_for,
    )


def _set(row: MeetingAttendance, by: User, **values: Any) -> None:
    for name, value in values.items():
        setattr(row, name, value)
    sign(row, by=by)
    row.save()


def _exclude(meeting: Meeting, one: Befangen, by: User) -> None:
    row = one.row or meeting.attendance.filter(seat=one.seat).first()
    if row is None or row.state != State.PRESENT:
        who = one.seat.person if one.seat else row
        raise ValidationError(
            {"befangen": _("%s ist nicht anwesend und kann deshalb nicht befangen sein.") % who}
        )
    if one.item.taken_off:
        raise ValidationError({"befangen": _("%s ist abgesetzt. Darüber wird nicht beraten.") % one.item})
    if not Exclusion.objects.filter(agenda_item=one.item, attendance=row).exists():
        exclusion = Exclusion(agenda_item=one.item, attendance=row)
        exclusion.clean()
        sign(exclusion, by=by)
        exclusion.save()


def _check_whole(meeting: Meeting) -> None:
    """The list as it stands now, whoever wrote which row of it."""
    related = ("seat__person", "seat__committee", "stands_in_for__person", "stands_in_for__committee")
    rows = list(meeting.attendance.filter(seat__isnull=False).select_related(*related))
    presences = [
        Presence(row.seat, row.state, row.from_time, row.until_time, row.stands_in_for)
        for row in rows
        if row.seat is not None
    ]
    if found := problems(meeting, presences):
        raise ValidationError({f"platz-{seat}": sentence for seat, sentence in found.items()})
    gone = Exclusion.objects.filter(agenda_item__meeting=meeting).exclude(attendance__state=State.PRESENT)
    if (left := gone.select_related("attendance", "agenda_item").first()) is not None:
        raise ValidationError(
            {
                "befangen": _(
                    "%(who)s ist bei %(item)s als befangen eingetragen und kann deshalb nicht fehlen. "
                    "Bitte nehmen Sie zuerst die Befangenheit zurück."
                )
                % {"who": left.attendance, "item": left.agenda_item}
            }
        )
