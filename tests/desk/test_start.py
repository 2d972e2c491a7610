"""The start page tells each role what is waiting for them."""

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client

from concepts.models import Measure
from municipalities.models import Municipality, User

pytestmark = pytest.mark.django_db

WAITING = {
    "sitzungsdienst": (
        "Vorlagen zum Ausfertigen",
        "Integrationsrat: 2017/1900",
        "noch nicht ausgefertigt",
        "14.11.2017",
    ),
    "fachadministration": ("Vorlagen zum Ausfertigen", "Konzepte in Arbeit"),
    "mitzeichnung": ("Wartet auf Ihre Mitzeichnung", "Zurzeit wartet keine Vorlage"),
    "redaktion": ("Konzepte in Arbeit", "in der Beratung", "Geplante Veranstaltungen"),
    "fachamt": ("Maßnahmen Ihres Fachamts",),
    "moderation": ("Geplante Veranstaltungen",),
    "ratsmitglied": ("Vorlagen in Ihren Gremien", "Rat der Stadt Leverkusen: 2017/1900"),
    "mitglied": ("Ihre Gruppen",),
}


def start_of(client: Client) -> str:
    response = client.get("/")
    assert response.status_code == 200
    return " ".join(response.content.decode().split())


@pytest.mark.parametrize("name", WAITING)
def test_each_role_sees_what_waits(
    towns: dict[str, Municipality], login_as: Callable[..., Client], name: str
) -> None:
    page = start_of(login_as(name, towns["leverkusen"]))
    for words in WAITING[name]:
        assert words in page
    assert "Bergkamen" not in page


def test_a_department_sees_its_own_measures_and_those_off_the_plan_first(
    towns: dict[str, Municipality], login_as: Callable[..., Client]
) -> None:
    office = User.objects.get(email="fachamt@leverkusen.example").persons.get().institution
    own = Measure.objects.filter(responsible=office, phase=Measure.Phase.RUNNING).order_by("-span").first()
    assert own is not None
    own.track, own.track_reason = Measure.Track.DELAYED, "Stelle unbesetzt"
    own.save()
    foreign = Measure.objects.exclude(responsible=office).filter(concept=own.concept).first()
    page = start_of(login_as("fachamt", towns["leverkusen"]))
    lines = page.split('class="p-tasks"')[1].split("</ul>")[0]
    assert foreign is not None
    assert foreign.title not in lines
    tones = re.findall("p-badge--(warning|info)", lines)
    assert "warning" in tones
    assert tones == sorted(tones, reverse=True)
    assert own.title in lines.split("p-badge--info")[0]


def test_what_is_issued_no_longer_waits(
    towns: dict[str, Municipality], login_as: Callable[..., Client]
) -> None:
    client = login_as("sitzungsdienst", towns["goettingen"])
    assert "Rat: FB50" in start_of(client)
    paper = towns["goettingen"].papers.get()
    client.post(f"{paper.get_absolute_url()}beratung/1/ausfertigen/", {"seen": 0})
    page = start_of(client)
    assert "Zurzeit ist keine Vorlage auszufertigen." in page


def test_somebody_without_a_town_is_told_whom_to_ask(client: Client, db: None) -> None:
    client.force_login(User.objects.create_user("neu@nirgends.example", name="Neu"))
    assert "Ihr Konto gehört noch zu keiner Kommune" in start_of(client)


def test_query_counts(
    towns: dict[str, Municipality],
    login_as: Callable[..., Client],
    django_assert_num_queries: Callable[..., Any],
) -> None:
    client = login_as("sitzungsdienst", towns["leverkusen"])
    client.get("/")
    with django_assert_num_queries(23):
        client.get("/")
    other = login_as("sitzungsdienst", towns["goettingen"])
    other.get("/")
    with django_assert_num_queries(23):
        other.get("/")
