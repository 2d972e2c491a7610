"""Meetings: planned, moved, called off, gone on with; the list, and the calendars for everybody."""

from __future__ import annotations

import datetime
import re
from collections.abc import Callable
from typing import Any

import pytest
import time_machine
from django.test import Client

from committees.models import (
    AgendaItem,
    Committee,
    Consultation,
    Meeting,
    MeetingFile,
    MeetingMinutes,
    MeetingNotice,
)
from documents.models import IssuedFile
from municipalities.models import Municipality, Person, Role, User
from outbox.models import OutgoingMail
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release

pytestmark = pytest.mark.django_db

LIST_QUERIES = 11


@pytest.fixture(autouse=True)
def today() -> Any:
    with time_machine.travel(datetime.datetime(2024, 6, 15, 10, tzinfo=datetime.UTC)) as travelled:
        yield travelled


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def council(town: Municipality) -> Committee:
    return make_committee(town, "Rat", genitive="Rates")


@pytest.fixture
def clerk(town: Municipality) -> User:
    return make_user(town, Role.Kind.COUNCIL_SERVICE)


@pytest.fixture
def office(clerk: User) -> Client:
    client = Client()
    client.force_login(clerk)
    return client


def make_meeting(*committees: Committee, **values: Any) -> Meeting:
    facts = {"title": "21. Sitzung des Rates", "date": datetime.date(2024, 7, 1), **values}
    meeting = Meeting.objects.create(municipality=committees[0].municipality, **facts)
    meeting.committees.set(committees)
    return meeting


def send_out(meeting: Meeting, by: User) -> None:
    """As if the invitation had left the house."""
    name = f"einladung-{meeting.pk}.pdf"
    file = IssuedFile.freeze(municipality=meeting.municipality, name=name, content=name.encode(), by=by)
    MeetingFile.objects.create(meeting=meeting, kind="invitation", number=1, public=True, file=file)


def text_of(response: Any, status: int = 200) -> str:
    assert response.status_code == status
    return " ".join(response.content.decode().split())


def test_a_meeting_is_planned_and_counted_on(office: Client, council: Committee) -> None:
    start = f"/{council.municipality.slug}/sitzungen/"
    empty = text_of(office.post(f"{start}neu/", {}), 422)
    assert "Bitte wählen Sie, welches Gremium tagt." in empty
    assert "Bitte nennen Sie den Tag der Sitzung." in empty
    first = {
        "committees": [council.pk], "title": "7. Sitzung des Rates", "date": "2024-07-01", "start": "19:00",
        "end": "17:00", "place": "Ratssaal",
    }  # fmt: skip
    wrong = text_of(office.post(f"{start}neu/", first), 422)
    assert "Das Ende liegt nicht nach dem Beginn." in wrong
    assert 'value="Ratssaal"' in wrong
    page = text_of(office.post(f"{start}neu/", {**first, "end": "21:00"}, follow=True))
    assert "Montag, 01.07.2024, 19:00–21:00 Uhr, Ratssaal" in page
    assert "Noch kein Punkt" in page
    # The next one is counted on, and sits jointly with another committee.
    other = make_committee(council.municipality, "Hauptausschuss")
    page = text_of(
        office.post(f"{start}neu/", {"committees": [council.pk, other.pk], "date": "01.09.2024"}, follow=True)
    )
    assert "Hauptausschuss</a>, <a" in page
    again = text_of(office.post(f"{start}neu/", {**first, "end": "21:00"}), 422)
    assert "Eine Sitzung mit dieser Bezeichnung gibt es an dem Tag schon." in again
    assert "Bitte prüfen Sie das Jahr." in text_of(office.post(f"{start}neu/", {"date": "0024-07-01"}), 422)


