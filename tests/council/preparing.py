"""A council member with a paper in front of them, a colleague, and a coming meeting."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.test import Client
from django.utils import timezone

from committees.models import AgendaItem, Committee, CommitteeSeat, Consultation, Faction, Meeting, Paper
from municipalities.models import Municipality, Person, Role, User
from tests.committees.factories import make_committee, make_paper, make_town, make_user, release


@dataclass
class Council:
    town: Municipality
    committee: Committee
    faction: Faction
    meeting: Meeting
    paper: Paper
    stage: Consultation
    member: User
    colleague: User
    opponent: User
    service: User
    administrator: User

    @property
    def base(self) -> str:
        return f"/{self.town.slug}/rat/vorlagen/{self.paper.pk}/"


def seated(committee: Committee, name: str, faction: Faction | None) -> User:
    user = make_user(committee.municipality, name=name)
    person = Person.objects.create(municipality=committee.municipality, name=name, user=user)
    CommitteeSeat.objects.create(committee=committee, person=person, faction=faction)
    return user


def staffed(town: Municipality, kind: str, name: str) -> User:
    user = make_user(town, kind, name=name)
    Person.objects.create(municipality=town, name=name, user=user)
    return user


def make_council(**values: Any) -> Council:
    town = make_town()
    committee = make_committee(town, "Sozialausschuss")
    faction = Faction.objects.create(municipality=town, name="Liste der Mitte")
    other = Faction.objects.create(municipality=town, name="Liste am Rand")
    meeting = Meeting.objects.create(
        municipality=town,
        title="12. Sitzung des Sozialausschusses",
        date=timezone.localdate() + datetime.timedelta(days=10),
        start=datetime.time(17),
        place="Ratssaal",
    )
    meeting.committees.set([committee])
    paper = make_paper(town, "Das Konzept wird beschlossen.", "Der Bericht folgt.", **values)
    public = values.get("public", True)
    item = AgendaItem.objects.create(
        meeting=meeting, position=1, number="5", title="Integrationskonzept 2030", public=public
    )
    stage = Consultation.objects.create(
        paper=paper, position=1, committee=committee, meeting=meeting, agenda_item=item, meaning="decide"
    )
    return Council(
        town=town,
        committee=committee,
        faction=faction,
        meeting=meeting,
        paper=release(paper),
        stage=stage,
        member=seated(committee, "Samira Sozial", faction),
        colleague=seated(committee, "Karl Kollege", faction),
        opponent=seated(committee, "Olga Opposition", other),
        service=staffed(town, Role.Kind.COUNCIL_SERVICE, "Petra Sitzungsdienst"),
        administrator=staffed(town, Role.Kind.ADMINISTRATION, "Fritz Fachadministration"),
    )


def page(user: User | None, address: str, **data: Any) -> Any:
    """The answer to opening it, or to sending `data`."""
    client = Client()
    if user is not None:
        client.force_login(user)
    return client.post(address, data) if data else client.get(address)


def text(answer: Any) -> str:
    return " ".join(answer.content.decode().split())
