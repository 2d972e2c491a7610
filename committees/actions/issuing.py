"""Issuing a stage: its PDF leaves the house and never changes again."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.models import Consultation, IssuedPaper, Paper
from committees.permissions import may_issue
from committees.printing.render import StageLeftOut, file_name, render_stage
from documents.models import IssuedFile
from municipalities.models import User


@transaction.atomic
def issue_stage(*, consultation: Consultation, by: User, reason: str = "") -> IssuedPaper:
    """Prints the stage as it is now and freezes the bytes; who and when stand in the file.

    The first issue is number 1. Each further one is a correction and says why. Raises PermissionDenied
    for who may not, ValidationError with a German sentence for what cannot be issued.
    """
    # Two clicks at once: the second waits here and then is a second issue, which needs a reason.
    # (SQLite has no row locks; its transactions begin IMMEDIATE and wait as a whole.)
    paper = Paper.objects.select_for_update().get(pk=consultation.paper_id)
    if not may_issue(by, paper):
        raise PermissionDenied(_("Ausfertigen dürfen nur der Sitzungsdienst und die Fachadministration."))
    if not paper.released:
        raise ValidationError(
            _("Diese Vorlage ist noch nicht freigegeben. Ausgefertigt wird erst, was freigegeben ist.")
        )
    issued = IssuedPaper.objects.filter(consultation=consultation).count()
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
    try:
        content = render_stage(consultation)
    except StageLeftOut as error:
        raise ValidationError(str(error)) from error
    new = IssuedPaper(consultation=consultation, number=issued + 1, reason=reason if issued else "")
    new.clean_fields(exclude=["file"])
    new.file = IssuedFile.freeze(
        municipality=paper.municipality, name=file_name(consultation), content=content, by=by
    )
    new.save()
    return new
