"""Replies before an event, and who is there on the day: each row is saved for itself.

Two people may have the same sheet open: only what one of them has changed since opening it is written.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db import transaction

from concepts.actions.signing import sign
from municipalities.models import Person, User
from participation.actions.minutes import save_draft
from participation.counts import Accuracy, Basis
from participation.models import Attendance, Event, EventReply, Seat


@transaction.atomic
def reply(*, event: Event, person: Person, answer: str, remark: str, by: User) -> EventReply | None:
    """One answer for each person; an empty one takes it back."""
    found = EventReply.objects.filter(event=event, person=person).first()
    if not answer:
        if found is not None:
            sign(found, by=by)
            found.delete()
        return None
    found = found or EventReply(event=event, person=person)
    found.answer, found.remark, found.entered_by = answer, remark, by
    sign(found, by=by)
    found.save()
    return found


@dataclass(frozen=True)
class SeatChange:
    """Whether somebody is there for a seat, and who: its own person unless `name` says another."""

    seat: Seat
    is_there: bool
    name: str


@transaction.atomic
def save_sheet(
    *,
    event: Event,
    seats: Sequence[SeatChange],
    leaving: Sequence[Attendance],
    guests: Sequence[tuple[str, str]],
    count: Any,
    minutes: Any,
    held: bool,
    by: User,
) -> None:
    """`leaving` are guests that are there no longer, `guests` are new ones with their institution; `count`
    and `minutes` are forms, the second None where nobody writes."""
    Event.objects.select_for_update().get(pk=event.pk)
    for change in seats:
        _save_seat(event, change, by)
    _say_who_deputises(event, by)
    for row in leaving:
        sign(row, by=by)
        row.delete()
    for name, institution in guests:
        if not event.present.filter(seat=None, name=name, institution=institution).exists():
            _save(Attendance(event=event, name=name, institution=institution), by)
    counted: Event = count.instance
    if count.counts_the_list:
        number = event.present.count()
        counted.attendance = number or None
        counted.attendance_accuracy = Accuracy.EXACT
        counted.attendance_basis = Basis.LIST if number else ""
    if held:
        counted.state = Event.State.HELD
    sign(counted, by=by)
    count.save()
    if minutes is not None and (minutes.instance.pk or minutes.cleaned_data["text"]):
        save_draft(form=minutes, by=by)


def _save_seat(event: Event, change: SeatChange, by: User) -> None:
    found = event.present.filter(seat=change.seat).first()
    if not change.is_there:
        if found is not None:
            sign(found, by=by)
            found.delete()
        return
    own = change.seat.person.name if change.seat.person else ""
    institution = change.seat.institution or (change.seat.person.institution if change.seat.person else None)
    row = found or Attendance(event=event, seat=change.seat)
    row.name = change.name or own
    row.institution = institution.name if institution else ""
    if not change.seat.deputises_id:
        row.in_place = bool(change.name) and change.name != own
    _save(row, by)


def _say_who_deputises(event: Event, by: User) -> None:
    """A deputy is there in the place of somebody as long as that seat is empty."""
    filled = set(event.present.values_list("seat", flat=True))
    for row in event.present.filter(seat__deputises__isnull=False).select_related("seat"):
        in_place = row.seat.deputises_id not in filled
        if row.in_place != in_place:
            row.in_place = in_place
            _save(row, by)


def _save(row: Attendance, by: User) -> None:
    sign(row, by=by)
    row.save()
