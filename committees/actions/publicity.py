"""Who may read what of a paper. It can be changed at any time, also after the release: the text does not."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from hashlib import blake2s
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from committees.actions.agenda import close_item, title_of
from committees.actions.locking import lock_paper
from committees.models import AgendaItem, Consultation, MeetingMinutes, Paper
from committees.permissions import may_set_publicity
from concepts.actions.signing import sign
from municipalities.models import User

# The parts of a paper that can be kept from others, by the word for their kind.
PARTS = {"abschnitt": "sections", "punkt": "resolution_points", "anlage": "attachments"}


@dataclass(frozen=True)
class Kept:
    """Whether something is public; if not, why, and who decided it (the id of an office)."""

    public: bool = True
    reason: str = ""
    office: int | None = None


@dataclass(frozen=True)
class Publicity:
    """`parts` by kind and id; `results` by the stage's id, of which the whole may be non-public by its
    treatment; `offices` read what is not public."""

    paper: Kept = Kept()
    subject: str = ""
    offices: Collection[int] = ()
    parts: Mapping[tuple[str, int], Kept] = field(default_factory=dict)
    results: Mapping[int, Kept] = field(default_factory=dict)

    @property
    def mark(self) -> str:
        """Tells one state from another."""
        said = (
            self.paper,
            self.subject,
            sorted(self.offices),
            sorted(self.parts.items()),
            sorted(self.results.items()),
        )
        return blake2s(repr(said).encode(), digest_size=8).hexdigest()


def publicity_of(paper: Paper) -> Publicity:
    """As it is stored, in a constant number of queries."""
    return Publicity(
        paper=_kept(paper),
        subject=paper.public_subject,
        offices=list(paper.reading_offices.values_list("pk", flat=True)),
        parts={
            (kind, row.pk): _kept(row)
            for kind, manager in PARTS.items()
            for row in getattr(paper, manager).all()
        },
        results={
            stage.pk: Kept(stage.result_public, stage.non_public_reason, stage.non_public_by_id)
            for stage in paper.consultations.all()
        },
    )


def _kept(row: Any) -> Kept:
    return Kept(row.public, row.non_public_reason, row.non_public_by_id)


@transaction.atomic
def set_publicity(*, paper: Paper, typed: Publicity, opened: str, by: User) -> None:
    """Writes only what is different. `opened` is the mark of what stood there when the form was opened.

    Raises PermissionDenied, or ValidationError with a German sentence.
    """
    paper = lock_paper(paper.pk)
    if not may_set_publicity(by, paper):
        raise PermissionDenied
    stored = publicity_of(paper)
    if opened != stored.mark:
        raise ValidationError(
            _(
                "Inzwischen hat jemand anderes hier etwas geändert. Ihre Eingaben stehen noch da. Bitte "
                "prüfen Sie sie und speichern Sie noch einmal."
            ),
            code="meanwhile",
        )
    _check(paper, typed)
    if not typed.paper.public:
        _close_agendas(paper, typed.subject, known=stored.subject, by=by)
    if (typed.paper, typed.subject) != (stored.paper, stored.subject):
        _keep(paper, typed.paper)
        paper.public_subject = typed.subject
        sign(paper, by=by)
        paper.save()
    if set(typed.offices) != set(stored.offices):
        sign(paper, by=by)
        paper.reading_offices.set(typed.offices)
    for kind, manager in PARTS.items():
        for row in getattr(paper, manager).all():
            row.paper = paper
            kept = typed.parts.get((kind, row.pk))
            if kept is not None and kept != stored.parts[kind, row.pk]:
                _keep(row, kept)
                sign(row, by=by)
                row.save()
    for stage in paper.consultations.all():
        kept = typed.results.get(stage.pk, stored.results[stage.pk])
        if kept != stored.results[stage.pk]:
            stage.result_public = kept.public
            stage.non_public_reason, stage.non_public_by_id = kept.reason, kept.office
            sign(stage, by=by)
            stage.save()


def _keep(row: Any, kept: Kept) -> None:
    row.public, row.non_public_reason, row.non_public_by_id = kept.public, kept.reason, kept.office


def _check(paper: Paper, typed: Publicity) -> None:
    if typed.paper.public:
        return
    if not typed.paper.reason:
        raise ValidationError({"non_public_reason": _("Bitte nennen Sie den Grund der Nichtöffentlichkeit.")})
    item = AgendaItem.objects.filter(consultation__paper=paper, public=True).select_related("meeting").first()
    if paper.public and item is not None:
        if MeetingMinutes.objects.filter(meeting=item.meeting, state=MeetingMinutes.State.SIGNED).exists():
            raise ValidationError(
                {
                    "public": _(
                        "Die Vorlage ist öffentlich beraten worden; so steht es in der unterschriebenen "
                        "Niederschrift: %s. Sie können nur noch einzelne Teile und Ergebnisse herausnehmen."
                    )
                    % item.meeting
                }
            )
        raise ValidationError(
            {
                "public": _(
                    "Die Vorlage steht im öffentlichen Teil einer Tagesordnung: %s. "
                    "Bitte nehmen Sie den Punkt dort zuerst heraus oder machen Sie ihn nichtöffentlich."
                )
                % item.meeting
            }
        )


def _close_agendas(paper: Paper, subject: str, *, known: str, by: User) -> None:
    """Where the paper stands or once stood on an agenda, the public title says no more than `subject`.
    `known` is the public subject until now."""
    ever = Consultation.history.filter(paper_id=paper.pk, agenda_item_id__isnull=False)
    items = AgendaItem.objects.filter(
        Q(consultation__paper=paper) | Q(pk__in=ever.values("agenda_item_id"), consultation=None)
    )
    telling = {paper.subject, title_of(paper.subject), known} - {"", subject}
    for item in items.exclude(meeting__minutes__state=MeetingMinutes.State.SIGNED).order_by("meeting", "pk"):
        if item.public or item.public_title in telling:
            close_item(item=item, public_title=subject, by=by, reason=_("Die Vorlage ist nichtöffentlich."))


def issued_publicly(paper: Paper) -> bool:
    """Whether a public PDF is out that no recall has taken back."""
    stages = Consultation.objects.filter(paper=paper)
    return bool(stages.filter(issues__public=True, issues__recall=None).exists())
