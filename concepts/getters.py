"""The one way from an address to a row: fetches and authorises, 404 otherwise."""

from __future__ import annotations

from typing import Any

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from concepts.kinds import KINDS, Kind
from concepts.models import Concept, ConceptVersion, Goal, Indicator, Measure
from concepts.permissions import may_see
from municipalities.rows import RowsById

CONCEPTS = RowsById(
    lambda town, concept: Concept.objects.filter(municipality__slug=town, slug=concept).select_related(
        "municipality", "predecessor"
    )
)
# What a part's form and head name besides its own columns.
RELATED = {
    "ziele": ("field", "parent"),
    "massnahmen": ("field", "responsible", "responsible_person"),
    "indikatoren": ("field", "goal", "measure"),
}


def _part(kind: Kind) -> RowsById[Any]:
    def query(concept: int, pk: int) -> QuerySet[Any]:
        rows = kind.model.objects.filter(**{kind.model.concept_path: concept, "pk": pk})
        return rows.select_related(*RELATED.get(kind.slug, ()))

    return RowsById(query)


PARTS = {kind.slug: _part(kind) for kind in KINDS}


def concept_or_404(user: Any, town: str, concept: str) -> Concept:
    """The concept with its municipality; members of other towns don't find it."""
    found = next(iter(CONCEPTS.models(town, concept)), None)
    if found is None or not may_see(user, found):
        raise Http404
    return found


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
    found = next(iter(PARTS[kind.slug].models(concept.pk, pk)), None)
    if found is None:
        raise Http404
    holder = found.field if isinstance(found, Goal) else found
    holder.concept = concept  # with its town, as it is at hand
    return found
