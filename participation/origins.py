"""On the page of a measure: the proposals that it came of."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from concepts.models import Measure
from participation.models import MeasureProposal, Process
from participation.permissions import may_manage
from participation.ways import Book, Row


def origin_region(request: HttpRequest, measure: Measure) -> SafeString:
    """All whose way leads here as far as the reader may know, also those merged into others; linked for
    who may read the proposal itself."""
    processes = list(Process.objects.filter(proposals__ties__measure=measure).distinct())
    if not processes:
        return SafeString("")
    inside = may_manage(request.user, measure.concept.municipality)
    rows = [row for process in processes for row in rows_of(measure, Book(process, inside=inside))]
    if not rows:
        return SafeString("")
    readable = set(
        MeasureProposal.objects.visible_to(request.user)
        .filter(pk__in=[row.proposal.pk for row in rows])
        .values_list("pk", flat=True)
    )
    context = {"rows": [(row, row.proposal.pk in readable) for row in rows]}
    return SafeString(render_to_string("participation/origin.html", context))


def rows_of(measure: Measure, book: Book) -> list[Row]:
    rows = [book.row(proposal) for proposal in book.proposals.values()]
    return [row for row in rows if any(tie.measure_id == measure.pk for tie in row.measures)]
