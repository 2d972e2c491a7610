"""The sheet of a session and its minutes."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, connection, transaction
from django.db.models import ProtectedError
from django.test import Client
from django.utils import timezone

from municipalities.models import Person
from participation.actions.minutes import agree, back_to_draft, correct, publish
from participation.models import Attendance, Event, EventReply, Minutes, Seat
from tests.participation.conftest import House

pytestmark = pytest.mark.django_db

Login = Callable[..., Client]


def seats(house: House) -> list[Seat]:
    return list(house.group.seats.order_by("position"))


def opened(house: House) -> dict[str, str]:
    """What a sheet sends that was opened now and on which nothing was done."""
    sent = {"mode": "list", "attendance_accuracy": "exact", "gaeste": "", "niederschrift-text": ""}
    for seat in house.group.seats.all():
        found = Attendance.objects.filter(event=house.event, seat=seat).first()
        box = f"platz-{seat.pk}"
        own = seat.person.name if seat.person else ""
        name = found.name if found and found.name != own else ""
        sent |= {f"{box}-offen": "1" if found else "0", f"{box}-name": name, f"{box}-name-offen": name}
        if found:
            sent[box] = "on"
    for guest in Attendance.objects.filter(event=house.event, seat=None):
        sent |= {f"gast-{guest.pk}": "on", f"gast-{guest.pk}-offen": "1"}
    newest = Event.objects.get(pk=house.event.pk).history.first()
    sent["opened_version"] = str(newest.pk)
    minutes = house.event.minutes.exclude(state="published").first()
    if minutes is not None:
        sent |= {
            "niederschrift-opened_version": str(minutes.history.first().pk),
            "niederschrift-text": minutes.text,
        }
    return sent


def post(house: House, client: Client, sent: dict[str, str]) -> Any:
    return client.post(f"{house.event_url}bogen/", sent)


def present(house: House) -> list[tuple[str, str, bool]]:
    rows = Attendance.objects.filter(event=house.event).order_by("pk")
    return [(row.name, row.institution, row.in_place) for row in rows]


def event(house: House) -> Event:
    return Event.objects.get(pk=house.event.pk)


def test_who_is_there_is_ticked_and_counted(house: House, as_user: Login) -> None:
    first, second, institution = seats(house)
    sent = opened(house) | {
        f"platz-{first.pk}": "on",
        f"platz-{second.pk}-name": "Eine Kollegin",
        f"platz-{institution.pk}": "on",
        "gaeste": "Gast Eins, Verein\nGast Zwei\n, Schule\n\nGast Zwei",
        "niederschrift-text": "<p>Begrüßung</p>",
        "stattgefunden": "on",
        "draft": "ab-12",
    }
    response = post(house, as_user(house.editor), sent)
    # The browser has kept what was typed; now it may forget it.
    assert response["Location"] == f"{house.event_url}bogen/#gespeichert-ab-12"
    assert present(house) == [
        ("Mitglied", "Caritas", False),
        ("Eine Kollegin", "", True),
        ("", "Caritas", False),
        ("Gast Eins", "Verein", False),
        ("Gast Zwei", "", False),
        ("", "Schule", False),
    ]
    found = event(house)
    assert (found.attendance, found.attendance_accuracy, found.attendance_basis) == (6, "exact", "list")
    assert found.state == "held"
    assert house.event.minutes.get().text == "<p>Begrüßung</p>"
    # Unticked again, one guest gone.
    sent = opened(house)
    del sent[f"platz-{first.pk}"]
    guest = Attendance.objects.get(event=house.event, name="Gast Eins")
    del sent[f"gast-{guest.pk}"]
    assert post(house, as_user(house.editor), sent).status_code == 302
    assert event(house).attendance == 4


def test_two_people_tick_at_the_same_time(house: House, as_user: Login) -> None:
    first, second, _institution = seats(house)
    sheet = opened(house)
    assert post(house, as_user(house.editor), sheet | {f"platz-{first.pk}": "on"}).status_code == 302
    other = sheet | {f"platz-{second.pk}": "on", "gaeste": "Gast"}
    assert post(house, as_user(house.moderator), other).status_code == 302
    assert [name for name, *_rest in present(house)] == ["Mitglied", "Ohne Anmeldung", "Gast"]
    assert event(house).attendance == 3
    # The same tick twice, and a guest whom another has taken off meanwhile.
    guest = Attendance.objects.get(event=house.event, name="Gast")
    late = opened(house)
    guest.delete()
    assert post(house, as_user(house.editor), late).status_code == 302
    assert event(house).attendance == 2


def test_two_stand_ins_for_one_seat_are_both_shown_to_the_second(house: House, as_user: Login) -> None:
    first, second, _institution = seats(house)
    box = f"platz-{first.pk}"
    sheet = opened(house)
    post(house, as_user(house.editor), sheet | {f"{box}-name": "Frau Eins"})
    late = sheet | {f"{box}-name": "Herr Zwei", f"platz-{second.pk}": "on", "gaeste": "Gast"}
    response = post(house, as_user(house.moderator), late)
    assert response.status_code == 422
    page = response.content.decode()
    words = " ".join(re.sub("<[^>]*>|nur hier: ", "", page).split())
    assert "Redakteurin hat am" in words
    assert "Meine Fassung da in Vertretung: Herr Zwei" in words
    assert "Die andere Fassung da in Vertretung: Frau Eins" in words
    # Nothing typed is lost, and nothing is saved yet.
    assert f'name="{box}-name" value="Herr Zwei"' in " ".join(page.split())
    assert "Gast</textarea>" in page
    assert present(house) == [("Frau Eins", "Caritas", True)]
    # What the page shows now is what the second has seen; both ways to decide.
    seen = late | {f"{box}-offen": "1", f"{box}-name-offen": "Frau Eins", box: "on"}
    seen["opened_version"] = str(event(house).history.first().pk)
    assert f'name="{box}-name-offen" value="Frau Eins"' in " ".join(page.split())
    assert post(house, as_user(house.moderator), seen | {f"entscheidung-{box}": "andere"}).status_code == 302
    assert [name for name, *_rest in present(house)] == ["Frau Eins", "Ohne Anmeldung", "Gast"]
    assert post(house, as_user(house.moderator), seen | {f"entscheidung-{box}": "meine"}).status_code == 302
    assert present(house)[0] == ("Herr Zwei", "Caritas", True)


def test_who_is_ticked_off_while_another_names_a_stand_in_is_asked_about(
    house: House, as_user: Login
) -> None:
    first = seats(house)[0]
    box = f"platz-{first.pk}"
    post(house, as_user(house.editor), opened(house) | {box: "on"})
    sheet = opened(house)
    gone = {key: value for key, value in sheet.items() if key != box}
    assert post(house, as_user(house.editor), gone).status_code == 302
    response = post(house, as_user(house.moderator), sheet | {f"{box}-name": "Frau Eins"})
    assert response.status_code == 422
    assert "niemand" in response.content.decode()
    # The same stand-in typed by both is no question.
    same = {f"{box}-name": "Frau Eins"}
    assert post(house, as_user(house.editor), opened(house) | same).status_code == 302
    assert post(house, as_user(house.moderator), gone | {f"{box}-offen": "0"} | same).status_code == 302
    assert present(house) == [("Frau Eins", "Caritas", True)]


def test_a_deputy_stands_under_the_seat_and_comes_with_one_tap(house: House, as_user: Login) -> None:
    first, _second, _institution = seats(house)
    named = Person.objects.create(municipality=house.town, name="Frau Vertretung")
    deputy = Seat.objects.create(
        group=house.group, position=9, person=named, role=Seat.Role.DEPUTY, deputises=first
    )
    EventReply.objects.create(event=house.event, person=house.person, answer="stays_away", remark="Urlaub")
    client, box = as_user(house.editor), f"platz-{deputy.pk}"
    page = " ".join(re.sub("<[^>]*>", " ", client.get(f"{house.event_url}bogen/").content.decode()).split())
    # Directly below who does not come, before the next seat; without a stand-in of its own.
    assert "Mitglied Caritas · kommt nicht, Urlaub In Vertretung : Mitglied Frau Vertretung" in page
    assert "Frau Vertretung vertritt Mitglied Ohne Anmeldung" in page
    assert post(house, client, opened(house) | {box: "on"}).status_code == 302
    assert present(house) == [("Frau Vertretung", "", True)]
    # Both are there: nobody's place is taken.
    assert post(house, client, opened(house) | {f"platz-{first.pk}": "on"}).status_code == 302
    assert sorted(present(house)) == [("Frau Vertretung", "", False), ("Mitglied", "Caritas", False)]
    assert event(house).attendance == 2
    # Typed as the stand-in she is the same person, and counts once.
    typed = opened(house) | {f"platz-{first.pk}-name": "Frau Vertretung"}
    assert post(house, client, typed).status_code == 302
    assert present(house) == [("Frau Vertretung", "", True)]
    assert event(house).attendance == 1


def test_two_people_write_the_minutes_and_the_second_sees_both(house: House, as_user: Login) -> None:
    sheet = opened(house)
    post(house, as_user(house.editor), sheet | {"niederschrift-text": "<p>Die eine</p>"})
    late = sheet | {"niederschrift-text": "<p>Die andere</p>", "niederschrift-opened_version": "0"}
    response = post(house, as_user(house.moderator), late)
    assert response.status_code == 422
    page = response.content.decode()
    # What only one of them has is marked, with a word for those who do not see it.
    words = re.sub("<[^>]*>|nur hier: ", "", page[page.index("w-conflicts") :])
    assert "Die eine" in words
    assert "Die andere" in words
    assert "niederschrift-entscheidung-text" in page
    version = house.event.minutes.get().history.first().pk
    decided = late | {
        "niederschrift-opened_version": str(version),
        "niederschrift-entscheidung-text": "andere",
        "opened_version": str(event(house).history.first().pk),
    }
    assert post(house, as_user(house.moderator), decided).status_code == 302
    assert house.event.minutes.get().text == "<p>Die eine</p>"


def test_a_count_of_its_own_has_its_basis(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    own = opened(house) | {"mode": "own", "attendance": "160", "attendance_accuracy": "more_than"}
    response = post(house, client, own)
    assert response.status_code == 422
    assert "Bitte geben Sie an, worauf die Zahl beruht." in response.content.decode()
    assert post(house, client, own | {"attendance_basis": "estimate"}).status_code == 302
    assert event(house).attendance_text == "über 160"
    assert post(house, client, own | {"attendance": ""}).status_code == 422
    # Opened again, the number stays though nobody is ticked.
    page = client.get(f"{house.event_url}bogen/").content.decode()
    assert 'value="own" id="id_mode_1" checked' in " ".join(page.split())


def test_two_people_count_differently(house: House, as_user: Login) -> None:
    own = opened(house) | {"mode": "own", "attendance_basis": "count"}
    post(house, as_user(house.editor), own | {"attendance": "20"})
    response = post(house, as_user(house.moderator), own | {"attendance": "25"})
    assert response.status_code == 422
    assert event(house).attendance == 20


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"gaeste": "x" * 151}, "Diese Zeile ist zu lang"),
        ({"gaeste": "\n".join(f"Gast {number}" for number in range(301))}, "mehr als 300 Namen"),
        ({"mode": "raten"}, "p-errors"),
        ({"mode": "own", "attendance": "99999", "attendance_basis": "count"}, "p-errors"),
        ({"mode": "own", "attendance": "viele", "attendance_basis": "count"}, "p-errors"),
        ({"mode": ""}, "Bitte wählen Sie, woher die Zahl kommt."),
    ],
)
def test_bad_input_on_the_sheet_loses_nothing(
    house: House, as_user: Login, wrong: dict[str, str], sentence: str
) -> None:
    first = seats(house)[0]
    sent = opened(house) | {f"platz-{first.pk}": "on", "niederschrift-text": "<p>Mühsam</p>"} | wrong
    response = post(house, as_user(house.editor), sent)
    assert response.status_code == 422
    page = response.content.decode()
    assert sentence in page
    assert "Mühsam" in page
    assert not Attendance.objects.exists()


def test_a_name_that_is_too_long_is_said_at_its_row(house: House, as_user: Login) -> None:
    first = seats(house)[0]
    sent = opened(house) | {f"platz-{first.pk}-name": "x" * 151}
    assert "Der Name ist zu lang" in post(house, as_user(house.editor), sent).content.decode()
    sent = opened(house) | {f"platz-{first.pk}-name": "Nul\x00", "gaeste": "\x00"}
    assert post(house, as_user(house.editor), sent).status_code == 302
    assert present(house) == [("Nul", "Caritas", True)]


def test_who_held_the_seat_that_day_stays_on_the_list(house: House, as_user: Login) -> None:
    first = seats(house)[0]
    post(house, as_user(house.editor), opened(house) | {f"platz-{first.pk}": "on"})
    first.delete()
    assert present(house) == [("Mitglied", "Caritas", False)]
    assert "Mitglied" in as_user(house.editor).get(f"{house.event_url}bogen/").content.decode()


def test_the_sheet_is_for_the_staff_and_the_moderator(house: House, as_user: Login) -> None:
    answers = {
        user.name: as_user(user).get(f"{house.event_url}bogen/").status_code
        for user in (house.editor, house.moderator, house.member, house.outsider)
    }
    assert answers == {"Redakteurin": 200, "Moderatorin": 200, "Mitglied": 403, "Ratsfrau": 403}
    seat = Seat.objects.create(
        group=house.group, position=9, person=house.outsider.persons.get(), role=Seat.Role.MODERATION
    )
    assert as_user(house.outsider).get(f"{house.event_url}bogen/").status_code == 200
    seat.delete()


# ---- Minutes ---------------------------------------------------------------------------------------------


def draft(house: House, text: str = "<p>Beschlossen.</p>") -> Minutes:
    return Minutes.objects.create(event=house.event, text=text)


def step(house: House, client: Client, name: str, **more: str) -> str:
    sent = {"schritt": name, **more}
    page: str = client.post(f"{house.event_url}niederschrift/schritt/", sent, follow=True).content.decode()
    return page


def test_members_read_minutes_from_agreed_on(house: House, as_user: Login) -> None:
    draft(house)
    url = f"{house.event_url}niederschrift/1/"

    def readers() -> set[str]:
        people = (house.editor, house.moderator, house.member, house.outsider)
        return {user.name for user in people if as_user(user).get(url).status_code == 200}

    assert readers() == {"Redakteurin", "Moderatorin"}
    assert "Beschlossen." not in as_user(house.member).get(house.event_url).content.decode()
    client = as_user(house.editor)
    step(house, client, "abstimmen")
    assert readers() == {"Redakteurin", "Moderatorin", "Mitglied", "Ratsfrau"}
    assert "Beschlossen." in as_user(house.member).get(house.event_url).content.decode()
    step(house, client, "zurueck")
    assert readers() == {"Redakteurin", "Moderatorin"}


def test_the_way_from_draft_to_a_corrected_version(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    assert "keinen Entwurf" in step(house, client, "abstimmen")
    draft(house)
    assert "zuerst ab" in step(house, client, "veroeffentlichen")
    step(house, client, "abstimmen")
    step(house, client, "veroeffentlichen")
    first = house.event.minutes.get()
    assert (first.state, first.agreed_by, first.published_by) == ("published", house.editor, house.editor)
    assert first.published_at is not None
    assert "keinen" in step(house, client, "abstimmen")
    assert "Grund der Berichtigung" in step(house, client, "berichtigen")
    step(house, client, "berichtigen", grund="Falsche Zahl")
    assert "schon in Arbeit" in step(house, client, "berichtigen", grund="Noch eine")
    second = house.event.minutes.get(version=2)
    assert (second.state, second.text, second.correction) == ("draft", first.text, "Falsche Zahl")
    page = as_user(house.member).get(house.event_url).content.decode()
    assert "Beschlossen." in page, "the published one is read until the next is agreed"
    sent = opened(house) | {"niederschrift-text": "<p>Richtig.</p>"}
    assert post(house, client, sent).status_code == 302
    step(house, client, "abstimmen")
    page = as_user(house.member).get(house.event_url).content.decode()
    assert "Richtig." in page
    assert "Falsche Zahl" in page
    assert as_user(house.member).get(f"{house.event_url}niederschrift/1/").status_code == 200


def test_only_the_staff_take_the_steps(house: House, as_user: Login) -> None:
    draft(house)
    for user in (house.moderator, house.member):
        response = as_user(user).post(f"{house.event_url}niederschrift/schritt/", {"schritt": "abstimmen"})
        assert response.status_code == 403
    assert "Diesen Schritt gibt es nicht" in step(house, as_user(house.editor), "zaubern\x00")


def test_published_minutes_stay_as_they_are(house: House) -> None:
    draft(house)
    agree(event=house.event, by=house.editor)
    found = publish(event=house.event, by=house.editor)
    found.text = "<p>Anders</p>"
    with pytest.raises(ValidationError):
        found.save()
    with pytest.raises(ValidationError):
        found.delete()
    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.filter(pk=found.pk).update(text="Anders")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE participation_minutes SET state = 'draft' WHERE id = %s", [found.pk])
    with pytest.raises(ProtectedError):
        house.process.delete()
    with pytest.raises(ValidationError):
        back_to_draft(event=house.event, by=house.editor)


def test_an_empty_draft_is_not_agreed_upon(house: House) -> None:
    draft(house, "")
    with pytest.raises(ValidationError, match="noch leer"):
        agree(event=house.event, by=house.editor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.update(state="agreed", agreed_at=timezone.now())


def test_at_most_one_version_is_open(house: House) -> None:
    draft(house)
    with pytest.raises(ValidationError):
        correct(event=house.event, reason="Zahl", by=house.editor)
    with pytest.raises(DatabaseError), transaction.atomic():
        Minutes.objects.create(event=house.event, version=2)


def test_agreed_minutes_are_not_written_on(house: House, as_user: Login) -> None:
    draft(house)
    agree(event=house.event, by=house.editor)
    sent = opened(house) | {"niederschrift-text": "<p>Heimlich</p>"}
    assert post(house, as_user(house.editor), sent).status_code == 302
    assert house.event.minutes.get().text == "<p>Beschlossen.</p>"