def test_moving_says_from_when_and_why(office: Client, council: Committee) -> None:
    meeting = make_meeting(council, start=datetime.time(17))
    address = meeting.get_absolute_url()
    same = {"date": "2024-07-01", "start": "17:00", "place": ""}
    assert "Bitte nennen Sie den Grund der Verlegung." in text_of(
        office.post(f"{address}verlegen/", same), 422
    )
    same["reason"] = "Der Saal ist belegt."
    unchanged = text_of(office.post(f"{address}verlegen/", same), 422)
    assert "Tag, Uhrzeit und Ort sind unverändert." in unchanged
    gone = text_of(office.post(f"{address}verlegen/", {**same, "date": "2024-01-08"}), 422)
    assert "Dieser Tag ist schon vorbei." in gone
    page = text_of(office.post(f"{address}verlegen/", {**same, "date": "2024-07-08"}, follow=True))
    assert "verlegt vom 01.07.2024" in page
    assert "Der Saal ist belegt." in page
    meeting.refresh_from_db()
    assert (meeting.date, meeting.sequence) == (datetime.date(2024, 7, 8), 1)
    newest = meeting.history.first()
    assert newest.history_change_reason == "verlegt: Der Saal ist belegt."


def test_who_was_invited_is_told_of_every_change(office: Client, council: Committee, clerk: User) -> None:
    meeting = make_meeting(council)
    member = make_user(council.municipality, name="Rosa Rat")
    person = Person.objects.create(municipality=council.municipality, name="Rosa Rat", user=member)
    MeetingNotice.objects.create(
        meeting=meeting, person=person, kind="invitation", sequence=0, address=member.email, sent_by=clerk
    )
    address = meeting.get_absolute_url()
    office.post(f"{address}verlegen/", {"date": "2024-07-08", "reason": "Der Saal ist belegt."})
    office.post(f"{address}absagen/", {"reason": "Nicht beschlussfähig."})
    mails = OutgoingMail.objects.filter(recipient=member.email).order_by("pk")
    assert [mail.subject.split(":")[0] for mail in mails] == ["Verlegt", "Abgesagt"]
    assert "Der Saal ist belegt." in mails[0].text
    assert "Nicht beschlussfähig." in mails[1].text


def test_a_cancelled_meeting_stays_and_may_take_place_after_all(office: Client, council: Committee) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    stage = make_stage(paper, council, "decide")
    meeting = make_meeting(council)
    stage.meeting = meeting
    stage.save()
    address = meeting.get_absolute_url()
    assert "Eine Beratung steht in dieser Sitzung an." in text_of(office.get(f"{address}absagen/"))
    assert "Bitte nennen Sie den Grund der Absage." in text_of(office.post(f"{address}absagen/", {}), 422)
    page = text_of(office.post(f"{address}absagen/", {"reason": "Nicht beschlussfähig."}, follow=True))
    assert "abgesagt" in page
    assert "Nicht beschlussfähig." in page
    assert "schon abgesagt" in text_of(office.post(f"{address}absagen/", {"reason": "Noch einmal"}), 422)
    assert "abgesagt" in text_of(
        office.post(f"{address}verlegen/", {"date": "2024-08-01", "reason": "x"}), 422
    )
    page = text_of(office.post(f"{address}doch/", follow=True))
    assert "findet doch statt" in page
    assert "Nicht beschlussfähig." not in page


def test_what_has_taken_place_is_neither_moved_nor_cancelled(office: Client, council: Committee) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    meeting = make_meeting(council)
    stage = make_stage(paper, council, "decide", result="einstimmig", outcome="accepted")
    stage.meeting = meeting
    stage.save()
    address = meeting.get_absolute_url()
    for page, sent in (("absagen", {}), ("verlegen", {"date": "2024-08-01"})):
        told = text_of(office.post(f"{address}{page}/", {"reason": "Versehen", **sent}), 422)
        assert "schon Ergebnisse eingetragen" in told
    meeting.refresh_from_db()
    assert (meeting.cancelled, meeting.moved_from) == (False, None)


def test_a_meeting_under_a_route_is_not_deleted(office: Client, council: Committee, clerk: User) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    stage = make_stage(paper, council, "decide", day=4)
    meeting = stage.meeting
    meeting.committees.add(council)
    address = meeting.get_absolute_url()
    for answer, status in (
        (office.get(f"{address}loeschen/"), 200),
        (office.post(f"{address}loeschen/"), 422),
    ):
        page = text_of(answer, status)
        assert "steht 1 Beratung an (2024/17)" in page
        assert "sagen Sie die Sitzung ab" in page
    stage.meeting = None
    stage.save()
    send_out(meeting, clerk)
    assert "Zu dieser Sitzung ist schon eingeladen." in text_of(office.post(f"{address}loeschen/"), 422)
    fresh = make_meeting(council)
    AgendaItem.objects.create(meeting=fresh, position=1, number="1", title="Eröffnung")
    assert "ist gelöscht" in text_of(office.post(f"{fresh.get_absolute_url()}loeschen/", follow=True))
    assert not Meeting.objects.filter(pk=fresh.pk).exists()


