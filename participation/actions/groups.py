"""Groups and their seats: kept by the staff."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.actions.signing import sign
from fuzzydates.value import FuzzyDate, Precision
from municipalities.models import Person, User
from participation.models import Group, Seat


@transaction.atomic
def save_group(*, form: Any, by: User) -> Group:
    sign(form.instance, by=by)
    group: Group = form.save()
    return group


@transaction.atomic
def save_seat(*, form: Any, by: User) -> Seat:
    """A new seat goes behind the others; somebody who is new becomes a person of the town first."""
    seat: Any = form.instance
    lock(seat.group)
    if name := form.cleaned_data.get("new_name"):
        seat.person = Person(
            municipality=seat.group.municipality,
            name=name,
            function=form.cleaned_data.get("new_function", ""),
            institution=seat.institution,
        )
        sign(seat.person, by=by)
        seat.person.save()
    if seat.pk is None:
        seat.position = free_position(seat.group)
    sign(seat, by=by)
    seat.save()
    saved: Seat = seat
    return saved


@transaction.atomic
def move_seat(*, seat: Seat, up: bool, by: User) -> bool:
    """Lets the seat change places with its neighbour; False where it has none on that side."""
    lock(seat.group)
    seat.refresh_from_db()
    others = Seat.objects.filter(group=seat.group)
    if up:
        neighbour = others.filter(position__lt=seat.position).order_by("-position").first()
    else:
        neighbour = others.filter(position__gt=seat.position).order_by("position").first()
    if neighbour is None:
        return False
    places = neighbour.position, seat.position
    # No two stand in one place, not even for a moment; this step is nothing for the history.
    others.filter(pk=neighbour.pk).update(position=free_position(seat.group))
    for row, place in zip((seat, neighbour), places, strict=True):
        row.position = place
        sign(row, by=by)
        row.save()
    return True


def end_seat(*, seat: Seat, by: User) -> bool:
    """Held until today; False where nobody knows since when, so that the span must be typed."""
    today = timezone.localdate()
    span = seat.span or seat.group.active
    if span is None or span.first > today:
        return False
    seat.span = FuzzyDate(span.first, today, Precision.DAYS if span.first < today else Precision.DAY)
    sign(seat, by=by)
    seat.save()
    return True


def remove_seat(*, seat: Seat, by: User) -> None:
    """Takes the seat away; the person, and what they have said and done, stay."""
    sign(seat, by=by)
    seat.delete()


def hanging_on(group: Group) -> list[str]:
    """In words, what goes with a group or loses its tie to it."""
    seats, events, successors = group.seats.count(), group.events.count(), group.successors.count()
    words = []
    if seats:
        words.append(ngettext("%d Platz wird gelöscht", "%d Plätze werden gelöscht", seats) % seats)
    if events:
        words.append(
            ngettext(
                "%d Veranstaltung bleibt, ohne diese Gruppe zu nennen",
                "%d Veranstaltungen bleiben, ohne diese Gruppe zu nennen",
                events,
            )
            % events
        )
    if successors:
        words.append(
            ngettext(
                "%d Gruppe nennt diese nicht mehr als Vorgängerin",
                "%d Gruppen nennen diese nicht mehr als Vorgängerin",
                successors,
            )
            % successors
        )
    return words


def holding(group: Group) -> str:
    """Why a group cannot be deleted, in a sentence; empty if it can."""
    if group.proposals.exists() or group.decisions.exists():
        return str(
            _(
                "Zu dieser Gruppe gehören Vorschläge oder Entscheidungen darüber, und diese bleiben "
                "nachvollziehbar. Tragen Sie stattdessen unter „tätig“ ein, bis wann es die Gruppe gab."
            )
        )
    number = group.invitations.count()
    if not number:
        return ""
    sentence = ngettext(
        "Zu dieser Gruppe wurde %d Einladung verschickt, und Einladungen bleiben nachweisbar. "
        "Tragen Sie stattdessen unter „tätig“ ein, bis wann es die Gruppe gab.",
        "Zu dieser Gruppe wurden %d Einladungen verschickt, und Einladungen bleiben nachweisbar. "
        "Tragen Sie stattdessen unter „tätig“ ein, bis wann es die Gruppe gab.",
        number,
    )
    return sentence % number


@transaction.atomic
def delete_group(*, group: Group, by: User) -> None:
    """Raises ValidationError with a sentence where something holds it."""
    lock(group)
    if reason := holding(group):
        raise ValidationError(reason)
    for seat in group.seats.all():
        remove_seat(seat=seat, by=by)
    sign(group, by=by, reason=str(_("Gruppe gelöscht")))
    group.delete()


def lock(group: Group) -> None:
    """Until the transaction ends, nobody else changes the group's seats."""
    Group.objects.select_for_update(no_key=True, of=("self",)).get(pk=group.pk)


def free_position(group: Group) -> int:
    return (Seat.objects.filter(group=group).aggregate(last=Max("position"))["last"] or 0) + 1
