"""The timeline and the groups, as the browser shows them."""

import re

import pytest
from django.db import IntegrityError, transaction
from django.test import Client

from fuzzydates.value import parse
from municipalities.models import Institution, Municipality, Person, User
from participation.models import Event, Group, Phase, Process, Seat

pytestmark = pytest.mark.django_db


@pytest.fixture
def town() -> Municipality:
    return Municipality.objects.create(
        name="Stadt Hier",
        short_name="Hier",
        slug="hier",
        kind="city",
        head_title="Die Bürgermeisterin",
        state_law="go_nrw",
    )


@pytest.fixture
def member(client: Client, town: Municipality) -> Client:
    user = User.objects.create_user("mitglied@hier.example", name="Mitglied")
    Person.objects.create(municipality=town, name="Mitglied", user=user)
    client.force_login(user)
    return client


@pytest.fixture
def process(town: Municipality) -> Process:
    return Process.objects.create(municipality=town, title="Integrationskonzept")


def add_event(process: Process, title: str, date: str, **more: object) -> Event:
    return Event.objects.create(
        process=process, kind=Event.Kind.CONFERENCE, title=title, date=parse(date), **more
    )


def text_of(client: Client, address: str) -> str:
    """The page in one line, without the picture that says the same as the list."""
    response = client.get(address)
    assert response.status_code == 200
    text = " ".join(response.content.decode().split())
    return re.sub("<figure.*</figure>", "", text)


def test_the_timeline_says_what_was_held_planned_and_cancelled(member: Client, process: Process) -> None:
    add_event(process, "Auftakt", "15.02.2008")
    add_event(process, "Abschluss", "1. Halbjahr 2009 (geplant)")
    add_event(process, "Ausflug", "Mai 2008", state=Event.State.CANCELLED)
    page = text_of(member, "/hier/beteiligung/")
    order = [page.index(word) for word in ("Auftakt", "Ausflug", "Abschluss")]
    assert order == sorted(order)
    for word in ("durchgeführt", "geplant", "abgesagt", "15.02.2008", "1. Halbjahr 2009"):
        assert word in page


def test_events_stand_in_their_phase_and_others_where_their_date_belongs(
    member: Client, process: Process
) -> None:
    phase = Phase.objects.create(
        process=process, position=1, title="Arbeitsphase", span=parse("2. Halbjahr 2008")
    )
    add_event(process, "Vorab", "Juni 2008")
    add_event(process, "Darin", "Oktober 2008", phase=phase)
    add_event(process, "Danach", "März 2009")
    page = text_of(member, "/hier/beteiligung/")
    order = [page.index(word) for word in ("Vorab", "Arbeitsphase", "Darin", "Danach")]
    assert order == sorted(order)


def test_events_without_a_date_stand_at_the_end_and_say_so(
    member: Client, town: Municipality, process: Process
) -> None:
    phase = Phase.objects.create(process=process, position=1, title="Arbeitsphase", span="2008")
    group = Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")

    def add(title: str, date: str | None, **more: object) -> Event:
        return Event.objects.create(process=process, kind="session", title=title, date=date, **more)

    add("Zweite Runde", None, phase=phase)
    add("Dritte Runde", None, phase=phase).groups.add(group)
    add("Erste Runde", "Juni 2008", phase=phase).groups.add(group)
    add("Treffen mit allen", None, state=Event.State.PLANNED)
    add("Rückblick", "2010")
    page = text_of(member, "/hier/beteiligung/")
    order = ["Erste Runde", "Zweite Runde", "Dritte Runde", "Rückblick", "Treffen mit allen"]
    assert sorted(order, key=page.index) == order
    assert page.count("ohne Datum") == 3
    meeting = page[page.index("Treffen mit allen") :]
    assert "geplant" in meeting
    of_group = text_of(member, f"/hier/beteiligung/gruppen/{group.pk}/")
    assert of_group.index("Erste Runde") < of_group.index("Dritte Runde")
    assert of_group.count("ohne Datum") == 1


def test_a_title_without_a_date_stands_once_in_a_process(process: Process) -> None:
    Event.objects.create(process=process, kind="session", title="Runde")
    with pytest.raises(IntegrityError), transaction.atomic():
        Event.objects.create(process=process, kind="session", title="Runde")


def test_a_group_founded_at_an_event_without_a_date(
    member: Client, town: Municipality, process: Process
) -> None:
    event = Event.objects.create(process=process, kind="session", title="Treffen", state="planned")
    group = Group.objects.create(
        municipality=town, process=process, kind="working", name="AG", founded_at=event
    )
    page = text_of(member, f"/hier/beteiligung/gruppen/{group.pk}/")
    assert "Treffen, ohne Datum (geplant)" in page


def test_a_group_shows_its_seats_and_which_are_vacant(
    member: Client, town: Municipality, process: Process
) -> None:
    group = Group.objects.create(municipality=town, process=process, kind=Group.Kind.ADVISORY, name="Beirat")
    office = Institution.objects.create(municipality=town, name="Universität", kind=Institution.Kind.SCHOOL)
    Seat.objects.create(group=group, position=1, institution=office)
    Seat.objects.create(
        group=group, position=2, person=Person.objects.get(municipality=town), role=Seat.Role.CHAIR
    )
    page = text_of(member, f"/hier/beteiligung/gruppen/{group.pk}/")
    assert "Universität" in page
    assert "unbesetzt" in page
    assert "Leitung" in page


def test_a_town_without_a_process_is_told_so(member: Client) -> None:
    assert "Noch kein Beteiligungsprozess" in text_of(member, "/hier/beteiligung/")


def test_the_number_of_queries_does_not_grow(
    member: Client, town: Municipality, process: Process, django_assert_num_queries: object
) -> None:
    def fill(number: int) -> None:
        group = Group.objects.create(
            municipality=town, process=process, kind=Group.Kind.WORKING, name=f"AG {number}"
        )
        office = Institution.objects.create(
            municipality=town, name=f"Amt {number}", kind=Institution.Kind.DEPARTMENT
        )
        Seat.objects.create(group=group, position=1, institution=office)
        add_event(process, f"Sitzung {number}", "Mai 2008").groups.add(group)

    fill(0)
    member.get("/hier/beteiligung/")
    with django_assert_num_queries(17):  # type: ignore[operator]
        member.get("/hier/beteiligung/")
    for number in range(1, 15):
        fill(number)
    with django_assert_num_queries(17):  # type: ignore[operator]
        member.get("/hier/beteiligung/")


def test_the_group_page_too(
    member: Client, town: Municipality, process: Process, django_assert_num_queries: object
) -> None:
    group = Group.objects.create(municipality=town, process=process, kind=Group.Kind.WORKING, name="AG")
    for number in range(12):
        office = Institution.objects.create(
            municipality=town, name=f"Amt {number}", kind=Institution.Kind.DEPARTMENT
        )
        Seat.objects.create(group=group, position=number, institution=office)
        add_event(process, f"Sitzung {number}", "Mai 2008").groups.add(group)
    with django_assert_num_queries(12):  # type: ignore[operator]
        member.get(f"/hier/beteiligung/gruppen/{group.pk}/")
