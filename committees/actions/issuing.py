"""Issuing a stage: its PDF leaves the house and never changes again."""

from __future__ import annotations

from collections.abc import Sequence

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.models import Consultation, IssuedPaper, Paper, PaperRevision, Recall
from committees.permissions import may_issue
from committees.printing.render import Variant, file_name, render_variants
from documents.models import IssuedFile
from municipalities.models import User


@transaction.atomic
def issue_stage(
    *,
    consultation: Consultation,
    by: User,
    reason: str = "",
    printed: tuple[int, Sequence[Variant]] | None = None,
) -> IssuedPaper:
    """Freezes the PDF of the stage as it is now; who and when stand in the file. Where a part of it is not
    public there are two of one number, the complete one and the public one; the complete one is returned.

    The first issue is number 1. Each further one is a correction and says why. `printed` are the PDFs that
    were made when the paper's change counter stood at that number; if it has moved since, the stage is
    printed again. Raises PermissionDenied for who may not, ValidationError with a German sentence for what
    cannot be issued.
    """
    # Two clicks at once: the second waits here and then is a second issue, which needs a reason.
    paper = lock_paper(consultation.paper_id)
    if not may_issue(by, paper):
        raise PermissionDenied(_("Ausfertigen dürfen nur der Sitzungsdienst und die Fachadministration."))
    check_can_be_issued(paper)
    if left_out := Consultation.objects.filter(pk=consultation.pk, left_out=True).first():
        raise ValidationError(_("Diese Beratung entfällt: %s") % left_out.left_out_reason)
    issued = IssuedPaper.objects.filter(consultation=consultation).aggregate(last=Max("number"))["last"] or 0
    reason = reason.strip()
    if issued and not reason:
        raise ValidationError(
            {
                "reason": _(
                    "Diese Beratung ist schon ausgefertigt. "
                    "Bitte nennen Sie den Grund der neuen Ausfertigung."
                )
            }
        )
    current = printed is not None and printed[0] == revision_of(paper)
    variants = printed[1] if printed and current else render_variants(consultation)
    made = []
    for variant in variants:
        new = IssuedPaper(
            consultation=consultation,
            number=issued + 1,
            public=variant.public,
            reason=reason if issued else "",
        )
        new.clean_fields(exclude=["file"])
        new.file = IssuedFile.freeze(
            municipality=paper.municipality,
            name=file_name(consultation, excerpt=variant.excerpt),
            content=variant.content,
            by=by,
        )
        new.save()
        made.append(new)
    return made[0]


def check_can_be_issued(paper: Paper) -> None:
    """Raises ValidationError before the release."""
    if not paper.released:
        raise ValidationError(
            _("Diese Vorlage ist noch nicht freigegeben. Ausgefertigt wird erst, was freigegeben ist.")
        )


def revision_of(paper: Paper) -> int:
    """The paper's change counter: the same number, the same PDFs."""
    return PaperRevision.objects.filter(pk=paper.pk).values_list("number", flat=True).first() or 0


@transaction.atomic
def call_back(*, issued_paper: IssuedPaper, by: User, reason: str) -> Recall:
    """Declares the newest issue of a stage invalid, the complete and the public PDF together. It stays
    readable; a new issue takes its place.

    Raises PermissionDenied, or ValidationError with a German sentence.
    """
    consultation = issued_paper.consultation
    paper = lock_paper(consultation.paper_id)
    if not may_issue(by, paper):
        raise PermissionDenied(_("Zurückrufen dürfen nur der Sitzungsdienst und die Fachadministration."))
    if not reason.strip():
        raise ValidationError({"reason": _("Bitte nennen Sie den Grund des Rückrufs.")})
    newest = consultation.issues.order_by("-number").first()
    if newest is None or newest.number != issued_paper.number:
        raise ValidationError(_("Diese Ausfertigung ist schon durch eine neue ersetzt."))
    if Recall.objects.filter(issued_paper=issued_paper).exists():
        raise ValidationError(_("Diese Ausfertigung ist schon zurückgerufen."))
    recalls = []
    for variant in consultation.issues.filter(number=issued_paper.number):
        recall = Recall(issued_paper=variant, reason=reason.strip(), recalled_by=by)
        recall.clean_fields()
        recall.save()
        recalls.append(recall)
    return next(recall for recall in recalls if recall.issued_paper_id == issued_paper.pk)
