"""A meeting that has taken place: seats and factions, items of both parts, a result with its votes."""

from __future__ import annotations

import datetime
from typing import Any

from committees.models import (
    AgendaItem,
    Ballot,
    Committee,
    CommitteeSeat,
    Consultation,
    Excerpt,
    Faction,
    FactionVote,
    Meeting,
    MeetingAttendance,
    MeetingFile,
    MeetingMinutes,
    MinutesSignature,
)
from municipalities.models import Municipality, Person, Role, User
from tests.committees.factories import make_committee, make_paper, make_town, make_user, release
from tests.committees.meeting_rows import some_file

DAY = datetime.date(2024, 3, 4)
ROLES = CommitteeSeat.Role


class Sitting:
    """The Sozialausschuss of a small town met; `Lisa Vogt` leads, `Sitzungsdienst` writes."""

    def __init__(self, town: Municipality | None = None) -> None:
        self.town = town or make_town()
        self.clerk = make_user(self.town, Role.Kind.COUNCIL_SERVICE)
        self.committee: Committee = make_committee(self.town, "Sozialausschuss", genitive="Sozialausschusses")
        self.red = Faction.objects.create(municipality=self.town, name="Rote Fraktion")
        self.blue = Faction.objects.create(municipality=self.town, name="Blaue Fraktion")
        self.chair = self.seat("Lisa Vogt", ROLES.CHAIR, self.red)
        self.member = self.seat("Bernd Kamp", ROLES.MEMBER, self.blue)
        self.other = self.seat("Ayse Demir", ROLES.MEMBER, self.red)
        self.advisor = self.seat("Jonas Beirat", ROLES.ADVISORY)
        self.deputy = self.seat("Karin Ersatz", ROLES.DEPUTY, self.blue)
        self.meeting = Meeting.objects.create(
            municipality=self.town,
            title="12. Sitzung des Sozialausschusses",
            date=DAY,
            start=datetime.time(17),
            place="Ratssaal",
        )
        self.meeting.committees.set([self.committee])
        self.opening = self.item(1, "1", "Eröffnung")
        self.item_of_paper = self.item(2, "2", "Integrationskonzept")
        self.hidden = self.item(3, "3", "Grundstück an der Mühle", public=False)
        self.paper = release(make_paper(self.town, "<p>Das Integrationskonzept wird beschlossen.</p>"))
        self.stage = Consultation.objects.create(
            paper=self.paper,
            position=1,
            committee=self.committee,
            meeting=self.meeting,
            agenda_item=self.item_of_paper,
            meaning="decide",
        )

    def seat(self, name: str, role: str, faction: Faction | None = None, **values: Any) -> CommitteeSeat:
        person = Person.objects.create(municipality=self.town, name=name)
        return CommitteeSeat.objects.create(
            committee=self.committee, person=person, role=role, faction=faction, **values
        )

    def item(self, position: int, number: str, title: str, **values: Any) -> AgendaItem:
        return AgendaItem.objects.create(
            meeting=self.meeting, position=position, number=number, title=title, **values
        )

    def with_result(self) -> Sitting:
        self.stage.result, self.stage.outcome = "mehrheitlich beschlossen", "accepted"
        self.stage.save()
        ballot = Ballot.objects.create(
            consultation=self.stage, position=1, votes_for=2, votes_against=1, abstentions=0
        )
        FactionVote.objects.create(ballot=ballot, faction=self.red, votes_for=2)
        FactionVote.objects.create(ballot=ballot, faction=self.blue, votes_against=1)
        return self

    def with_people(self) -> Sitting:
        for seat in (self.chair, self.member, self.other):
            MeetingAttendance.objects.create(
                meeting=self.meeting, seat=seat, name=seat.person.name, function=seat.faction.name
            )
        return self

    def login_of(self, seat: CommitteeSeat) -> User:
        """An account for whoever holds the seat."""
        user = make_user(self.town, name=seat.person.name)
        seat.person.user = user
        seat.person.save()
        return user

    def url(self, rest: str = "") -> str:
        return f"{self.meeting.get_absolute_url()}{rest}"


def minuted(town: Municipality, state: str, by: User) -> Meeting:
    """A meeting of a town with minutes in this state, and what belongs to them; made once."""
    title = f"Sitzung mit Niederschrift ({state})"
    if known := Meeting.objects.filter(municipality=town, title=title).first():
        return known
    meeting = Meeting.objects.create(municipality=town, title=title, date=DAY)
    item = AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Bericht")
    minutes = MeetingMinutes.objects.create(meeting=meeting)
    person = Person.objects.filter(municipality=town, user=None).earliest("pk")
    MinutesSignature.objects.create(minutes=minutes, position=1, function="Vorsitz", person=person)
    if state == "signed":
        Excerpt.objects.create(agenda_item=item, file=some_file(town, "auszug.pdf", by))
        file = some_file(town, "niederschrift.pdf", by)
        MeetingFile.objects.create(meeting=meeting, kind="minutes", number=1, public=True, file=file)
    if state != "draft":
        minutes.state, minutes.agreed_on = state, DAY
        minutes.save()
    return meeting
