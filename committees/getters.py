"""Papers and stages by the address, as far as the reader may see them."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Any

from django.core.exceptions import PermissionDenied
from django.db.models import Prefetch, prefetch_related_objects
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from committees.models import Committee, Consultation, IssuedPaper, Meeting, Paper
from committees.models.papers import PaperQuerySet
from committees.openness import keep_back, keep_result_back, read_whole
from committees.permissions import may_lead
from committees.results_in_words import with_ballots
from municipalities.getters import town_or_404
from municipalities.models import Municipality


def route(*, everything: bool = True) -> Prefetch[Any]:
    """A paper's stages with all that a page shows of them, in a constant number of queries; without
    `everything` only the votes and issues that are public (see openness.py)."""
    issues = IssuedPaper.objects.all() if everything else IssuedPaper.objects.everybodys()
    return Prefetch(
        "consultations",
        Consultation.objects.select_related(
            "committee", "meeting", "agenda_item", "left_out_after__agenda_item"
        ).prefetch_related(
            "joint_committees",
            with_ballots(everything=everything),
            Prefetch(
                "issues",
                issues.in_order().select_related("file__issued_by", "recall"),
            ),
        ),
    )


def visible_papers(request: HttpRequest, town: str) -> tuple[Municipality, PaperQuerySet]:
    municipality = town_or_404(request.user, town)
    papers: PaperQuerySet = Paper.objects.visible_to(request.user).in_town(municipality)
    return municipality, papers.select_related("municipality", "paper_type", "department", "author")


def paper_or_404(request: HttpRequest, town: str, pk: int) -> Paper:
    """With its route; without what the reader may not know of it."""
    _municipality, papers = visible_papers(request, town)
    found: Paper = get_object_or_404(papers, pk=pk)
    read_routes(request.user, [found])
    return found


def read_routes(user: Any, papers: Sequence[Paper], whole: Collection[int] | None = None) -> None:
    """Gives these papers their stages, each without what the user may not know of it. Which papers are read
    `whole` (their ids) is asked for where it is not yet known."""
    if whole is None:
        whole = read_whole(user, papers)
    open_ones = [paper for paper in papers if paper.pk in whole]
    others = [paper for paper in papers if paper.pk not in whole]
    prefetch_related_objects(open_ones, route())
    if others:  # what is everybody's takes a while to say
        prefetch_related_objects(others, route(everything=False))
    for paper in papers:
        for consultation in paper.consultations.all():
            consultation.paper = paper
    keep_back(others)


def join_readable_results(user: Any, stages: Sequence[Consultation]) -> None:
    """Takes out of these stages in memory the results that the user may not know. Needs their papers and
    agenda items; votes are read here."""
    whole = read_whole(user, [stage.paper for stage in stages])
    open_ones = [stage for stage in stages if stage.paper_id in whole]
    others = [stage for stage in stages if stage.paper_id not in whole]
    prefetch_related_objects(open_ones, with_ballots())
    prefetch_related_objects(others, with_ballots(everything=False))
    for stage in others:
        keep_result_back(stage)


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
