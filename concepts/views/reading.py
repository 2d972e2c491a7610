"""The pages of a concept. Each fetches through a getter that also authorises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.contrib.messages import get_messages
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse, HttpResponseNotModified
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from concepts.figures import figure_table
from concepts.forms.filter import FILTER_NAMES
from concepts.getters import concept_or_404, indicator_or_404, measure_or_404, version_or_404
from concepts.indicator_html import chart, indicator_card, standing, table
from concepts.models import ActionField, Concept, Measure
from concepts.pages import CONCEPT_TONES, filtered_body, head_of, page_tag, whole_page
from concepts.pictures import key_of, state_at, state_of
from concepts.printing import file_name, render_concept
from concepts.tree import read_indicator, read_measure
from concepts.tree_html import MeasureFacts, phase_badge, track_badge
from documents.keeping import shelf
from municipalities.getters import town_or_404


@dataclass(frozen=True)
class Listed:
    concept: Concept
    tone: str


def counted(rows: QuerySet[Any]) -> Any:
    """How many of these rows belong to the concept; a sub-query, as two joins would multiply."""
    counts = rows.order_by().values("concept").annotate(number=Count("pk")).values("number")
    return Coalesce(Subquery(counts), 0)


@login_required
@require_safe
def concept_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    concepts = (
        Concept.objects.visible_to(request.user)
        .in_town(municipality)
        .select_related("municipality")
        .annotate(
            field_count=counted(
                ActionField.objects.filter(concept=OuterRef("pk"), kind=ActionField.Kind.FIELD)
            ),
            measure_count=counted(Measure.objects.filter(concept=OuterRef("pk"))),
        )
    )
    listed = [Listed(concept, CONCEPT_TONES[Concept.Status(concept.status)]) for concept in concepts]
    return render(request, "concepts/list.html", {"municipality": municipality, "listed": listed})


@login_required
@require_safe
def concept_detail(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    if any(request.GET.get(name) for name in FILTER_NAMES):
        found = concept_or_404(request.user, town, concept)
        return render(
            request, "concepts/detail.html", {**head_of(found), "body": filtered_body(request, found)}
        )

    state = state_at(town, concept, request.user.pk)
    tag = page_tag(request, state) if state else None
    # Whoever brings the tag was shown this very page, with the same roles. A message waits for exactly
    # this page, though: the browser's copy would not show it.
    response: HttpResponse
    if tag and brought_tag(request) == tag and not len(get_messages(request)):
        response = HttpResponseNotModified()
    else:
        found = concept_or_404(request.user, town, concept)
        response = whole_page(request, found, state or state_of(found))
    if tag:
        response["ETag"] = tag
    response["Cache-Control"] = "private, no-cache"
    return response


def brought_tag(request: HttpRequest) -> str:
    """What the browser's copy is called. No wildcard: „*“ would tell strangers which concepts there are."""
    return request.headers.get("If-None-Match", "").removeprefix("W/")


@login_required
@require_safe
def measure_detail(request: HttpRequest, town: str, concept: str, pk: int) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    measure = measure_or_404(found, pk)
    node = read_measure(measure)
    context = {
        **head_of(found),
        "measure": measure,
        "phase": SafeString(phase_badge(measure)),
        "track": SafeString(track_badge(measure)),
        "facts": SafeString(MeasureFacts().write(node)),
        "indicators": [
            SafeString(indicator_card(one, 3, f"{found.get_absolute_url()}indikatoren/"))
            for one in node.indicators
        ],
    }
    return render(request, "concepts/measure.html", context)


@login_required
@require_safe
def indicator_detail(request: HttpRequest, town: str, concept: str, pk: int) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    indicator = indicator_or_404(found, pk)
    node = read_indicator(indicator)
    figures = figure_table(node)
    context = {
        **head_of(found),
        "indicator": indicator,
        "standing": SafeString(standing(node)),
        "chart": SafeString(chart(node)),
        "table": SafeString(table(node, figures)) if figures.rows else "",
    }
    return render(request, "concepts/indicator.html", context)


@login_required
@require_safe
def concept_pdf(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    """The concept as it stands now; printed once per change."""
    found = concept_or_404(request.user, town, concept)
    content = shelf.get(key_of(state_of(found), "pdf"), lambda: render_concept(found))
    return pdf_response(content, file_name(found))


@login_required
@require_safe
def version_pdf(request: HttpRequest, town: str, concept: str, number: int) -> HttpResponse:
    """A frozen version: the bytes as they were stored."""
    found = concept_or_404(request.user, town, concept)
    version = version_or_404(found, number)
    return pdf_response(bytes(version.pdf.content), version.pdf.name)


def pdf_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response
