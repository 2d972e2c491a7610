"""Papers and stages by the address, as far as the reader may see them."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from committees.models import Committee, Consultation, IssuedPaper, Meeting, Paper
from committees.models.papers import PaperQuerySet
from committees.permissions import may_lead
from committees.results_in_words import with_ballots
from municipalities.getters import town_or_404
from municipalities.models import Municipality


def route() -> Prefetch[Any]:
    """A paper's stages with all that a page shows of them, in a constant number of queries."""
    return Prefetch(
        "consultations",
        Consultation.objects.select_related("committee", "meeting", "agenda_item").prefetch_related(
            "joint_committees",
            with_ballots(),
            Prefetch(
                "issues",
                IssuedPaper.objects.in_order().select_related("file__issued_by", "recall"),
            ),
        ),
    )


def visible_papers(request: HttpRequest, town: str) -> tuple[Municipality, PaperQuerySet]:
    municipality = town_or_404(request.user, town)
    papers: PaperQuerySet = Paper.objects.visible_to(request.user).in_town(municipality)
    return municipality, papers.select_related("municipality", "paper_type", "department", "author")


def paper_or_404(request: HttpRequest, town: str, pk: int) -> Paper:
    """With its route."""
    _municipality, papers = visible_papers(request, town)
    found: Paper = get_object_or_404(papers.prefetch_related(route()), pk=pk)
    for consultation in found.consultations.all():
        consultation.paper = found
    return found


def stage_or_404(
    request: HttpRequest, town: str, pk: int, position: int
) -> tuple[Municipality, Paper, Consultation]:
    paper = paper_or_404(request, town, pk)
    for consultation in paper.consultations.all():
        if consultation.position == position:
            return paper.municipality, paper, consultation
    raise Http404


def meeting_or_404(request: HttpRequest, town: str, pk: int) -> Meeting:
    """With its committees."""
    municipality = town_or_404(request.user, town)
    meetings = Meeting.objects.visible_to(request.user).in_town(municipality)
    found: Meeting = get_object_or_404(meetings.prefetch_related("committees"), pk=pk)
    found.municipality = municipality
    return found


def led_meeting(request: HttpRequest, town: str, pk: int) -> Meeting:
    """403 for those who may only read it."""
    found = meeting_or_404(request, town, pk)
    if not may_lead(request.user, found.municipality_id):
        raise PermissionDenied
    return found


def led_town(request: HttpRequest, town: str) -> Municipality:
    """403 for those who do not run the council's business there."""
    municipality = town_or_404(request.user, town)
    if not may_lead(request.user, municipality.pk):
        raise PermissionDenied
    return municipality


def committee_or_404(request: HttpRequest, town: str, pk: int) -> Committee:
    municipality = town_or_404(request.user, town)
    found: Committee = get_object_or_404(
        Committee.objects.visible_to(request.user).in_town(municipality), pk=pk
    )
    found.municipality = municipality
    return found


def led_committee(request: HttpRequest, town: str, pk: int) -> Committee:
    """403 for those who may only read it."""
    found = committee_or_404(request, town, pk)
    if not may_lead(request.user, found.municipality_id):
        raise PermissionDenied
    return found
