"""The meetings of somebody's committees as a calendar: day, hour, title and place, nothing of the agenda."""

from __future__ import annotations

import datetime

from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.inviting import appointment_of
from committees.models import Meeting
from committees.models.bodies import committees_of
from documents.calendar_files import calendar_file
from municipalities.models import User

# What is longer ago is not news for a calendar.
KEPT = datetime.timedelta(days=366)


def meetings_for(user: User) -> list[Meeting]:
    """Of the committees in which the user sits today."""
    seated = Meeting.committees.through.objects.filter(committee__in=committees_of(user))
    meetings = Meeting.objects.filter(pk__in=seated.values("meeting"), date__gte=timezone.localdate() - KEPT)
    return list(meetings.select_related("municipality").order_by("date", "start", "pk"))


def calendar_for(user: User) -> bytes:
    appointments = [appointment_of(meeting) for meeting in meetings_for(user)]
    return calendar_file(appointments, organiser=_("Integrationsportal"), title=_("Meine Sitzungen"))
