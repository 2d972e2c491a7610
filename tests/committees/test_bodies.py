"""Committees with their seats and the factions, kept in the office."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from committees.models import Amendment, Committee, CommitteeSeat, Faction, MeetingAttendance
from municipalities.models import Municipality, Person, Role
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user
from tests.committees.test_meetings import make_meeting, text_of

pytestmark = pytest.mark.django_db

NEW = {
    "kind": "committee",
    "name": "Sozialausschuss",
    "article": "der",
    "genitive_name": "Sozialausschusses",
    "summons_counts": "all",
    "agenda_numbers": "through",
    "minutes_signers": "Vorsitz\n\n Schriftführung ",
}
LIST_QUERIES, PAGE_QUERIES = 9, 10


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def office(town: Municipality) -> Client:
    client = Client()
    client.force_login(make_user(town, Role.Kind.COUNCIL_SERVICE))
    return client


def test_a_committee_is_set_up_and_changed(office: Client, town: Municipality) -> None:
    start = f"/{town.slug}/gremien/"
    empty = text_of(office.post(f"{start}neu/", {}), 422)
    for told in ("Bitte geben Sie dem Gremium einen Namen.", "Bitte wählen Sie den Artikel."):
        assert told in empty
    page = text_of(office.post(f"{start}neu/", NEW, follow=True))
    assert "Tragen Sie jetzt die Sitze ein." in page
    committee = Committee.objects.get(municipality=town)
    assert committee.minutes_signers == "Vorsitz\nSchriftführung"
    assert "Ein Gremium mit diesem Namen gibt es schon." in text_of(office.post(f"{start}neu/", NEW), 422)
    address = f"{committee.get_absolute_url()}bearbeiten/"
    changed = NEW | {"summons_days": "7", "voting_seats": "15", "decides": "on"}
    page = text_of(office.post(address, changed, follow=True))
    assert "7 Tage (alle Tage)" in page
    assert "darf abschließend entscheiden" in page
    assert text_of(office.post(address, NEW | {"voting_seats": "99999"}), 422)
    listed = text_of(office.get(start))
    assert "Sozialausschuss" in listed
    assert "Stimmberechtigte: " not in listed


def test_seats_are_taken_by_known_and_by_new_people(office: Client, town: Municipality) -> None:
    committee = make_committee(town, "Sozialausschuss")
    faction = Faction.objects.create(municipality=town, name="Fraktion der Mitte", short_name="Mitte")
    address = committee.get_absolute_url()
    empty = text_of(office.post(f"{address}sitze/neu/", {"role": "member"}), 422)
    assert "Bitte wählen Sie eine Person oder geben Sie eine neue an." in empty
    new = {"new_name": "Nora Neumann", "new_function": "Ratsfrau", "role": "chair", "faction": faction.pk,
           "span": "ab 01.11.2020"}  # fmt: skip
    page = text_of(office.post(f"{address}sitze/neu/", new, follow=True))
    assert "Nora Neumann" in page
    assert "ab 01.11.2020" in page
    assert "Mitte 1" in page
    assert "Diese Person gibt es schon." in text_of(office.post(f"{address}sitze/neu/", new), 422)
    chair = committee.seats.get()
    twice = {"person": chair.person_id, "role": "member", "span": "ab 01.11.2020"}
    assert "schon einen Sitz" in text_of(office.post(f"{address}sitze/neu/", twice), 422)
    stands_in = {
        "new_name": "Dirk Deputatis",
        "role": "deputy",
        "deputy_for": chair.pk,
        "faction": faction.pk,
    }
    wrong = text_of(office.post(f"{address}sitze/neu/", stands_in | {"role": "member"}), 422)
    assert "Das gilt nur für die Funktion „Stellvertretung“." in wrong
    page = text_of(office.post(f"{address}sitze/neu/", stands_in, follow=True))
    assert "für Nora Neumann" in page
    advisory = {"new_name": "Bea Beraten", "role": "advisory"}
    page = text_of(office.post(f"{address}sitze/neu/", advisory, follow=True))
    assert page.index("Stimmberechtigt") < page.index("Stellvertretung") < page.index("Beratend</caption>")
    # Who leaves stays to be read.
    page = text_of(office.post(f"{address}sitze/{chair.pk}/beenden/", follow=True))
    assert "1 Sitz, der heute nicht gilt" not in page  # today it still holds
    edited = {"person": chair.person_id, "role": "chair", "span": "01.11.2020–31.10.2022"}
    page = text_of(office.post(f"{address}sitze/{chair.pk}/", edited, follow=True))
    assert "2 Sitze, die heute nicht gelten" in page  # with her personal deputy's
    advisor = committee.seats.get(role="advisory")
    answer = office.post(f"{address}sitze/{advisor.pk}/beenden/", follow=True)
    assert "Seit wann gilt dieser Sitz?" in text_of(answer)
    meeting = make_meeting(committee)
    MeetingAttendance.objects.create(meeting=meeting, seat=advisor, name="Bea Beraten")
    kept = text_of(office.post(f"{address}sitze/{advisor.pk}/loeschen/", follow=True))
    assert "schon Anwesenheit eingetragen" in kept
    office.post(f"{address}sitze/{chair.pk}/loeschen/")
    assert not CommitteeSeat.objects.filter(pk=chair.pk).exists()
    assert Person.objects.filter(municipality=town, name="Nora Neumann").exists()


def test_more_seats_than_votes_are_pointed_out(office: Client, town: Municipality) -> None:
    committee = make_committee(town, "Sozialausschuss")
    Committee.objects.filter(pk=committee.pk).update(voting_seats=1)
    for name in ("Anna", "Bert"):
        person = Person.objects.create(municipality=town, name=name)
        CommitteeSeat.objects.create(committee=committee, person=person)
    page = text_of(office.get(committee.get_absolute_url()))
    assert "Eingetragen sind 2 Stimmberechtigte, das Gremium hat 1." in page


def test_a_faction_that_spoke_is_not_deleted(office: Client, town: Municipality) -> None:
    start = f"/{town.slug}/gremien/fraktionen/"
    assert "Bitte geben Sie der Fraktion einen Namen." in text_of(office.post(f"{start}neu/", {}), 422)
    page = text_of(office.post(f"{start}neu/", {"name": "Liste Nord", "span": "2014–2020"}, follow=True))
    assert "gilt heute nicht" in page
    faction = Faction.objects.get(municipality=town)
    assert "gibt es schon" in text_of(office.post(f"{start}neu/", {"name": "Liste Nord"}), 422)
    text_of(office.post(f"{start}{faction.pk}/", {"name": "Liste Süd"}, follow=True))
    committee = make_committee(town, "Rat")
    person = Person.objects.create(municipality=town, name="Anna")
    seat = CommitteeSeat.objects.create(committee=committee, person=person, faction=faction)
    paper = make_paper(town, "Punkt.")
    moved = Amendment.objects.create(
        paper=paper,
        consultation=make_stage(paper, committee, "decide"),
        number=1,
        faction=faction,
        before="<p>alt</p>",
        after="<p>neu</p>",
    )
    for answer, status in (
        (office.get(f"{start}{faction.pk}/loeschen/"), 200),
        (office.post(f"{start}{faction.pk}/loeschen/"), 422),
    ):
        assert "gibt es Abstimmungen oder Anträge" in text_of(answer, status)
    moved.delete()
    assert "1 Sitz bleibt, ohne Fraktion." in text_of(office.get(f"{start}{faction.pk}/loeschen/"))
    office.post(f"{start}{faction.pk}/loeschen/")
    seat.refresh_from_db()
    assert (seat.faction, Faction.objects.filter(municipality=town).count()) == (None, 0)


def test_a_committee_with_meetings_is_not_deleted(office: Client, town: Municipality) -> None:
    committee = make_committee(town, "Rat")
    meeting = make_meeting(committee)
    address = f"{committee.get_absolute_url()}loeschen/"
    assert "Sitzungen oder Beratungen" in text_of(office.post(address), 422)
    meeting.delete()
    assert "„Rat“ ist gelöscht." in text_of(office.post(address, follow=True))
    assert not Committee.objects.filter(municipality=town).exists()


def test_the_pages_take_no_more_queries_with_many_rows(
    office: Client, town: Municipality, django_assert_num_queries: Callable[..., Any]
) -> None:
    def fill(start: int, number: int) -> Committee:
        for place in range(start, start + number):
            committee = make_committee(town, f"Ausschuss {place}")
            faction = Faction.objects.create(municipality=town, name=f"Fraktion {place}")
            person = Person.objects.create(municipality=town, name=f"Person {place}")
            CommitteeSeat.objects.create(committee=committee, person=person, faction=faction)
            CommitteeSeat.objects.create(
                committee=first or committee, person=person, faction=faction, span="ab 01.01.2020"
            )
            make_meeting(committee, title=f"{place}. Sitzung")
        return first or committee

    first: Committee | None = None
    first = fill(1, 1)
    pages = ((f"/{town.slug}/gremien/", LIST_QUERIES), (first.get_absolute_url(), PAGE_QUERIES))
    for number in (0, 5):
        fill(number + 1, number)
        for address, queries in pages:
            with django_assert_num_queries(queries):
                assert office.get(address).status_code == 200
