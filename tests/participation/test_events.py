"""Events in the browser: editing, cancelling, deleting, documents, calendar files, invitations, replies."""

import datetime
import hashlib
import re
from collections.abc import Callable
from io import BytesIO
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.mail import EmailMessage
from django.db import IntegrityError, connection, transaction
from django.test import Client
from django.test.utils import CaptureQueriesContext
from PIL import Image

from documents.calendar_files import escape, fold
from fuzzydates.value import parse
from outbox.models import MailAttachment, OutgoingMail
from participation.actions.events import cancel_event
from participation.actions.minutes import agree, publish
from participation.calendar_files import event_file
from participation.models import (
    Audience,
    Event,
    EventAgendaItem,
    EventDocument,
    EventNotice,
    EventReply,
    Group,
    Minutes,
    Phase,
    Process,
    Seat,
)
from tests.participation.conftest import House

pytestmark = pytest.mark.django_db

Login = Callable[..., Client]
PDF = b"%PDF-1.7\nEin Blatt\n%%EOF\n"


def rows(prefix: str, *sent: dict[str, str], initial: int = 0) -> dict[str, str]:
    data = {f"{prefix}-TOTAL_FORMS": str(len(sent)), f"{prefix}-INITIAL_FORMS": str(initial)}
    for number, row in enumerate(sent):
        data |= {f"{prefix}-{number}-{name}": value for name, value in row.items()}
    return data


def typed(house: House, **more: Any) -> dict[str, Any]:
    """The event's form as it stands, with what somebody changes."""
    event = house.event
    sent = {
        "title": event.title,
        "kind": event.kind,
        "state": event.state,
        "date": event.date.german() if event.date else "",
        "start_time": "18:00",
        "end_time": "20:00",
        "place": event.place,
        "groups": [str(house.group.pk)],
        "moderator": str(event.moderator_id),
        "attendance_accuracy": "exact",
        "in_paper": "on",
        **rows("tagesordnung"),
    }
    return sent | more


def saved(house: House) -> Event:
    return Event.objects.get(pk=house.event.pk)


# ---- The process -----------------------------------------------------------------------------------------


def test_a_process_is_made_with_phases_in_the_order_of_their_numbers(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    phases = rows(
        "phasen",
        {"place": "2", "title": "Zweite", "span": "2. Halbjahr 2008 (geplant)", "may_comment": "on"},
        {"place": "1", "title": "Erste", "span": "Anfang 2008", "may_propose": "on"},
    )
    sent = {"title": "Neu", "institutions_accuracy": "exact", "persons_accuracy": "exact", **phases}
    assert client.post("/dort/beteiligung/prozesse/neu/", sent).status_code == 302
    made = Process.objects.get(municipality=house.town, title="Neu")
    assert [phase.title for phase in made.phases.all()] == ["Erste", "Zweite"]
    first, second = made.phases.all()
    assert (first.may_propose, first.may_comment, second.may_comment) == (True, False, True)
    assert first.history.get().history_user == house.editor
    # Changing their places, deleting one and adding another in one go.
    url = f"/dort/beteiligung/prozesse/{made.pk}/bearbeiten/"
    phases = rows(
        "phasen",
        {"id": str(first.pk), "place": "3", "title": "Erste", "span": "Anfang 2008"},
        {"id": str(second.pk), "title": "Zweite", "span": "2008", "DELETE": "on"},
        {"place": "1", "title": "Davor", "span": "2007"},
        initial=2,
    )
    assert client.post(url, sent | phases).status_code == 302
    assert [phase.title for phase in made.phases.all()] == ["Davor", "Erste"]


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"title": ""}, "Bitte geben Sie dem Prozess einen Titel."),
        ({"title": "Konzept"}, "p-errors"),
        ({"span": "irgendwann"}, "kein Zeitpunkt, den wir lesen können"),
        ({"organiser": "9" * 30}, "Bitte wählen Sie aus der Liste."),
        ({"phasen-0-span": "31.02.2008"}, "gibt es im Kalender nicht"),
        ({"phasen-0-place": "-1"}, "größer"),
    ],
)
def test_a_wrong_process_is_shown_again(
    house: House, as_user: Login, wrong: dict[str, str], sentence: str
) -> None:
    phases = rows("phasen", {"title": "Erste Phase", "span": "2008"})
    sent = {"title": "Neu", "institutions_accuracy": "exact", "persons_accuracy": "exact", **phases} | wrong
    response = as_user(house.editor).post("/dort/beteiligung/prozesse/neu/", sent)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert "Erste Phase" in response.content.decode(), "nothing typed is lost"


