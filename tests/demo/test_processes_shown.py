"""The five real processes, as a member of each town reads them on its page."""

import html
import re

import pytest
from django.test import Client

from municipalities.models import Municipality, User
from participation.models import Event, Group

pytestmark = pytest.mark.django_db

LEVERKUSEN = (
    *("ab 01.02.2017", "02.03.2017", "10.03.–31.03.2017", "21.03.2017", "08.05.2017", "18.05.2017"),
    *("Juni 2017", "30.06.2017", "August 2017", "Aug./Sept. 2017", "Sept./Okt. 2017"),
)


def page_of(town: Municipality) -> str:
    """What stands on the page of the process, without the picture that says the same."""
    client = Client()
    client.force_login(User.objects.get(email=f"mitglied@{town.slug}.example"))
    response = client.get(f"/{town.slug}/beteiligung/")
    assert response.status_code == 200
    text = re.sub("<figure.*?</figure>", "", " ".join(response.content.decode().split()))
    return html.unescape(" ".join(re.sub("<[^>]*>", " ", text).split()))


def test_goettingens_four_groups_and_twelve_sessions(towns: dict[str, Municipality]) -> None:
    page = page_of(towns["goettingen"])
    groups = Group.objects.filter(municipality=towns["goettingen"], kind=Group.Kind.WORKING)
    sessions = Event.objects.filter(groups__in=groups, kind=Event.Kind.SESSION)
    assert (groups.count(), sessions.count()) == (4, 12)
    for row in (*groups, *sessions):
        assert str(row) in page, row
    assert page.count("ohne Datum") >= 12
    for words in ("15.02.2008", "12.09.2008", "17"):
        assert words in page


def test_leverkusens_eleven_entries_in_their_order(towns: dict[str, Municipality]) -> None:
    page = page_of(towns["leverkusen"])
    timeline = page[page.index("Zeitleiste") :]
    titles = Event.objects.filter(process__municipality=towns["leverkusen"], in_paper=True).in_order()
    at = 0
    for date, event in zip(LEVERKUSEN, titles, strict=True):
        found = timeline.index(date, at)
        assert event.title in timeline[found - 200 : found + 400], event
        at = found


def test_bergisch_gladbachs_plan_with_its_reasons(towns: dict[str, Municipality]) -> None:
    page = page_of(towns["bergisch-gladbach"])
    planned = Event.objects.filter(process__municipality=towns["bergisch-gladbach"], state="planned")
    assert planned.count() == 6
    for event in planned:
        assert event.title in page
        assert event.reason in page
    assert "19.06.2008" in page


def test_mettmanns_anfang_2014_and_its_numbers(towns: dict[str, Municipality]) -> None:
    page = page_of(towns["kreis-mettmann"])
    for words in ("Anfang 2014", "ca. 40", "über 50", "Zusammenleben in Sicherheit"):
        assert words in page


def test_bergkamens_institute_guides(towns: dict[str, Municipality]) -> None:
    page = page_of(towns["bergkamen"])
    assert "extern begleitet von Institut für soziale Innovation" in page
    for kind in ("Interviewreihe", "Workshop"):
        assert kind in page
