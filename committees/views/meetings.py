"""Meetings with their agendas, as they are read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committees.getters import meeting_or_404
from committees.meeting_tabs import meeting_context
from committees.models import AgendaItem, Meeting
from municipalities.getters import town_or_404


@login_required
@require_safe
def meeting_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    meetings = Meeting.objects.visible_to(request.user).in_town(municipality)
    context = {
        "municipality": municipality,
        "meetings": meetings.prefetch_related("committees").order_by("-date", "-start"),
    }
    return render(request, "committees/meetings/list.html", context)


@login_required
@require_safe
def meeting(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = meeting_or_404(request, town, pk)
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=found).order_by("position")
    context = {**meeting_context(request.user, found), "items": items}
    return render(request, "committees/meetings/meeting.html", context)
