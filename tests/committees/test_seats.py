"""A seat opens non-public papers while it is held: not before, and not any more afterwards."""

from __future__ import annotations

import datetime

import pytest
import time_machine
from django.test import Client

from committees.models import CommitteeSeat, Paper
from fuzzydates.value import parse
from municipalities.models import Person, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release

pytestmark = pytest.mark.django_db

TODAY = datetime.date(2024, 6, 15)
HELD = ["", "2020–2025", "ab 01.11.2020", "ab 15.06.2024", "15.06.2024", "Juni 2024", "01.11.2020–15.06.2024",
        "1. Halbjahr 2024"]  # fmt: skip
ENDED = ["2014–2020", "01.11.2020–14.06.2024", "14.06.2024", "Mai 2024", "Anfang 2024"]
NOT_YET = ["ab 16.06.2024", "2025–2030", "2. Halbjahr 2024", "ab 01.01.2024 (geplant)", "2020–2025 (geplant)"]


@pytest.fixture(autouse=True)
def today() -> object:
    with time_machine.travel(datetime.datetime(2024, 6, 15, 10, tzinfo=datetime.UTC)) as travelled:
        yield travelled


@pytest.fixture
def hidden() -> Paper:
    """A non-public paper that one committee deals with and another one with it."""
    town = make_town()
    paper = make_paper(town, "Der Vertrag wird geschlossen.", public=False, non_public_reason="Vertrag")
    make_stage(
        paper, make_committee(town, "Sozialausschuss"), "decide", make_committee(town, "Schulausschuss")
    )
    return release(paper)


@pytest.fixture
def member(hidden: Paper) -> User:
    user = make_user(hidden.municipality, name="Rosa Ratsmitglied")
    Person.objects.create(municipality=hidden.municipality, name=user.name, user=user)
    return user


def seat(member: User, committee: str, span: str) -> CommitteeSeat:
    person = member.persons.get()
    return CommitteeSeat.objects.create(
        committee=person.municipality.committees.get(name=committee), person=person, span=span or None
    )


def reads(member: User, paper: Paper) -> bool:
    client = Client()
    client.force_login(member)
    status = client.get(paper.get_absolute_url()).status_code
    assert status in (200, 404)
    return status == 200


@pytest.mark.parametrize("committee", ["Sozialausschuss", "Schulausschuss"])
@pytest.mark.parametrize("span", HELD)
def test_who_sits_there_today_reads_the_paper(hidden: Paper, member: User, committee: str, span: str) -> None:
    assert not reads(member, hidden)
    seat(member, committee, span)
    assert reads(member, hidden)


@pytest.mark.parametrize("span", [*ENDED, *NOT_YET])
def test_who_sat_there_once_or_is_to_sit_there_does_not(hidden: Paper, member: User, span: str) -> None:
    seat(member, "Sozialausschuss", span)
    assert not reads(member, hidden)


@pytest.mark.parametrize("span", [*ENDED, *NOT_YET])
def test_they_keep_what_is_public(hidden: Paper, member: User, span: str) -> None:
    seat(member, "Sozialausschuss", span)
    hidden.public = True
    hidden.save()
    assert reads(member, hidden)


def test_a_new_seat_counts_beside_an_old_one(hidden: Paper, member: User) -> None:
    seat(member, "Sozialausschuss", "2014–2020")
    seat(member, "Schulausschuss", "ab 01.11.2020")
    assert reads(member, hidden)


@pytest.mark.parametrize("committee", ["Sozialausschuss", "Schulausschuss"])
def test_a_committee_whose_stage_is_left_out_does_not_read_it(
    hidden: Paper, member: User, committee: str
) -> None:
    seat(member, committee, "")
    assert reads(member, hidden)
    stage = hidden.consultations.get()
    stage.left_out, stage.left_out_reason = True, "Der Rat entscheidet allein."
    stage.save()
    assert not reads(member, hidden)


def test_a_personal_deputy_sits_there_as_long_as_the_member_does(hidden: Paper, member: User) -> None:
    committee = hidden.municipality.committees.get(name="Sozialausschuss")
    person = Person.objects.create(municipality=hidden.municipality, name="Otto Ordentlich")
    principal = CommitteeSeat.objects.create(committee=committee, person=person)
    CommitteeSeat.objects.create(
        committee=committee, person=member.persons.get(), role="deputy", deputy_for=principal
    )
    assert reads(member, hidden)
    for span, expected in [(HELD[1], True), *((one, False) for one in (*ENDED, *NOT_YET))]:
        principal.span = parse(span)
        principal.save()
        assert reads(member, hidden) is expected, span


def test_a_seat_opens_at_midnight_in_germany(
    hidden: Paper, member: User, today: time_machine.Traveller
) -> None:
    seat(member, "Sozialausschuss", "ab 16.06.2024")
    today.move_to(datetime.datetime(2024, 6, 15, 22, 30, tzinfo=datetime.UTC))
    assert reads(member, hidden)


def test_the_start_page_lists_papers_of_ones_committees_as_long_as_one_sits_there(
    hidden: Paper, member: User, client: Client
) -> None:
    hidden.public = True
    hidden.save()
    client.force_login(member)
    held = seat(member, "Sozialausschuss", "ab 01.11.2020")
    assert "Vorlagen in Ihren Gremien" in client.get("/").content.decode()
    held.span = "01.11.2020–31.05.2024"
    held.save()
    assert "Vorlagen in Ihren Gremien" not in client.get("/").content.decode()


def test_the_database_and_the_date_itself_agree(hidden: Paper, member: User) -> None:
    for span in filter(None, [*HELD, *ENDED, *NOT_YET]):
        held = seat(member, "Sozialausschuss", span)
        found = CommitteeSeat.objects.filter(span__covers=TODAY).exists()
        assert found is parse(span).covers(TODAY), span
        held.delete()
