"""A town that votes: a council of eleven with three factions, a committee, and a released paper."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from committees.actions.results import Recorded, record_result, version_of
from committees.models import (
    AgendaItem,
    Amendment,
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    ResolutionPoint,
)
from committees.voting import Vote
from municipalities.models import Person
from tests.committees.factories import release
from tests.committees.routes import Planning, make_planning

POINTS = (
    "<p>Das Konzept wird beschlossen. Es gilt ab 2025.</p>",
    "<p>Die Verwaltung berichtet jährlich.</p>",
)
SEATS = {"Fraktion der Mitte": 5, "Soziale Liste": 4, "Grüne Runde": 2}


@dataclass
class Voting:
    planning: Planning
    factions: dict[str, Faction]

    @property
    def clerk(self) -> Any:
        return self.planning.clerk

    @property
    def paper(self) -> Any:
        return self.planning.paper

    def stage(self, name: str = "Sozialausschuss", meaning: str = "advise", **values: Any) -> Consultation:
        """With a meeting in the past, and its place on the agenda."""
        stage = self.planning.stage(name, meaning, **{"days": -20, **values})
        if stage.meeting is not None:
            number = stage.meeting.agenda.count() + 1
            stage.agenda_item = AgendaItem.objects.create(
                meeting=stage.meeting, position=number, number=str(number), title="Integrationskonzept"
            )
            stage.save()
        return stage

    def council(self, **values: Any) -> Consultation:
        return self.stage("Rat", "decide", **{"days": -2, **values})

    def address(self, stage: Consultation) -> str:
        return f"{stage.meeting.get_absolute_url()}ergebnisse/{stage.agenda_item_id}/"

    def record(self, stage: Consultation, outcome: str = "accepted", **values: Any) -> Consultation:
        stage.refresh_from_db()
        opened, reason = values.pop("opened", version_of(stage)), values.pop("reason", "")
        by = values.pop("by", self.clerk)
        recorded = Recorded(outcome=outcome, **values)
        return record_result(stage=stage, recorded=recorded, by=by, opened=opened, reason=reason)

    def amend(self, stage: Consultation, before: str, after: str, **values: Any) -> Amendment:
        point = ResolutionPoint.objects.filter(paper=self.paper, text=before).first()
        return Amendment.objects.create(
            paper=self.paper,
            consultation=stage,
            number=self.paper.amendments.count() + 1,
            point=point,
            before=before,
            after=after,
            **values,
        )

    def route(self) -> list[tuple[str, str]]:
        return [(str(stage.committee), stage.outcome) for stage in self.planning.stages()]


def votes(yes: int | None = None, no: int | None = None, held: int | None = None, **more: Any) -> Vote:
    """On the whole, unless `more` says what else."""
    counts = {
        "votes_for": yes,
        "votes_against": no,
        "abstentions": held,
        "excluded": more.pop("excluded", None),
    }
    return Vote(counts=counts, **more)


def make_voting(*points: str) -> Voting:
    planning = make_planning(
        *(points or POINTS), number="2024/17", resolution_opening="{gremium} beschließt:"
    )
    release(planning.paper)
    factions = {
        name: Faction.objects.create(municipality=planning.town, name=name, short_name=name.split()[-1])
        for name in SEATS
    }
    seat(planning.committee("Rat"), factions)
    planning.committee("Sozialausschuss", genitive_name="Sozialausschusses")
    return Voting(planning, factions)


def seat(committee: Committee, factions: dict[str, Faction]) -> None:
    for name, number in SEATS.items():
        for place in range(number):
            person, _created = Person.objects.get_or_create(
                municipality=committee.municipality, name=f"{name}, Mitglied {place + 1}"
            )
            CommitteeSeat.objects.create(committee=committee, person=person, faction=factions[name])
