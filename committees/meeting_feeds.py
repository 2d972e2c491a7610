"""The meetings of a town or of a committee as a calendar to subscribe to (RFC 5545).

Anybody may read it, so it says what a town's notice board says: day, hour, committee, title and place.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterator
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Meeting
from participation.calendar_files import escape, fold

MEDIA_TYPE = "text/calendar"
# What is longer ago is not news for a calendar.
KEPT = datetime.timedelta(days=366)


def uid(meeting: Meeting) -> str:
    """The same in every feed and every mail, whatever the portal's address is."""
    return f"sitzung-{meeting.pk}@integrationsportal.invalid"


def feed(meetings: Any, *, name: str) -> bytes:
    changes = Meeting.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    rows = (
        meetings.filter(date__gte=timezone.localdate() - KEPT)
        .annotate(changed=Subquery(changes.values("history_date")[:1]))
        .prefetch_related("committees")
        .order_by("date", "start", "pk")
    )
    lines = [
        "BEGIN:VCALENDAR",
        "VERSION:2.0",
        "PRODID:-//Integrationsportal//Sitzungen//DE",
        "CALSCALE:GREGORIAN",
        "METHOD:PUBLISH",
        f"X-WR-CALNAME:{escape(_('Sitzungen %s') % name)}",
        "REFRESH-INTERVAL;VALUE=DURATION:PT6H",
        "X-PUBLISHED-TTL:PT6H",
    ]
    for meeting in rows:
        lines += entry(meeting, meeting.changed)
    lines.append("END:VCALENDAR")
    return "".join(f"{fold(line)}\r\n" for line in lines).encode()


def entry(meeting: Meeting, changed: datetime.datetime | None) -> Iterator[str]:
    """One meeting. Without a beginning it takes the whole day."""
    yield "BEGIN:VEVENT"
    yield f"UID:{uid(meeting)}"
    noted = changed or timezone.make_aware(datetime.datetime.combine(meeting.date, datetime.time()))
    yield f"DTSTAMP:{utc(noted)}"
    yield f"SEQUENCE:{meeting.sequence}"
    if meeting.start is None:
        yield f"DTSTART;VALUE=DATE:{meeting.date:%Y%m%d}"
        yield f"DTEND;VALUE=DATE:{meeting.date + datetime.timedelta(days=1):%Y%m%d}"
    else:
        yield f"DTSTART:{utc(local(meeting.date, meeting.start))}"
        if meeting.end is not None:
            yield f"DTEND:{utc(local(meeting.date, meeting.end))}"
    title = _("Abgesagt: %s") % meeting.title if meeting.cancelled else meeting.title
    yield f"SUMMARY:{escape(title)}"
    if names := ", ".join(committee.name for committee in meeting.committees.all()):
        yield f"DESCRIPTION:{escape(names)}"
    if meeting.place:
        yield f"LOCATION:{escape(meeting.place)}"
    yield f"STATUS:{'CANCELLED' if meeting.cancelled else 'CONFIRMED'}"
    yield "END:VEVENT"


def local(day: datetime.date, time: datetime.time) -> datetime.datetime:
    return timezone.make_aware(datetime.datetime.combine(day, time))


def utc(moment: datetime.datetime) -> str:
    return f"{moment.astimezone(datetime.UTC):%Y%m%dT%H%M%SZ}"
