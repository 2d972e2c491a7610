"""What is waiting for somebody, by what they are in their towns."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from desk.waiting.concepts import open_talk, own_measures, own_suggestions, unfinished_concepts
from desk.waiting.entries import WaitingList
from desk.waiting.papers import (
    decided,
    minutes_to_sign,
    next_meetings,
    sent_back,
    tasks,
    to_issue,
    to_release,
    to_sign,
)
from desk.waiting.participation import guided_processes, open_proposals, own_questions, planned_events
from desk.waiting.seats import own_factions, questions_to_answer, seat_lists
from municipalities.models import Municipality, Role, User


def waiting_for(user: User, towns: list[Municipality]) -> list[WaitingList]:
    """The lists that concern the user in these towns, the most pressing first."""
    by_id = {town.pk: town for town in towns}
    lists = [*to_sign(user, by_id.keys()), *sent_back(user, by_id.keys())]
    lists += minutes_to_sign(user, by_id.keys())
    for roles, build in ROLE_LISTS:
        concerned = user.access.towns_with(*roles) & by_id.keys()
        if concerned:
            lists.append(build(user, concerned))
    return [
        *lists,
        *decided(user, by_id.keys()),
        *tasks(user, by_id.keys()),
        *questions_to_answer(user, by_id.keys()),
        *guided_processes(user),
        *own_questions(user, by_id.keys()),
        *own_suggestions(user, by_id.keys()),
        *seat_lists(user, by_id.keys()),
        *own_factions(user, by_id.keys()),
    ]


ROLE_LISTS: list[tuple[tuple[str, ...], Callable[[User, Any], WaitingList]]] = [
    ((Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION), to_release),
    ((Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION), to_issue),
    ((Role.Kind.COUNCIL_SERVICE,), next_meetings),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.DEPARTMENT), open_talk),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION), open_proposals),
    ((Role.Kind.EDITING, Role.Kind.ADMINISTRATION), unfinished_concepts),
    ((Role.Kind.DEPARTMENT,), own_measures),
    ((Role.Kind.MODERATION, Role.Kind.EDITING), planned_events),
]
