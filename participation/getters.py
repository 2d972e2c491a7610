"""The ways from an address to what belongs to a process, also for those who guide it from outside."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Q, QuerySet
from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from municipalities.getters import town_or_404
from municipalities.models import Municipality
from participation.models import Event, Group, MeasureProposal, Process, Seat
from participation.models.process import moderated_by
from participation.permissions import may_manage


def towns_of(user: Any) -> QuerySet[Municipality]:
    """Those where the user may see anything: their own, and those one of whose processes they guide."""
    guided = Process.objects.filter(pk__in=moderated_by(user)).values("municipality")
    return Municipality.objects.filter(Q(pk__in=user.access.municipality_ids) | Q(pk__in=guided))


def town_of_processes_or_404(user: Any, slug: str) -> Municipality:
    """The municipality, for its own people and for who guides one of its processes; Http404 otherwise."""
    return get_object_or_404(towns_of(user).select_related("revision"), slug=slug)


def is_insider(user: Any, municipality: Municipality) -> bool:
    """Whether the rest of the town is open to the user as well."""
    return municipality.pk in user.access.municipality_ids


def managed_town(request: HttpRequest, town: str) -> Municipality:
    """404 for those who don't belong to the town, 403 for those who may not keep its groups."""
    municipality = town_or_404(request.user, town)
    check(request, municipality)
    return municipality


def managed_group(request: HttpRequest, town: str, pk: int) -> Group:
    """404 before 403: nobody learns of another town's rows."""
    municipality = town_or_404(request.user, town)
    rows = Group.objects.in_town(municipality).select_related("municipality", "process")
    group: Group = get_object_or_404(rows, pk=pk)
    check(request, municipality)
    return group


def managed_seat(request: HttpRequest, town: str, pk: int, seat: int) -> Seat:
    group = managed_group(request, town, pk)
    rows = Seat.objects.filter(group=group).select_related("group__municipality", "person", "institution")
    return get_object_or_404(rows, pk=seat)


def managed_process(request: HttpRequest, town: str, pk: int) -> Process:
    municipality = town_or_404(request.user, town)
    rows = Process.objects.in_town(municipality).select_related("municipality")
    process: Process = get_object_or_404(rows, pk=pk)
    check(request, municipality)
    return process


def check(request: HttpRequest, municipality: Municipality) -> None:
    if not may_manage(request.user, municipality):
        raise PermissionDenied


def process_or_404(user: Any, town: str, pk: int) -> Process:
    rows = Process.objects.visible_to(user).select_related("municipality", "concept__municipality")
    return get_object_or_404(rows, municipality__slug=town, pk=pk)


def proposals_at(user: Any, event: Event) -> QuerySet[MeasureProposal]:
    """What was proposed at the event, as far as the user may know of it."""
    rows: QuerySet[MeasureProposal] = MeasureProposal.objects.visible_to(user).filter(event=event)
    return rows.order_by("created_at", "pk")


def proposal_or_404(user: Any, town: str, pk: int) -> MeasureProposal:
    """A draft is found by who writes it alone, and what is submitted by the members of its process."""
    rows = MeasureProposal.objects.visible_to(user).with_all()
    return get_object_or_404(rows, process__municipality__slug=town, pk=pk)
