"""A whole concept, read in a constant number of queries and hung together in memory.

Pages and prints read it here, of the database or of a frozen copy (concepts/reviving.py), so none of them
asks row by row.
"""

from __future__ import annotations

import dataclasses
from collections import defaultdict
from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass, field
from operator import attrgetter
from typing import Any

from django.utils.translation import gettext as _

from concepts.additional import additional_fields, answers_in_words
from concepts.models import (
    ActionField,
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
from concepts.tree_rows import Link, MeasureRow, TreeRows, read_rows
from municipalities.models import Institution, Person

Cost = tuple[MeasureCost, Funding | None]


@dataclass(slots=True)
class IndicatorNode:
    indicator: Indicator
    values: list[IndicatorValue] = field(default_factory=list)
    targets: list[IndicatorTarget] = field(default_factory=list)
    goal: Goal | None = None
    measure: MeasureRow | Measure | None = None


COST = attrgetter("year", "amount", "source", "reserved")


@dataclass(slots=True)
class MeasureNode:
    """A measure stands below the first of its goals; the others are named beside it.

    What a measure has none of is the one empty tuple: there are hundreds of measures.
    """

    measure: MeasureRow | Measure
    responsible: Institution | None = None
    responsible_person: Person | None = None
    partners: Sequence[Institution] = ()
    contacts: Sequence[Person] = ()
    themes: Sequence[ActionField] = ()
    goals: Sequence[Goal] = ()
    costs: Sequence[Cost] = ()
    indicators: Sequence[IndicatorNode] = ()
    additional: Sequence[tuple[str, str]] = ()
    """The town's own questions with their answers in words."""

    @property
    def institutions(self) -> list[Institution]:
        return [*([self.responsible] if self.responsible else []), *self.partners]

    def content(self) -> Hashable:
        """All that is said of the measure, its indicators apart: of the same content, the same is written."""
        row, person = self.measure, self.responsible_person
        assert isinstance(row, MeasureRow)
        return (
            row[:-1],  # the answers, at its end, stand below in words
            self.responsible.name if self.responsible else None,
            (person.name, person.function) if person else None,
            tuple([one.name for one in self.partners]) if self.partners else (),
            tuple([(one.name, one.function) for one in self.contacts]) if self.contacts else (),
            tuple([str(one) for one in self.themes]) if self.themes else (),
            tuple([(one.pk, one.code, one.text) for one in self.goals]) if self.goals else (),
            tuple([(*COST(cost), funding and funding.programme) for cost, funding in self.costs]),
            tuple(self.additional),
        )


@dataclass
class GoalNode:
    goal: Goal
    level: int
    level_name: str
    subgoals: list[GoalNode] = field(default_factory=list)
    measures: list[MeasureNode] = field(default_factory=list)

    def walk(self) -> Iterator[GoalNode]:
        yield self
        for subgoal in self.subgoals:
            yield from subgoal.walk()


@dataclass
class FieldNode:
    field: ActionField
    goals: list[GoalNode] = dataclasses.field(default_factory=list)
    measures: list[MeasureNode] = dataclasses.field(default_factory=list)
    """Those that serve no goal."""
    indicators: list[IndicatorNode] = dataclasses.field(default_factory=list)

    def all_goals(self) -> Iterator[GoalNode]:
        for goal in self.goals:
            yield from goal.walk()

    def all_measures(self) -> Iterator[MeasureNode]:
        for goal in self.all_goals():
            yield from goal.measures
        yield from self.measures


@dataclass
class FundingNode:
    funding: Funding
    conditions: list[FundingCondition] = field(default_factory=list)


@dataclass
class ConceptTree:
    concept: Concept
    before: list[Chapter] = field(default_factory=list)
    after: list[Chapter] = field(default_factory=list)
    fields: list[FieldNode] = field(default_factory=list)
    indicators: list[IndicatorNode] = field(default_factory=list)
    """Those of the whole concept."""
    fundings: list[FundingNode] = field(default_factory=list)

    def all_goals(self) -> Iterator[GoalNode]:
        for node in self.fields:
            yield from node.all_goals()

    def all_measures(self) -> Iterator[MeasureNode]:
        for node in self.fields:
            yield from node.all_measures()

    def all_indicators(self) -> Iterator[IndicatorNode]:
        for node in self.fields:
            yield from node.indicators
        yield from self.indicators

    def institutions(self) -> list[Institution]:
        """Whoever is responsible for a measure or takes part in one, each once, by name."""
        found: dict[int, Institution] = {}
        for node in self.all_measures():
            if node.responsible:
                found[node.responsible.pk] = node.responsible
            for one in node.partners:
                found[one.pk] = one
        return sorted(found.values(), key=lambda one: one.name.casefold())


def level_name(concept: Concept, level: int) -> str:
    """The concept's own word for goals of this level, counted from 0."""
    names = concept.goal_level_names
    return names[level] if level < len(names) else str(_("Ziel"))


def read_tree(concept: Concept) -> ConceptTree:
    """Everything in the concept, in its order."""
    return hang(read_rows(concept))


def hang(rows: TreeRows) -> ConceptTree:
    """The rows hung together: each measure below its first goal, each indicator below its field."""
    fields = {row.pk: FieldNode(row) for row in rows.fields}
    fundings = {row.pk: FundingNode(row) for row in rows.fundings}
    for condition in rows.conditions:
        fundings[condition.funding_id].conditions.append(condition)
    goals = _hang_goals(rows, fields)
    measures = _measure_nodes(rows, fields, fundings)
    _hang_measures(rows, fields, goals, measures)
    indicators = _hang_indicators(rows, fields, goals, measures)
    return ConceptTree(
        concept=rows.concept,
        before=[chapter for chapter in rows.chapters if chapter.place == Chapter.Place.BEFORE],
        after=[chapter for chapter in rows.chapters if chapter.place == Chapter.Place.AFTER],
        fields=list(fields.values()),
        indicators=indicators,
        fundings=list(fundings.values()),
    )


def _hang_goals(rows: TreeRows, fields: dict[int, FieldNode]) -> dict[int, GoalNode]:
    """All goals by id in the order of the tree; the first ones are hung below their fields."""
    children: dict[int | None, list[Goal]] = defaultdict(list)
    for goal in rows.goals:
        children[goal.parent_id].append(goal)
    found: dict[int, GoalNode] = {}

    def grow(goal: Goal, level: int) -> GoalNode:
        node = found[goal.pk] = GoalNode(goal, level, level_name(rows.concept, level))
        node.subgoals = [grow(subgoal, level + 1) for subgoal in children[goal.pk]]
        return node

    for goal in children[None]:
        fields[goal.field_id].goals.append(grow(goal, 0))
    return found


def _linked(links: Sequence[Link]) -> dict[int, list[int]]:
    """For each measure the ids at the other end."""
    found: dict[int, list[int]] = defaultdict(list)
    for measure, other in links:
        found[measure].append(other)
    return found


def _measure_nodes(
    rows: TreeRows, fields: dict[int, FieldNode], fundings: dict[int, FundingNode]
) -> dict[int, MeasureNode]:
    partners, contacts, themes = map(_linked, (rows.partner_links, rows.contact_links, rows.theme_links))
    institutions, persons = rows.institutions, rows.persons
    costs: dict[int, list[Cost]] = defaultdict(list)
    for cost in rows.costs:
        costs[cost.measure_id].append((cost, fundings[cost.funding_id].funding if cost.funding_id else None))

    def by_name(known: dict[int, Any], ids: list[int]) -> list[Any]:
        return sorted((known[pk] for pk in ids), key=lambda one: one.name.casefold())

    return {
        row.pk: MeasureNode(
            row,
            responsible=institutions[row.responsible_id] if row.responsible_id else None,
            responsible_person=persons[row.responsible_person_id] if row.responsible_person_id else None,
            partners=by_name(institutions, partners[row.pk]) if row.pk in partners else (),
            contacts=by_name(persons, contacts[row.pk]) if row.pk in contacts else (),
            themes=[fields[pk].field for pk in themes[row.pk]] if row.pk in themes else (),
            costs=costs.get(row.pk, ()),
            additional=answers_in_words(rows.questions, row.additional) if row.additional else (),
        )
        for row in rows.measures
    }


def _hang_measures(
    rows: TreeRows,
    fields: dict[int, FieldNode],
    goals: dict[int, GoalNode],
    measures: dict[int, MeasureNode],
) -> None:
    places = {pk: place for place, pk in enumerate(goals)}
    served = _linked([link for link in rows.goal_links if link[1] in places])
    for pk, node in measures.items():
        own = served.get(pk, [])
        if len(own) > 1:
            own.sort(key=places.__getitem__)
        node.goals = [goals[goal].goal for goal in own]
        home = next((goals[goal] for goal in own if goals[goal].goal.field_id == node.measure.field_id), None)
        (home or fields[node.measure.field_id]).measures.append(node)


def _hang_indicators(
    rows: TreeRows,
    fields: dict[int, FieldNode],
    goals: dict[int, GoalNode],
    measures: dict[int, MeasureNode],
) -> list[IndicatorNode]:
    """Hangs the indicators below their fields; returns those of the whole concept."""
    nodes = {row.pk: IndicatorNode(row) for row in rows.indicators}
    for value in rows.values:
        nodes[value.indicator_id].values.append(value)
    for target in rows.targets:
        nodes[target.indicator_id].targets.append(target)
    general: list[IndicatorNode] = []
    for node in nodes.values():
        row = node.indicator
        node.goal = goals[row.goal_id].goal if row.goal_id else None
        node.measure = measures[row.measure_id].measure if row.measure_id else None
        field_id = row.field_id or getattr(node.goal or node.measure, "field_id", None)
        (fields[field_id].indicators if field_id else general).append(node)
        if node.measure:
            owner = measures[node.measure.pk]
            owner.indicators = [*owner.indicators, node]
    return general


def read_measure(measure: Measure) -> MeasureNode:
    """One measure with what belongs to it, for its own page."""
    return MeasureNode(
        measure,
        responsible=measure.responsible,
        responsible_person=measure.responsible_person,
        partners=list(measure.partners.order_by("name")),
        contacts=list(measure.contacts.order_by("name")),
        themes=list(measure.themes.order_by("position")),
        additional=answers_in_words(
            additional_fields(measure.concept.municipality_id) if measure.additional else (),
            measure.additional,
        ),
        goals=list(measure.goals.order_by("field__position", "position")),
        costs=[
            (cost, cost.funding) for cost in measure.costs.select_related("funding").order_by("year", "pk")
        ],
        indicators=[
            IndicatorNode(
                row, values=list(row.values.all()), targets=list(row.targets.all()), measure=measure
            )
            for row in measure.indicators.order_by("position").prefetch_related("values", "targets")
        ],
    )


def read_indicator(indicator: Indicator) -> IndicatorNode:
    """One indicator with its figures, for its own page."""
    return IndicatorNode(
        indicator,
        values=list(indicator.values.order_by("group", "period")),
        targets=list(indicator.targets.order_by("group", "period")),
        goal=indicator.goal,
        measure=indicator.measure,
    )
