"""A process that was set up by mistake goes and comes back; one that holds something stays."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from concepts.models import Concept
from participation.models import Phase, Process
from tests.participation.conftest import House

pytestmark = pytest.mark.django_db

Login = Callable[..., Client]
OVERVIEW = "/dort/beteiligung/"


def words_of(response: Any) -> str:
    return " ".join(re.sub("<[^>]*>", " ", response.content.decode()).split())


@pytest.fixture
def mistake(house: House) -> Process:
    concept = Concept.objects.create(municipality=house.town, title="Konzept", slug="konzept")
    process = Process.objects.create(
        municipality=house.town, title="Versehen", description="<p>Mühsam getippt</p>", concept=concept
    )
    for position, title in enumerate(("Auftakt", "Abschluss"), start=1):
        Phase.objects.create(process=process, position=position, title=title, span="2026", may_propose=True)
    return process


def test_what_was_set_up_by_mistake_is_deleted_and_comes_back_whole(
    house: House, mistake: Process, as_user: Login
) -> None:
    client, pk = as_user(house.editor), mistake.pk
    address = f"{mistake.get_absolute_url()}loeschen/"
    assert address in client.get(f"{mistake.get_absolute_url()}bearbeiten/").content.decode()
    assert "2 Phasen werden gelöscht" in words_of(client.get(address))
    page = words_of(client.post(address, follow=True))
    assert "„Versehen“ ist gelöscht." in page
    assert "Gelöschte Prozesse Versehen gelöscht am" in page
    assert "von Redakteurin Wiederherstellen" in page
    assert client.get(mistake.get_absolute_url()).status_code == 404
    assert "Gelöschte Prozesse" not in words_of(as_user(house.member).get(OVERVIEW))
    restored = client.post(f"{OVERVIEW}prozesse/{pk}/wiederherstellen/", follow=True)
    assert "„Versehen“ ist wiederhergestellt." in words_of(restored)
    assert "Mühsam getippt" in words_of(restored)
    found = Process.objects.get(pk=pk)
    assert found.concept == mistake.concept
    assert [(phase.title, phase.may_propose) for phase in found.phases.all()] == [
        ("Auftakt", True),
        ("Abschluss", True),
    ]
    assert "Gelöschte Prozesse" not in words_of(client.get(OVERVIEW))
    assert client.post(f"{OVERVIEW}prozesse/{pk}/wiederherstellen/").status_code == 404
    # A phase that went earlier does not come back with it.
    found.phases.get(title="Auftakt").delete()
    client.post(address)
    client.post(f"{OVERVIEW}prozesse/{pk}/wiederherstellen/")
    assert [phase.title for phase in found.phases.all()] == ["Abschluss"]


def test_what_has_gone_or_is_taken_meanwhile_is_no_obstacle_without_a_sentence(
    house: House, mistake: Process, as_user: Login
) -> None:
    client, pk, concept = as_user(house.editor), mistake.pk, mistake.concept
    assert concept
    client.post(f"{mistake.get_absolute_url()}loeschen/")
    concept.delete()
    again = Process.objects.create(municipality=house.town, title="Versehen")
    page = words_of(client.post(f"{OVERVIEW}prozesse/{pk}/wiederherstellen/", follow=True))
    assert "Einen Prozess mit dem Titel „Versehen“ gibt es inzwischen wieder." in page
    again.title = "Neu"
    again.save()
    assert client.post(f"{OVERVIEW}prozesse/{pk}/wiederherstellen/").status_code == 302
    assert Process.objects.get(pk=pk).concept is None


def test_a_process_that_holds_something_says_what(house: House, as_user: Login) -> None:
    client, address = as_user(house.editor), f"{house.process_url}loeschen/"
    page = words_of(client.get(address))
    assert "Dieser Prozess enthält noch: 1 Gruppe, 1 Veranstaltung." in page
    assert "als Zeitraum ein, bis wann er lief" in page
    assert "Endgültig" not in page
    assert client.post(address).status_code == 422
    assert Process.objects.filter(pk=house.process.pk).exists()
    assert as_user(house.member).get(address).status_code == 403
