"""Staff keep groups and seats in the browser."""

from __future__ import annotations

from typing import Any

import pytest
from django.test import Client

from municipalities.models import Institution, Municipality, Person, User
from participation.models import Event, Group, Process, Seat
from tests.concepts.factories import make_concept, make_member, make_town
from tests.reading import html_of

pytestmark = pytest.mark.django_db

START = "/neustadt/beteiligung/gruppen/"


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def staff(town: Municipality) -> User:
    return make_member(town)


@pytest.fixture
def editor(client: Client, staff: User) -> Client:
    client.force_login(staff)
    return client


@pytest.fixture
def process(town: Municipality) -> Process:
    return Process.objects.create(municipality=town, title="Integrationskonzept")


@pytest.fixture
def group(town: Municipality, process: Process) -> Group:
    return Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")


@pytest.fixture
def office(town: Municipality) -> Institution:
    return Institution.objects.create(municipality=town, name="Universität", kind="school")


def add_seat(group: Group, position: int, name: str, **more: Any) -> Seat:
    person = Person.objects.create(municipality=group.municipality, name=name)
    seat: Seat = Seat.objects.create(group=group, position=position, person=person, **more)
    return seat


def test_a_group_is_founded_with_all_that_is_known(
    editor: Client, town: Municipality, process: Process, staff: User
) -> None:
    field = make_concept(town).fields.all()[0]
    event = Event.objects.create(process=process, kind="conference", title="Auftakt")
    before = Group.objects.create(municipality=town, kind="steering", name="Lenkungskreis")
    data = {
        "name": "  Runder  Tisch ",
        "kind": "advisory",
        "mandate": "<p>Berät die Stadt.</p>",
        "process": process.pk,
        "fields": [field.pk],
        "active": "ab 01.02.2017",
        "continues": "on",
        "founded_at": event.pk,
        "predecessor": before.pk,
    }
    page = html_of(editor.post(f"{START}neu/", data, follow=True))
    made = Group.objects.get(municipality=town, name="Runder Tisch")
    assert (made.kind, made.founded_at, made.predecessor, made.continues) == ("advisory", event, before, True)
    assert list(made.fields.all()) == [field]
    for words in (
        "Berät die Stadt.",
        "ab 01.02.2017",
        "Lenkungskreis",
        "Auftakt",
        "begleitet auch",
    ):
        assert words in page
    assert made.history.latest().history_user == staff
    twice = editor.post(f"{START}neu/", data)
    assert twice.status_code == 422
    assert "gibt es schon" in html_of(twice)


def test_the_second_to_save_sees_both_versions(editor: Client, group: Group) -> None:
    group.save()  # its history begins
    address = f"{START}{group.pk}/bearbeiten/"
    form = editor.get(address).context["form"]
    opened = {"name": "AG Deutsch", "kind": "working", "opened_version": form.initial["opened_version"]}
    group.name = "AG Spracherwerb"
    group.save()
    response = editor.post(address, opened)
    assert response.status_code == 422
    assert "AG Spracherwerb" in html_of(response)
    assert "Zwei Fassungen" in html_of(response)
    again = opened | {"opened_version": str(group.history.first().pk)}
    assert editor.post(address, again).status_code == 302
    group.refresh_from_db()
    assert group.name == "AG Deutsch"


@pytest.mark.parametrize(
    "wrong",
    [
        {"name": ""},
        {"name": "x" * 151},
        {"name": "\0"},
        {"kind": "erfunden"},
        {"active": "irgendwann"},
        {"active": "31.02.2017"},
        {"process": "999999999999999999999999"},
        {"fields": ["abc"]},
        {"predecessor": "-1"},
    ],
)
def test_odd_groups_get_a_sentence(wrong: dict[str, Any], editor: Client, group: Group) -> None:
    data = {"name": "AG", "kind": "working"} | wrong
    for address in (f"{START}neu/", f"{START}{group.pk}/bearbeiten/"):
        response = editor.post(address, data)
        assert response.status_code == 422
        assert "p-errors" in response.content.decode()


def test_what_belongs_to_another_town_is_no_choice(editor: Client, group: Group) -> None:
    other = make_town("Altstadt")
    process = Process.objects.create(municipality=other, title="Fremd")
    person = Person.objects.create(municipality=other, name="Fremd")
    data = {"name": "AG", "kind": "working", "process": process.pk}
    assert editor.post(f"{START}neu/", data).status_code == 422
    seat = {"person": person.pk, "role": "member"}
    assert editor.post(f"{START}{group.pk}/plaetze/neu/", seat).status_code == 422


def test_somebody_without_an_address_gets_a_seat(
    editor: Client, group: Group, office: Institution, staff: User
) -> None:
    data = {
        "institution": office.pk,
        "new_name": "Rosa  Lang",
        "new_function": "Rektorin",
        "role": "chair",
        "note": "ab Mai",
    }
    page = html_of(editor.post(f"{START}{group.pk}/plaetze/neu/", data, follow=True))
    assert "Rosa Lang" in page
    (seat,) = group.seats.all()
    assert (seat.person.name, seat.person.user, seat.person.institution) == ("Rosa Lang", None, office)
    assert seat.person.history.latest().history_user == staff
    again = editor.post(f"{START}{group.pk}/plaetze/neu/", data)
    assert again.status_code == 422
    assert "Diese Person gibt es schon" in html_of(again)


def test_a_seat_may_be_vacant_but_must_be_for_somebody(
    editor: Client, group: Group, office: Institution
) -> None:
    address = f"{START}{group.pk}/plaetze/neu/"
    assert "unbesetzt" in html_of(
        editor.post(address, {"institution": office.pk, "role": "member"}, follow=True)
    )
    response = editor.post(address, {"role": "member"})
    assert response.status_code == 422
    assert "Bitte nennen Sie eine Einrichtung oder eine Person." in html_of(response)


