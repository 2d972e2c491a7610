"""Going on in spite of a warning, for a reason that stays on record. An error is mended, never overruled."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.checks import findings_of
from committees.models import CheckOverride, Paper
from committees.permissions import may_route
from municipalities.models import User


@transaction.atomic
def overrule(*, paper: Paper, code: str, subject: str, reason: str, by: User) -> CheckOverride:
    """ValidationError where there is no such warning any more, or where it is an error."""
    paper = _locked(paper, by)
    found = next((one for one in findings_of(paper) if one.key == (code, subject)), None)
    if found is None:
        raise ValidationError(_("Diesen Hinweis gibt es nicht mehr: Die Angaben haben sich geändert."))
    if found.is_error:
        raise ValidationError(_("Ein Fehler lässt sich nicht hinnehmen. Bitte beheben Sie ihn."))
    if found.overruled:
        raise ValidationError(_("Dieser Hinweis ist schon hingenommen."))
    return _note(paper, code, subject, found.sentence, reason, by, withdraws=False)


@transaction.atomic
def withdraw_override(*, paper: Paper, code: str, subject: str, reason: str, by: User) -> CheckOverride:
    """The warning counts again. What was said before stays readable."""
    paper = _locked(paper, by)
    last = paper.overrides.filter(code=code, subject=subject).order_by("pk").last()
    if last is None or last.withdraws:
        raise ValidationError(_("Dieser Hinweis ist nicht hingenommen."))
    return _note(paper, code, subject, last.sentence, reason, by, withdraws=True)


def _locked(paper: Paper, by: User) -> Paper:
    found = lock_paper(paper.pk)
    if not may_route(by, found):
        raise PermissionDenied(_("Hinweise zu dieser Vorlage dürfen Sie nicht hinnehmen."))
    return found


def _note(
    paper: Paper, code: str, subject: str, sentence: str, reason: str, by: User, *, withdraws: bool
) -> CheckOverride:
    new = CheckOverride(
        paper=paper,
        code=code,
        subject=subject,
        sentence=sentence,
        reason=" ".join(reason.split()),
        withdraws=withdraws,
        by=by,
    )
    new.full_clean()
    new.save()
    return new
