"""An event as a calendar file (RFC 5545): what mail programs and telephones take over by a tap."""

from __future__ import annotations

import datetime
import re
from enum import StrEnum

from django.utils import timezone

from documents.richtext import plain_text
from fuzzydates.value import Precision
from participation.models import Event

MEDIA_TYPE = "text/calendar"
LONGEST_LINE = 75  # octets, without the line break
CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f]")


class Method(StrEnum):
    """What the receiver's calendar is to do with it. Answers are given on the page."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


def has_calendar_entry(event: Event) -> bool:
    """Only days can be entered: "Aug./Sept. 2017" is no appointment."""
    return event.date is not None and event.date.precision in (Precision.DAY, Precision.DAYS)


def uid(event: Event) -> str:
    """The same for every mail about the event, whatever the portal's address is."""
    return f"veranstaltung-{event.pk}@integrationsportal.invalid"


def calendar_file(event: Event, *, method: Method, address: str, organiser: str) -> bytes:
    """The file for one event. `address` is its page, `organiser` an e-mail address. ValueError where the
    event has no day."""
    if not has_calendar_entry(event):
        raise ValueError("an event without a day has no calendar entry")
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Integrationsportal//Veranstaltungen//DE",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
        "BEGIN:VEVENT",
        f"UID:{uid(event)}",
        f"DTSTAMP:{_utc(timezone.now())}",
        f"SEQUENCE:{event.sequence}",
        *_when(event),
        f"SUMMARY:{escape(event.title)}",
    ]
    if event.place:
        lines.append(f"LOCATION:{escape(event.place)}")
    name = escape_parameter(event.process.municipality.name)
    lines.append(f'ORGANIZER;CN="{name}":mailto:{organiser}')
    lines += [f"DESCRIPTION:{escape(_description(event, address))}", f"URL:{address}"]
    lines.append(f"STATUS:{_status(event, method)}")
    lines += ["END:VEVENT", "END:VCALENDAR"]
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def _when(event: Event) -> list[str]:
    """Exact times in UTC; without a time whole days, whose end is the day after the last."""
    date = event.date
    assert date is not None
    if event.start_time is None:
        after = date.last + datetime.timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{date.first:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    lines = [f"DTSTART:{_utc(_local(date.first, event.start_time))}"]
    if event.end_time is not None:
        lines.append(f"DTEND:{_utc(_local(date.first, event.end_time))}")
    return lines


def _local(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


def _description(event: Event, address: str) -> str:
    parts = [plain_text(event.summary)] if event.summary else []
    return "\n\n".join([*parts, address])


def _status(event: Event, method: Method) -> str:
    return "CANCELLED" if method is Method.CANCEL or event.state == Event.State.CANCELLED else "CONFIRMED"


def escape(text: str) -> str:
    """As a TEXT value: backslash, semicolon, comma and line breaks are written with a backslash."""
    text = CONTROL.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    for sign, written in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\n", "\\n")):
        text = text.replace(sign, written)
    return text


def escape_parameter(text: str) -> str:
    """Within quotation marks; a parameter cannot hold such a mark itself."""
    return CONTROL.sub("", text).replace('"', "'").replace("\n", " ")


def fold(line: str) -> str:
    """No line is longer than 75 octets; a further one begins with a blank, and no character is cut."""
    folded, length = [], 0
    for character in line:
        size = len(character.encode())
        if length + size > LONGEST_LINE:
            folded.append("\r\n ")
            length = 1
        folded.append(character)
        length += size
    return "".join(folded)
