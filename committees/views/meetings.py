"""Meetings with their agendas, as they are read; and the calendars that anybody may subscribe to."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_required
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import conditional_page, require_safe

from committees.agenda import for_everybody, is_sent, parts_of
from committees.forms.meetings import MeetingFilterForm
from committees.getters import join_readable_results, meeting_or_404
from committees.meeting_feeds import feed
from committees.meeting_tabs import meeting_context
from committees.models import AgendaItem, Committee, Consultation, Meeting, MeetingFile, Paper
from committees.permissions import may_lead
from committees.tabs import first_page
from documents.calendar_files import MEDIA_TYPE
from municipalities.getters import town_or_404
from municipalities.models import Municipality

MEETINGS_PER_PAGE = 25
MOST_COMING = 50


@login_required
@require_safe
def meeting_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    committees = Committee.objects.visible_to(request.user).in_town(municipality)
    form = MeetingFilterForm(request.GET, committees=committees)
    meetings = Meeting.objects.visible_to(request.user).in_town(municipality).prefetch_related("committees")
    meetings, today = form.narrow(meetings), timezone.localdate()
    past = meetings.filter(date__lt=today).order_by("-date", "-start", "pk")
    page = Paginator(past, MEETINGS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "municipality": municipality,
        "form": form,
        "coming": meetings.filter(date__gte=today).order_by("date", "start", "pk")[:MOST_COMING],
        "page_obj": page,
        "feed": request.build_absolute_uri(f"/{municipality.slug}/sitzungen/kalender.ics"),
        "may_lead": may_lead(request.user, municipality.pk),
    }
    return render(request, "committees/meetings/list.html", context)


@login_required
@require_safe
def meeting(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = meeting_or_404(request, town, pk)
    items = list(AgendaItem.objects.filter(meeting=found).order_by("position"))
    insider = Meeting.objects.open_to_insider(request.user).filter(pk=pk).exists()
    if not insider:
        items = for_everybody(items)
    join_stages(request.user, [item for item in items if insider or item.public])
    if first := first_page(request.user, found.municipality_id):
        for item in items:
            item.address = first.url(item.stage.paper) if getattr(item, "stage", None) else ""
    context = {
        **meeting_context(request.user, found),
        "parts": parts_of(items),
        "insider": insider,
        "provisional": found.date >= timezone.localdate() and not found.cancelled and not is_sent(found),
        "minutes_files": MeetingFile.objects.minutes_for(request.user, found),
        "continued_by": Meeting.objects.filter(continues=found).first(),
    }
    return render(request, "committees/meetings/meeting.html", context)


def join_stages(user: Any, items: list[AgendaItem]) -> None:
    """Gives each item its `stage`, as far as the reader may see the paper; None for all others. Without
    results that they may not know."""
    stages = list(
        Consultation.objects.filter(agenda_item__in=items, paper__in=Paper.objects.visible_to(user))
        .select_related("paper__municipality", "committee", "agenda_item")
        .prefetch_related("joint_committees")
    )
    join_readable_results(user, stages)
    found = {stage.agenda_item_id: stage for stage in stages}
    for item in items:
        item.stage = found.get(item.pk)  # type: ignore[attr-defined]


# ---- For everybody: day, committee, title and place ------------------------------------------------------


@require_safe
@conditional_page
def town_calendar(request: HttpRequest, town: str) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=town)
    return calendar_response(municipality, Meeting.objects.in_town(municipality), municipality.name)


@require_safe
@conditional_page
def committee_calendar(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = get_object_or_404(Municipality, slug=town)
    found = get_object_or_404(Committee.objects.in_town(municipality), pk=pk)
    meetings = Meeting.objects.in_town(municipality).filter(committees=found)
    return calendar_response(municipality, meetings, f"{found.name}, {municipality.name}")


def calendar_response(municipality: Municipality, meetings: Any, name: str) -> HttpResponse:
    response = HttpResponse(
        feed(meetings, name=name, organiser=municipality.name), content_type=f"{MEDIA_TYPE}; charset=utf-8"
    )
    response["Content-Disposition"] = f'inline; filename="sitzungen-{municipality.slug}.ics"'
    response["X-Content-Type-Options"] = "nosniff"
    return response
