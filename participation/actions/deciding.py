"""What the staff do with proposals: examine, ask back, decide, take over, merge, divide, publish.

Every way that begins with an original ends in a measure, in a reason, or with who withdrew it.
"""

from __future__ import annotations

import datetime
import uuid
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import linebreaks
from django.utils.translation import gettext as _

from concepts.actions.placing import lock, note
from concepts.actions.splitting import joined
from concepts.actions.writing import add_measure
from concepts.models import ActionField, Goal, Measure
from documents.richtext import clean
from municipalities.models import User
from participation.actions.proposals import locked, sign
from participation.models import (
    Decision,
    Group,
    MeasureProposal,
    Process,
    ProposalMeasure,
    ProposalQuestion,
)

State, Kind = MeasureProposal.State, Decision.Kind
LONGEST_ORIGIN: int = Measure._meta.get_field("origin").max_length or 0


@dataclass(frozen=True)
class Verdict:
    """What is decided, as a form says it. `merged_into` belongs to the kind MERGED alone."""

    kind: str
    reason: str
    decided_on: datetime.date
    group: Group | None = None
    merged_into: MeasureProposal | None = None


@dataclass(frozen=True)
class NewMeasure:
    """A measure as the take-over form words it; the text is plain."""

    title: str
    text: str
    field: ActionField
    goal: Goal | None = None


# ---- Examining -------------------------------------------------------------------------------------------


@transaction.atomic
def take_into_review(*, proposal: MeasureProposal, by: User) -> MeasureProposal:
    """Raises ValidationError where it is neither new nor waiting for an answer."""
    proposal = locked(proposal)
    if proposal.state == State.REVIEW:
        return proposal
    if proposal.state not in (State.SUBMITTED, State.QUESTION):
        raise ValidationError(no_longer_open(proposal))
    proposal.state = State.REVIEW
    sign(proposal, by=by, reason=_("in Prüfung genommen"))
    proposal.save()
    return proposal


@transaction.atomic
def ask_back(*, proposal: MeasureProposal, text: str, by: User) -> ProposalQuestion:
    """Raises ValidationError once it is decided, or where the same question is open already."""
    proposal = locked(proposal)
    if not proposal.is_open:
        raise ValidationError(no_longer_open(proposal))
    if proposal.proposalquestions.filter(text=text, answered_at=None).exists():
        raise ValidationError(_("Diese Rückfrage ist schon gestellt."))
    question: ProposalQuestion = ProposalQuestion.objects.create(proposal=proposal, author=by, text=text)
    proposal.state = State.QUESTION
    sign(proposal, by=by, reason=_("Rückfrage gestellt"))
    proposal.save()
    return question


def no_longer_open(proposal: MeasureProposal) -> str:
    return _("Dieser Vorschlag ist inzwischen %(state)s. Bitte laden Sie die Seite neu.") % {
        "state": proposal.get_state_display()
    }


# ---- Deciding --------------------------------------------------------------------------------------------


@transaction.atomic
def decide(*, proposal: MeasureProposal, verdict: Verdict, by: User) -> Decision:
    """Not taken over, or noted; also in place of an earlier decision that nobody outside knows.

    Raises ValidationError where it is published already, or where the verdict is taken over or merged:
    these lead somewhere, and have verbs of their own.
    """
    if verdict.kind not in (Kind.NOT_TAKEN_OVER, Kind.NOTED):
        raise ValueError(f"{verdict.kind} is not decided alone")
    proposal = locked(proposal)
    decision = _write(proposal, verdict, by)
    _loosen(proposal, by)
    return decision


