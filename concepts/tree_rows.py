"""The rows of a concept, read for the whole tree in a constant number of queries, each kind in its order."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple, cast

from django.db.models import Q, TextField, Value
from django.db.models.functions import Cast, NullIf

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
    additional: dict[str, Any] | None
    """None where nothing was answered."""


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
        Measure.objects.filter(concept=concept)
        .order_by("position")
        # As text: to parse nothing 600 times takes as long as to read the rest.
        .annotate(answers=NullIf(Cast("additional", TextField()), Value("{}", TextField())))
        .values_list(*MeasureRow._fields[:-1], "answers")
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


def _named(model: Any, column: str, links: Any) -> ConceptRows[Any]:
    """Those whom the concept's measures name, in the column or in the links."""

    def query(concept: int) -> Any:
        in_column = Measure.objects.filter(concept=concept).order_by().values(column)
        linked = links.objects.filter(measure__concept=concept).values(model._meta.model_name)
        return model.objects.filter(Q(pk__in=in_column) | Q(pk__in=linked)).order_by()

    return ConceptRows(query)


INSTITUTIONS = _named(Institution, "responsible", Measure.partners.through)
PERSONS = _named(Person, "responsible_person", Measure.contacts.through)


def read_rows(concept: Concept) -> TreeRows:
    """As they stand in the database now."""
    pk = concept.pk
    measures = [
        row._replace(additional=json.loads(cast(str, row.additional))) if row.additional else row
        for row in map(MeasureRow._make, MEASURES.rows(pk))
    ]
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
        institutions={one.pk: one for one in INSTITUTIONS.models(pk)} if institutions - {None} else {},
        persons={one.pk: one for one in PERSONS.models(pk)} if persons - {None} else {},
        questions=additional_fields(concept.municipality_id),
    )
