"""The meetings of a town or of a committee as a calendar to subscribe to.

Anybody may read it, so it says what a town's notice board says: day, hour, committee, title and place.
"""

from __future__ import annotations

import datetime
from dataclasses import replace
from typing import Any

from django.db.models import OuterRef, Subquery
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.inviting import appointment_of
from committees.models import Meeting
from documents.calendar_files import Appointment, calendar_file

# What is longer ago is not news for a calendar.
KEPT = datetime.timedelta(days=366)


def feed(meetings: Any, *, name: str, organiser: str) -> bytes:
    """The same bytes until one of the meetings changes."""
    changes = Meeting.history.filter(id=OuterRef("pk")).order_by("-history_date", "-history_id")
    rows = (
        meetings.filter(date__gte=timezone.localdate() - KEPT)
        .annotate(changed=Subquery(changes.values("history_date")[:1]))
        .select_related("municipality")
        .prefetch_related("committees")
        .order_by("date", "start", "pk")
    )
    title = _("Sitzungen %s") % name
    return calendar_file([entry(meeting) for meeting in rows], organiser=organiser, title=title)


def entry(meeting: Any) -> Appointment:
    """`changed` comes with the row; without a history the day itself stands for it."""
    day = timezone.make_aware(datetime.datetime.combine(meeting.date, datetime.time()))
    return replace(
        appointment_of(meeting),
        title=_("Abgesagt: %s") % meeting.title if meeting.cancelled else meeting.title,
        description=", ".join(committee.name for committee in meeting.committees.all()),
        changed=meeting.changed or day,
    )
