"""Who may do what in a process: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from municipalities.models import Municipality, Role
from participation.models import Process, ProcessModeration, Seat
from participation.phases import Right, is_open


def may_manage(user: Any, municipality: Municipality) -> bool:
    """Editors and the Fachadministration keep processes, groups and events, and decide about proposals."""
    return bool(user.is_authenticated) and user.access.has_role(
        municipality.pk, Role.Kind.ADMINISTRATION, Role.Kind.EDITING
    )


def is_member(user: Any, process: Process) -> bool:
    """Sits in one of the groups of the process now."""
    return bool(user.is_authenticated) and bool(
        Seat.objects.held_now().filter(group__process=process, person__user=user).exists()
    )


def may_propose(user: Any, process: Process) -> bool:
    """Members while the phase allows it; the staff at any time, for paper slips have no login."""
    if may_manage(user, process.municipality):
        return True
    return is_member(user, process) and is_open(process, Right.PROPOSE)


def may_discuss(user: Any, process: Process) -> bool:
    """Say something about the proposals of others and support them."""
    if may_manage(user, process.municipality):
        return True
    return is_member(user, process) and is_open(process, Right.COMMENT)


def moderates(user: Any, process: Process) -> bool:
    """Guides the process from outside the town."""
    return bool(user.is_authenticated) and bool(
        ProcessModeration.objects.filter(process=process, user=user).exists()
    )