def test_nobody_sits_twice_in_a_group(editor: Client, group: Group) -> None:
    seat = add_seat(group, 1, "Rosa")
    response = editor.post(f"{START}{group.pk}/plaetze/neu/", {"person": seat.person_id, "role": "guest"})
    assert response.status_code == 422
    assert "schon einen Platz" in html_of(response)


def test_a_deputy_belongs_to_a_seat_of_the_same_group(
    editor: Client, group: Group, town: Municipality
) -> None:
    chair, deputy = add_seat(group, 1, "Rosa"), add_seat(group, 2, "Ali", role="deputy")
    other = add_seat(Group.objects.create(municipality=town, kind="working", name="Andere"), 1, "Eva")
    address = f"{START}{group.pk}/plaetze/{deputy.pk}/"
    data = {"person": deputy.person_id, "role": "deputy"}
    assert editor.post(address, data | {"deputises": other.pk}).status_code == 422
    assert editor.post(address, data | {"deputises": deputy.pk}).status_code == 422
    assert editor.post(address, data | {"role": "member", "deputises": chair.pk}).status_code == 422
    page = html_of(editor.post(address, data | {"deputises": chair.pk}, follow=True))
    assert "für Rosa" in page


def test_seats_are_moved_ended_and_taken_away(editor: Client, group: Group) -> None:
    first, second = add_seat(group, 1, "Rosa"), add_seat(group, 2, "Ali", span="ab 01.02.2017")
    address = f"{START}{group.pk}/plaetze/"
    editor.post(f"{address}{second.pk}/verschieben/", {"richtung": "hoch"})
    assert [seat.pk for seat in group.seats.all()] == [second.pk, first.pk]
    page = html_of(editor.post(f"{address}{second.pk}/verschieben/", {"richtung": "hoch"}, follow=True))
    assert "steht schon ganz oben" in page
    editor.post(f"{address}{second.pk}/beenden/")
    second.refresh_from_db()
    assert str(second.span).startswith("01.02.2017–")
    page = html_of(editor.post(f"{address}{first.pk}/beenden/", follow=True))
    assert "Seit wann gibt es diesen Platz?" in page
    editor.post(f"{address}{first.pk}/entfernen/")
    assert [seat.pk for seat in group.seats.all()] == [second.pk]
    assert Person.objects.filter(municipality=group.municipality, name="Rosa").exists()


def test_before_a_group_is_deleted_the_page_names_what_hangs_on_it(
    editor: Client, group: Group, process: Process, town: Municipality
) -> None:
    add_seat(group, 1, "Rosa")
    Event.objects.create(process=process, kind="session", title="Runde").groups.add(group)
    Group.objects.create(municipality=town, kind="working", name="Danach", predecessor=group)
    address = f"{START}{group.pk}/loeschen/"
    page = html_of(editor.get(address))
    for words in ("1 Platz wird gelöscht", "1 Veranstaltung bleibt", "1 Gruppe nennt diese nicht mehr"):
        assert words in page
    assert "„AG Sprache“ ist gelöscht." in html_of(editor.post(address, follow=True))
    assert Event.objects.filter(title="Runde", process=process).exists()
    assert not Group.objects.filter(pk=group.pk).exists()


def test_a_group_with_invitations_stays(editor: Client, group: Group) -> None:
    editor.post(f"{START}{group.pk}/einladungen/", {"people": "a@b.de", "role": "member"})
    address = f"{START}{group.pk}/loeschen/"
    assert "1 Einladung verschickt" in html_of(editor.get(address))
    assert editor.post(address).status_code == 422
    assert Group.objects.filter(pk=group.pk).exists()


def test_members_find_their_groups_with_fields_and_what_is_planned(
    client: Client, group: Group, process: Process, town: Municipality
) -> None:
    user = User.objects.create_user("rosa@b.de", name="Rosa")
    Seat.objects.create(
        group=group, position=1, person=Person.objects.create(municipality=town, name="Rosa", user=user)
    )
    group.mandate = "<p>Wir schreiben das Kapitel Sprache.</p>"
    group.save()
    group.fields.add(make_concept(town).fields.all()[0])
    Event.objects.create(process=process, kind="session", title="Nächste Runde", state="planned").groups.add(
        group
    )
    client.force_login(user)
    page = html_of(client.get("/neustadt/beteiligung/"))
    mine = page[page.index("Meine Gruppen") : page.index("Zeitleiste")]
    for words in (
        "AG Sprache",
        "Wir schreiben das Kapitel",
        "Handlungsfelder:",
        "Nächste Runde, ohne Datum",
    ):
        assert words in mine
    for words in ("Neue Gruppe", "Externe Begleitung"):
        assert words not in page


@pytest.mark.parametrize("pk", ["0", "99999999999999999999", "1.5", "-1", "abc", "%00"])
def test_odd_numbers_in_addresses_are_not_found(pk: str, editor: Client, group: Group) -> None:
    for end in ("bearbeiten/", "loeschen/", "einladungen/", "plaetze/neu/", f"plaetze/{pk}/"):
        assert editor.get(f"{START}{pk}/{end}").status_code == 404
    assert editor.get(f"{START}{group.pk}/plaetze/{pk}/").status_code == 404


def test_a_new_person_needs_no_more_than_a_name(editor: Client, group: Group) -> None:
    sent = {"institution": "", "person": "", "new_name": "Neu Hier", "new_function": "", "role": "member"}
    page = html_of(editor.post(f"{START}{group.pk}/plaetze/neu/", sent, follow=True))
    assert "Neu Hier" in page
    assert str(group.seats.get()) == "Neu Hier"
