"""An event as an appointment of a calendar."""

from __future__ import annotations

from documents.calendar_files import Appointment, Method, calendar_file
from documents.richtext import plain_text
from fuzzydates.value import Precision
from participation.models import Event


def has_calendar_entry(event: Event) -> bool:
    """Only days can be entered: "Aug./Sept. 2017" is no appointment."""
    return event.date is not None and event.date.precision in (Precision.DAY, Precision.DAYS)


def event_file(event: Event, *, address: str, method: Method = Method.PUBLISH) -> bytes:
    """The calendar file for one event, whose page is `address`. ValueError where it has no day."""
    if event.date is None or not has_calendar_entry(event):
        raise ValueError("an event without a day has no calendar entry")
    appointment = Appointment(
        name=f"veranstaltung-{event.pk}",
        title=event.title,
        first=event.date.first,
        last=event.date.last,
        start=event.start_time,
        end=event.end_time,
        place=event.place,
        description=plain_text(event.summary) if event.summary else "",
        url=address,
        sequence=event.sequence,
        cancelled=event.state == Event.State.CANCELLED,
    )
    return calendar_file([appointment], organiser=event.process.municipality.name, method=method)
