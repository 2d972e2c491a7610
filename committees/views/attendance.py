"""Who was in the meeting."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.actions.attending import check_can_be_recorded, record_attendance
from committees.attendance import voting_seats_present
from committees.forms.attendance import AttendanceSheet
from committees.getters import led_meeting
from committees.meeting_tabs import meeting_context
from committees.models import AgendaItem, Meeting
from municipalities.getters import signed_in


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def attendance(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One sheet for the room."""
    meeting = led_meeting(request, town, pk)
    items = list(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting).order_by("position"))
    data = request.POST if request.method == "POST" else None
    sheet = AttendanceSheet(meeting, items, data)
    if data is not None and sheet.is_valid():
        try:
            record_attendance(meeting=meeting, by=signed_in(request), **sheet.changes())
        except ValidationError as error:
            sheet.refuse(error)
        else:
            messages.success(request, _("Die Anwesenheit ist gespeichert."))
            return redirect("committees:attendance", town, pk)
    context = {
        **meeting_context(request.user, meeting, "anwesenheit/"),
        "sheet": sheet,
        "closed": why_closed(meeting),
        "counted": votes_in_the_room(meeting),
    }
    return render(request, "committees/attendance/sheet.html", context, status=200 if data is None else 422)


def why_closed(meeting: Meeting) -> str:
    """The sentence that says why nothing can be entered any more; empty while it can."""
    try:
        check_can_be_recorded(meeting)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def votes_in_the_room(meeting: Meeting) -> list[tuple[str, int]]:
    rows = list(meeting.attendance.select_related("seat", "stands_in_for"))
    return [
        (committee.name, voting_seats_present(rows, committee.pk)) for committee in meeting.committees.all()
    ]
