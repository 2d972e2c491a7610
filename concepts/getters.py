"""The one way from an address to a row: fetches and authorises, 404 otherwise."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404

from concepts.kinds import Kind
from concepts.models import Concept, ConceptVersion, Indicator, Measure

# What a part's form and head name besides its own columns.
RELATED = {
    "felder": ("concept__municipality",),
    "ziele": ("field__concept__municipality", "parent"),
    "massnahmen": ("concept__municipality", "field", "responsible", "responsible_person"),
    "indikatoren": ("concept__municipality", "field", "goal", "measure"),
}


def concept_or_404(user: Any, town: str, concept: str) -> Concept:
    """The concept with its municipality; members of other towns don't find it."""
    rows = Concept.objects.visible_to(user).select_related("municipality", "predecessor")
    return get_object_or_404(rows, municipality__slug=town, slug=concept)


def measure_or_404(concept: Concept, pk: int) -> Measure:
    rows = Measure.objects.filter(concept=concept).select_related(
        "field", "responsible", "responsible_person"
    )
    return get_object_or_404(rows, pk=pk)


def indicator_or_404(concept: Concept, pk: int) -> Indicator:
    rows = Indicator.objects.filter(concept=concept).select_related("field", "goal", "measure")
    return get_object_or_404(rows, pk=pk)


def versions_of(concept: Concept) -> QuerySet[ConceptVersion]:
    """The newest first; what they hold is read only when it is asked for."""
    rows = ConceptVersion.objects.filter(concept=concept).select_related("pdf__issued_by")
    return rows.order_by("-number").defer("content", "pdf__content")


def version_or_404(concept: Concept, number: int) -> ConceptVersion:
    return get_object_or_404(versions_of(concept), number=number)


def part_or_404(concept: Concept, kind: Kind, pk: int) -> Any:
    """A part of this concept by its kind and number."""
    rows = kind.model.objects.filter(**{kind.model.concept_path: concept})
    return get_object_or_404(rows.select_related(*RELATED.get(kind.slug, ())), pk=pk)
