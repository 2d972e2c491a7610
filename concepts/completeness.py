"""What goals and measures still lack, said quietly and as a list to work off."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from concepts.models import ActionField, ConceptPart, Goal, Indicator, Measure
from concepts.tree import ConceptTree, GoalNode, IndicatorNode, MeasureNode
from concepts.tree_rows import MeasureRow
from municipalities.rows import RowsById

INDICATORS = RowsById(lambda measure: Indicator.objects.filter(measure=measure).values_list("pk")[:1])


@dataclass(frozen=True)
class Gap:
    """A part and what it lacks."""

    slug: str
    pk: int
    label: str
    missing: Sequence[str]


@dataclass(frozen=True)
class FieldGaps:
    field: ActionField
    gaps: Sequence[Gap]


def of_measure(measure: Measure | MeasureRow, *, has_indicator: bool) -> list[str]:
    found = []
    if not measure.responsible_id:
        found.append(_("wer verantwortlich ist"))
    if not (measure.span or measure.permanent):
        found.append(_("der Zeitraum"))
    if not measure.text:
        found.append(_("die Beschreibung"))
    if not has_indicator:
        found.append(_("ein Indikator"))
    return found


def of_goal(*, has_indicator: bool, has_target: bool, has_measure: bool) -> list[str]:
    found = []
    if not has_measure:
        found.append(_("eine Maßnahme"))
    if not has_indicator:
        found.append(_("ein Indikator"))
    elif not has_target:
        found.append(_("ein messbarer Zielwert"))
    return found


def missing_in(part: ConceptPart) -> list[str]:
    """For one part, from the database."""
    match part:
        case Measure():
            return of_measure(part, has_indicator=bool(INDICATORS.rows(part.pk)))
        case Goal():
            indicators = Indicator.objects.filter(goal=part)
            return of_goal(
                has_indicator=indicators.exists(),
                has_target=indicators.filter(targets__value__isnull=False).exists(),
                has_measure=part.measures.exists() or part.subgoals.exists(),
            )
    return []


def gaps_of(tree: ConceptTree) -> list[FieldGaps]:
    """All goals and measures that lack something, by field, in the order of the tree; nothing is asked of
    what lies behind the tree."""
    found = []
    for node in tree.fields:
        by_goal: dict[int, list[IndicatorNode]] = {}
        for indicator in node.indicators:
            if indicator.goal:
                by_goal.setdefault(indicator.goal.pk, []).append(indicator)
        gaps = [gap for gap in _in_field(node.goals, node.measures, by_goal) if gap.missing]
        if gaps:
            found.append(FieldGaps(node.field, gaps))
    return found


def _in_field(
    goals: Iterable[GoalNode], measures: Iterable[MeasureNode], indicators: dict[int, list[IndicatorNode]]
) -> Iterable[Gap]:
    for goal in goals:
        own = indicators.get(goal.goal.pk, [])
        yield Gap(
            "ziele",
            goal.goal.pk,
            str(goal.goal),
            of_goal(
                has_indicator=bool(own),
                has_target=any(target.value is not None for node in own for target in node.targets),
                has_measure=bool(goal.measures or goal.subgoals),
            ),
        )
        yield from _in_field(goal.subgoals, goal.measures, indicators)
    for node in measures:
        row = node.measure
        yield Gap(
            "massnahmen",
            row.pk,
            f"{row.code} {row.title}".strip(),
            of_measure(row, has_indicator=bool(node.indicators)),
        )
