"""Invitations and cancellations by mail, through the outbox."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

from documents.calendar_files import FILE_NAME, MEDIA_TYPE, Method
from municipalities.models import Person, User
from outbox.actions import post
from participation.calendar_files import event_file, has_calendar_entry
from participation.models import Event, EventNotice, Seat


@dataclass
class Recipients:
    """Who sits in the event's groups now: to be written to, already written to, without an address."""

    waiting: list[Person] = field(default_factory=list)
    done: list[Person] = field(default_factory=list)
    without_address: list[Person] = field(default_factory=list)


def recipients_of(event: Event) -> Recipients:
    """Of the invitation as the event stands now: whoever has an older state of it is written to again."""
    found = Recipients()
    reached = set(
        event.notices.filter(kind=EventNotice.Kind.INVITATION, sequence=event.sequence).values_list(
            "person", flat=True
        )
    )
    for person in _in_groups(event):
        if person.user is None or not person.user.is_active:
            found.without_address.append(person)
        elif person.pk in reached:
            found.done.append(person)
        else:
            found.waiting.append(person)
    return found


def _in_groups(event: Event) -> list[Person]:
    seats = Seat.objects.held_now().filter(group__events=event, person__isnull=False)
    persons = Person.objects.filter(pk__in=seats.values("person")).select_related("user", "institution")
    return list(persons.order_by("name", "pk"))


@transaction.atomic
def invite(*, event: Event, message: str, address: str, by: User) -> int:
    """Mails to all who have not got this state of the invitation; how many. `address` is the event's page."""
    found = recipients_of(event)
    invited_before = set(
        event.notices.filter(kind=EventNotice.Kind.INVITATION).values_list("person", flat=True)
    )
    for person in found.waiting:
        changed = person.pk in invited_before
        subject = _("Geändert: %s") if changed else _("Einladung: %s")
        _post(event, person, EventNotice.Kind.INVITATION, subject % event.title, address, message, by)
    return len(found.waiting)


@transaction.atomic
def announce_cancellation(*, event: Event, address: str, by: User) -> int:
    """To all who were invited and can be reached; how many."""
    invited = Person.objects.filter(
        pk__in=event.notices.filter(kind=EventNotice.Kind.INVITATION).values("person")
    ).select_related("user")
    reachable = [person for person in invited if person.user is not None and person.user.is_active]
    for person in reachable:
        subject = _("Abgesagt: %s") % event.title
        _post(event, person, EventNotice.Kind.CANCELLATION, subject, address, event.reason, by)
    return len(reachable)


def _post(
    event: Event, person: Person, kind: str, subject: str, address: str, message: str, by: User
) -> None:
    assert person.user is not None
    EventNotice.objects.create(
        event=event,
        person=person,
        kind=kind,
        sequence=event.sequence,
        address=person.user.email,
        sent_by=by,
    )
    cancelled = kind == EventNotice.Kind.CANCELLATION
    text = render_to_string(
        "participation/mails/event.txt",
        {
            "event": event,
            "agenda": _lines(event),
            "person": person,
            "message": message,
            "address": address,
            "cancelled": cancelled,
            "municipality": event.process.municipality,
        },
    )
    method = Method.CANCEL if cancelled else Method.PUBLISH
    attachments = []
    if has_calendar_entry(event):
        file = event_file(event, address=address, method=method)
        attachments.append((FILE_NAME, file, f"{MEDIA_TYPE}; method={method}"))
    post(
        key=f"event-{event.pk}-{kind}-{event.sequence}-{person.pk}",
        to=person.user.email,
        subject=" ".join(subject.split()),
        text=text,
        attachments=attachments,
    )


def _lines(event: Event) -> Iterable[str]:
    for item in event.agenda.all():
        presenter = f" ({item.presenter})" if item.presenter else ""
        yield f"{item.position}. {item.title}{presenter}"