def test_after_the_invitation_the_day_changes_with_a_reason_only(
    office: Client, council: Committee, clerk: User
) -> None:
    meeting = make_meeting(council)
    send_out(meeting, clerk)
    address = f"{meeting.get_absolute_url()}bearbeiten/"
    assert "Die Einladung ist versandt." in text_of(office.get(address))
    office.post(address, {"committees": [council.pk], "title": "22. Sitzung des Rates", "date": "2025-01-01"})
    meeting.refresh_from_db()
    assert (meeting.title, meeting.date) == ("22. Sitzung des Rates", datetime.date(2024, 7, 1))
    assert meeting.sequence == 1


def test_no_committee_leaves_a_meeting_that_it_has_a_stage_in(office: Client, council: Committee) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    other = make_committee(council.municipality, "Hauptausschuss", genitive="Hauptausschusses")
    meeting = make_meeting(council, other)
    stage = make_stage(paper, other, "advise")
    stage.meeting = meeting
    stage.save()
    sent = {"committees": [council.pk], "title": meeting.title, "date": "2024-07-01"}
    page = text_of(office.post(f"{meeting.get_absolute_url()}bearbeiten/", sent), 422)
    assert "In dieser Sitzung steht noch eine Beratung an von: Hauptausschuss." in page
    assert meeting.committees.count() == 2


def test_what_was_broken_off_goes_on_another_day(office: Client, council: Committee) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    meeting = make_meeting(council, place="Ratssaal")
    rows = [
        AgendaItem.objects.create(meeting=meeting, position=n, number=str(n), title=title)
        for n, title in enumerate(("Eröffnung", "Integrationskonzept", "Anfragen"), start=1)
    ]
    stage = make_stage(paper, council, "decide")
    stage.meeting, stage.agenda_item = meeting, rows[1]
    stage.save()
    address = meeting.get_absolute_url()
    early = {"date": "2024-06-30", "items": [rows[1].pk]}
    assert "nicht vor der Sitzung" in text_of(office.post(f"{address}fortsetzen/", early), 422)
    sent = {"date": "2024-07-03", "place": "Ratssaal", "items": [rows[1].pk, rows[2].pk]}
    page = text_of(office.post(f"{address}fortsetzen/", sent, follow=True))
    assert "Fortsetzung: 21. Sitzung des Rates" in page
    stage.refresh_from_db()
    new = stage.meeting
    assert (new.continues, new.date) == (meeting, datetime.date(2024, 7, 3))
    assert [(item.number, item.title) for item in new.agenda.all()] == [
        ("2", "Integrationskonzept"), ("3", "Anfragen"),
    ]  # fmt: skip
    assert stage.agenda_item.meeting == new
    rows[1].refresh_from_db()
    assert rows[1].discussion == "<p>Wird in der Fortsetzung am 03.07.2024 beraten.</p>"
    assert "Wird fortgesetzt" in text_of(office.get(address))
    again = text_of(office.post(f"{address}fortsetzen/", sent), 422)
    assert "hat schon eine Fortsetzung" in again


def test_signed_minutes_close_the_meeting(office: Client, council: Committee) -> None:
    meeting = make_meeting(council)
    day = datetime.date(2024, 7, 2)
    MeetingMinutes.objects.create(meeting=meeting, state="signed", agreed_on=day)
    address = meeting.get_absolute_url()
    pages = {"absagen": {"reason": "x"}, "verlegen": {"date": "2024-08-01", "reason": "x"},
             "fortsetzen": {"date": "2024-08-01"}}  # fmt: skip
    for page, sent in pages.items():
        assert "Niederschrift dieser Sitzung ist unterschrieben" in text_of(
            office.post(f"{address}{page}/", sent), 422
        )


