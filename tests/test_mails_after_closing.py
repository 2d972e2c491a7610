"""A mail that still waits names nothing of what was closed after it was written."""

from __future__ import annotations

import datetime
from typing import Any

import pytest
from django.utils import timezone

from committees.actions.agenda import close_item
from committees.actions.inviting import invite
from committees.actions.publicity import Kept
from committees.actions.signing import send_back
from committees.actions.task_mails import remind
from committees.models import MeetingFile
from council.actions.mails import remind_readers
from council.models import Reminder
from municipalities.models import Institution, Person, Role
from outbox.models import OutgoingMail
from tests.committees.closing import close
from tests.committees.decided import decide, give_task
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.committees.signers import make_house, request_of, user_of
from tests.committees.test_inviting import House

pytestmark = pytest.mark.django_db

SUBJECT = "Kauf der alten Schule"


def said() -> list[str]:
    """Subject, text and names of attachments of each mail, as it would leave now."""
    found = []
    for mail in OutgoingMail.objects.order_by("pk"):
        names = " ".join(name for name, _content, _kind in mail.wording.attachments)
        found.append(f"{mail.wording.subject}\n{mail.wording.text}\n{names}")
    return found


def test_the_invitation_no_longer_lists_what_went_to_the_non_public_part() -> None:
    house = House()
    invite(meeting=house.meeting, by=house.clerk)
    assert all("2 Integrationskonzept" in mail and ".pdf" in mail for mail in said())
    close_item(item=house.stage.agenda_item, public_title="", by=house.clerk, reason="Vertrag")
    for mail in said():
        assert "Integrationskonzept" not in mail
        assert ".pdf" not in mail
        assert "termin.ics" in mail
        assert house.meeting.get_absolute_url() in mail


def test_the_invitation_is_closed_with_a_title_that_is_corrected() -> None:
    """Also where no item is public."""
    house = House()
    house.meeting.agenda.exclude(position=3).delete()
    item = house.meeting.agenda.get()
    item.public_title = "Vergabe an die Firma Beispiel"
    item.save()
    invite(meeting=house.meeting, by=house.clerk)
    outside = make_user(house.town, Role.Kind.MODERATION, name="Maria Moderation")
    assert MeetingFile.objects.visible_to(outside).exists()
    assert all(".pdf" in mail for mail in said())
    item.public_title = "Vergabe"
    item.save()
    assert not MeetingFile.objects.visible_to(outside).exists()
    assert not any(".pdf" in mail for mail in said())
    assert all("termin.ics" in mail for mail in said())


def test_who_is_to_sign_or_has_it_back_reads_the_number_only() -> None:
    house = make_house()
    paper = house.paper(subject=SUBJECT, number="2024/18")
    house.start(paper)
    send_back(request=request_of(paper, house.head), by=user_of(house.head), reason="Der Preis ist zu hoch.")
    assert [SUBJECT in mail for mail in said()] == [True, True]
    assert "Der Preis ist zu hoch." in said()[1]
    close(paper, house.clerk)
    for mail in said():
        assert SUBJECT not in mail
        assert "Der Preis" not in mail
        assert f": {paper.number}" in mail
        assert paper.get_absolute_url() in mail


def test_why_a_paper_came_back_stands_in_no_mail_if_a_part_of_it_is_not_public() -> None:
    house = make_house()
    paper = house.paper(subject=SUBJECT, number="2024/18")
    house.start(paper)
    send_back(request=request_of(paper, house.head), by=user_of(house.head), reason="Der Preis ist zu hoch.")
    assert "Der Preis" in said()[1]
    point = paper.resolution_points.get()
    close(paper, house.clerk, parts={("punkt", point.pk): Kept(public=False, reason="Vertrag")})
    assert "Der Preis" not in said()[1]
    assert "Den Grund lesen Sie dort." in said()[1]


@pytest.mark.parametrize("what", ["paper", "point", "result"])
def test_a_task_is_not_told_by_its_words(what: str) -> None:
    town = make_town()
    clerk = make_user(town, Role.Kind.COUNCIL_SERVICE)
    office = Institution.objects.create(municipality=town, name="Bauamt", kind="department")
    worker = make_user(town, Role.Kind.DEPARTMENT, name="Wim Fachamt")
    Person.objects.create(municipality=town, name=worker.name, institution=office, user=worker)
    paper = make_paper(town, "<p>Die Schule wird gekauft.</p>", subject=SUBJECT)
    make_stage(paper, make_committee(town, "Rat"), "decide", day=4)
    stage = decide(release(paper))
    task = give_task(stage, SUBJECT, institution=office, days=-3)
    if what == "point":
        task.resolved_point = stage.resolved_points.get()
        task.save()
    remind()
    assert SUBJECT in said()[0]
    point = paper.resolution_points.get()
    closed: dict[str, dict[str, Any]] = {
        "paper": {},
        "point": {"parts": {("punkt", point.pk): Kept(public=False, reason="Vertrag")}},
        "result": {"results": {stage.pk: Kept(public=False, reason="Vertrag")}},
    }
    close(paper, clerk, **closed[what])
    (mail,) = said()
    assert SUBJECT not in mail
    assert f"Auftrag aus der Vorlage „{paper.number}“" in mail
    assert task.get_absolute_url() in mail


def test_a_reminder_of_the_own_names_nothing_any_more() -> None:
    town = make_town()
    clerk = make_user(town, Role.Kind.COUNCIL_SERVICE)
    paper = release(make_paper(town, "<p>Die Schule wird gekauft.</p>", subject=SUBJECT))
    Reminder.objects.create(user=clerk, paper=paper, day=timezone.localdate() - datetime.timedelta(days=1))
    remind_readers()
    assert SUBJECT in said()[0]
    close(paper, clerk)
    (mail,) = said()
    assert SUBJECT not in mail
    assert paper.number not in mail
    assert mail.startswith("Erinnerung an eine Vorlage\n")
