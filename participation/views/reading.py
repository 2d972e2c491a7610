"""Groups and events: who works on a concept, and what happened when."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.utils import timezone
from django.views.decorators.http import require_safe

from municipalities.models import Municipality
from participation.actions.processes import deleted_processes
from participation.balance import balance_of
from participation.getters import is_insider, town_of_processes_or_404
from participation.models import Event, Group, Phase, Process, Seat
from participation.permissions import may_manage, may_read_proposals
from participation.phases import openings
from participation.timeline import drawn_timeline


@dataclass
class TimelinePart:
    """A phase with its events; `phase` is None for events outside any phase."""

    phase: Phase | None
    events: list[Event] = field(default_factory=list)


def timeline_of(phases: list[Phase], events: list[Event]) -> list[TimelinePart]:
    """Phases in order, each with its events; those outside a phase stand where their date belongs, and
    those without a date at the end."""
    parts = {phase.pk: TimelinePart(phase) for phase in phases}
    loose = [event for event in events if event.phase_id is None]
    for event in events:
        if event.phase_id is not None:
            parts[event.phase_id].events.append(event)
    timeline: list[TimelinePart] = []
    for part in parts.values():
        assert part.phase is not None
        before = [event for event in loose if event.date and event.date < part.phase.span]
        if before:
            timeline.append(TimelinePart(None, before))
            loose = [event for event in loose if event not in before]
        timeline.append(part)
    return [*timeline, TimelinePart(None, loose)] if loose else timeline


@login_required
@require_safe
def overview(request: HttpRequest, town: str, pk: int | None = None) -> HttpResponse:
    """The timeline and the groups of a process: the newest one, or the one asked for."""
    municipality = town_of_processes_or_404(request.user, town)
    processes = list(
        Process.objects.visible_to(request.user)
        .in_town(municipality)
        .select_related("concept__municipality", "municipality", "moderator", "organiser")
    )
    process = next((p for p in processes if pk in (None, p.pk)), None)
    if process is None and pk is not None:
        raise Http404
    context = {
        "municipality": municipality,
        "processes": processes,
        "process": process,
        "mine": groups_of(request.user, municipality),
        "insider": is_insider(request.user, municipality),
        "may_manage": may_manage(request.user, municipality),
    }
    if context["may_manage"]:
        context["deleted"] = deleted_processes(municipality)
    if process is not None:
        context |= process_context(process)
        context["reads_proposals"] = may_read_proposals(request.user, process)
    return render(request, "participation/overview.html", context)


def groups_of(user: Any, municipality: Municipality) -> list[Group]:
    """The groups in which the user sits now, with their fields and what they plan."""
    seats = Seat.objects.held_now().filter(person__user=user)
    planned = Event.objects.filter(state=Event.State.PLANNED).in_order()
    rows = Group.objects.in_town(municipality).filter(pk__in=seats.values("group"))
    return list(rows.prefetch_related("fields", Prefetch("events", planned, to_attr="planned")))


def process_context(process: Process) -> dict[str, object]:
    events = list(process.events.in_order().select_related("moderator").prefetch_related("groups"))
    groups = list(
        process.groups.select_related("founded_at").prefetch_related(
            Prefetch("seats", Seat.objects.select_related("institution", "person")), "fields"
        )
    )
    phases = list(process.phases.all())
    timeline = timeline_of(phases, events)
    return {
        "timeline": timeline,
        "picture": drawn_timeline([(part.phase, part.events) for part in timeline], timezone.localdate()),
        "openings": openings(process, phases),
        "groups": groups,
        "balance": balance_of(process, events, len(groups)).lines(),
    }


@login_required
@require_safe
def group(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = town_of_processes_or_404(request.user, town)
    found = get_object_or_404(
        Group.objects.visible_to(request.user)
        .in_town(municipality)
        .select_related("process", "founded_at", "predecessor")
        .prefetch_related("fields", "successors"),
        pk=pk,
    )
    context = {
        "municipality": municipality,
        "group": found,
        "seats": found.seats.select_related(
            "institution", "person__institution", "deputises__person", "deputises__institution"
        ),
        "insider": is_insider(request.user, municipality),
        "may_manage": may_manage(request.user, municipality),
        "events": found.events.in_order().select_related("moderator").prefetch_related("groups"),
    }
    return render(request, "participation/group.html", context)
