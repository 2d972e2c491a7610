"""All that the minutes of a meeting say, read from what was recorded."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from committees.carrying import points_with_measures, with_amendments
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Committee,
    CommitteeSeat,
    Consultation,
    FactionVote,
    Meeting,
    MeetingAttendance,
    MeetingMinutes,
    MinutesSignature,
    ResolvedPoint,
)


@dataclass(frozen=True)
class MinutesContents:
    """A meeting with all that its minutes say, read in a constant number of queries.

    `complete` says whether the non-public part is in it, and what is not public of the other one.
    """

    meeting: Meeting
    minutes: MeetingMinutes
    complete: bool
    committees: Sequence[Committee]
    seats: dict[int, int]
    """How many may vote in a committee, by its id; without a row where nobody knows."""
    attendance: Sequence[MeetingAttendance]
    items: Sequence[AgendaItem]
    signatures: Sequence[MinutesSignature]
    stages: dict[int, Consultation] = field(default_factory=dict)
    logo: bytes = b""

    @classmethod
    def of(
        cls, meeting: Meeting, *, complete: bool, minutes: MeetingMinutes | None = None
    ) -> MinutesContents:
        minutes = minutes or MeetingMinutes.objects.get(meeting=meeting)
        committees = list(meeting.committees.all())
        items = AgendaItem.objects.filter(meeting=meeting).order_by("position")
        if not complete:
            items = items.filter(public=True)
        items = items.select_related("parent").prefetch_related("exclusions__attendance")
        stages = stages_of(meeting)
        return cls(
            meeting=meeting,
            minutes=minutes,
            complete=complete,
            committees=committees,
            seats=seats_of(meeting, committees),
            attendance=list(
                meeting.attendance.select_related("seat", "stands_in_for__person", "stands_in_for__committee")
            ),
            items=list(items),
            signatures=list(minutes.signatures.select_related("person").order_by("position")),
            stages={stage.agenda_item_id: stage for stage in stages if stage.agenda_item_id},
            logo=meeting.municipality.logo_content(),
        )

    def as_public(self) -> MinutesContents:
        """What the public part says of it, from the same rows."""
        return replace(self, complete=False, items=[item for item in self.items if item.public])

    @property
    def part(self) -> str:
        """What of the meeting is in it; empty where there is only one part."""
        if any(not item.public for item in self.items):
            return _("öffentlicher und nichtöffentlicher Teil")
        return "" if self.complete else _("öffentlicher Teil")


def seats_of(meeting: Meeting, committees: Sequence[Committee]) -> dict[int, int]:
    held = CommitteeSeat.objects.on(meeting.date).voting().filter(committee__in=committees)
    counted: dict[int, int] = {}
    for committee in held.values_list("committee", flat=True):
        counted[committee] = counted.get(committee, 0) + 1
    stated = {one.pk: one.voting_seats for one in committees if one.voting_seats}
    return {**counted, **stated}


def stages_of(meeting: Meeting) -> Iterable[Consultation]:
    """The stages that the meeting dealt with, with their votes, amendments and texts."""
    ballots = Ballot.objects.order_by("position").select_related("point", "amendment")
    votes = FactionVote.objects.select_related("faction").order_by("faction__name")
    route = Consultation.objects.select_related("committee").prefetch_related("joint_committees")
    return (
        Consultation.objects.filter(meeting=meeting)
        .select_related("committee", "paper__municipality", "agenda_item")
        .prefetch_related(
            "joint_committees",
            Prefetch("ballots", ballots.prefetch_related(Prefetch("faction_votes", votes))),
            Prefetch(
                "amendments",
                Amendment.objects.select_related("faction", "point", "measure").order_by("number"),
            ),
            Prefetch("resolved_points", ResolvedPoint.objects.select_related("point").order_by("position")),
            points_with_measures("paper__"),
            Prefetch("paper__amendments", with_amendments().queryset),
            Prefetch("paper__consultations", route),
        )
    )
