"""The mail server is down, comes back, dies between two mails: each mail arrives once."""

from __future__ import annotations

import datetime
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import time_machine
from django.core.exceptions import ValidationError
from django.core.management import call_command
from django.db import transaction
from django.test import Client
from django.urls import reverse

from municipalities.models import User
from outbox import actions
from outbox.actions import Naming, cancel, pause_after, post, retry, send_due
from outbox.models import GIVEN_UP_AFTER, OutgoingMail, Wording
from tests.committees.factories import make_paper, make_town
from tests.outbox.mail_server import MailServer, mail_server

pytestmark = pytest.mark.django_db

State = OutgoingMail.State
START = datetime.datetime(2026, 3, 2, 9, 0, tzinfo=datetime.UTC)


@pytest.fixture(autouse=True)
def smtp(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    settings.EMAIL_TIMEOUT = 0.5
    settings.DEFAULT_FROM_EMAIL = "Portal <portal@stadt.example>"


@pytest.fixture
def server(settings: Any) -> Iterator[MailServer]:
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        yield server


@pytest.fixture
def clock() -> Iterator[Any]:
    with time_machine.travel(START, tick=False) as clock:
        yield clock


def write(key: str, **more: Any) -> OutgoingMail:
    values = {"to": f"{key}@b.example", "subject": f"Betreff {key}", "text": f"Text {key}"} | more
    return post(key=key, **values)


def states() -> dict[str, str]:
    return dict(OutgoingMail.objects.values_list("key", "state"))


def test_a_mail_arrives_with_its_attachments(server: MailServer) -> None:
    mail = write("a", attachments=[("einladung.ics", b"BEGIN:VCALENDAR", "text/calendar")])
    assert send_due().sent == 1
    (received,) = server.received
    assert received["Subject"] == "Betreff a"
    assert received["To"] == "a@b.example"
    assert received["Message-ID"] == mail.message_id
    assert mail.message_id.endswith("@stadt.example>")
    text, attached = received.iter_parts()
    assert text.get_content().strip() == "Text a"
    assert (attached.get_filename(), attached.get_content_type()) == ("einladung.ics", "text/calendar")
    assert states() == {"a": State.SENT}
    assert send_due().tried == 0


def test_the_same_key_twice_is_one_mail(server: MailServer) -> None:
    first, second = write("a"), write("a", subject="Anders", to="c@d.example")
    assert first == second
    send_due()
    write("a")
    send_due()
    assert server.subjects == ["Betreff a"]


def test_a_mail_of_a_transaction_that_fails_was_never_written() -> None:
    with transaction.atomic():
        write("a")
        transaction.set_rollback(True)
    assert states() == {}


def test_the_server_is_down_and_comes_back(clock: Any, settings: Any) -> None:
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
    for key in "abc":
        write(key)
    first = send_due()
    assert (first.sent, first.put_off, first.server_down) == (0, 1, True)  # the others are not even tried
    assert "ConnectionRefused" in OutgoingMail.objects.get(key="a").last_error
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
        clock.shift(datetime.timedelta(minutes=1, seconds=1))
        assert send_due().sent == 3
        send_due()
        assert sorted(server.subjects) == ["Betreff a", "Betreff b", "Betreff c"]


def test_the_server_dies_between_two_mails(clock: Any, server: MailServer) -> None:
    for key in "abc":
        write(key)
    server.dies_after = 1
    assert send_due().sent == 1
    assert states() == {"a": State.SENT, "b": State.WAITING, "c": State.WAITING}
    server.dies_after = None
    clock.shift(datetime.timedelta(hours=1))
    send_due()
    assert server.subjects == ["Betreff a", "Betreff c", "Betreff b"]


def test_the_server_dies_before_it_says_that_it_took_the_mail(clock: Any, server: MailServer) -> None:
    """Nobody can know, so it is sent again; the Message-ID tells the receiver that it is the same."""
    mail = write("a")
    server.swallows_the_answer = True
    send_due()
    server.swallows_the_answer = False
    clock.shift(datetime.timedelta(hours=1))
    send_due()
    assert {received["Message-ID"] for received in server.received} == {mail.message_id}
    assert states() == {"a": State.SENT}


def test_a_server_that_hangs_holds_nobody_for_long(server: MailServer) -> None:
    server.deaf = True
    for key in "abc":
        write(key)
    began = time.monotonic()
    done = send_due()
    assert time.monotonic() - began < 5
    assert (done.put_off, done.server_down) == (1, True)


def test_an_address_that_the_server_refuses_for_good_stops_nobody_else(server: MailServer) -> None:
    server.refuses = {"a@b.example": "550 unbekannt", "b@b.example": "451 spaeter"}
    for key in "abc":
        write(key)
    done = send_due()
    assert (done.sent, done.put_off, done.failed) == (1, 1, 1)
    assert states() == {"a": State.FAILED, "b": State.WAITING, "c": State.SENT}
    assert "550" in OutgoingMail.objects.get(key="a").last_error
    server.refuses = {}
    assert retry(mails=OutgoingMail.objects.all()) == 2
    assert send_due().sent == 2
    assert len(server.received) == 3


def test_a_sender_that_died_is_told_apart_and_its_mail_comes_after_a_while(
    clock: Any, server: MailServer
) -> None:
    mail = write("a")
    assert actions._claim() == mail  # ... and then the process was killed
    assert send_due().tried == 0
    clock.shift(GIVEN_UP_AFTER + datetime.timedelta(seconds=1))
    assert send_due().sent == 1
    assert [received["Message-ID"] for received in server.received] == [mail.message_id]


def test_a_sender_given_up_for_dead_takes_nothing_back(clock: Any, server: MailServer) -> None:
    write("a")
    slow = actions._claim()
    assert slow
    clock.shift(GIVEN_UP_AFTER + datetime.timedelta(seconds=1))
    send_due()
    actions._settle(slow, state=State.WAITING, last_error="zu spät")
    assert states() == {"a": State.SENT}


def test_pauses_grow_and_end() -> None:
    minutes = [pause_after(attempts).total_seconds() / 60 for attempts in range(1, 12)]
    assert minutes[:4] == [1, 2, 4, 8]
    assert minutes[-1] == pause_after(10_000).total_seconds() / 60 == 360


def test_after_some_days_a_mail_is_given_up(clock: Any, settings: Any) -> None:
    with mail_server() as server:
        settings.EMAIL_PORT = server.port
    write("a")
    for _ in range(actions.MOST_ATTEMPTS):
        assert send_due().tried == 1
        clock.shift(actions.LONGEST_PAUSE)
    assert states() == {"a": State.FAILED}
    assert send_due().tried == 0


def test_a_mail_for_later_waits_and_one_taken_back_never_leaves(clock: Any, server: MailServer) -> None:
    write("spaeter", not_before=START + datetime.timedelta(days=1))
    write("nie", secret=True)
    assert cancel(key="nie")
    assert send_due().tried == 0
    clock.shift(datetime.timedelta(days=1))
    assert send_due().sent == 1
    assert not cancel(key="spaeter")
    assert OutgoingMail.objects.get(key="nie").text == ""


def test_a_way_in_is_forgotten_once_it_has_left(server: MailServer) -> None:
    write("a", secret=True)
    write("b")
    send_due()
    assert dict(OutgoingMail.objects.values_list("key", "text")) == {"a": "", "b": "Text b"}
    assert "Text a" in server.received[0].get_content()


def test_a_mail_names_what_is_public_when_it_leaves(server: MailServer) -> None:
    town = make_town()
    papers = {state: make_paper(town, number=state, subject=state) for state in ("offen", "zu", "fort")}
    for state, paper in papers.items():
        attached = ((f"{state}.pdf", b"%PDF", "application/pdf"),)
        named = Wording(f"Zu {paper.subject}", f"Die Vorlage {paper.subject}", attached)
        write(
            state,
            subject="Zu einer Vorlage",
            text="Eine Vorlage",
            attachments=[("termin.ics", b"BEGIN:VCALENDAR", "text/calendar")],
            naming=Naming([papers["offen"], paper] if paper != papers["offen"] else [paper], named),
        )
    papers["zu"].public, papers["zu"].non_public_reason = False, "Vertrag"
    papers["zu"].save()
    papers["fort"].delete()
    send_due()
    said = {
        mail["To"].partition("@")[0]: (
            mail["Subject"],
            [part.get_filename() or part.get_content().strip() for part in mail.iter_parts()],
        )
        for mail in server.received
    }
    nothing = ("Zu einer Vorlage", ["Eine Vorlage", "termin.ics"])
    assert said == {
        "offen": ("Zu offen", ["Die Vorlage offen", "termin.ics", "offen.pdf"]),
        "zu": nothing,
        "fort": nothing,
    }


def test_odd_words_are_sent_and_odd_addresses_refused(server: MailServer) -> None:
    write("a", subject="Zwei\nZeilen\0 und Bcc: x@y.example", text="Nu\0ll")
    with pytest.raises(ValidationError):
        write("b", to="kein Postfach")
    assert send_due().sent == 1
    assert server.subjects == ["Zwei Zeilen und Bcc: x@y.example"]


def test_the_next_mail_is_not_sent_inside_a_transaction() -> None:
    """So that what was claimed is known to all before the server hears of it. (Django lets tests off.)"""
    assert "durable=True" in Path(actions.__file__).read_text("utf-8")


def test_one_round_by_command(server: MailServer, capsys: Any) -> None:
    write("a")
    call_command("send_mails")
    assert capsys.readouterr().out.startswith("1 gesendet, 0 später")


def test_those_who_run_the_installation_see_what_failed_and_try_again(
    server: MailServer, client: Client
) -> None:
    server.refuses = {"a@b.example": "550 unbekannt"}
    naming = Naming([make_paper(make_town())], Wording("Betreff Integrationskonzept", "Geheimes"))
    mail = write("a", text="Geheimes", secret=True, naming=naming)
    send_due()
    client.force_login(User.objects.create_superuser("betrieb@portal.example", name="Betrieb"))
    address = reverse("admin:outbox_outgoingmail_changelist")
    page = client.get(address).content.decode()
    assert "nicht zustellbar" in page
    assert "Integrationskonzept" not in page + client.get(f"{address}{mail.pk}/change/").content.decode()
    assert "Geheimes" not in client.get(f"{address}{mail.pk}/change/").content.decode()
    done = client.post(address, {"action": "try_again", "_selected_action": [mail.pk]}, follow=True)
    assert "1 E-Mail wird noch einmal versucht." in done.content.decode()
    server.refuses = {}
    assert send_due().sent == 1
