"""What is done once a paper is decided: the concept as resolved, and what became of each measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.decisions import MeasureChange, measure_changes, standing_of
from committees.models import Consultation, MeasureDecision, Paper, ResolvedVersion
from committees.permissions import may_lead
from concepts.actions.placing import lock as lock_concept
from concepts.actions.signing import LONGEST_REASON, sign
from concepts.actions.versions import check_name, freeze_version
from concepts.models import Concept, ConceptVersion, Measure
from concepts.permissions import may_edit
from concepts.pictures import state_of
from municipalities.models import User

TAKE, KEEP = "beschluss", "konzept"
"""The two ways out where the text of today and the resolution meet: the resolution's text, or today's."""
CHANGED_MEANWHILE = "changed_meanwhile"


def decided(paper: Paper) -> Consultation:
    """The stage that decided. Raises ValidationError while one has still to decide."""
    standing = standing_of(paper)
    if standing.final is None:
        raise ValidationError(
            _(
                "Über diese Vorlage ist noch nicht abschließend entschieden. "
                "Tragen Sie zuerst das Ergebnis ein."
            )
        )
    return standing.final


def reason_for(name: str) -> str:
    """For the concept's history, which more may read than the paper, and which stays when a result is closed
    later: it says of the decision no more than the version's name. As long as there is room."""
    return (_("Fassung „%s“") % name)[:LONGEST_REASON]


# ---- The concept as resolved -----------------------------------------------------------------------------


def resolve_concept(
    *, paper: Paper, name: str, by: User, seen: str, choices: Mapping[int, str] | None = None
) -> ConceptVersion:
    """Writes the accepted amendments into the concept's measures and freezes the version.

    `choices` says for each measure in conflict which text shall stand, `seen` is the state of the concept
    that they were made for. What was written stays, should printing fail: the next try goes on from there.
    """
    name = " ".join(name.split())
    with transaction.atomic():
        paper = lock_paper(paper.pk)
        concept = paper.concept
        if concept is None:
            raise ValidationError(_("Diese Vorlage gehört zu keinem Konzept."))
        if not may_edit(by, concept):
            raise PermissionDenied(_("Die beschlossene Fassung hält fest, wer das Konzept bearbeitet."))
        decision = decided(paper)
        check_not_resolved(decision)
        if decision.outcome == Consultation.Outcome.REJECTED:
            raise ValidationError(_("Die Vorlage wurde abgelehnt. Eine beschlossene Fassung gibt es nicht."))
        check_name(concept, name)
        lock_concept(concept)
        if state_of(concept).content != seen:
            raise ValidationError(
                _(
                    "Das Konzept wurde geändert, während Sie diese Seite offen hatten. "
                    "Bitte prüfen Sie die Seite noch einmal und halten Sie die Fassung dann fest."
                ),
                code=CHANGED_MEANWHILE,
            )
        apply_changes(measure_changes(paper), choices or {}, reason_for(name), by)
        if concept.status not in (Concept.Status.ADOPTED, Concept.Status.REPLACED):
            concept.status = Concept.Status.ADOPTED
            sign(concept, by=by, reason=reason_for(name))
            concept.save()

    def keep(version: ConceptVersion) -> None:
        check_not_resolved(decision)
        ResolvedVersion.objects.create(consultation=decision, version=version)

    try:
        return freeze_version(concept=concept, name=name, by=by, also=keep)
    except IntegrityError as error:  # a second click, at the same moment
        raise ValidationError(_already(decision)) from error


def check_not_resolved(decision: Consultation) -> None:
    if ResolvedVersion.objects.filter(consultation=decision).exists():
        raise ValidationError(_already(decision))


def _already(decision: Consultation) -> str:
    return _("Die beschlossene Fassung zu diesem Beschluss ist schon festgehalten.")


def apply_changes(changes: list[MeasureChange], choices: Mapping[int, str], reason: str, by: User) -> None:
    """All or none: nothing is written while one conflict has no choice."""
    undecided = [one for one in changes if one.conflict and choices.get(one.measure.pk) not in (TAKE, KEEP)]
    if undecided:
        raise ValidationError(
            {one.key: _("Bitte wählen Sie, welcher Text gelten soll.") for one in undecided}
        )
    for change in changes:
        measure = change.measure
        if change.done or (change.conflict and choices[measure.pk] == KEEP):
            continue
        measure.text = change.wanted if change.target is None else change.target
        sign(measure, by=by, reason=reason)
        measure.save()


# ---- The measures' decisions -----------------------------------------------------------------------------


def newest_decision(decision: Consultation, measures: Iterable[Measure]) -> int:
    """The number of the newest entry in the history of what was decided about these; 0 before the first."""
    numbers = [measure.pk for measure in measures]
    rows = MeasureDecision.history.filter(consultation=decision.pk, measure__in=numbers)
    return rows.order_by("-history_id").values_list("history_id", flat=True).first() or 0


@transaction.atomic
def decide_measures(
    *, paper: Paper, values: Mapping[Measure, tuple[str, str]], by: User, seen: int | None = None
) -> int:
    """Records kind and note for each of these measures; an empty kind takes a decision back. Gives how many
    changed.

    `seen` is the newest entry that the form knew of; None where nobody can have been overlooked.
    """
    paper = lock_paper(paper.pk)
    if not may_lead(by, paper.municipality_id):
        raise PermissionDenied(_("Die Entscheidungen trägt der Sitzungsdienst ein."))
    decision = decided(paper)
    if seen is not None and newest_decision(decision, values) != seen:
        raise ValidationError(
            _(
                "Jemand hat inzwischen Entscheidungen zu diesem Beschluss gespeichert. "
                "Ihre Angaben stehen noch da. "
                "Bitte prüfen Sie die markierten Zeilen und speichern Sie noch einmal."
            ),
            code=CHANGED_MEANWHILE,
        )
    known = {row.measure_id: row for row in MeasureDecision.objects.filter(consultation=decision)}
    changed = 0
    for measure, (kind, note) in values.items():
        if measure.concept_id != paper.concept_id:
            raise ValidationError(_("„%s“ gehört nicht zum Konzept dieser Vorlage.") % measure)
        row = known.get(measure.pk)
        if row is None and not kind:
            continue
        if row is None:
            row = MeasureDecision(measure=measure, consultation=decision)
        elif not kind:
            sign(row, by=by)
            row.delete()
            changed += 1
            continue
        note = " ".join(note.split())
        if (row.kind, row.note) == (kind, note):
            continue
        row.kind, row.note = kind, note
        row.clean_fields()
        sign(row, by=by)
        row.save()
        changed += 1
    return changed
