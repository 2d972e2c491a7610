"""The concept as HTML for reading: joined strings.

A template with a loop over 600 measures takes ten times as long (docs/decisions/). So everything that
repeats is written here, once per change of the concept; the page around it is a template.
Whatever comes from a person goes through `text()`, except rich text, which was cleaned when it was saved.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape as escape_all

from django.utils.safestring import SafeString
from django.utils.text import capfirst
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from concepts.figures import euros
from concepts.indicator_html import indicator_card
from concepts.measure_words import cost_text, span_text, with_function
from concepts.models import ActionField, Chapter, Measure, MeasureCost
from concepts.models import Funding as FundingModel
from concepts.tree import (
    ConceptTree,
    FieldNode,
    FundingNode,
    GoalNode,
    IndicatorNode,
    MeasureNode,
)
from concepts.tree_rows import MeasureRow
from documents.keeping import Shelf

PHASE_TONES = {
    Measure.Phase.NOT_STARTED: "planned",
    Measure.Phase.PLANNING: "draft",
    Measure.Phase.RUNNING: "info",
    Measure.Phase.COMPLETED: "success",
    Measure.Phase.PERMANENT: "info",
}
TRACK_TONES = {
    Measure.Track.ON_TRACK: "success",
    Measure.Track.DELAYED: "warning",
    Measure.Track.SUSPENDED: "warning",
    Measure.Track.ABANDONED: "danger",
}


MEASURES = Shelf(most_bytes=10_000_000)  # those of some ten large concepts
SPECIAL = re.compile("[&<>\"']").search


def escape(value: str) -> str:
    """Most names need no escaping, and to find that out is quicker than to escape them."""
    return escape_all(value) if SPECIAL(value) else value


ON_TRACK, PLAIN_MEASURE = str(Measure.Track.ON_TRACK), str(Measure.Kind.MEASURE)


@dataclass(frozen=True)
class Anchor:
    """A line of the table of contents."""

    id: str
    title: str
    code: str = ""
    note: str = ""


def contents_of(tree: ConceptTree) -> list[Anchor]:
    """The parts of the page in their order."""
    return [
        *(Anchor(f"kapitel-{chapter.pk}", chapter.title) for chapter in tree.before),
        *(Anchor(f"feld-{node.field.pk}", node.field.title, code=node.field.code) for node in tree.fields),
        *([Anchor("indikatoren", _("Übergreifende Indikatoren"))] if tree.indicators else []),
        *(Anchor(f"kapitel-{chapter.pk}", chapter.title) for chapter in tree.after),
        *([Anchor("foerderungen", _("Förderungen"))] if tree.fundings else []),
    ]


def badge(tone: str, label: str) -> str:
    return f'<span class="p-badge p-badge--{tone}">{escape(label)}</span>'


def phase_badge(measure: Measure) -> str:
    return badge(PHASE_TONES[Measure.Phase(measure.phase)], measure.get_phase_display())


def track_badge(measure: Measure) -> str:
    return badge(TRACK_TONES[Measure.Track(measure.track)], measure.get_track_display())


def code(value: str) -> str:
    return f'<span class="p-code">{escape(value)}</span> ' if value else ""


def fact(term: str, value: str) -> str:
    """A pair for a `p-facts` list; nothing where there is nothing to say. `value` is HTML."""
    return f"<dt>{escape(term)}</dt><dd>{value}</dd>" if value else ""


class MeasureFacts:
    """Writes who does a measure, when and with what money: for the tree and for the measure's own page.

    The words are looked up once: translating each of them 600 times takes longer than all the rest.
    """

    def __init__(self) -> None:
        self.responsible = _("Verantwortlich")
        self.responsible_person = _("Zuständige Person")
        self.contacts = _("Ansprechpersonen")
        self.permanent = _("auf Dauer")
        self.themes = _("Querschnittsthemen")
        self.origin = _("Herkunft")
        self.legal_basis = _("Rechtsgrundlage")
        self.priority = _("Priorität")
        self.priorities = {str(one): str(one.label) for one in Measure.Priority}
        self.reserved = _("unter Haushaltsvorbehalt")
        self.partners = _("Beteiligte")
        self.span = _("Zeitraum")
        self.target_groups = _("Zielgruppen")
        self.funding = _("Finanzierung")
        self.costs = _("Kosten")
        self.reservation = _("Haushaltsvorbehalt")
        self.goals, self.other_goals = _("Dient dem Ziel"), _("Dient auch dem Ziel")
        self.as_of = _("Stand der Angaben")

    def write(self, node: MeasureNode, shown_below: int | None = None) -> str:
        """Rows for a `p-facts` list. `shown_below` is the goal under which the measure stands."""
        row = node.measure
        found = (
            *self.who(node),
            (self.span, span_text(row, self.permanent) if row.span or row.permanent else ""),
            (self.priority, self.priorities[row.priority] if row.priority else ""),
            (self.target_groups, escape(row.target_groups)),
            (self.funding, escape(row.funding_note)),
            (self.costs, costs_html(node.costs, self.reserved) if node.costs else ""),
            (self.reservation, escape(row.budget_reservation)),
            self.served(node, shown_below),
            (self.themes, escape(", ".join([str(theme) for theme in node.themes]))),
            (self.origin, escape(row.origin)),
            (self.legal_basis, escape(row.legal_basis)),
            *[(escape(label), escape(answer)) for label, answer in node.additional],
            (self.as_of, str(row.as_of) if row.as_of else ""),
        )
        return "".join([f"<dt>{label}</dt><dd>{value}</dd>" for label, value in found if value])

    def who(self, node: MeasureNode) -> tuple[tuple[str, str], ...]:
        person = node.responsible_person
        return (
            (self.responsible, escape(node.responsible.name) if node.responsible else ""),
            (self.responsible_person, escape(with_function(person)) if person else ""),
            (self.contacts, "<br>".join([escape(with_function(one)) for one in node.contacts])),
            (self.partners, escape(", ".join([one.name for one in node.partners]))),
        )

    def served(self, node: MeasureNode, shown_below: int | None) -> tuple[str, str]:
        others = [goal for goal in node.goals if goal.id != shown_below]
        label = self.other_goals if shown_below else self.goals
        return label, "<br>".join([f"{code(goal.code)}{escape(goal.text)}" for goal in others])


def costs_html(costs: Sequence[tuple[MeasureCost, FundingModel | None]], reserved: str) -> str:
    return "<br>".join(escape(cost_text(cost, funding, reserved)) for cost, funding in costs)


def counts_text(node: FieldNode) -> str:
    """„3 Ziele · 8 Maßnahmen · 2 Indikatoren“."""
    goals, measures = sum(1 for _goal in node.all_goals()), sum(1 for _measure in node.all_measures())
    parts = (
        (goals, ngettext("%d Ziel", "%d Ziele", goals)),
        (measures, ngettext("%d Maßnahme", "%d Maßnahmen", measures)),
        (len(node.indicators), ngettext("%d Indikator", "%d Indikatoren", len(node.indicators))),
    )
    return " · ".join(words % number for number, words in parts if number)


class TreeWriter:
    """Writes one tree. `words` are marked where they stand in titles; `unfolded` opens what is folded.

    `address` is the concept's, for links to its measures and indicators; without it everything that these
    pages would tell is told here.
    """

    def __init__(
        self,
        address: str = "",
        words: Iterable[str] = (),
        unfolded: frozenset[int] = frozenset(),
    ) -> None:
        self.measures_address = address and f"{address}massnahmen/"
        self.indicators_address = address and f"{address}indikatoren/"
        self.workbench_address = address and f"{address}bearbeiten/massnahmen/"
        self.unfolded = unfolded
        self.phases = {str(phase): badge(tone, str(phase.label)) for phase, tone in PHASE_TONES.items()}
        self.tracks = {str(track): badge(tone, str(track.label)) for track, tone in TRACK_TONES.items()}
        self.kinds = {str(kind): capfirst(str(kind.label)) for kind in Measure.Kind}
        self.facts = MeasureFacts()
        self.open_measure, self.comment = _("Maßnahme öffnen"), _("Kommentieren")
        self.reason = _("Begründung")
        alternatives = "|".join(re.escape(escape(word)) for word in words)
        self.marks = re.compile(f"({alternatives})", re.IGNORECASE) if alternatives else None

    def text(self, value: str) -> str:
        """Escaped, with the words that were looked for marked."""
        safe = escape(value)
        return self.marks.sub(r"<mark>\1</mark>", safe) if self.marks else safe

    def write(self, tree: ConceptTree) -> SafeString:
        parts: list[str] = []
        parts += map(self.chapter, tree.before)
        for node in tree.fields:
            self.field(node, parts)
        if tree.indicators:
            parts.append(
                f'<section class="c-part" id="indikatoren"><h2>{_("Übergreifende Indikatoren")}</h2>'
                f"{self.indicators(tree.indicators, 3)}</section>"
            )
        parts += map(self.chapter, tree.after)
        if tree.fundings:
            parts.append(self.fundings(tree.fundings))
        return SafeString("".join(parts))

    def chapter(self, chapter: Chapter) -> str:
        return (
            f'<section class="c-part c-chapter" id="kapitel-{chapter.pk}"><h2>{self.text(chapter.title)}</h2>'
            f'<div class="p-prose c-rich">{chapter.body}</div></section>'
        )

    def field(self, node: FieldNode, parts: list[str]) -> None:
        row = node.field
        parts.append(
            f'<section class="c-part c-field" id="feld-{row.pk}"><header class="c-field__head">'
            f'<p class="c-eyebrow">{escape(capfirst(row.get_kind_display()))}</p>'
            f"<h2>{code(row.code)}{self.text(row.title)}</h2>"
            f'<p class="c-field__counts">{counts_text(node)}</p></header>'
        )
        parts.append(self.field_texts(row))
        for goal in node.goals:
            self.goal(goal, parts)
        if node.measures:
            if node.goals:
                parts.append(f'<h3 class="c-label">{_("Maßnahmen zum ganzen Handlungsfeld")}</h3>')
            self.measures(node.measures, None, 4 if node.goals else 3, parts)
        if node.indicators:
            parts.append(f'<h3 class="c-label">{_("Indikatoren")}</h3>{self.indicators(node.indicators, 4)}')
        parts.append("</section>")

    def field_texts(self, row: ActionField) -> str:
        named = [
            (name, body)
            for name, body in (
                (_("Ausgangslage"), row.situation),
                (_("Defizite"), row.deficits),
                (_("Potenziale"), row.potentials),
            )
            if body
        ]
        if not named:
            return ""
        names = [name for name, _body in named]
        title = names[0] if len(names) == 1 else _("%s und %s") % (", ".join(names[:-1]), names[-1])
        opened = " open" if row.pk in self.unfolded else ""
        bodies = "".join(f"<h3>{name}</h3><div>{body}</div>" for name, body in named)
        return (
            f'<details class="p-fold c-situation"{opened}><summary>{title}</summary>'
            f'<div class="p-fold__body p-prose c-rich">{bodies}</div></details>'
        )

    def goal(self, node: GoalNode, parts: list[str]) -> None:
        row, heading = node.goal, min(3 + node.level, 5)
        rank = f' <span class="c-rank">{_("Rang %d") % row.rank}</span>' if row.rank else ""
        parts.append(
            f'<div class="c-goal c-goal--{min(node.level, 2)}" id="ziel-{row.pk}">'
            f'<p class="c-eyebrow">{escape(node.level_name)}{rank}</p>'
            f'<h{heading} class="c-goal__text">{code(row.code)}{self.text(row.text)}</h{heading}>'
        )
        if row.description:
            parts.append(f'<div class="p-prose c-rich">{row.description}</div>')
        self.measures(node.measures, row.pk, min(heading + 1, 6), parts)
        for subgoal in node.subgoals:
            self.goal(subgoal, parts)
        parts.append("</div>")

    def measures(
        self, nodes: Sequence[MeasureNode], goal_id: int | None, heading: int, parts: list[str]
    ) -> None:
        """After a change in a large concept nearly all of these lists are what they were."""
        if not nodes:
            return

        def make() -> str:
            return "".join([self.measure(node, goal_id, heading) for node in nodes])

        if self.marks or not isinstance(nodes[0].measure, MeasureRow):
            listed = make()
        else:
            key = (goal_id, heading, self.measures_address, *[node.content() for node in nodes])
            listed = MEASURES.get(key, make)
        parts.append(f'<ul class="c-measures">{listed}</ul>')

    def measure(self, node: MeasureNode, goal_id: int | None, heading: int) -> str:
        row = node.measure
        state, reason = self.phases[row.phase], ""
        if row.track != ON_TRACK:
            state += " " + self.tracks[row.track]
            reason = f'<p class="c-measure__reason">{self.text(row.track_reason)}</p>'
        meta = [self.kinds[row.kind]] if row.kind != PLAIN_MEASURE else []
        if node.responsible:
            meta.append(node.responsible.name)
        if row.span or row.permanent:
            meta.append(span_text(row, self.facts.permanent))
        body = f'<div class="p-prose c-rich">{row.text}</div>' if row.text else ""
        if row.reason:
            body += f'<p class="c-eyebrow">{self.reason}</p><div class="p-prose c-rich">{row.reason}</div>'
        page = (
            f'<p class="p-cluster"><a href="{self.measures_address}{row.pk}/">{self.open_measure}</a>'
            f'<a href="{self.workbench_address}{row.pk}/kommentare/">{self.comment}</a></p>'
        )
        return (
            f'<li class="c-measure" id="massnahme-{row.pk}"><details><summary>'
            f'<h{heading} class="c-measure__title">{code(row.code)}{self.text(row.title)}</h{heading}>'
            f'<span class="c-measure__state">{state}</span>'
            f'<span class="c-measure__meta">{self.text(" · ".join(meta))}</span></summary>'
            f'<div class="c-measure__body">{body}'
            f'<dl class="p-facts">{self.facts.write(node, goal_id)}</dl>'
            f"{page if self.measures_address else ''}</div></details>{reason}</li>"
        )

    def indicators(self, nodes: Sequence[IndicatorNode], heading: int) -> str:
        cards = "".join(
            f"<li>{indicator_card(node, heading, self.indicators_address, self.text)}</li>" for node in nodes
        )
        return f'<ul class="c-indicators">{cards}</ul>'

    def fundings(self, nodes: Sequence[FundingNode]) -> str:
        return (
            f'<section class="c-part" id="foerderungen"><h2>{_("Förderungen")}</h2>'
            f"{''.join(map(self.funding, nodes))}</section>"
        )

    def funding(self, node: FundingNode) -> str:
        row = node.funding
        facts = "".join(
            (
                fact(_("Zuwendungsgeber"), escape(row.grantor)),
                fact(_("Rechtsgrundlage"), escape(row.legal_basis)),
                fact(_("Betrag"), euros(row.amount) if row.amount is not None else ""),
                fact(_("bewilligt"), escape(str(row.granted_on)) if row.granted_on else ""),
                fact(_("Förderzeitraum"), escape(str(row.period)) if row.period else ""),
                fact(_("Zweck"), escape(row.purpose)),
            )
        )
        conditions = "".join(
            f"<li>{escape(one.text)}"
            + (f' <span class="p-muted">{_("Frist: %s") % one.deadline}</span>' if one.deadline else "")
            + (" " + badge("success", _("erfüllt %s") % one.fulfilled_on) if one.fulfilled_on else "")
            + (f"<br>{escape(one.fulfilment)}" if one.fulfilment else "")
            + "</li>"
            for one in node.conditions
        )
        listed = f"<h4>{_('Auflagen')}</h4><ol>{conditions}</ol>" if conditions else ""
        return (
            f'<div class="c-funding" id="foerderung-{row.pk}"><h3>{escape(row.programme)}</h3>'
            f'<dl class="p-facts">{facts}</dl>{listed}</div>'
        )
