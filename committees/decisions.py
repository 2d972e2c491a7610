"""What was decided about a paper in the end, and what it means for the concept's measures."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.db.models import Exists, OuterRef, Prefetch
from django.utils.translation import gettext as _

from committees.carrying import CarriedMeasure, Overlap, carried_measures, rebased
from committees.models import (
    Amendment,
    Ballot,
    Consultation,
    MeasureDecision,
    Paper,
    PaperAttachment,
    ResolutionPoint,
    ResolvedPoint,
)
from committees.openness import keep_result_back
from concepts.models import ConceptVersion, Measure, MeasureCost
from documents.richtext import clean, plain_text

Kind = MeasureDecision.Kind
DECIDED = (Consultation.Outcome.ACCEPTED, Consultation.Outcome.AMENDED, Consultation.Outcome.REJECTED)


@dataclass
class Standing:
    """Where the decision about a paper stands. `decisions` in the order of the route; `open` are deciding
    committees that have not answered."""

    decisions: list[Consultation] = field(default_factory=list)
    open: list[Consultation] = field(default_factory=list)

    @property
    def final(self) -> Consultation | None:
        """The last decision, once no committee has to decide any more."""
        return self.decisions[-1] if self.decisions and not self.open else None


def standing_of(paper: Paper, *, everything: bool = True) -> Standing:
    """In a handful of queries, with the points as they were resolved and their tasks; without `everything`
    only what is public of it."""
    rows, ballots = ResolvedPoint.objects.all(), Ballot.objects.all()
    if not everything:
        rows, ballots = rows.everybodys(), ballots.everybodys()
    points = rows.select_related("point").prefetch_related("tasks")
    stages = (
        Consultation.objects.filter(paper=paper, meaning=Consultation.Meaning.DECIDE, left_out=False)
        .select_related("committee", "meeting", "agenda_item")
        .prefetch_related(
            "joint_committees", Prefetch("ballots", ballots), Prefetch("resolved_points", points)
        )
        .order_by("position")
    )
    standing = Standing()
    for stage in stages:
        stage.paper = paper
        if not everything:
            keep_result_back(stage)
        if stage.outcome in DECIDED:
            standing.decisions.append(stage)
        elif not stage.is_over:
            standing.open.append(stage)
    return standing


def attached_version(paper: Paper) -> ConceptVersion | None:
    """The version of the concept that lay before the committees, if one did."""
    if paper.concept_id is None:
        return None
    rows = PaperAttachment.objects.filter(paper=paper, concept_version__concept=paper.concept_id)
    row = rows.select_related("concept_version").order_by("position").first()
    return row.concept_version if row else None


# ---- Measures that were changed on the way ---------------------------------------------------------------


@dataclass
class MeasureChange:
    """What the accepted amendments make of a measure's text.

    `wanted` is the text that was before the committees with all that was accepted; `target` what the text of
    today becomes by it, or None where somebody has changed the same sentence meanwhile. `left` are amendments
    that are not carried: other wordings beside it, and what does not fit to the rest.
    """

    measure: Measure
    amendments: list[Amendment]
    left: list[Amendment]
    wanted: str
    target: str | None

    @property
    def done(self) -> bool:
        return clean(self.measure.text) in {clean(self.wanted), clean(self.target or self.wanted)}

    @property
    def conflict(self) -> bool:
        return not self.done and self.target is None

    @property
    def key(self) -> str:
        """The name of the choice in a form."""
        return f"massnahme-{self.measure.pk}"


def measure_changes(paper: Paper) -> list[MeasureChange]:
    """Of each measure that somebody wanted otherwise; as the rows were when read into this `paper`."""
    chosen = chosen_wordings(paper)
    return [_change_of(row, chosen) for row in carried_measures(paper, None)]


def chosen_wordings(paper: Paper) -> set[int]:
    """The amendments whose other wording of a measure a deciding committee took: a measure has no text as
    resolved, so it is the ballot that says so."""
    ballots = Ballot.objects.filter(
        consultation__paper=paper,
        consultation__meaning=Consultation.Meaning.DECIDE,
        kind=Ballot.Kind.ALTERNATIVE,
        outcome__in=(Consultation.Outcome.ACCEPTED, Consultation.Outcome.AMENDED),
        amendment__measure__isnull=False,
    )
    return set(ballots.values_list("amendment", flat=True))


def _change_of(row: CarriedMeasure, chosen: set[int]) -> MeasureChange:
    measure = row.measure
    assert measure is not None
    taken = next((one for one in row.alternatives if one.pk in chosen), None)
    changes, wanted = ([taken], taken.after) if taken else (row.changes, row.text)
    left = [one for one in (*row.alternatives, *row.unfit) if one is not taken]
    target: str | None = measure.text
    for amendment in changes:
        try:
            target = rebased(amendment.before, amendment.after, target or "")
        except Overlap:
            target = None
            break
    return MeasureChange(measure, changes, left, wanted, target)


# ---- What was decided about each measure -----------------------------------------------------------------


@dataclass(frozen=True)
class Proposal:
    """What the resolution says about a measure, as far as one can tell; `kind` is empty where it is no part
    of the resolution."""

    kind: str
    note: str
    why: str


def proposals(paper: Paper, decision: Consultation, measures: Iterable[Measure]) -> dict[int, Proposal]:
    """By measure. A paper whose points name measures is about these; one that carries the concept itself,
    or names none, is about all."""
    named = _rulings(paper, decision)
    whole = not named or attached_version(paper) is not None
    changes = {change.measure.pk: change for change in measure_changes(paper) if change.amendments}
    reserved = set(
        MeasureCost.objects.filter(measure__concept=paper.concept_id, reserved=True).values_list(
            "measure", flat=True
        )
    )
    found = {}
    for measure in measures:
        change = changes.get(measure.pk)
        rejected = decision.outcome == Consultation.Outcome.REJECTED or named.get(measure.pk) is False
        if measure.pk not in named and not whole and change is None:
            found[measure.pk] = Proposal("", "", _("Der Beschluss nennt sie nicht."))
        elif rejected:
            found[measure.pk] = Proposal(Kind.REJECTED, "", _("Der Beschlussvorschlag wurde abgelehnt."))
        elif change is not None and not plain_text(change.wanted).strip():
            found[measure.pk] = Proposal(Kind.REJECTED, "", _("Sie wurde in der Beratung gestrichen."))
        elif change is not None:
            note, why = measure.budget_reservation, _("Ihr Text wurde in der Beratung geändert.")
            found[measure.pk] = Proposal(Kind.AMENDED, note, why)
        elif measure.budget_reservation or measure.pk in reserved:
            note = measure.budget_reservation
            found[measure.pk] = Proposal(Kind.BUDGET, note, _("Sie steht unter Haushaltsvorbehalt."))
        else:
            found[measure.pk] = Proposal(Kind.ADOPTED, "", "")
    return found


def _rulings(paper: Paper, decision: Consultation) -> dict[int, bool]:
    """Measures that the points name, and whether one of their points was resolved."""
    rejected = ResolvedPoint.objects.filter(point=OuterRef("pk"), consultation=decision, rejected=True)
    rows = (
        ResolutionPoint.objects.filter(paper=paper, measures__isnull=False)
        .annotate(was_rejected=Exists(rejected))
        .values_list("measures", "was_rejected")
    )
    named: dict[int, bool] = {}
    for measure, was_rejected in rows:
        named[measure] = named.get(measure, False) or not was_rejected
    return named
