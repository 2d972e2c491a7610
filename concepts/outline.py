"""The concept as an outline to click through: titles only, written once per change.

Joined strings, as in `tree_html`: the outline stands beside every page of the workbench.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from html import escape
from typing import NamedTuple

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from concepts.kinds import kind_of, workbench_url
from concepts.models import ActionField, Chapter, Concept, ConceptPart, Funding, Goal, Indicator, Measure
from concepts.pictures import State, key_of
from concepts.rows import ConceptRows
from documents.keeping import shelf

CHAPTERS = ConceptRows(
    lambda concept: (
        Chapter.objects.filter(concept=concept).order_by("position").values_list("pk", "place", "title")
    )
)
FIELDS = ConceptRows(
    lambda concept: (
        ActionField.objects.filter(concept=concept).order_by("position").values_list("pk", "code", "title")
    )
)
GOALS = ConceptRows(
    lambda concept: (
        Goal.objects.filter(field__concept=concept)
        .order_by("field__position", "position")
        .values_list("pk", "field_id", "parent_id", "code", "text")
    )
)
MEASURES = ConceptRows(
    lambda concept: (
        Measure.objects.filter(concept=concept)
        .order_by("position")
        .values_list("pk", "field_id", "code", "title")
    )
)
GOAL_LINKS = ConceptRows(
    lambda concept: Measure.goals.through.objects.filter(measure__concept=concept).values_list(
        "measure", "goal"
    )
)
INDICATORS = ConceptRows(
    lambda concept: (
        Indicator.objects.filter(concept=concept)
        .order_by("position")
        .values_list("pk", "field_id", "goal__field_id", "measure__field_id", "title")
    )
)
FUNDINGS = ConceptRows(
    lambda concept: (
        Funding.objects.filter(concept=concept).order_by("programme").values_list("pk", "programme")
    )
)


class Line(NamedTuple):
    pk: int
    code: str
    title: str


@dataclass
class GoalLines:
    line: Line
    subgoals: list[GoalLines] = field(default_factory=list)
    measures: list[Line] = field(default_factory=list)


@dataclass
class FieldLines:
    line: Line
    goals: list[GoalLines] = field(default_factory=list)
    measures: list[Line] = field(default_factory=list)
    indicators: list[Line] = field(default_factory=list)


@dataclass
class Outline:
    before: list[Line]
    after: list[Line]
    fields: list[FieldLines]
    indicators: list[Line]
    fundings: list[Line]


def read_outline(concept: Concept) -> Outline:
    """Ids, codes and titles of everything one can open, in the order of the tree."""
    pk = concept.pk
    chapters = CHAPTERS.rows(pk)
    fields = {row[0]: FieldLines(Line(*row)) for row in FIELDS.rows(pk)}
    goals: dict[int, GoalLines] = {}
    rows = GOALS.rows(pk)
    for number, _field, _parent, code, text in rows:
        goals[number] = GoalLines(Line(number, code, text))
    goal_fields = {row[0]: row[1] for row in rows}
    for number, field_id, parent, _code, _text in rows:
        (goals[parent].subgoals if parent else fields[field_id].goals).append(goals[number])

    places = {number: place for place, number in enumerate(_in_order(fields))}
    served: dict[int, list[int]] = defaultdict(list)
    for measure, goal in GOAL_LINKS.rows(pk):
        if goal in places:
            served[measure].append(goal)
    for number, field_id, code, title in MEASURES.rows(pk):
        homes = [goal for goal in served.get(number, ()) if goal_fields[goal] == field_id]
        home = goals[min(homes, key=places.__getitem__)] if homes else fields[field_id]
        home.measures.append(Line(number, code, title))

    general: list[Line] = []
    for number, own, goal_field, measure_field, title in INDICATORS.rows(pk):
        home_field = own or goal_field or measure_field
        (fields[home_field].indicators if home_field else general).append(Line(number, "", title))
    return Outline(
        before=[Line(row[0], "", row[2]) for row in chapters if row[1] == Chapter.Place.BEFORE],
        after=[Line(row[0], "", row[2]) for row in chapters if row[1] == Chapter.Place.AFTER],
        fields=list(fields.values()),
        indicators=general,
        fundings=[Line(row[0], "", row[1]) for row in FUNDINGS.rows(pk)],
    )


def _in_order(fields: dict[int, FieldLines]) -> list[int]:
    """All goals' ids, each before its subgoals."""
    found: list[int] = []

    def walk(goals: list[GoalLines]) -> None:
        for goal in goals:
            found.append(goal.line.pk)
            walk(goal.subgoals)

    for one in fields.values():
        walk(one.goals)
    return found


