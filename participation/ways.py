"""What became of each proposal of a process, as far as the reader may know it, read in a few queries."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field

from django.utils.translation import gettext as _

from concepts.models import ActionField
from participation.models import Decision, MeasureProposal, Process, ProposalMeasure

State, Kind = MeasureProposal.State, Decision.Kind
TONES = {
    State.DRAFT: "draft",
    State.SUBMITTED: "info",
    State.REVIEW: "info",
    State.QUESTION: "warning",
    State.SPLIT: "plain",
    State.WITHDRAWN: "plain",
}
KIND_TONES = {
    Kind.TAKEN_OVER: "success",
    Kind.PARTLY: "success",
    Kind.MERGED: "plain",
    Kind.NOT_TAKEN_OVER: "danger",
    Kind.NOTED: "plain",
}


@dataclass(frozen=True)
class Standing:
    """How a proposal stands, in a word and in a sentence; `tone` names the badge's look."""

    word: str
    sentence: str
    tone: str


def known_decision(proposal: MeasureProposal, *, inside: bool) -> Decision | None:
    """The decision if the reader may know of it: published, or the reader is `inside`."""
    decision = proposal.decision_or_none()
    return decision if decision and (inside or decision.is_published) else None


def standing_of(proposal: MeasureProposal, *, inside: bool) -> Standing:
    decision = known_decision(proposal, inside=inside)
    if decision is not None:
        word, tone = str(decision.get_kind_display()), KIND_TONES[Kind(decision.kind)]
        if not decision.is_published:
            return Standing(
                _("%s (intern)") % word, _("Entschieden, aber noch nicht veröffentlicht."), "draft"
            )
        return Standing(word, DECIDED[Kind(decision.kind)](), tone)
    state = State(proposal.state)
    if state == State.DECIDED:  # nobody outside knows yet
        state = State.REVIEW
    return Standing(str(state.label), OPEN[state](), TONES[state])


# Functions, as a sentence is translated when it is shown.
OPEN = {
    State.DRAFT: lambda: _("Nur Sie sehen diesen Entwurf. Er ist noch nicht eingereicht."),
    State.SUBMITTED: lambda: _("Der Vorschlag ist eingegangen. Noch hat ihn niemand geprüft."),
    State.REVIEW: lambda: _("Der Vorschlag wird geprüft. Eine Entscheidung steht noch aus."),
    State.QUESTION: lambda: _("Zu diesem Vorschlag gibt es eine Rückfrage, die noch nicht beantwortet ist."),
    State.SPLIT: lambda: _("Der Vorschlag ist in mehrere Teile aufgeteilt. Jeder geht seinen eigenen Weg."),
    State.WITHDRAWN: lambda: _("Wer den Vorschlag gemacht hat, hat ihn zurückgezogen."),
}
DECIDED = {
    Kind.TAKEN_OVER: lambda: _("Der Vorschlag ist in das Konzept übernommen."),
    Kind.PARTLY: lambda: _("Ein Teil des Vorschlags ist in das Konzept übernommen."),
    Kind.MERGED: lambda: _("Der Vorschlag ist mit einem anderen zusammengeführt."),
    Kind.NOT_TAKEN_OVER: lambda: _("Der Vorschlag ist nicht in das Konzept übernommen."),
    Kind.NOTED: lambda: _("Der Vorschlag ist zur Kenntnis genommen."),
}


@dataclass
class Row:
    """A line of the Anlage: the proposal, what was decided, and the measures at the end of its way."""

    proposal: MeasureProposal
    decision: Decision | None
    word: str
    measures: list[ProposalMeasure] = field(default_factory=list)
    hints: list[str] = field(default_factory=list)
    """Where to read on: "geht in V3 auf", "geteilt in V7, V8"."""

    @property
    def reason(self) -> str:
        return self.decision.reason if self.decision else ""

    @property
    def by_whom(self) -> str:
        return str(self.decision.group) if self.decision and self.decision.group else ""


