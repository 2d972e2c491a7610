"""Keeping what somebody has read."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.utils import timezone

from committees.models import Paper
from council.models import ReadMark
from council.states import state_of
from municipalities.models import User


@transaction.atomic
def mark_read(*, paper: Paper, user: User, seen: str) -> ReadMark | None:
    """The paper as it is; nothing, if it is no longer the one that was `seen` (its change counter)."""
    if not Paper.objects.visible_to(user).filter(pk=paper.pk).exists():
        raise PermissionDenied
    state = state_of(paper, user)
    if state["revision"] != seen:
        return None
    mark, _new = ReadMark.objects.update_or_create(
        user=user, paper=paper, defaults={"read_at": timezone.now(), "state": state}
    )
    return mark