@transaction.atomic
def take_over(
    *,
    proposal: MeasureProposal,
    verdict: Verdict,
    into: Measure | NewMeasure,
    addition: str = "",
    outcome: str = "",
    by: User,
) -> ProposalMeasure:
    """Whole or in part, into a new measure or one that is there; `addition` is plain text to extend that.

    Said again with another measure, it ties the proposal to both. Raises ValidationError where the
    decision is published and would change, or where a measure does not take its words.
    """
    if verdict.kind not in Decision.TAKEN:
        raise ValueError(f"{verdict.kind} takes nothing over")
    proposal = locked(proposal)
    if proposal.process.concept is None:
        raise ValidationError(
            _("Zu diesem Prozess gehört noch kein Konzept. Bitte ordnen Sie ihm zuerst eines zu.")
        )
    _write(proposal, verdict, by)
    if isinstance(into, NewMeasure):
        measure = add_measure(
            field=into.field,
            goal=into.goal,
            by=by,
            reason=_("aus Vorschlag %s") % proposal.code,
            title=into.title,
            text=clean(linebreaks(into.text, autoescape=True)),
            origin=origin_of(proposal),
        )
    else:
        measure = _extended(into, proposal, addition, by)
    tie = ProposalMeasure.objects.filter(proposal=proposal, measure=measure).first()
    tie = tie or ProposalMeasure(proposal=proposal, measure=measure, tied_by=by)
    tie.outcome = outcome
    sign(tie, by=by)
    tie.save()
    return tie


def origin_of(proposal: MeasureProposal) -> str:
    """What a measure says of where it comes from, without a person's name."""
    where = proposal.group or proposal.event or _("Beteiligung")
    return (_("Vorschlag %(code)s, %(where)s") % {"code": proposal.code, "where": where})[:LONGEST_ORIGIN]


def _extended(measure: Measure, proposal: MeasureProposal, addition: str, by: User) -> Measure:
    lock(measure.concept)
    measure = Measure.objects.select_related("concept__municipality", "field").get(pk=measure.pk)
    if addition.strip():
        words = clean(linebreaks(addition, autoescape=True))
        measure.text = joined(measure.text, words, proposal.title_in_german)
        if not measure.origin:
            measure.origin = origin_of(proposal)
        note(measure, by, _("ergänzt um Vorschlag %s") % proposal.code)
    return measure


@transaction.atomic
def merge(
    *, proposals: Sequence[MeasureProposal], into: MeasureProposal, verdict: Verdict, by: User
) -> list[Decision]:
    """Several go up in a leading one, and share what becomes of it. All or none.

    Raises ValidationError where one of them is published, withdrawn or divided, or the leading one leads
    nowhere itself.
    """
    into = locked(into)
    decision = into.decision_or_none()
    if not (into.is_open or (into.state == State.DECIDED and decision and decision.kind != Kind.MERGED)):
        raise ValidationError(
            _(
                "Mit „%s“ lässt sich nichts zusammenführen: Der Vorschlag ist selbst zusammengeführt, "
                "aufgeteilt oder zurückgezogen."
            )
            % into
        )
    made = []
    for one in proposals:
        proposal = locked(one)
        if proposal.pk == into.pk or proposal.process_id != into.process_id:
            raise ValidationError(
                _("Zusammenführen lassen sich nur verschiedene Vorschläge desselben Prozesses.")
            )
        merged = Verdict(Kind.MERGED, verdict.reason, verdict.decided_on, verdict.group, into)
        made.append(_write(proposal, merged, by))
        _loosen(proposal, by)
    return made


@transaction.atomic
def split(*, proposal: MeasureProposal, parts: Sequence[tuple[str, str]], by: User) -> list[MeasureProposal]:
    """Each part, a title and a text in German, goes its own way from here; the original stays as it is.

    Raises ValidationError where there are fewer than two, or where it is decided already.
    """
    proposal = locked(proposal)
    if not proposal.is_open:
        raise ValidationError(no_longer_open(proposal))
    if len(parts) < 2:
        raise ValidationError(_("Bitte beschreiben Sie mindestens zwei Teile."))
    made = []
    for title, text in parts:
        part = MeasureProposal(
            **{name: getattr(proposal, name) for name in PASSED_ON},
            split_from=proposal,
            language=MeasureProposal.Language.DE,
            title=title,
            text=text,
            form_key=uuid.uuid4(),
            state=State.REVIEW,
        )
        sign(part, by=by, reason=_("abgeteilt von %s") % proposal.code)
        part.save()
        made.append(part)
    proposal.state = State.SPLIT
    sign(proposal, by=by, reason=_("aufgeteilt"))
    proposal.save()
    return made


