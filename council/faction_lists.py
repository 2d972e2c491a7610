"""What comes next for a faction: the stages of its committees' coming meetings, with what it intends."""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Count, F, OuterRef, Prefetch, Subquery
from django.db.models.functions import Coalesce
from django.utils import timezone

from committees.models import AgendaItem, CommitteeSeat, Consultation, Faction, Meeting, Paper
from council.models import FactionNote, FactionStaff, IntendedVote


@dataclass(frozen=True)
class Agenda:
    """A coming meeting with the stages that the faction prepares."""

    meeting: Meeting
    stages: Sequence[Consultation]


def stages_for(faction: Faction, user: Any) -> Any:
    """Only of papers that the user may read, and not behind closed doors where they are not let in: staff
    without a seat know nothing of what is not public."""
    committees = CommitteeSeat.objects.open().filter(faction=faction).values("committee")
    votes = IntendedVote.objects.filter(faction=faction).select_related("changed_by")
    notes = (
        FactionNote.objects.visible_to(user)
        .filter(faction=faction, paper=OuterRef("paper"))
        .order_by()
        .values("paper")
        .annotate(number=Count("pk"))
        .values("number")
    )
    return (
        Consultation.objects.texts_visible_to(user)
        .of_committees(committees)
        .filter(
            left_out=False,
            paper__state=Paper.State.RELEASED,
            meeting__date__gte=timezone.localdate(),
            meeting__cancelled=False,
        )
        .select_related("paper__municipality", "committee", "meeting")
        .prefetch_related(
            "joint_committees",
            Prefetch("agenda_item", AgendaItem.objects.visible_to(user)),
            Prefetch("intended_votes", votes, to_attr="intended"),
        )
        .annotate(faction_notes=Coalesce(Subquery(notes), 0))
        .order_by(
            "meeting__date",
            "meeting__start",
            "meeting",
            F("agenda_item__position").asc(nulls_last=True),
            "pk",
        )
    )


def agendas_of(faction: Faction, user: Any) -> list[Agenda]:
    grouped = itertools.groupby(stages_for(faction, user), key=lambda stage: stage.meeting)
    return [Agenda(meeting, list(stages)) for meeting, stages in grouped]


def members_of(faction: Faction) -> list[tuple[str, list[str]]]:
    """Names with the committees in which they sit for the faction today."""
    seats = CommitteeSeat.objects.open().filter(faction=faction).select_related("person", "committee")
    found: dict[str, list[str]] = {}
    for seat in seats.order_by("person__name", "committee__name"):
        found.setdefault(seat.person.name, []).append(seat.committee.name)
    return list(found.items())


def staff_of(faction: Faction) -> list[FactionStaff]:
    staff = FactionStaff.objects.on(timezone.localdate()).filter(faction=faction)
    return list(staff.select_related("person"))
