"""An event of a demo town with everything that can hang from it, and the ways to its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils import timezone

from municipalities.models import Municipality, Person
from participation.models import Event, EventDocument, Group, Minutes, PhaseOverride, Process, Seat

OF_PROCESS = ("process_edit", "process_delete", "overrides", "event_new")
OF_EVENT = (
    *("event", "event_calendar", "event_edit", "event_cancel", "event_delete", "document_add"),
    *("event_invite", "replies", "sheet", "minutes_step", "my_reply"),
)


def addresses_of_events(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    """What stands behind the town's name in each address; rows are made when they are asked for."""
    process = Process.objects.filter(municipality=town).earliest("pk")
    return {
        **{f"participation:{page}": lambda: [process.pk] for page in OF_PROCESS},
        **{f"participation:{page}": lambda: [event_of(town).pk] for page in OF_EVENT},
        "participation:override_end": lambda: [override_of(process).pk],
        "participation:document": lambda: [event_of(town).pk, document_of(event_of(town)).pk],
        "participation:document_delete": lambda: [event_of(town).pk, document_of(event_of(town)).pk],
        "participation:minutes": lambda: [event_of(town).pk, minutes_of(event_of(town)).version],
    }


def event_of(town: Municipality) -> Event:
    """A planned one of a group in which only the demo member sits, led by the Moderation's institution."""
    title = "Sitzung für die Rechte"
    if found := Event.objects.filter(process__municipality=town, title=title).first():
        return found
    process = Process.objects.filter(municipality=town).earliest("pk")
    persons = Person.objects.filter(municipality=town)
    made = Event.objects.create(
        process=process,
        kind=Event.Kind.SESSION,
        title=title,
        state=Event.State.PLANNED,
        date="19.06.2030",
        moderator=persons.get(user__email=f"moderation@{town.slug}.example").institution,
    )
    kind = {"process": process, "kind": Group.Kind.WORKING}
    group = Group.objects.get_or_create(municipality=town, name=title, defaults=kind)[0]
    member = persons.get(user__email=f"mitglied@{town.slug}.example")
    Seat.objects.get_or_create(group=group, position=1, person=member)
    made.groups.add(group)
    return made


def document_of(event: Event) -> EventDocument:
    defaults = {
        "title": "Blatt",
        "audience": "members",
        "name": "blatt.pdf",
        "media_type": "application/pdf",
        "content": b"%PDF-",
        "size": 5,
    }
    return EventDocument.objects.get_or_create(event=event, sha256="0" * 64, defaults=defaults)[0]


def minutes_of(event: Event) -> Minutes:
    state = {"state": "agreed", "text": "<p>Gut.</p>", "agreed_at": timezone.now()}
    return Minutes.objects.get_or_create(event=event, defaults=state)[0]


def override_of(process: Process) -> PhaseOverride:
    return PhaseOverride.objects.create(
        process=process, right="propose", first_day=timezone.localdate(), reason="Wunsch"
    )