def test_a_form_that_came_in_cut_off_is_shown_again(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    for url in (f"{house.process_url}bearbeiten/", f"{house.event_url}bearbeiten/"):
        response = client.post(url, {})
        assert response.status_code == 422
        assert "Bitte laden Sie die Seite neu." in response.content.decode()
        strange = {"phasen-TOTAL_FORMS": "x", "tagesordnung-INITIAL_FORMS": "99"}
        assert client.post(url, strange).status_code == 422


def test_the_same_title_on_the_same_day_is_said_at_the_title(house: House, as_user: Login) -> None:
    for date in ("15.12.2026", ""):
        other = Event.objects.create(
            process=house.process, kind="session", title="Zwilling", date=parse(date) if date else None
        )
        sent = typed(house, title="Zwilling", date=date, start_time="", end_time="")
        response = as_user(house.editor).post(f"{house.event_url}bearbeiten/", sent)
        assert response.status_code == 422
        assert "mit diesem Titel und Zeitpunkt" in response.content.decode()
        other.delete()


# ---- The event's form ------------------------------------------------------------------------------------


def test_an_event_is_made_with_its_agenda(house: House, as_user: Login) -> None:
    agenda = rows(
        "tagesordnung",
        {"place": "2", "title": "Aussprache"},
        {"place": "1", "title": "Begrüßung", "presenter": "Leitung", "text": "Kurz"},
    )
    url = f"{house.process_url}veranstaltungen/neu/"
    response = as_user(house.editor).post(url, typed(house, title="Zweite Sitzung", **agenda))
    assert response.status_code == 302
    made = Event.objects.get(title="Zweite Sitzung", process=house.process)
    assert [item.title for item in made.agenda.all()] == ["Begrüßung", "Aussprache"]
    assert made.time_text == "18:00 bis 20:00 Uhr"
    assert list(made.groups.all()) == [house.group]
    page = as_user(house.member).get(made.get_absolute_url()).content.decode()
    for word in ("Begrüßung", "Leitung", "18:00 bis 20:00 Uhr", "Rathaus, Saal 1", "15.12.2026"):
        assert word in page


@pytest.mark.parametrize(
    ("wrong", "sentence"),
    [
        ({"kind": ""}, "Bitte wählen Sie, was für eine Veranstaltung es ist."),
        ({"date": "Dezember 2026"}, "Eine Uhrzeit gibt es nur zu einem einzelnen Tag"),
        ({"date": "14.12.–15.12.2026"}, "Eine Uhrzeit gibt es nur zu einem einzelnen Tag"),
        ({"date": ""}, "Eine Uhrzeit gibt es nur zu einem einzelnen Tag"),
        ({"start_time": ""}, "Zu einem Ende gehört ein Beginn."),
        ({"end_time": "18:00"}, "Das Ende muss nach dem Beginn liegen"),
        ({"end_time": "abends"}, "p-errors"),
        ({"state": "cancelled"}, "p-errors"),
        ({"attendance": "12"}, "worauf die Zahl der Teilnehmenden beruht"),
        ({"attendance": "-1"}, "p-errors"),
        ({"attendance": "40000", "attendance_basis": "count"}, "p-errors"),
        ({"groups": ["999999999999999999999"]}, "p-errors"),
        ({"title": "\x00"}, "p-errors"),
        ({"tagesordnung-TOTAL_FORMS": "1", "tagesordnung-0-presenter": "Wer denn"}, "Wer denn"),
    ],
)
def test_a_wrong_event_is_shown_again(
    house: House, as_user: Login, wrong: dict[str, Any], sentence: str
) -> None:
    response = as_user(house.editor).post(f"{house.event_url}bearbeiten/", typed(house, **wrong))
    assert response.status_code == 422
    assert sentence in response.content.decode()


def test_the_database_refuses_times_without_a_day(house: House) -> None:
    for wrong in (
        {"date": parse("Dezember 2026")},
        {"date": parse("14.12.–15.12.2026")},
        {"date": None},
        {"end_time": datetime.time(17)},
        {"start_time": None},
    ):
        with pytest.raises(IntegrityError), transaction.atomic():
            Event.objects.filter(pk=house.event.pk).update(**wrong)


def test_groups_and_phases_of_another_town_are_no_choice(
    house: House, as_user: Login, towns: dict[str, Any]
) -> None:
    other = Group.objects.filter(municipality=towns["bergkamen"])[0]
    phase = Phase.objects.filter(process__municipality=towns["bergkamen"])[0]
    for wrong in ({"groups": [str(other.pk)]}, {"phase": str(phase.pk)}):
        response = as_user(house.editor).post(f"{house.event_url}bearbeiten/", typed(house, **wrong))
        assert response.status_code == 422


def test_two_people_edit_the_same_event(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    opened = str(house.event.history.first().pk)
    house.event.place = "Bürgerhaus"
    house.event.save()
    url = f"{house.event_url}bearbeiten/"
    response = client.post(url, typed(house, place="Schule", opened_version=opened))
    assert response.status_code == 422
    page = response.content.decode()
    assert "Bürgerhaus" in page
    assert "Schule" in page
    response = client.post(url, typed(house, title="Anders", place="Rathaus, Saal 1", opened_version=opened))
    assert response.status_code == 302
    assert (saved(house).title, saved(house).place) == ("Anders", "Bürgerhaus")


def test_a_moved_event_keeps_the_day_to_which_people_were_invited(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    client.post(f"{house.event_url}bearbeiten/", typed(house, date="16.12.2026"))
    assert saved(house).planned_date is None, "nobody knew of the first day"
    client.post(f"{house.event_url}einladung/", {})
    page = client.post(f"{house.event_url}bearbeiten/", typed(house, date="17.12.2026"), follow=True)
    assert "Schicken Sie ihnen die neue Einladung" in page.content.decode()
    assert str(saved(house).planned_date) == "16.12.2026"
    assert saved(house).sequence == 2


# ---- Cancelling and deleting -----------------------------------------------------------------------------


def test_cancelling_says_why_and_tells_those_invited(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    client.post(f"{house.event_url}einladung/", {})
    assert client.post(f"{house.event_url}absagen/", {"reason": " "}).status_code == 422
    assert client.post(f"{house.event_url}absagen/", {"reason": "Saal gesperrt"}).status_code == 302
    assert (saved(house).state, saved(house).reason) == ("cancelled", "Saal gesperrt")
    mail = OutgoingMail.objects.get(key__contains="cancellation")
    assert mail.recipient == house.member.email
    assert "Saal gesperrt" in mail.text
    file = bytes(MailAttachment.objects.get(mail=mail).content).decode()
    assert "METHOD:CANCEL" in file
    assert "STATUS:CANCELLED" in file
    assert "SEQUENCE:1" in file
    again = client.post(f"{house.event_url}absagen/", {"reason": "Noch einmal"})
    assert again.status_code == 422
    assert "schon abgesagt" in again.content.decode()
    page = as_user(house.member).get(house.event_url).content.decode()
    assert "Saal gesperrt" in page
    assert "Antwort senden" not in page


def test_what_was_held_is_not_cancelled(house: House, as_user: Login) -> None:
    Event.objects.filter(pk=house.event.pk).update(state="held")
    response = as_user(house.editor).post(f"{house.event_url}absagen/", {"reason": "Nein"})
    assert "lässt sich nicht absagen" in response.content.decode()


def test_deleting_names_what_goes_along(house: House, as_user: Login) -> None:
    client, url = as_user(house.editor), f"{house.event_url}loeschen/"
    EventAgendaItem.objects.create(event=house.event, position=1, title="Begrüßung")
    EventReply.objects.create(event=house.event, person=house.person, answer="comes")
    Group.objects.filter(pk=house.group.pk).update(founded_at=house.event)
    page = client.get(url).content.decode()
    for words in ("1 Punkt der Tagesordnung", "1 Rückmeldung", "„AG Sprache“ hier gebildet"):
        assert words in page
    assert client.post(url, {"reason": "doppelt"}).status_code == 302
    assert not Event.objects.filter(pk=house.event.pk).exists()
    assert Event.history.filter(id=house.event.pk).first().history_change_reason == "doppelt"


def test_an_event_with_published_minutes_stays(house: House, as_user: Login) -> None:
    Minutes.objects.create(event=house.event, text="<p>Beschlossen.</p>")
    agree(event=house.event, by=house.editor)
    publish(event=house.event, by=house.editor)
    response = as_user(house.editor).post(f"{house.event_url}loeschen/", {})
    assert "kann nicht gelöscht werden" in response.content.decode()
    assert Event.objects.filter(pk=house.event.pk).exists()


# ---- Documents -------------------------------------------------------------------------------------------


def upload(house: House, client: Client, content: bytes, name: str = "blatt.pdf", **more: Any) -> Any:
    sent = {"title": "Blatt", "audience": "members", "file": SimpleUploadedFile(name, content)} | more
    return client.post(f"{house.event_url}unterlagen/neu/", sent)


def photo(**more: Any) -> bytes:
    file = BytesIO()
    Image.new("RGB", (20, 20), "red").save(file, "JPEG", **more)
    return file.getvalue()


def test_documents_are_for_whom_they_are(house: House, as_user: Login) -> None:
    client = as_user(house.editor)
    assert upload(house, client, PDF, "../../böse\r\n.exe").status_code == 302
    assert upload(house, client, PDF + b"%%EOF", title="Intern", audience="staff").status_code == 302
    assert "schon" in upload(house, client, PDF).content.decode()
    open_to_all, internal = EventDocument.objects.order_by("pk")
    assert (open_to_all.media_type, open_to_all.name) == ("application/pdf", "böse.pdf")
    url = f"{house.event_url}unterlagen/"
    member = as_user(house.member)
    response = member.get(f"{url}{open_to_all.pk}/")
    assert response.content == PDF
    assert response["X-Content-Type-Options"] == "nosniff"
    assert member.get(f"{url}{internal.pk}/").status_code == 404
    assert client.get(f"{url}{internal.pk}/").status_code == 200
    assert "Intern" not in member.get(house.event_url).content.decode()
    assert Client().get(f"{url}{open_to_all.pk}/").status_code == 302
    other = Event.objects.create(process=house.process, kind="session", title="Andere")
    assert client.get(f"{other.get_absolute_url()}unterlagen/{open_to_all.pk}/").status_code == 404
    assert client.post(f"{url}{open_to_all.pk}/loeschen/").status_code == 302
    assert not EventDocument.objects.filter(pk=open_to_all.pk).exists()


def test_a_picture_is_kept_without_where_it_was_taken(house: House, as_user: Login) -> None:
    exif = Image.Exif()
    exif[0x010F] = "Kamera der Zeugin"
    assert upload(house, as_user(house.editor), photo(exif=exif), "bild.pdf").status_code == 302
    document = EventDocument.objects.get()
    assert (document.media_type, document.name) == ("image/jpeg", "bild.jpg")
    assert b"Kamera der Zeugin" not in bytes(document.content)
    assert hashlib.sha256(bytes(document.content)).hexdigest() == document.sha256


@pytest.mark.parametrize(
    ("content", "sentence"),
    [
        (b"", "Die Datei ist leer."),
        (b"MZ\x90\x00 ein Programm", "weder ein PDF noch ein lesbares Bild"),
        (b"<html><script>alert(1)</script></html>", "weder ein PDF noch ein lesbares Bild"),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", "weder ein PDF noch ein lesbares Bild"),
        (b"%PDF-1.7 abgeschnitten", "Das PDF ist unvollständig."),
        (PDF + b"x" * 10_000_000 + b"%%EOF", "größer als 10 MB"),
    ],
    ids=["empty", "program", "page", "svg", "cut off", "too large"],
)
def test_what_is_no_document_is_refused(house: House, as_user: Login, content: bytes, sentence: str) -> None:
    response = upload(house, as_user(house.editor), content)
    assert response.status_code == 422
    assert sentence in response.content.decode()
    assert not EventDocument.objects.exists()


# ---- The calendar file -----------------------------------------------------------------------------------


def lines_of(event: Event) -> list[str]:
    content = event_file(event, address="https://portal.example/dort/")
    assert content.endswith(b"\r\n")
    assert all(len(line) <= 75 for line in content.split(b"\r\n"))
    return content.decode().replace("\r\n ", "").split("\r\n")


def test_a_day_with_times_is_written_in_utc(house: House) -> None:
    lines = lines_of(house.event)
    assert "DTSTART:20261215T170000Z" in lines
    assert "DTEND:20261215T190000Z" in lines
    assert f"UID:veranstaltung-{house.event.pk}@integrationsportal.invalid" in lines
    assert "LOCATION:Rathaus\\, Saal 1" in lines
    house.event.date = parse("15.07.2026")
    assert "DTSTART:20260715T160000Z" in lines_of(house.event), "summer time"


def test_days_without_times_end_the_day_after_the_last(house: House) -> None:
    house.event.date, house.event.start_time, house.event.end_time = parse("14.12.–15.12.2026"), None, None
    lines = lines_of(house.event)
    assert "DTSTART;VALUE=DATE:20261214" in lines
    assert "DTEND;VALUE=DATE:20261216" in lines


def test_text_is_escaped_and_long_lines_are_folded_between_characters() -> None:
    assert escape("a;b,c\\d\r\ne\x07") == "a\\;b\\,c\\\\d\\ne"
    line = "SUMMARY:" + "äöüß€😀" * 30
    folded = fold(line)
    assert all(len(part.encode()) <= 75 for part in folded.split("\r\n"))
    assert folded.replace("\r\n ", "") == line
    assert fold("x" * 75) == "x" * 75


def test_a_title_cannot_smuggle_a_line_into_the_file(house: House) -> None:
    house.event.title = "A\r\nATTENDEE:mailto:x@y.example"
    assert not any(line.startswith("ATTENDEE") for line in lines_of(house.event))


@pytest.mark.parametrize("date", ["Dezember 2026", "Anfang 2014", "ab 01.02.2017", None])
def test_a_fuzzy_date_has_no_calendar_entry_and_the_page_says_so(
    house: House, as_user: Login, date: str | None
) -> None:
    client = as_user(house.member)
    assert client.get(f"{house.event_url}termin.ics").status_code == 200
    event = house.event
    event.date, event.start_time, event.end_time = parse(date) if date else None, None, None
    event.save()
    assert client.get(f"{house.event_url}termin.ics").status_code == 404
    page = client.get(house.event_url).content.decode()
    assert "termin.ics" not in page
    assert "Sobald ein Tag feststeht" in page
    as_user(house.editor).post(f"{house.event_url}einladung/", {})
    assert OutgoingMail.objects.count() == 1
    assert not MailAttachment.objects.exists()


# ---- Invitations and replies -----------------------------------------------------------------------------


def test_an_invitation_goes_once_to_each_who_has_an_address(house: House, as_user: Login) -> None:
    client, url = as_user(house.editor), f"{house.event_url}einladung/"
    page = client.get(url).content.decode()
    assert "Ohne Anmeldung" in page
    assert "0123" in page
    EventAgendaItem.objects.create(event=house.event, position=1, title="Begrüßung", presenter="Leitung")
    assert client.post(url, {"message": "Bitte pünktlich."}).status_code == 302
    mail = OutgoingMail.objects.get()
    assert (mail.recipient, mail.subject) == (house.member.email, "Einladung: Erste Sitzung")
    for words in (
        "Bitte pünktlich.",
        "15.12.2026, 18:00 bis 20:00 Uhr",
        "1. Begrüßung (Leitung)",
        house.event_url,
    ):
        assert words in mail.text
    attachment = MailAttachment.objects.get()
    message = EmailMessage("x", "y", to=["a@b.example"])
    message.attach(attachment.name, bytes(attachment.content), attachment.content_type)
    part = message.message().get_payload()[1]
    assert part.get_content_type() == "text/calendar"
    assert part.get_param("method") == "PUBLISH"
    assert part.get_payload(decode=True) == bytes(attachment.content)
    assert "niemand mehr" in client.post(url, {}, follow=True).content.decode()
    assert OutgoingMail.objects.count() == 1
    # A change is a new state of the invitation.
    client.post(f"{house.event_url}bearbeiten/", typed(house, place="Schule"))
    client.post(url, {})
    changed = OutgoingMail.objects.order_by("pk").last()
    assert changed is not None
    assert changed.subject == "Geändert: Erste Sitzung"
    assert EventNotice.objects.count() == 2


def test_only_planned_events_are_invited_to(house: House, as_user: Login) -> None:
    Event.objects.filter(pk=house.event.pk).update(state="held")
    assert as_user(house.editor).post(f"{house.event_url}einladung/", {}).status_code == 422
    assert not OutgoingMail.objects.exists()


def test_without_a_group_the_page_says_what_to_do_instead_of_inviting_nobody(
    house: House, as_user: Login
) -> None:
    house.event.groups.clear()
    page = as_user(house.editor).get(f"{house.event_url}einladung/").content.decode()
    assert "Die Veranstaltung hat keine Gruppe mit besetzten Plätzen." in page
    assert "Einladung senden" not in page


def test_who_has_left_the_group_is_not_invited(house: House, as_user: Login) -> None:
    seat = Seat.objects.get(person=house.person)
    seat.span = parse("2009–2014")
    seat.save()
    as_user(house.editor).post(f"{house.event_url}einladung/", {})
    assert not OutgoingMail.objects.exists()


def test_a_member_says_whether_they_come(house: House, as_user: Login) -> None:
    client, url = as_user(house.member), f"{house.event_url}antwort/"
    assert "Meine Antwort" in client.get(house.event_url).content.decode()
    assert client.post(url, {"answer": "perhaps", "remark": "Eher spät"}).status_code == 302
    assert client.post(url, {"answer": "comes", "remark": ""}).status_code == 302
    reply = EventReply.objects.get()
    assert (reply.answer, reply.remark, reply.entered_by) == ("comes", "", house.member)
    assert reply.history.count() == 2
    for wrong in ({}, {"answer": "tanzt"}, {"answer": "comes", "remark": "x" * 301}):
        assert client.post(url, wrong).status_code == 422
    assert as_user(house.outsider).post(url, {"answer": "comes"}).status_code == 403
    assert "Meine Antwort" not in as_user(house.outsider).get(house.event_url).content.decode()
    Event.objects.filter(pk=house.event.pk).update(open_to_all=True)
    assert as_user(house.outsider).post(url, {"answer": "comes"}).status_code == 302


def test_staff_enter_replies_without_undoing_what_others_said_meanwhile(house: House, as_user: Login) -> None:
    client, url = as_user(house.editor), f"{house.event_url}rueckmeldungen/"
    name, other = f"antwort-{house.without_login.pk}", f"antwort-{house.person.pk}"
    opened = {
        f"{name}-offen": "", f"{name}-bemerkung-offen": "", name: "", f"{name}-bemerkung": "",
        f"{other}-offen": "", f"{other}-bemerkung-offen": "", other: "", f"{other}-bemerkung": "",
    }  # fmt: skip
    EventReply.objects.create(event=house.event, person=house.person, answer="comes")
    sent = opened | {name: "stays_away", f"{name}-bemerkung": "rief an"}
    assert client.post(url, sent).status_code == 302
    assert EventReply.objects.get(person=house.person).answer == "comes"
    entered = EventReply.objects.get(person=house.without_login)
    assert (entered.answer, entered.remark, entered.entered_by) == ("stays_away", "rief an", house.editor)
    page = client.get(url).content.decode()
    assert "rief an" in page
    for wrong in (
        {name: "tanzt"},
        {f"{name}-bemerkung": "nur so"},
        {name: "comes", f"{name}-bemerkung": "x" * 301},
    ):
        assert client.post(url, opened | wrong).status_code == 422
    back = {
        f"{name}-offen": "stays_away",
        f"{name}-bemerkung-offen": "rief an",
        name: "",
        f"{name}-bemerkung": "",
    }
    assert client.post(url, opened | back).status_code == 302
    assert not EventReply.objects.filter(person=house.without_login).exists()


def test_two_answers_for_one_person_are_both_shown_to_the_second(house: House, as_user: Login) -> None:
    client, url = as_user(house.editor), f"{house.event_url}rueckmeldungen/"
    box = f"antwort-{house.person.pk}"
    opened = {f"{box}-offen": "", f"{box}-bemerkung-offen": ""}
    as_user(house.member).post(f"{house.event_url}antwort/", {"answer": "comes", "remark": "gern"})
    late = opened | {box: "stays_away", f"{box}-bemerkung": "rief an"}
    response = client.post(url, late)
    assert response.status_code == 422
    page = " ".join(re.sub("<[^>]*>|nur hier: ", "", response.content.decode()).split())
    assert "Mitglied hat am" in page
    assert "Meine Fassung kommt nicht, rief an Die andere Fassung kommt, gern" in page
    assert EventReply.objects.get(person=house.person).answer == "comes"
    seen = late | {f"{box}-offen": "comes", f"{box}-bemerkung-offen": "gern"}
    assert client.post(url, seen | {f"entscheidung-{box}": "andere"}).status_code == 302
    assert EventReply.objects.get(person=house.person).answer == "comes"
    assert client.post(url, seen | {f"entscheidung-{box}": "meine"}).status_code == 302
    assert EventReply.objects.get(person=house.person).remark == "rief an"


def test_the_number_of_queries_does_not_grow(house: House, as_user: Login) -> None:
    def fill(number: int) -> None:
        EventAgendaItem.objects.create(event=house.event, position=number, title=f"Punkt {number}")
        content = PDF + bytes([number])
        EventDocument.objects.create(
            event=house.event, title=f"Blatt {number}", audience=Audience.MEMBERS, name="a.pdf",
            media_type="application/pdf", content=content, size=len(content), sha256=str(number),
        )  # fmt: skip
        group = Group.objects.create(municipality=house.town, kind="working", name=f"AG {number}")
        house.event.groups.add(group)
        Seat.objects.create(group=group, position=1, person=house.without_login)

    client, pages = as_user(house.editor), ("", "rueckmeldungen/", "einladung/", "bogen/")
    fill(1)
    fill(2)
    client.get(house.event_url)
    counts = {"": 14, "rueckmeldungen/": 10, "einladung/": 9, "bogen/": 19}

    def counted() -> dict[str, int]:
        found = {}
        for page in pages:
            with CaptureQueriesContext(connection) as queries:
                assert client.get(f"{house.event_url}{page}").status_code == 200
            found[page] = len(queries)
        return found

    assert counted() == counts
    for number in range(3, 12):
        fill(number)
    assert counted() == counts


def test_cancelling_twice_at_the_same_time_tells_once(house: House) -> None:
    first = cancel_event(event=house.event, reason="Sturm", by=house.editor)
    assert first.sequence == 1
