"""The release of a paper: it gets its number, and what it says stands fast."""

from __future__ import annotations

from dataclasses import dataclass, field

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.actions.numbering import next_number
from committees.checks import Finding, findings_of
from committees.models import IssuedPaper, Paper
from committees.numbering import expected_number
from committees.permissions import may_release
from committees.signatures import current_round, missing_signatures
from concepts.actions.signing import sign as sign_history
from municipalities.models import User


@dataclass(frozen=True)
class Readiness:
    """What stands between a paper and its release: sentences about signatures and number, and findings."""

    signatures: list[str] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    number: str = ""
    no_number: list[str] = field(default_factory=list)

    @property
    def open_findings(self) -> list[Finding]:
        """Errors, and the warnings that nobody has overruled."""
        return [finding for finding in self.findings if finding.severity == "error" or not finding.overruled]

    @property
    def obstacles(self) -> list[str]:
        return [*self.signatures, *(finding.sentence for finding in self.open_findings), *self.no_number]


def readiness_of(paper: Paper) -> Readiness:
    """`number` is the paper's own, or the one that it would get now."""
    number, no_number = paper.number, []
    if not number:
        try:
            number = expected_number(paper)
        except ValidationError as error:
            no_number = error.messages
    return Readiness(missing_signatures(paper), findings_of(paper), number, no_number)


@transaction.atomic
def release_paper(*, paper: Paper, by: User) -> Paper:
    """Number, state, who and when, in one transaction. Two clerks at once: the second waits at the paper's
    row and gets a sentence. A release that fails gives no number away."""
    paper = lock_paper(paper.pk)
    if not may_release(by, paper):
        raise PermissionDenied
    if paper.released:
        raise ValidationError(already_released(paper))
    if obstacles := readiness_of(paper).obstacles:
        raise ValidationError(obstacles)
    paper.number = paper.number or next_number(paper)
    paper.state, paper.released_at, paper.released_by = Paper.State.RELEASED, timezone.now(), by
    sign_history(paper, by=by, reason=_("freigegeben"))
    paper.save()
    return paper


def already_released(paper: Paper) -> str:
    if paper.released_by is None or paper.released_at is None:
        return _("Diese Vorlage ist schon freigegeben, unter der Nummer %s.") % paper.number
    return _("Diese Vorlage ist schon freigegeben: am %(when)s von %(who)s, unter der Nummer %(number)s.") % {
        "when": f"{timezone.localtime(paper.released_at):%d.%m.%Y um %H:%M Uhr}",
        "who": paper.released_by,
        "number": paper.number,
    }


@transaction.atomic
def withdraw_release(*, paper: Paper, by: User, reason: str) -> Paper:
    """As long as nothing has left the house. The number stays with the paper, and so do the signatures."""
    paper = lock_paper(paper.pk)
    if not may_release(by, paper):
        raise PermissionDenied
    if not paper.released:
        raise ValidationError(_("Diese Vorlage ist nicht freigegeben."))
    if sentence := why_it_stays(paper):
        raise ValidationError(sentence)
    reason = reason.strip()
    if not reason:
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund.")})
    paper.state = Paper.State.SIGNING if current_round(paper) else Paper.State.DRAFT
    paper.released_at = paper.released_by = None
    sign_history(paper, by=by, reason=_("Freigabe zurückgenommen: %s") % reason)
    paper.save()
    return paper


def why_it_stays(paper: Paper) -> str:
    """Why the release of this paper cannot be taken back; empty where it can."""
    if IssuedPaper.objects.filter(consultation__paper=paper).exists():
        return _(
            "Diese Vorlage ist schon ausgefertigt; ihre Freigabe lässt sich nicht mehr zurücknehmen. "
            "Legen Sie für eine Änderung eine Ergänzung oder Neufassung an."
        )
    if paper.consultations.exclude(result="", outcome="").exists():
        return _(
            "Zu dieser Vorlage gibt es schon ein Beratungsergebnis; ihre Freigabe lässt sich nicht mehr "
            "zurücknehmen. Legen Sie für eine Änderung eine Ergänzung oder Neufassung an."
        )
    if paper.amendments.exists():
        return _(
            "Zu dieser Vorlage gibt es schon Änderungsanträge; ihre Freigabe lässt sich nicht mehr "
            "zurücknehmen. Legen Sie für eine Änderung eine Ergänzung oder Neufassung an."
        )
    return ""