@dataclass
class Chapter:
    """The rows of a field; `field` is None for proposals that belong to none."""

    field: ActionField | None
    rows: list[Row]

    @property
    def title(self) -> str:
        return str(self.field) if self.field else _("Ohne Handlungsfeld")


class Book:
    """All submitted proposals of a process with their decisions, parts and measures."""

    def __init__(self, process: Process, *, inside: bool = False) -> None:
        self.inside = inside
        rows = (
            MeasureProposal.objects.filter(process=process)
            .exclude(state=State.DRAFT)
            .with_all()
            .prefetch_related("ties__measure__concept__municipality")
            .order_by("field__position", "submitted_at", "pk")
        )
        self.proposals: dict[int, MeasureProposal] = {row.pk: row for row in rows}
        self.parts: dict[int, list[MeasureProposal]] = {}
        for row in self.proposals.values():
            if row.split_from_id is not None:
                self.parts.setdefault(row.split_from_id, []).append(row)

    def decision(self, proposal: MeasureProposal) -> Decision | None:
        return known_decision(proposal, inside=self.inside)

    def next_steps(self, proposal: MeasureProposal) -> list[MeasureProposal]:
        """Into which others it went on, as far as the reader knows."""
        if proposal.state == State.SPLIT:
            return self.parts.get(proposal.pk, [])
        decision = self.decision(proposal)
        if decision is not None and decision.merged_into_id is not None:
            return [self.proposals[decision.merged_into_id]]
        return []

    def ends(self, proposal: MeasureProposal) -> Iterator[MeasureProposal]:
        """The proposals at which its way ends; itself, where it went on into none."""
        steps = self.next_steps(proposal)
        if not steps:
            yield proposal
        for step in steps:
            yield from self.ends(step)

    def measures(self, proposal: MeasureProposal) -> list[ProposalMeasure]:
        """At the end of its way, each once."""
        found: dict[int, ProposalMeasure] = {}
        for end in self.ends(proposal):
            decision = self.decision(end)
            if decision is not None and decision.kind in Decision.TAKEN:
                for tie in end.ties.all():
                    found.setdefault(tie.measure_id, tie)
        return list(found.values())

    def is_told(self, proposal: MeasureProposal) -> bool:
        """Whether the Anlage has a line for it."""
        if proposal.state == State.SPLIT:
            return any(self.is_told(part) for part in self.parts.get(proposal.pk, []))
        return self.decision(proposal) is not None

    def row(self, proposal: MeasureProposal) -> Row:
        decision = self.decision(proposal)
        codes = ", ".join(step.code for step in self.next_steps(proposal))
        hints = []
        if proposal.state == State.SPLIT:
            hints.append(_("aufgeteilt in %s") % codes)
        elif codes:
            hints.append(_("geht in %s auf") % codes)
        if proposal.split_from_id is not None:
            hints.append(_("Teil von V%d") % proposal.split_from_id)
        ends = [end for end in self.ends(proposal) if end.pk != proposal.pk]
        waiting = [end for end in ends if self.decision(end) is None and end.state != State.WITHDRAWN]
        hints += [_("über %s ist noch nicht entschieden") % end.code for end in waiting]
        word = decision.get_kind_display() if decision else State(proposal.state).label
        return Row(proposal, decision, str(word), self.measures(proposal), hints)

    def chapters(self) -> list[Chapter]:
        """What the Anlage tells, by field; what belongs to none stands at the end."""
        found: dict[int | None, Chapter] = {}
        for proposal in self.proposals.values():
            if self.is_told(proposal):
                chapter = found.setdefault(proposal.field_id, Chapter(proposal.field, []))
                chapter.rows.append(self.row(proposal))
        last = found.pop(None, None)
        return [*found.values(), *([last] if last else [])]

    def counts(self) -> list[tuple[str, int]]:
        """How many of each decision the reader knows of, in the order of the kinds."""
        decisions = [self.decision(proposal) for proposal in self.proposals.values()]
        numbers = Counter(decision.kind for decision in decisions if decision is not None)
        return [(str(kind.label), numbers[kind]) for kind in Kind if numbers[kind]]
