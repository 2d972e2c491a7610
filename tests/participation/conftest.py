"""A town with a process, a group, its people and an event."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from dataclasses import dataclass

import pytest
from django.test import Client

from fuzzydates.value import day
from municipalities.models import Institution, Municipality, Person, Role, User
from participation.models import Event, Group, Process, Seat


@dataclass
class House:
    """A town's rows by what they are for."""

    town: Municipality
    process: Process
    group: Group
    event: Event
    editor: User
    member: User
    outsider: User
    moderator: User
    person: Person
    without_login: Person

    @property
    def event_url(self) -> str:
        return f"/{self.town.slug}/beteiligung/veranstaltungen/{self.event.pk}/"

    @property
    def process_url(self) -> str:
        return f"/{self.town.slug}/beteiligung/prozesse/{self.process.pk}/"


@pytest.fixture
def house(db: None) -> House:
    town = Municipality.objects.create(
        name="Stadt Dort",
        short_name="Dort",
        slug="dort",
        kind="city",
        head_title="Die Bürgermeisterin",
        state_law="go_nrw",
    )

    def somebody(name: str, institution: Institution | None = None) -> tuple[User, Person]:
        user = User.objects.create_user(f"{name.lower()}@dort.example", name=name)
        person = Person.objects.create(municipality=town, name=name, user=user, institution=institution)
        return user, person

    caritas = Institution.objects.create(municipality=town, name="Caritas", kind="welfare")
    institute = Institution.objects.create(municipality=town, name="Institut", kind="institute")
    process = Process.objects.create(municipality=town, title="Konzept")
    group = Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")
    editor, _person = somebody("Redakteurin")
    Role.objects.create(municipality=town, user=editor, kind=Role.Kind.EDITING)
    member, person = somebody("Mitglied", caritas)
    outsider, _person = somebody("Ratsfrau")
    moderator, _person = somebody("Moderatorin", institute)
    without_login = Person.objects.create(municipality=town, name="Ohne Anmeldung", phone="0123")
    Seat.objects.create(group=group, position=1, person=person)
    Seat.objects.create(group=group, position=2, person=without_login)
    Seat.objects.create(group=group, position=3, institution=caritas)
    event = Event.objects.create(
        process=process,
        kind=Event.Kind.SESSION,
        title="Erste Sitzung",
        state=Event.State.PLANNED,
        date=day(datetime.date(2026, 12, 15)),
        start_time=datetime.time(18, 0),
        end_time=datetime.time(20, 0),
        place="Rathaus, Saal 1",
        moderator=institute,
    )
    event.groups.add(group)
    return House(town, process, group, event, editor, member, outsider, moderator, person, without_login)


@pytest.fixture
def as_user() -> Callable[[User], Client]:
    def login(user: User) -> Client:
        client = Client()
        client.force_login(user)
        return client

    return login