class OutlineWriter:
    def __init__(self, base: str) -> None:
        self.base = base
        self.parts: list[str] = []

    def write(self, outline: Outline) -> str:
        self.group(_("Kapitel davor"), "kapitel", outline.before)
        for one in outline.fields:
            self.field(one)
        self.group(_("Übergreifende Indikatoren"), "indikatoren", outline.indicators)
        self.group(_("Kapitel danach"), "kapitel", outline.after)
        self.group(_("Förderungen"), "foerderungen", outline.fundings)
        return "".join(self.parts)

    def line(self, slug: str, line: Line) -> str:
        code = f'<span class="p-code">{escape(line.code)}</span> ' if line.code else ""
        return (
            f'<a href="{self.base}{slug}/{line.pk}/" data-part="{slug}/{line.pk}">'
            f"{code}<span>{escape(line.title)}</span></a>"
        )

    def lines(self, slug: str, lines: list[Line]) -> str:
        return "".join([f'<li class="w-{slug}">{self.line(slug, line)}</li>' for line in lines])

    def group(self, title: str, slug: str, lines: list[Line]) -> None:
        if lines:
            self.parts.append(f'<p class="w-group">{title}</p><ul>{self.lines(slug, lines)}</ul>')

    def field(self, one: FieldLines) -> None:
        inside = [*map(self.goal, one.goals), self.lines("massnahmen", one.measures)]
        inside.append(self.lines("indikatoren", one.indicators))
        self.parts.append(
            f'<details class="w-field" id="gliederung-{one.line.pk}"><summary>'
            f'<span class="p-code">{escape(one.line.code)}</span> {escape(one.line.title)}</summary><ul>'
            f'<li class="w-felder">{self.line("felder", one.line)}</li>{"".join(inside)}</ul></details>'
        )

    def goal(self, one: GoalLines) -> str:
        below = [*map(self.goal, one.subgoals), self.lines("massnahmen", one.measures)]
        inner = f"<ul>{''.join(below)}</ul>" if one.subgoals or one.measures else ""
        return f'<li class="w-ziele">{self.line("ziele", one.line)}{inner}</li>'


def outline_html(concept: Concept, state: State, opened: ConceptPart | None = None) -> SafeString:
    """The outline with the opened part marked and its field unfolded."""
    html = shelf.get(
        key_of(state, "outline"), lambda: OutlineWriter(workbench_url(concept)).write(read_outline(concept))
    )
    if opened is not None:
        mark = f' data-part="{kind_of(opened).slug}/{opened.pk}"'
        html = html.replace(mark, f'{mark} aria-current="page"', 1)
        if field_id := field_id_of(opened):
            folded = f'id="gliederung-{field_id}"'
            html = html.replace(folded, f"{folded} open", 1)
    return SafeString(html)


def field_id_of(part: ConceptPart) -> int | None:
    """The field in whose part of the outline this stands."""
    if isinstance(part, ActionField):
        return part.pk
    if isinstance(part, Indicator) and part.field_id is None:
        home = part.goal or part.measure
        return home.field_id if home else None
    return getattr(part, "field_id", None)