def test_the_list_parts_what_comes_from_what_was(
    office: Client, council: Committee, django_assert_num_queries: Callable[..., Any]
) -> None:
    other = make_committee(council.municipality, "Hauptausschuss")
    make_meeting(council, date=datetime.date(2024, 6, 3), title="20. Sitzung des Rates")
    coming = make_meeting(council)
    address = f"/{council.municipality.slug}/sitzungen/"
    page = text_of(office.get(address))
    assert (
        page.index("Kommende") < page.index("21. Sitzung") < page.index("Vergangene") < page.index("20. Sitz")
    )
    with django_assert_num_queries(LIST_QUERIES):
        office.get(address)
    for number in range(22, 60):
        make_meeting(council, other, title=f"{number}. Sitzung des Rates")
        make_meeting(council, other, title=f"{number}. Sitzung", date=datetime.date(2024, 5, 1))
    with django_assert_num_queries(LIST_QUERIES):
        page = text_of(office.get(address))
    assert "39 Sitzungen" in page
    filtered = text_of(office.get(f"{address}?committee={other.pk}"))
    assert coming.title not in filtered
    assert "30. Sitzung des Rates" in filtered
    assert office.get(f"{address}?committee=abc&seite=x").status_code == 200


def test_anybody_may_subscribe_to_the_meetings(council: Committee) -> None:
    town = council.municipality
    other = make_committee(town, "Hauptausschuss")
    meeting = make_meeting(
        council, start=datetime.time(17), end=datetime.time(19, 30), place="Rathaus; Saal 1, links",
        reason="Geheim", moved_from=datetime.date(2024, 6, 24),
    )  # fmt: skip
    AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Grundstück", public=False)
    make_meeting(other, title="5. Sitzung", cancelled=True, reason="Krankheit", sequence=2)
    make_meeting(council, title="Alte Sitzung", date=datetime.date(2022, 1, 1))
    nobody = Client()
    answer = nobody.get(f"/{town.slug}/sitzungen/kalender.ics")
    assert answer["Content-Type"] == "text/calendar; charset=utf-8"
    lines = re.sub(r"\r\n ", "", answer.content.decode()).split("\r\n")
    assert f"UID:sitzung-{meeting.pk}@integrationsportal.invalid" in lines
    for line in ("DTSTART:20240701T150000Z", "DTEND:20240701T173000Z", "SUMMARY:21. Sitzung des Rates",
                 r"LOCATION:Rathaus\; Saal 1\, links", "SUMMARY:Abgesagt: 5. Sitzung",
                 "DTSTART;VALUE=DATE:20240701", "STATUS:CANCELLED", "SEQUENCE:2"):  # fmt: skip
        assert line in lines
    assert any(line.startswith("DESCRIPTION:Rat\\n\\nhttp") for line in lines)
    for secret in ("Grundstück", "Geheim", "Krankheit", "Alte Sitzung"):
        assert secret not in answer.content.decode()
    assert (
        nobody.get(answer.request["PATH_INFO"], headers={"if-none-match": answer["ETag"]}).status_code == 304
    )
    own = nobody.get(f"{council.get_absolute_url()}kalender.ics").content.decode()
    assert "21. Sitzung des Rates" in own
    assert "5. Sitzung" not in own
    assert nobody.get("/anderswo/sitzungen/kalender.ics").status_code == 404
    foreign = make_town("Altstadt")
    assert nobody.get(f"/{foreign.slug}/gremien/{council.pk}/kalender.ics").status_code == 404
    assert "VEVENT" not in nobody.get(f"/{foreign.slug}/sitzungen/kalender.ics").content.decode()


def test_results_are_read_at_the_meeting(office: Client, council: Committee) -> None:
    paper = release(make_paper(council.municipality, "Das Konzept wird beschlossen."))
    meeting = make_meeting(council)
    item = AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Integrationskonzept")
    stage = make_stage(paper, council, "decide", result="einstimmig beschlossen", outcome="accepted")
    Consultation.objects.filter(pk=stage.pk).update(meeting=meeting, agenda_item=item)
    page = text_of(office.get(meeting.get_absolute_url()))
    assert "<strong>Ergebnis:</strong> einstimmig beschlossen" in page
    assert f'href="{paper.get_absolute_url()}beratung/1/"' in page
