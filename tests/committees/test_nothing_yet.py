"""A town in which nothing is entered yet: each page says what to do first, and none leads into a dead end."""

from __future__ import annotations

import datetime

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from committees.models import Committee, Meeting
from municipalities.models import Municipality, Role
from tests.committees.factories import make_committee, make_town, make_user
from tests.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def clerk(town: Municipality) -> Client:
    client = Client()
    client.force_login(make_user(town, Role.Kind.COUNCIL_SERVICE))
    return client


def meeting_of(committee: Committee, days: int) -> Meeting:
    day = timezone.localdate() + datetime.timedelta(days=days)
    meeting = Meeting.objects.create(municipality=committee.municipality, title="1. Sitzung", date=day)
    meeting.committees.add(committee)
    return meeting


def test_the_first_committee_comes_before_the_first_meeting(town: Municipality, clerk: Client) -> None:
    page = text_of(clerk.get(reverse("committees:committee_list", args=[town.slug])))
    assert "Legen Sie den Rat und die Ausschüsse an." in page
    assert "Erstes Gremium anlegen" in page
    page = text_of(clerk.get(reverse("committees:meeting_add", args=[town.slug])))
    assert "Bitte legen Sie zuerst unter „Gremien“ eines an." in page
    reader = Client()
    reader.force_login(make_user(town, Role.Kind.DEPARTMENT, name="Frida Fachamt"))
    page = text_of(reader.get(reverse("committees:committee_list", args=[town.slug])))
    assert "Sobald der Sitzungsdienst ein Gremium anlegt" in page
    assert "Erstes Gremium anlegen" not in page


def test_who_may_write_begins_the_first_paper(town: Municipality, clerk: Client) -> None:
    page = text_of(clerk.get(reverse("committees:paper_list", args=[town.slug])))
    assert "Noch keine Vorlage" in page
    assert "Erste Vorlage anlegen" in page


def test_an_invitation_that_would_be_refused_is_not_offered(town: Municipality, clerk: Client) -> None:
    committee = make_committee(town, "Sozialausschuss")
    coming, over = meeting_of(committee, 20), meeting_of(committee, -20)
    page = text_of(clerk.get(f"{coming.get_absolute_url()}einladung/"))
    assert "Die Tagesordnung ist noch leer. Bitte tragen Sie zuerst ein, worum es geht." in page
    assert "Ausfertigen und versenden" not in page
    page = text_of(clerk.get(f"{over.get_absolute_url()}einladung/"))
    assert "Diese Sitzung ist schon vorbei." in page
    assert "Ausfertigen und versenden" not in page
    coming.agenda.create(position=1, number="1", title="Eröffnung")
    address = f"{coming.get_absolute_url()}einladung/"
    page = text_of(clerk.get(address))
    assert "Niemand bekommt eine E-Mail: Für diesen Tag sind keine Sitze eingetragen." in page
    assert "Niemand bekommt eine E-Mail." in text_of(clerk.post(address, {"seen": 0}, follow=True))


def test_what_goes_with_something_deleted_is_said_also_if_it_is_nothing(
    town: Municipality, clerk: Client
) -> None:
    committee = make_committee(town, "Sozialausschuss")
    page = text_of(clerk.get(f"{committee.get_absolute_url()}loeschen/"))
    assert "Das Gremium hat noch keine Sitze. Löschen lässt sich nicht rückgängig machen." in page
    meeting = meeting_of(committee, 20)
    item = meeting.agenda.create(position=1, number="1", title="Eröffnung")
    page = text_of(clerk.get(f"{meeting.get_absolute_url()}tagesordnung/{item.pk}/loeschen/"))
    assert "Der Punkt verschwindet ganz von der Tagesordnung." in page
    page = text_of(clerk.get(f"{meeting.get_absolute_url()}absagen/"))
    assert "Die Sitzung bleibt mit dem Vermerk „abgesagt“ stehen." in page


def test_a_question_is_not_followed_by_a_colon(town: Municipality, clerk: Client) -> None:
    """In the list of what is wrong: the name of a field can be a question."""
    meeting = meeting_of(make_committee(town, "Sozialausschuss"), 20)
    response = clerk.post(f"{meeting.get_absolute_url()}leselinks/", {"holder": ""})
    assert response.status_code == 422
    assert "Für wen? Bitte" in text_of(response)
