"""The sheet of a meeting: who is there, for whom, from when, and who is befangen."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
import time_machine
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from committees.actions.attending import Guest, record_attendance
from committees.attendance import Presence, voting_seats_present
from committees.models import Exclusion, MeetingAttendance, MeetingMinutes
from tests.committees.factories import make_user
from tests.committees.sittings import ROLES, Sitting

pytestmark = pytest.mark.django_db


@pytest.fixture
def sitting() -> Sitting:
    return Sitting()


@pytest.fixture
def clerk(sitting: Sitting) -> Client:
    client = Client()
    client.force_login(sitting.clerk)
    return client


def opened(client: Client, sitting: Sitting) -> dict[str, Any]:
    """What a browser would send of the sheet as it stands."""
    sheet = client.get(sitting.url("anwesenheit/")).context["sheet"]
    sent: dict[str, Any] = {}
    for row in sheet.rows:
        sent |= {
            f"{row.box}-offen": str(row.now),
            f"{row.box}-ab": row.now.begin,
            f"{row.box}-bis": row.now.end,
        }
        sent[row.box] = row.now.state if row.box.startswith("platz") else "on"
        if getattr(row, "is_deputy", False):
            sent[f"{row.box}-fuer"] = row.now.place
    for one in sheet.exclusions:
        sent |= {one.box: "on", f"{one.box}-offen": "1"}
    return sent


def send(client: Client, sitting: Sitting, sent: dict[str, Any], status: int = 302) -> str:
    response = client.post(sitting.url("anwesenheit/"), sent)
    assert response.status_code == status, response.content.decode()
    return response.content.decode()


def test_the_clerk_ticks_who_is_there_and_everybody_else_with_one_button(
    sitting: Sitting, clerk: Client
) -> None:
    page = clerk.get(sitting.url("anwesenheit/")).content.decode()
    assert "Lisa Vogt" in page
    assert "Vorsitz, Rote Fraktion" in page
    sent = opened(clerk, sitting) | {f"platz-{sitting.member.pk}": "excused", "alle": "1"}
    sent |= {"neu-administration": "Eva Amt, Leitung Amt 50", "neu-guest": "Dr. Wald, Institut\n"}
    send(clerk, sitting, sent)
    rows = {row.name: row for row in sitting.meeting.attendance.all()}
    assert {name: row.state for name, row in rows.items()} == {
        "Lisa Vogt": "present",
        "Ayse Demir": "present",
        "Bernd Kamp": "excused",
        "Jonas Beirat": "present",
        "Eva Amt": "present",
        "Dr. Wald": "present",
    }, "a deputy is not there by that button"
    assert rows["Eva Amt"].function == "Leitung Amt 50"
    assert rows["Lisa Vogt"].history.get().history_user == sitting.clerk
    page = clerk.get(sitting.url("anwesenheit/")).content.decode()
    assert "5 anwesend" in page
    assert "Sozialausschuss: 2 Stimmen im Raum." in page


def test_a_deputy_stands_in_for_one_of_the_faction(sitting: Sitting, clerk: Client) -> None:
    sent = opened(clerk, sitting) | {
        f"platz-{sitting.member.pk}": "excused",
        f"platz-{sitting.deputy.pk}": "present",
        f"platz-{sitting.deputy.pk}-fuer": str(sitting.member.pk),
    }
    send(clerk, sitting, sent)
    row = sitting.meeting.attendance.get(seat=sitting.deputy)
    assert row.stands_in_for == sitting.member
    assert row.votes
    assert voting_seats_present(sitting.meeting.attendance.all(), sitting.committee.pk) == 1
    sent[f"platz-{sitting.deputy.pk}-fuer"] = str(sitting.other.pk)
    assert "Bitte wählen Sie aus der Liste" in send(clerk, sitting, sent, 422), "another faction's"


def test_both_cannot_be_there_at_the_same_time_but_one_after_the_other(
    sitting: Sitting, clerk: Client
) -> None:
    member, deputy = f"platz-{sitting.member.pk}", f"platz-{sitting.deputy.pk}"
    sent = opened(clerk, sitting) | {member: "present", deputy: "present"}
    sent[f"{deputy}-fuer"] = str(sitting.member.pk)
    assert "Bernd Kamp ist zur selben Zeit selbst anwesend" in send(clerk, sitting, sent, 422)
    send(clerk, sitting, sent | {f"{deputy}-bis": "18:30", f"{member}-ab": "18.30"})
    assert voting_seats_present(sitting.meeting.attendance.all(), sitting.committee.pk) == 1, "one seat"


@pytest.mark.parametrize(
    ("typed", "sentence"),
    [
        ({"-ab": "halb sieben"}, "Bitte geben Sie eine Uhrzeit ein, zum Beispiel 18:30."),
        ({"-ab": "19:00", "-bis": "18:00"}, "„Bis“ liegt nicht nach „ab“."),
        ({"": "excused", "-ab": "19:00"}, "Uhrzeiten gehören nur zu jemandem, der anwesend ist."),
        ({"": "quatsch"}, "Bitte wählen Sie eine der Möglichkeiten."),
    ],
)
def test_what_cannot_be_is_said_and_nothing_is_lost(
    sitting: Sitting, clerk: Client, typed: dict[str, str], sentence: str
) -> None:
    box = f"platz-{sitting.member.pk}"
    sent = opened(clerk, sitting) | {box: "present", "neu-guest": "Dr. Wald"}
    page = send(clerk, sitting, sent | {box + key: value for key, value in typed.items()}, 422)
    assert sentence in page
    assert "Dr. Wald" in page
    assert not sitting.meeting.attendance.exists()


def test_befangen_at_an_item(sitting: Sitting, clerk: Client) -> None:
    sitting.with_people()
    sent = opened(clerk, sitting) | {"befangen-wer": f"platz-{sitting.other.pk}"}
    assert "Bitte wählen Sie beides" in send(clerk, sitting, sent, 422)
    send(clerk, sitting, sent | {"befangen-top": str(sitting.item_of_paper.pk)})
    exclusion = Exclusion.objects.get(agenda_item__meeting=sitting.meeting)
    assert (exclusion.attendance.name, exclusion.agenda_item) == ("Ayse Demir", sitting.item_of_paper)
    gone = opened(clerk, sitting) | {f"platz-{sitting.other.pk}": "absent"}
    assert "Ayse Demir ist bei TOP 2 als befangen eingetragen" in send(clerk, sitting, gone, 422)
    missing = opened(clerk, sitting) | {
        "befangen-wer": f"platz-{sitting.advisor.pk}",
        "befangen-top": str(sitting.item_of_paper.pk),
    }
    assert "Jonas Beirat ist nicht anwesend" in send(clerk, sitting, missing, 422)
    back = opened(clerk, sitting)
    del back[f"befangen-{exclusion.pk}"]
    send(clerk, sitting, back)
    assert not Exclusion.objects.filter(agenda_item__meeting=sitting.meeting).exists()


def test_two_write_at_the_same_time_and_each_row_is_its_own(sitting: Sitting, clerk: Client) -> None:
    first, second = opened(clerk, sitting), opened(clerk, sitting)
    chair, member = f"platz-{sitting.chair.pk}", f"platz-{sitting.member.pk}"
    send(clerk, sitting, first | {chair: "present", member: "present"})
    page = send(clerk, sitting, second | {f"platz-{sitting.other.pk}": "present", member: "excused"}, 422)
    assert "Petra Sitzungsdienst hat am" in page, "both have said something of Bernd Kamp"
    again = second | {f"platz-{sitting.other.pk}": "present", member: "excused"}
    send(clerk, sitting, again | {f"entscheidung-{member}": "andere"})
    states = dict(sitting.meeting.attendance.values_list("name", "state"))
    assert states == {"Lisa Vogt": "present", "Bernd Kamp": "present", "Ayse Demir": "present"}


def test_a_guest_who_was_entered_by_mistake_goes(sitting: Sitting, clerk: Client) -> None:
    send(clerk, sitting, opened(clerk, sitting) | {"neu-guest": "Dr. Wald\nFrau Moor"})
    sent = opened(clerk, sitting)
    box = f"gast-{sitting.meeting.attendance.get(name='Dr. Wald').pk}"
    stays = f"gast-{sitting.meeting.attendance.get(name='Frau Moor').pk}"
    del sent[box]
    send(clerk, sitting, sent | {f"{stays}-ab": "18:00"})
    row = sitting.meeting.attendance.get()
    assert (row.name, row.from_time) == ("Frau Moor", datetime.time(18))


def test_before_the_day_only_who_sends_apologies(sitting: Sitting, clerk: Client) -> None:
    with time_machine.travel(datetime.datetime(2024, 3, 1, 12, tzinfo=datetime.UTC)):
        clerk.force_login(sitting.clerk)
        box = f"platz-{sitting.member.pk}"
        send(clerk, sitting, opened(clerk, sitting) | {box: "excused"})
        page = send(clerk, sitting, opened(clerk, sitting) | {box: "present"}, 422)
    assert "Die Sitzung ist erst am 04.03.2024." in page


def test_nobody_was_in_a_meeting_that_was_cancelled(sitting: Sitting, clerk: Client) -> None:
    sent = opened(clerk, sitting) | {f"platz-{sitting.member.pk}": "present"}
    sitting.meeting.cancelled, sitting.meeting.reason = True, "Sturm"
    sitting.meeting.save()
    assert "abgesagt. Anwesend war niemand." in send(clerk, sitting, sent, 422)


def test_what_is_agreed_or_signed_does_not_move(sitting: Sitting) -> None:
    minutes = MeetingMinutes.objects.create(meeting=sitting.meeting, state="agreed", agreed_on="2024-03-10")
    change = [Presence(sitting.member, "present")]
    with pytest.raises(ValidationError, match="zurück auf den Entwurf"):
        record_attendance(meeting=sitting.meeting, seats=change, by=sitting.clerk)
    client = Client()
    client.force_login(sitting.clerk)
    page = client.get(sitting.url("anwesenheit/")).content.decode()
    assert "ist abgestimmt" in page
    assert '<fieldset class="m-sheet" disabled>' in page
    minutes.state = "signed"
    minutes.save()
    with pytest.raises(ValidationError, match="ist unterschrieben"):
        record_attendance(meeting=sitting.meeting, seats=change, by=sitting.clerk)


def test_only_the_council_service_keeps_the_sheet(sitting: Sitting) -> None:
    chair = sitting.login_of(sitting.chair)
    with pytest.raises(PermissionDenied):
        record_attendance(meeting=sitting.meeting, guests=[Guest("guest", "Dr. Wald")], by=chair)
    assert not MeetingAttendance.objects.filter(meeting=sitting.meeting).exists()


@pytest.mark.once
def test_the_sheet_asks_no_more_for_more_seats(
    sitting: Sitting, clerk: Client, django_assert_max_num_queries: Any
) -> None:
    def queries() -> int:
        with django_assert_max_num_queries(60) as captured:
            clerk.get(sitting.url("anwesenheit/"))
        return len(captured)

    few = queries()
    for number in range(5):
        sitting.seat(f"Mitglied {number}", ROLES.MEMBER, sitting.red)
        sitting.seat(f"Ersatz {number}", ROLES.DEPUTY, sitting.red, deputy_for=sitting.other)
    sitting.with_people()
    Exclusion.objects.create(
        agenda_item=sitting.opening, attendance=sitting.meeting.attendance.get(seat=sitting.other)
    )
    assert queries() == few


def test_a_reader_of_the_town_is_refused(sitting: Sitting) -> None:
    client = Client()
    client.force_login(make_user(sitting.town, "editing", name="Rita Redaktion"))
    assert client.get(sitting.url("anwesenheit/")).status_code == 403
