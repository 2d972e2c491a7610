"""Committees with their seats, and the factions: kept by who leads the council's business."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.agenda import settle
from committees.actions.leading import check_leads
from committees.models import (
    Amendment,
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    FactionVote,
    Meeting,
    MeetingAttendance,
)
from concepts.actions.signing import sign
from fuzzydates.value import FuzzyDate, Precision
from municipalities.models import Person, User


@transaction.atomic
def save_committee(*, form: Any, by: User) -> Committee:
    """A committee of the form `CommitteeForm`. Agendas that are not out of the house are numbered anew."""
    committee: Committee = form.instance
    check_leads(by, committee.municipality_id)
    new = committee.pk is None
    sign(committee, by=by)
    saved: Committee = form.save()
    if not new and "agenda_numbers" in form.changed_data:
        for meeting in coming_meetings(saved):
            settle(meeting)
    return saved


def coming_meetings(committee: Committee) -> Any:
    return Meeting.objects.select_for_update(of=("self",)).filter(
        committees=committee, date__gte=timezone.localdate(), cancelled=False
    )


def holding_committee(committee: Committee) -> str:
    """Why it cannot be deleted, in a sentence; empty if it can."""
    stages = Consultation.objects.filter(Q(committee=committee) | Q(joint_committees=committee))
    if stages.exists() or committee.meetings.exists():
        return _(
            "Zu diesem Gremium gehören Sitzungen oder Beratungen, und diese bleiben nachvollziehbar. "
            "Tragen Sie stattdessen bei den Sitzen ein, bis wann sie galten."
        )
    return ""


@transaction.atomic
def delete_committee(*, committee: Committee, by: User) -> None:
    check_leads(by, committee.municipality_id)
    if sentence := holding_committee(committee):
        raise ValidationError(sentence)
    for seat in committee.seats.all():
        sign(seat, by=by)
        seat.delete()
    sign(committee, by=by, reason=_("Gremium gelöscht"))
    committee.delete()


# ---- Seats -----------------------------------------------------------------------------------------------


@transaction.atomic
def save_seat(*, form: Any, by: User) -> CommitteeSeat:
    """A seat of the form `SeatForm`; somebody who is new becomes a person of the town first."""
    seat: CommitteeSeat = form.instance
    check_leads(by, seat.committee.municipality_id)
    Committee.objects.select_for_update(of=("self",)).get(pk=seat.committee_id)
    if name := form.cleaned_data.get("new_name"):
        seat.person = Person(
            municipality=seat.committee.municipality,
            name=name,
            function=form.cleaned_data.get("new_function", ""),
        )
        sign(seat.person, by=by)
        seat.person.save()
    sign(seat, by=by)
    seat.save()
    return seat


@transaction.atomic
def end_seat(*, seat: CommitteeSeat, by: User) -> bool:
    """Held until today; False where nobody knows since when, so that the span must be typed."""
    check_leads(by, seat.committee.municipality_id)
    today = timezone.localdate()
    if seat.span is None or seat.span.first > today:
        return False
    seat.span = ended(seat.span, today)
    sign(seat, by=by, reason=_("Sitz endet"))
    seat.save()
    return True


def ended(span: FuzzyDate, day: datetime.date) -> FuzzyDate:
    return FuzzyDate(span.first, day, Precision.DAYS if span.first < day else Precision.DAY)


def holding_seat(seat: CommitteeSeat) -> str:
    """Why it cannot be taken away, in a sentence; empty if it can."""
    held = MeetingAttendance.objects.filter(Q(seat=seat) | Q(stands_in_for=seat))
    if held.exists():
        return _(
            "Für diesen Sitz ist schon Anwesenheit eingetragen. Tragen Sie stattdessen ein, bis wann er galt."
        )
    return ""


@transaction.atomic
def remove_seat(*, seat: CommitteeSeat, by: User) -> None:
    """Takes the seat away; the person stays."""
    check_leads(by, seat.committee.municipality_id)
    if sentence := holding_seat(seat):
        raise ValidationError(sentence)
    sign(seat, by=by)
    seat.delete()


# ---- Factions --------------------------------------------------------------------------------------------


@transaction.atomic
def save_faction(*, form: Any, by: User) -> Faction:
    faction: Faction = form.instance
    check_leads(by, faction.municipality_id)
    sign(faction, by=by)
    saved: Faction = form.save()
    return saved


def holding_faction(faction: Faction) -> str:
    """Why it cannot be deleted, in a sentence; empty if it can."""
    voted = FactionVote.objects.filter(faction=faction).exists()
    if voted or Amendment.objects.filter(faction=faction).exists():
        return _(
            "Von dieser Fraktion gibt es Abstimmungen oder Anträge, und diese bleiben nachvollziehbar. "
            "Tragen Sie stattdessen beim Zeitraum ein, bis wann es sie gab."
        )
    return ""


@transaction.atomic
def delete_faction(*, faction: Faction, by: User) -> None:
    """Its seats stay, without a faction."""
    check_leads(by, faction.municipality_id)
    if sentence := holding_faction(faction):
        raise ValidationError(sentence)
    for seat in faction.seats.all():
        seat.faction = None
        sign(seat, by=by, reason=_("Fraktion gelöscht"))
        seat.save()
    sign(faction, by=by, reason=_("Fraktion gelöscht"))
    faction.delete()
