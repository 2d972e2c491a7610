"""Leverkusen's nine stages from the town's template, one changed, a warning overruled: by keyboard only."""

from __future__ import annotations

import datetime
import re

import pytest
from django.utils import timezone
from playwright.sync_api import Locator, Page, expect

from committees.models import Consultation, Meeting, Paper
from municipalities.models import Municipality, User
from tests.journeys.browsing import press_on, tab_to

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    """A new paper of Leverkusen, without a route."""
    town = towns["leverkusen"]
    old = Paper.objects.get(municipality=town)
    return Paper.objects.create(
        municipality=town,
        paper_type=old.paper_type,
        layout=old.layout,
        subject="Fortschreibung des Integrationskonzepts",
        costs=Paper.Costs.NONE,
    )


@pytest.fixture
def meeting(paper: Paper) -> Meeting:
    """The Schulausschuss meets in three days."""
    date = timezone.localdate() + datetime.timedelta(days=3)
    town = paper.municipality
    meeting = Meeting.objects.create(municipality=town, title="Sitzung des Schulausschusses", date=date)
    meeting.committees.set(town.committees.filter(name="Schulausschuss"))
    return meeting


def choose(page: Page, field: Locator, words: str) -> None:
    tab_to(page, field)
    page.keyboard.type(words)


def test_nine_stages_from_the_template(page: Page, portal: str, paper: Paper, meeting: Meeting) -> None:
    clerk = User.objects.get(email="redaktion@leverkusen.example")
    clerk.set_password("Ein langes Kennwort 2026")
    clerk.save()
    page.goto(f"{portal}/anmelden/")
    page.get_by_label("E-Mail").first.fill(clerk.email)
    page.get_by_label("Passwort", exact=True).fill("Ein langes Kennwort 2026")
    page.keyboard.press("Enter")
    page.wait_for_url(lambda address: "anmelden" not in address)

    page.goto(f"{portal}{paper.get_absolute_url()}")
    press_on(page, page.get_by_role("link", name="Beratungsfolge", exact=True))
    expect(page.get_by_role("heading", name="Noch keine Beratungsfolge")).to_be_visible()
    press_on(page, page.get_by_role("button", name="Übernehmen", exact=True))
    expect(page.get_by_text("9 Stufen sind übernommen.")).to_be_visible()
    assert paper.consultations.count() == 9

    # By mouse a stage is dragged by its number; the buttons do the same.
    first, second = page.locator(".r-stage__number").nth(0), page.locator(".r-stage").nth(1)
    name = second.locator("h2").inner_text().partition(":")[2].strip()
    height = second.evaluate("one => one.getBoundingClientRect().height")
    first.drag_to(second, target_position={"x": 100, "y": height - 4})
    expect(page.get_by_text("ist jetzt die 2. Stufe.")).to_be_visible()
    assert Consultation.objects.get(paper=paper, position=1).committee_names() == name
    handle, top = page.locator(".r-stage__number").nth(1), page.locator(".r-stage").nth(0)
    top.scroll_into_view_if_needed()
    handle.hover()
    page.mouse.down()
    top.hover(position={"x": 100, "y": 10})
    top.hover(position={"x": 100, "y": 4})
    page.mouse.up()
    expect(page.get_by_text("ist jetzt die 1. Stufe.")).to_be_visible()

    press_on(page, page.get_by_role("button", name=re.compile("Nach oben.*Schulausschuss")))
    expect(page.get_by_text("„Schulausschuss“ ist jetzt die 3. Stufe.")).to_be_visible()

    press_on(page, page.get_by_role("link", name=re.compile("Ändern.*Schulausschuss")))
    choose(page, page.get_by_label("Sitzung", exact=False).first, f"{meeting.date:%d.%m.%Y}")
    tab_to(page, page.get_by_label("Zuständigkeit", exact=False).first)
    page.keyboard.press("Control+a")
    page.keyboard.type("Anhörung")
    choose(page, page.get_by_label("Bedeutung", exact=False).first, "wird")
    press_on(page, page.get_by_role("button", name="Speichern", exact=True))
    expect(page.get_by_text("Stufe „Schulausschuss“ ist gespeichert.")).to_be_visible()
    stage = Consultation.objects.get(paper=paper, position=3)
    assert (stage.meeting, stage.role, stage.meaning) == (meeting, "Anhörung", "hear")
    expect(page.get_by_text("liegen nur 2 volle Tage")).to_be_visible()

    press_on(page, page.get_by_role("link", name="Prüfung", exact=True))
    short = page.locator(".r-check", has_text="liegen nur 2 volle Tage")
    press_on(page, short.locator("summary"))
    tab_to(page, short.get_by_label("Grund"))
    page.keyboard.type("Der Vorsitz hat die Ladungsfrist verkürzt.")
    press_on(page, short.get_by_role("button", name="Mit Grund hinnehmen", exact=True))
    expect(page.get_by_text("Der Hinweis ist mit Ihrem Grund hingenommen.")).to_be_visible()
    expect(page.get_by_role("heading", name="Hingenommen", exact=True)).to_be_visible()
