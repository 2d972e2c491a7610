"""What the print templates of a concept are filled with: rows in their order, nothing left to decide."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concepts.chart_data import drawn
from concepts.figures import FigureTable, aim, euros, figure_table, latest
from concepts.measure_words import cost_text, span_text, with_function
from concepts.models import ActionField, Chapter, Concept, Indicator, Measure
from concepts.tree import (
    ConceptTree,
    FieldNode,
    FundingNode,
    GoalNode,
    IndicatorNode,
    MeasureNode,
)
from concepts.tree_rows import MeasureRow
from documents.richtext import below, plain_text
from municipalities.models import Institution

SHARED_PAGE = 2600  # characters; chapters up to this length follow one another without a new page
WIDEST_TABLE = 8  # periods that fit side by side
LEFT_CELL, RIGHT_CELL = 42, 28  # characters that fit on one line of the facts below a measure

Fact = tuple[str, str]


def rich(html: str, level: int) -> SafeString:
    """Rich text is cleaned when it is saved; here its headings follow the one above it."""
    return SafeString(below(html, level))


@dataclass(frozen=True)
class MeasureBlock:
    anchor: str
    level: int
    code: str
    title: str
    kind: str
    state: str
    reason: str
    text: SafeString
    grounds: SafeString | str
    facts: list[list[Fact]]
    """Rows of one or two pairs."""


@dataclass(frozen=True)
class GoalBlock:
    anchor: str
    level: int
    depth: int
    name: str
    code: str
    text: str
    rank: int | None
    description: SafeString
    measures: list[MeasureBlock]


@dataclass(frozen=True)
class IndicatorBlock:
    anchor: str
    level: int
    title: str
    kind: str
    description: str
    now: str
    aim: str
    origin: str
    chart: SafeString
    table: FigureTable
    lying: bool
    """Periods side by side, as below a chart; below each other where there are many, or words."""

    @property
    def columns(self) -> list[tuple[str, list[str]]]:
        """The table turned: a row for each column, a column for each period."""
        return [
            (head, [cells[place] for _period, cells in self.table.rows])
            for place, head in enumerate(self.table.heads)
        ]

    @property
    def periods(self) -> list[str]:
        return [period for period, _cells in self.table.rows]


@dataclass(frozen=True)
class FieldBlock:
    anchor: str
    kind: str
    code: str
    title: str
    texts: list[tuple[str, SafeString]]
    goals: list[GoalBlock]
    measures: list[MeasureBlock]
    indicators: list[IndicatorBlock]


@dataclass(frozen=True)
class RegisterRow:
    institution: Institution
    kind: str
    responsible: list[str] = field(default_factory=list)
    partner: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class OverviewRow:
    anchor: str
    code: str
    title: str
    responsible: str
    span: str
    state: str


def state_words(measure: MeasureRow | Measure) -> str:
    """„in Umsetzung, verzögert“: that all goes as planned need not be said."""
    words = [str(Measure.Phase(measure.phase).label)]
    if measure.track != Measure.Track.ON_TRACK:
        words.append(str(Measure.Track(measure.track).label))
    return ", ".join(words)


def measure_block(node: MeasureNode, level: int, below_goal: int | None = None) -> MeasureBlock:
    row = node.measure
    return MeasureBlock(
        anchor=f"massnahme-{row.pk}",
        level=level,
        code=row.code,
        title=row.title,
        kind="" if row.kind == Measure.Kind.MEASURE else capfirst(str(Measure.Kind(row.kind).label)),
        state=state_words(row),
        reason=row.track_reason if row.track != Measure.Track.ON_TRACK else "",
        text=rich(row.text, level),
        grounds=rich(row.reason, level) if row.reason else "",
        facts=_facts(node, below_goal),
    )


def _facts(node: MeasureNode, below_goal: int | None) -> list[list[Fact]]:
    row = node.measure
    reserved, permanent = _("unter Haushaltsvorbehalt"), _("auf Dauer")
    costs = "; ".join(cost_text(cost, funding, reserved) for cost, funding in node.costs)
    person = node.responsible_person
    return in_rows(
        long=[
            (_("Verantwortlich"), node.responsible.name if node.responsible else ""),
            (_("Zuständige Person"), with_function(person) if person else ""),
            (_("Ansprechpersonen"), "; ".join(with_function(one) for one in node.contacts)),
            (_("Zielgruppen"), row.target_groups),
            (_("Beteiligte"), ", ".join(one.name for one in node.partners)),
            (_("Finanzierung"), row.funding_note),
            (_("Kosten"), costs),
            (_("Querschnittsthemen"), ", ".join(str(theme) for theme in node.themes)),
            (_("Herkunft"), row.origin),
            (_("Rechtsgrundlage"), row.legal_basis),
            *node.additional,
        ],
        short=[
            (_("Zeitraum"), span_text(row, permanent)),
            (_("Priorität"), str(Measure.Priority(row.priority).label) if row.priority else ""),
            (_("Stand der Angaben"), str(row.as_of or "")),
            (
                _("Dient auch"),
                ", ".join(goal.code or goal.text for goal in node.goals if goal.pk != below_goal),
            ),
            (_("Haushaltsvorbehalt"), row.budget_reservation),
        ],
    )


def in_rows(long: Iterable[Fact], short: Iterable[Fact]) -> list[list[Fact]]:
    """A long and a short pair side by side where both fit; what does not fit gets a row of its own."""
    rows: list[list[Fact]] = []
    waiting = [fact for fact in short if fact[1]]
    for fact in long:
        if not fact[1]:
            continue
        beside = next((one for one in waiting if len(one[1]) <= RIGHT_CELL), None)
        if beside and len(fact[1]) <= LEFT_CELL:
            waiting.remove(beside)
            rows.append([fact, beside])
        else:
            rows.append([fact])
    while waiting:
        first, *waiting = waiting
        beside = (
            waiting.pop(0)
            if waiting and len(first[1]) <= LEFT_CELL and len(waiting[0][1]) <= RIGHT_CELL
            else None
        )
        rows.append([first, beside] if beside else [first])
    return rows


def goal_block(node: GoalNode) -> GoalBlock:
    row, level = node.goal, min(2 + node.level, 5)
    return GoalBlock(
        anchor=f"ziel-{row.pk}",
        level=level,
        depth=min(node.level, 2),
        name=node.level_name,
        code=row.code,
        text=row.text,
        rank=row.rank,
        description=rich(row.description, level),
        measures=[measure_block(one, level + 1, row.pk) for one in node.measures],
    )


def indicator_block(node: IndicatorNode, level: int = 3) -> IndicatorBlock:
    row, table = node.indicator, figure_table(node)
    return IndicatorBlock(
        anchor=f"indikator-{row.pk}",
        level=level,
        title=row.title,
        kind=_("Indikator: %s") % row.get_level_display(),
        description=row.description,
        now=latest(node) if row.quantitative else "",
        aim=aim(node) if row.quantitative else "",
        origin=_origin(node),
        chart=SafeString(drawn(node)),
        table=table,
        lying=table.numeric and len(table.rows) <= WIDEST_TABLE,
    )


def _serves(node: IndicatorNode) -> str:
    if node.measure:
        return _("misst die Maßnahme %s") % (node.measure.code or f"„{node.measure.title}“")
    if node.goal:
        return _("misst das Ziel %s") % (node.goal.code or f"„{node.goal.text}“")
    return ""


def _origin(node: IndicatorNode) -> str:
    row = node.indicator
    parts = [
        _("Quelle: %s") % row.source if row.source else "",
        _("erhoben %s") % row.interval if row.interval else "",
        str(row.get_trend_display()) if row.trend != Indicator.Trend.NONE else "",
        _serves(node),
    ]
    return " · ".join(part for part in parts if part)


def field_block(node: FieldNode) -> FieldBlock:
    row = node.field
    texts = (
        (_("Ausgangslage"), row.situation),
        (_("Defizite"), row.deficits),
        (_("Potenziale"), row.potentials),
    )
    return FieldBlock(
        anchor=f"feld-{row.pk}",
        kind=capfirst(row.get_kind_display()),
        code=row.code,
        title=row.title,
        texts=[(name, rich(body, 2)) for name, body in texts if body],
        goals=[goal_block(goal) for goal in node.all_goals()],
        measures=[measure_block(one, 3) for one in node.measures],
        indicators=[indicator_block(one) for one in node.indicators],
    )


def overview_rows(tree: ConceptTree) -> list[OverviewRow]:
    return [
        OverviewRow(
            anchor=f"massnahme-{node.measure.pk}",
            code=node.measure.code,
            title=node.measure.title,
            responsible=node.responsible.name if node.responsible else "",
            span=str(node.measure.span or ""),
            state=state_words(node.measure),
        )
        for node in tree.all_measures()
    ]


def register_rows(tree: ConceptTree) -> list[RegisterRow]:
    """Who bears what: institutions by name with the codes of their measures."""
    rows = {one.pk: RegisterRow(one, str(one.get_kind_display())) for one in tree.institutions()}
    for node in tree.all_measures():
        name = node.measure.code or node.measure.title
        if node.responsible:
            rows[node.responsible.pk].responsible.append(name)
        for partner in node.partners:
            rows[partner.pk].partner.append(name)
    return list(rows.values())


def funding_facts(node: FundingNode) -> list[list[Fact]]:
    row = node.funding
    return in_rows(
        long=[(_("Zuwendungsgeber"), row.grantor), (_("Rechtsgrundlage"), row.legal_basis)],
        short=[
            (_("Betrag"), euros(row.amount) if row.amount is not None else ""),
            (_("bewilligt"), str(row.granted_on or "")),
            (_("Förderzeitraum"), str(row.period or "")),
        ],
    )


def chapter_groups(chapters: Sequence[Chapter]) -> list[list[Chapter]]:
    """Short chapters share a page, a long one begins on its own."""
    groups: list[list[Chapter]] = []
    length = 0
    for chapter in chapters:
        own = len(plain_text(chapter.body))
        if groups and length + own <= SHARED_PAGE:
            groups[-1].append(chapter)
            length += own
        else:
            groups.append([chapter])
            length = own
    return groups


def counts(concept: Concept, tree: ConceptTree) -> list[tuple[int, str]]:
    """The size of the concept in a few figures; themes beside the fields are counted as what they are."""
    kinds = Counter(ActionField.Kind(node.field.kind) for node in tree.fields)
    measures = sum(1 for _node in tree.all_measures())
    goals = sum(1 for _node in tree.all_goals())
    indicators = sum(1 for _node in tree.all_indicators())
    found = [
        *(
            (kinds[kind], one if kinds[kind] == 1 else many)
            for kind, one, many in (
                (ActionField.Kind.LEADING_THEME, _("vorangestelltes Thema"), _("vorangestellte Themen")),
                (ActionField.Kind.FIELD, _("Handlungsfeld"), _("Handlungsfelder")),
                (ActionField.Kind.CROSS_CUTTING, _("Querschnittsthema"), _("Querschnittsthemen")),
            )
        ),
        (goals, _("Ziele") if goals != 1 else _("Ziel")),
        (measures, _("Maßnahmen") if measures != 1 else _("Maßnahme")),
        (indicators, _("Indikatoren") if indicators != 1 else _("Indikator")),
    ]
    return [(number, word) for number, word in found if number]
