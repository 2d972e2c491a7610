"""What a faction keeps for itself, and who works for it."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.models import Consultation, Faction
from committees.permissions import may_lead
from concepts.actions.signing import sign
from council.models import FactionStaff, IntendedVote
from council.permissions import speaks_for
from municipalities.models import User


@transaction.atomic
def intend(
    *, stage: Consultation, faction: Faction, by: User, vote: str, speaker: str, remark: str, seen: str
) -> IntendedVote:
    """`seen` is `stand` of what was there when the form was opened."""
    if not speaks_for(by, faction):
        raise PermissionDenied
    lock_paper(stage.paper_id)
    row = IntendedVote.objects.filter(faction=faction, consultation=stage).select_for_update().first()
    if seen != stand(row):
        raise ValidationError(_changed(row))
    row = row or IntendedVote(faction=faction, paper=stage.paper, consultation=stage)
    row.vote, row.speaker, row.remark, row.changed_by = vote, speaker, remark, by
    row.save()
    return row


def _changed(row: IntendedVote | None) -> str:
    if row is None:
        return _("Der Eintrag wurde inzwischen entfernt. Speichern Sie noch einmal, um ihn neu anzulegen.")
    words = [row.get_vote_display(), row.speaker, row.remark]
    return _(
        "%(who)s hat inzwischen eingetragen: %(words)s. Ihre Eingaben stehen noch im Formular. "
        "Wenn Sie noch einmal speichern, gelten sie."
    ) % {"who": row.changed_by, "words": ", ".join(word for word in words if word)}


def stand(row: IntendedVote | None) -> str:
    return row.changed_at.isoformat() if row else ""


@transaction.atomic
def take_on(*, staff: FactionStaff, by: User) -> FactionStaff:
    """Somebody works for the faction; kept in the history, for it opens what is the faction's alone."""
    if not may_lead(by, staff.faction.municipality_id):
        raise PermissionDenied
    sign(staff, by=by)
    staff.full_clean()
    staff.save()
    return staff


def let_go(*, staff: FactionStaff, by: User) -> None:
    if not may_lead(by, staff.faction.municipality_id):
        raise PermissionDenied
    sign(staff, by=by)
    staff.delete()
