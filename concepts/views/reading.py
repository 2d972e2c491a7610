"""The pages of a concept. Each fetches through a getter that also authorises."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.contrib.auth.decorators import login_required
from django.db.models import Count, OuterRef, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from concepts import talk
from concepts.figures import figure_table
from concepts.forms.filter import FILTER_NAMES
from concepts.getters import concept_or_404, indicator_or_404, measure_or_404
from concepts.indicator_html import chart, indicator_card, standing, table
from concepts.kinds import workbench_url
from concepts.models import ActionField, Concept, Measure
from concepts.pages import CONCEPT_TONES, filtered_body, head_of, unless_known, whole_page
from concepts.permissions import may_edit, may_edit_measure, may_found, may_set_up_fields
from concepts.pictures import key_of, state_at, state_of
from concepts.printing import file_name, render_concept
from concepts.regions import measure_regions
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
    context = {
        "municipality": municipality,
        "listed": listed,
        "may_found": may_found(request.user, municipality),
        "may_set_up_fields": may_set_up_fields(request.user, municipality),
    }
    return render(request, "concepts/list.html", context)


@login_required
@require_safe
def concept_detail(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    if any(request.GET.get(name) for name in FILTER_NAMES):
        found = concept_or_404(request.user, town, concept)
        context = {
            **head_of(found),
            "may_edit": may_edit(request.user, found),
            "body": filtered_body(request, found),
        }
        return render(request, "concepts/detail.html", context)

    state = state_at(town, concept, request.user.pk)

    def make() -> HttpResponse:
        found = concept_or_404(request.user, town, concept)
        return whole_page(request, found, state or state_of(found))

    return unless_known(request, state, make)


@login_required
@require_safe
def measure_detail(request: HttpRequest, town: str, concept: str, pk: int) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    measure = measure_or_404(found, pk)
    node = read_measure(measure)
    context = {
        **head_of(found),
        "measure": measure,
        "may_edit_part": may_edit_measure(request.user, measure),
        "phase": SafeString(phase_badge(measure)),
        "track": SafeString(track_badge(measure)),
        "facts": SafeString(MeasureFacts().write(node)),
        "talk_url": workbench_url(found, measure, talk.PAGE),
        "regions": measure_regions(request, measure),
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


def pdf_response(content: bytes, name: str) -> HttpResponse:
    response = HttpResponse(content, content_type="application/pdf")
    response["Content-Disposition"] = f'inline; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response
