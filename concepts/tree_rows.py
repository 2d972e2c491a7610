"""The rows of a concept, read for the whole tree in a constant number of queries, each kind in its order."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from concepts.additional import additional_fields
from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from concepts.rows import ConceptRows, Row
from fuzzydates.value import FuzzyDate
from municipalities.models import Institution, Person

Link = Row
"""Two ids."""


class MeasureRow(NamedTuple):
    """A measure as it is read for the whole tree: its columns, in a quarter of the time a model takes."""

    pk: int
    field_id: int
    kind: str
    position: int
    code: str
    title: str
    text: str
    target_groups: str
    reason: str
    responsible_id: int | None
    responsible_person_id: int | None
    permanent: bool
    funding_note: str
    budget_reservation: str
    origin: str
    legal_basis: str
    priority: str
    phase: str
    track: str
    track_reason: str
    span: FuzzyDate | None
    as_of: FuzzyDate | None
    additional: dict[str, Any]


@dataclass(frozen=True)
class TreeRows:
    """Everything in a concept, each kind in its order. The links lead from a measure's id to the other's."""

    concept: Concept
    chapters: Sequence[Chapter]
    fields: Sequence[ActionField]
    goals: Sequence[Goal]
    measures: Sequence[MeasureRow | Measure]
    goal_links: Sequence[Link]
    theme_links: Sequence[Link]
    partner_links: Sequence[Link]
    contact_links: Sequence[Link]
    costs: Sequence[MeasureCost]
    indicators: Sequence[Indicator]
    values: Sequence[IndicatorValue]
    targets: Sequence[IndicatorTarget]
    fundings: Sequence[Funding]
    conditions: Sequence[FundingCondition]
    institutions: dict[int, Institution]
    persons: dict[int, Person]
    questions: Sequence[AdditionalField]


CHAPTERS = ConceptRows(lambda concept: Chapter.objects.filter(concept=concept).order_by("position"))
FIELDS = ConceptRows(lambda concept: ActionField.objects.filter(concept=concept).order_by("position"))
FUNDINGS = ConceptRows(
    lambda concept: Funding.objects.filter(concept=concept).order_by("programme", "grantor")
)
CONDITIONS = ConceptRows(
    lambda concept: FundingCondition.objects.filter(funding__concept=concept).order_by("position")
)
GOALS = ConceptRows(
    lambda concept: Goal.objects.filter(field__concept=concept).order_by("field__position", "position")
)
MEASURES = ConceptRows(
    lambda concept: (
        Measure.objects.filter(concept=concept).order_by("position").values_list(*MeasureRow._fields)
    )
)
GOAL_LINKS = ConceptRows(
    lambda concept: Measure.goals.through.objects.filter(measure__concept=concept).values_list(
        "measure", "goal"
    )
)
THEME_LINKS = ConceptRows(
    lambda concept: (
        Measure.themes.through.objects.filter(measure__concept=concept)
        .order_by("actionfield__position")
        .values_list("measure", "actionfield")
    )
)
CONTACT_LINKS = ConceptRows(
    lambda concept: Measure.contacts.through.objects.filter(measure__concept=concept).values_list(
        "measure", "person"
    )
)
PARTNER_LINKS = ConceptRows(
    lambda concept: Measure.partners.through.objects.filter(measure__concept=concept).values_list(
        "measure", "institution"
    )
)
COSTS = ConceptRows(
    lambda concept: MeasureCost.objects.filter(measure__concept=concept).order_by("year", "pk")
)
INDICATORS = ConceptRows(lambda concept: Indicator.objects.filter(concept=concept).order_by("position"))
VALUES = ConceptRows(
    lambda concept: IndicatorValue.objects.filter(indicator__concept=concept).order_by("group", "period")
)
TARGETS = ConceptRows(
    lambda concept: IndicatorTarget.objects.filter(indicator__concept=concept).order_by("group", "period")
)


def read_rows(concept: Concept) -> TreeRows:
    """As they stand in the database now."""
    pk = concept.pk
    measures = [MeasureRow._make(columns) for columns in MEASURES.rows(pk)]
    partners, contacts = PARTNER_LINKS.rows(pk), CONTACT_LINKS.rows(pk)
    institutions = {row.responsible_id for row in measures} | {other for _measure, other in partners}
    persons = {row.responsible_person_id for row in measures} | {other for _measure, other in contacts}
    return TreeRows(
        concept=concept,
        chapters=CHAPTERS.models(pk),
        fields=FIELDS.models(pk),
        goals=GOALS.models(pk),
        measures=measures,
        goal_links=GOAL_LINKS.rows(pk),
        theme_links=THEME_LINKS.rows(pk),
        partner_links=partners,
        contact_links=contacts,
        costs=COSTS.models(pk),
        indicators=INDICATORS.models(pk),
        values=VALUES.models(pk),
        targets=TARGETS.models(pk),
        fundings=FUNDINGS.models(pk),
        conditions=CONDITIONS.models(pk),
        institutions=Institution.objects.in_bulk(institutions - {None}),
        persons=Person.objects.in_bulk(persons - {None}),
        questions=additional_fields(concept.municipality_id),
    )
