"""Appointments as a calendar file (RFC 5545): what mail programs and telephones take over by a tap."""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from email.utils import parseaddr
from enum import StrEnum

from django.conf import settings
from django.utils import timezone

MEDIA_TYPE = "text/calendar"
FILE_NAME = "termin.ics"
LONGEST_LINE = 75  # octets, without the line break
CONTROL = re.compile("[\\x00-\\x08\\x0b-\\x1f\\x7f]")


class Method(StrEnum):
    """What the receiver's calendar is to do with it. Answers are given on the page."""

    PUBLISH = "PUBLISH"
    CANCEL = "CANCEL"


@dataclass(frozen=True)
class Appointment:
    """One entry. Without `start` it takes whole days, from the first to the last.

    `name` with `sequence` tells calendars which entry it is and which state of it; `url` is its page.
    """

    name: str
    title: str
    first: datetime.date
    last: datetime.date
    url: str
    start: datetime.time | None = None
    end: datetime.time | None = None
    place: str = ""
    description: str = ""
    sequence: int = 0
    cancelled: bool = False
    changed: datetime.datetime | None = None
    """When it became as it is; of a single entry that is when the file is made."""


def calendar_file(
    appointments: Iterable[Appointment], *, organiser: str, method: Method = Method.PUBLISH, title: str = ""
) -> bytes:
    """The file with these entries. `organiser` is a name, the town's; `title` names a calendar of many."""
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Integrationsportal//Termine//DE",
        "CALSCALE:GREGORIAN",
        f"METHOD:{method}",
    ]
    if title:
        lines += [f"NAME:{escape(title)}", f"X-WR-CALNAME:{escape(title)}"]
    for appointment in appointments:
        lines += _entry(appointment, organiser, method)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def organiser_address() -> str:
    """The portal's own: answers are given on the page."""
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1]


def _entry(appointment: Appointment, organiser: str, method: Method) -> Iterator[str]:
    yield "BEGIN:VEVENT"
    yield f"UID:{appointment.name}@integrationsportal.invalid"  # whatever the portal's address is
    yield f"DTSTAMP:{_utc(appointment.changed or timezone.now())}"
    yield f"SEQUENCE:{appointment.sequence}"
    yield from _when(appointment)
    yield f"SUMMARY:{escape(appointment.title)}"
    if appointment.place:
        yield f"LOCATION:{escape(appointment.place)}"
    yield f'ORGANIZER;CN="{escape_parameter(organiser)}":mailto:{organiser_address()}'
    parts = [appointment.description] if appointment.description else []
    yield f"DESCRIPTION:{escape(chr(10).join([*parts, '', appointment.url] if parts else [appointment.url]))}"
    yield f"URL:{appointment.url}"
    yield f"STATUS:{'CANCELLED' if method is Method.CANCEL or appointment.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def _when(appointment: Appointment) -> list[str]:
    """Exact times in UTC; without a time whole days, whose end is the day after the last."""
    if appointment.start is None:
        after = appointment.last + datetime.timedelta(days=1)
        return [f"DTSTART;VALUE=DATE:{appointment.first:%Y%m%d}", f"DTEND;VALUE=DATE:{after:%Y%m%d}"]
    lines = [f"DTSTART:{_utc(_local(appointment.first, appointment.start))}"]
    if appointment.end is not None:
        lines.append(f"DTEND:{_utc(_local(appointment.first, appointment.end))}")
    return lines


def _local(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def _utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"


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
