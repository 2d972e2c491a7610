"""A council member on a telephone, without a mouse: what comes, what is new, and what the others said.

What a screen reader gets is asserted for the route, the votes and the differences.
"""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, ViewportSize, expect

from committees.actions.amending import decide_amendment, move_amendment
from committees.models import Amendment, Ballot, Paper
from council.models import ReadMark
from municipalities.models import Municipality
from tests.conftest import demo_user
from tests.council.coming import answered, coming
from tests.journeys.browsing import LogIn, press_on

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def viewport() -> ViewportSize:
    return {"width": 390, "height": 844}


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    """On its way: one committee has answered, the member's own comes next."""
    found: Paper = Paper.objects.get(municipality=towns["leverkusen"], number="2017/1900")
    coming(found.consultations.get(position=3))
    return found


def meanwhile(paper: Paper) -> None:
    """A committee adds a sentence and recommends the rest."""
    clerk = demo_user("sitzungsdienst", paper.municipality)
    stage, point = paper.consultations.get(position=1), paper.resolution_points.all()[0]
    after = point.text.replace("</p>", " Jährlich wird berichtet.</p>", 1)
    amendment = Amendment(paper=paper, consultation=stage, point=point, before=point.text, after=after)
    move_amendment(amendment=amendment, by=clerk)
    decide_amendment(amendment=amendment, state="accepted", beside=False, by=clerk)
    answered(stage, "geändert empfohlen")
    Ballot.objects.create(consultation=stage, position=9, votes_for=12, votes_against=2)


def test_reading_and_seeing_what_is_new(log_in: LogIn, paper: Paper) -> None:
    page: Page = log_in(demo_user("ratsmitglied", paper.municipality))
    page.goto("/")
    press_on(page, page.locator("main").get_by_role("link", name="Meine Gremien"))
    expect(page.get_by_role("heading", name="Was als Nächstes kommt")).to_be_visible()
    expect(page.get_by_text("noch nicht gelesen").first).to_be_visible()
    press_on(page, page.get_by_role("link", name=paper.subject).first)
    expect(page.get_by_role("heading", name="Darüber wird als Nächstes beraten")).to_be_visible()
    press_on(page, page.get_by_role("button", name="Als gelesen merken"))
    expect(page.get_by_text("Gemerkt. Beim nächsten Mal").first).to_be_visible()
    assert ReadMark.objects.filter(paper=paper).exists()

    meanwhile(paper)
    page.reload()
    expect(page.get_by_role("region", name="Neu, seit Sie am")).to_contain_text("Beschlusspunkt 1: geändert")
    first = paper.consultations.get(position=1).committee_names()
    expect(page.get_by_role("list", name="Beratungsfolge")).to_match_aria_snapshot(
        f"""
        - list "Beratungsfolge":
          - listitem:
            - link "{first}"
            - text: /geändert empfohlen/
        """
    )
    expect(page.get_by_role("region", name="Beratungsfolge")).to_contain_text(
        "geändert empfohlen: 12 Ja, 2 Nein"
    )
    press_on(page, page.get_by_role("link", name="Alle Änderungen ansehen"))
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - heading "Was beschlossen werden soll" [level=2]
        - article:
          - heading "Beschlusspunkt 1 geändert" [level=3]
          - paragraph:
            - insertion: "/eingefügt: Jährlich wird berichtet\\\\./"
        """
    )
