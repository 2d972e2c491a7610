"""What comes before every change of a meeting: who may, and everybody else waits."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.utils.translation import gettext as _

from committees.actions.locking import hold_meeting, hold_with_papers
from committees.models import Meeting
from committees.permissions import may_lead
from concepts.actions.signing import LONGEST_REASON
from municipalities.models import User


def check_leads(by: User, municipality_id: int) -> None:
    if not may_lead(by, municipality_id):
        raise PermissionDenied(
            _("Gremien und Sitzungen führen der Sitzungsdienst und die Fachadministration.")
        )


def lock_meeting(pk: int, by: User) -> Meeting:
    """The meeting, held for who may change it."""
    found = hold_meeting(pk)
    check_leads(by, found.municipality_id)
    return found


def lock_with_papers(pk: int, by: User) -> Meeting:
    """And the papers it deals with: nobody records a result meanwhile."""
    found = hold_with_papers(pk)
    check_leads(by, found.municipality_id)
    return found


def answered(meeting: Meeting) -> Any:
    """The stages that have a result from this meeting."""
    return meeting.consultations.exclude(result="", outcome="")


def given(reason: str, sentence: str) -> str:
    """The reason in one line; ValidationError with the sentence where there is none."""
    reason = " ".join(reason.split())
    if not reason:
        raise ValidationError({"reason": sentence})
    return reason


def short(reason: str) -> str:
    """As much of it as the history takes."""
    return reason if len(reason) <= LONGEST_REASON else f"{reason[: LONGEST_REASON - 1]}…"