PASSED_ON = (
    "process", "field", "goal", "group", "event", "submitter", "person", "submitter_name", "entered_by",
    "carry_out", "submitted_at",
)  # fmt: skip


@transaction.atomic
def untie(*, tie: ProposalMeasure, by: User) -> None:
    """Raises ValidationError for the last one: the way of the proposal would break off."""
    proposal = locked(tie.proposal)
    if not proposal.ties.exclude(pk=tie.pk).exists():
        raise ValidationError(
            _(
                "Das ist die einzige Maßnahme zu diesem Vorschlag. Bitte verbinden Sie ihn zuerst mit einer "
                "anderen, oder entscheiden Sie neu."
            )
        )
    sign(tie, by=by, reason=_("Verbindung gelöst"))
    tie.delete()


def _write(proposal: MeasureProposal, verdict: Verdict, by: User) -> Decision:
    """The decision, new or in place of one that nobody outside knows. The same once more changes nothing."""
    before = proposal.decision_or_none()
    if before is None and not proposal.is_open:
        raise ValidationError(no_longer_open(proposal))
    decision: Decision = before or Decision(proposal=proposal)
    if before is not None and before.is_published:
        if (before.kind, before.merged_into) == (verdict.kind, verdict.merged_into):
            return before
        raise ValidationError(
            _("Die Entscheidung über „%s“ ist veröffentlicht und bleibt, wie sie ist.") % proposal
        )
    decision.kind, decision.reason = verdict.kind, verdict.reason.strip()
    decision.merged_into, decision.group = verdict.merged_into, verdict.group
    decision.decided_on, decision.decided_by = verdict.decided_on, by
    if decision.kind != Kind.TAKEN_OVER and not decision.reason:
        raise ValidationError({"reason": _("Bitte begründen Sie die Entscheidung.")})
    sign(decision, by=by)
    decision.save()
    if proposal.state != State.DECIDED:
        proposal.state = State.DECIDED
        sign(proposal, by=by, reason=_("entschieden"))
        proposal.save()
    return decision


def _loosen(proposal: MeasureProposal, by: User) -> None:
    """An earlier take-over is taken back: the measures stay in the concept, only the ties go."""
    for tie in proposal.ties.all():
        sign(tie, by=by, reason=_("neu entschieden"))
        tie.delete()


# ---- Publishing ------------------------------------------------------------------------------------------


@transaction.atomic
def publish(*, process: Process, seen: Sequence[tuple[int, int]], by: User) -> list[MeasureProposal]:
    """All decisions that were shown, in one go. `seen` names each with the entry of its history.

    Raises ValidationError where one was changed or added meanwhile: somebody has to look again.
    """
    Process.objects.select_for_update().only("pk").get(pk=process.pk)
    waiting = waiting_decisions(process)
    if sorted(seen) != sorted(stamps(waiting)):
        raise ValidationError(
            _(
                "Inzwischen wurde noch etwas entschieden oder geändert. "
                "Bitte sehen Sie die Liste noch einmal durch, und veröffentlichen Sie dann."
            )
        )
    now = timezone.now()
    for decision in waiting:
        decision.published_at = now
        sign(decision, by=by, reason=_("veröffentlicht"))
        decision.save()
    return [decision.proposal for decision in waiting]


def waiting_decisions(process: Process) -> list[Decision]:
    """What is decided inside and not published."""
    rows = Decision.objects.filter(proposal__process=process, published_at=None)
    return list(
        rows.select_related(
            "proposal__process__municipality", "proposal__field", "proposal__submitter", "group",
            "merged_into",
        )
        .prefetch_related("proposal__ties__measure")
        .order_by("proposal__field__position", "proposal_id")
    )  # fmt: skip


def stamps(decisions: Sequence[Decision]) -> list[tuple[int, int]]:
    """Each decision with the newest entry of its history."""
    entries = Decision.history.filter(id__in=[decision.pk for decision in decisions])
    newest = dict(entries.order_by("history_id").values_list("id", "history_id"))
    return [(decision.pk, newest.get(decision.pk, 0)) for decision in decisions]
