"""A council member on a telephone, without a mouse: what comes, what is new, and what the others said.

What a screen reader gets is asserted for the route, the votes and the differences. How little has to come
over a slow line before there is text is in tests/council/test_offline.py.
"""

from __future__ import annotations

import re

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
    after = after.replace("verbindlicher Rahmen", "verbindliche Grundlage")
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
    first, following = (stage.committee_names() for stage in paper.consultations.filter(position__in=(1, 2)))
    expect(page.get_by_role("list", name="Beratungsfolge")).to_match_aria_snapshot(
        f"""
        - list "Beratungsfolge":
          - listitem:
            - link "{first}"
            - text: /geändert empfohlen/
          - listitem:
            - link "{following}"
            - text: /als Nächstes/
        """
    )
    expect(page.get_by_role("region", name="Beratungsfolge")).to_match_aria_snapshot(
        f"""
        - heading "Was die Gremien gesagt haben" [level=3]
        - list:
          - listitem:
            - paragraph: /{first}/
            - paragraph:
              - strong: geändert empfohlen
              - text: ": 12 Ja, 2 Nein"
        """
    )
    press_on(page, page.get_by_role("link", name="Alle Änderungen ansehen"))
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - heading "Was beschlossen werden soll" [level=2]
        - article:
          - heading "Beschlusspunkt 1 geändert" [level=3]
          - paragraph:
            - deletion: "gelöscht: verbindlicher Rahmen"
            - insertion: "eingefügt: verbindliche Grundlage"
            - insertion: "/eingefügt: Jährlich wird berichtet\\\\./"
        """
    )
    # The paper's other pages are folded into one line, and say which of them is shown.
    pages = page.get_by_role("navigation", name="Ansichten")
    press_on(page, pages.locator("summary"))
    expect(pages).to_match_aria_snapshot(
        """
        - strong: Was sich geändert hat
        - text: Weitere Seiten
        - list "Vorlage":
          - listitem:
            - link "Überblick"
          - listitem:
            - link "Lesen"
          - listitem:
            - link "Was sich geändert hat"
        - list "Beratung":
          - listitem:
            - link "Änderungsanträge"
        """
    )
    press_on(page, pages.get_by_role("link", name="Lesen"))
    expect(page.get_by_role("heading", name="Darüber wird als Nächstes beraten")).to_be_visible()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")


def test_reading_on_without_a_connection(log_in: LogIn, paper: Paper) -> None:
    """What was opened before the tunnel is read in it: the next meetings, the paper that is on them, what is
    new in it, and the meeting. What lies below them leads there, and says so."""
    answered(paper.consultations.get(position=1))
    page: Page = log_in(demo_user("ratsmitglied", paper.municipality))
    meeting = paper.consultations.get(position=3).meeting
    assert meeting is not None
    stage, town = f"{paper.get_absolute_url()}beratung/1/", paper.municipality.slug
    for address, words in (
        (f"/{town}/rat/", "Ohne Verbindung lesbar"),
        (meeting.get_absolute_url(), "Öffentliche Tagesordnung ohne Verbindung lesbar"),
        (stage, "Vorlage ohne Verbindung lesbar"),
        (f"/{town}/rat/vorlagen/{paper.pk}/aenderungen/", "Öffentlicher Vergleich ohne Verbindung lesbar"),
    ):
        page.goto(address)
        expect(page.get_by_text(words, exact=True)).to_be_visible()
    page.context.set_offline(True)
    no_connection, instead = (
        "Sie haben gerade keine Verbindung",
        "Die aufgerufene Seite braucht eine Verbindung",
    )
    page.goto(f"/{town}/rat/")
    expect(page.get_by_text(no_connection)).to_be_visible()
    press_on(page, page.get_by_role("main").get_by_role("link", name=meeting.title, exact=True))
    expect(page.get_by_text(no_connection)).to_be_visible()
    assert page.get_by_text(instead).is_hidden()
    assert not page.evaluate("document.documentElement.scrollWidth > innerWidth")
    assert page.evaluate("getComputedStyle(document.querySelector('.m-agenda')).listStyleType") == "none"
    press_on(page, page.get_by_role("main").get_by_role("link", name=paper.subject).first)
    expect(page.get_by_text(no_connection)).to_be_visible()
    expect(page.get_by_role("heading", name="Darüber wird als Nächstes beraten")).to_be_visible()
    press_on(
        page, page.get_by_role("main").get_by_role("list", name="Beratungsfolge").get_by_role("link").first
    )
    expect(page.get_by_text(f"{instead}. Sie lesen stattdessen die Vorlage.")).to_be_visible()
    assert page.url.endswith(stage)  # to try again, once there is a connection
    expect(page.get_by_role("heading", name="Darüber wird als Nächstes beraten")).to_be_visible()
    page.goto(f"{meeting.get_absolute_url()}einladung/")
    expect(page.get_by_text(f"{instead}. Sie lesen stattdessen die Tagesordnung")).to_be_visible()
    page.goto(f"/{town}/rat/vorlagen/{paper.pk}/aenderungen/?seit=beratung")
    expect(page.get_by_text("Seit der letzten Beratung:")).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text("eingefügt: einstimmig empfohlen")
    # What was not opened is not there; the page says so, and what there is.
    page.goto(f"/{town}/vorlagen/")
    expect(page.get_by_role("heading", name="Keine Verbindung")).to_be_visible()
    expect(page.get_by_role("main").get_by_role("list")).to_match_aria_snapshot(
        f"""
        - list:
          - listitem:
            - link "Meine Gremien"
          - listitem:
            - 'link "{meeting}"'
          - listitem:
            - 'link "Was sich geändert hat: {paper.subject}"'
          - listitem:
            - link "{paper.subject}"
        """
    )
    page.context.set_offline(False)
    page.goto("/abmelden/")
    press_on(page, page.get_by_role("main").get_by_role("button"))
    page.wait_for_url("**/anmelden/**")
    assert page.evaluate("caches.keys()") == []


SELECT = """element => {
    const text = document.createTreeWalker(element, NodeFilter.SHOW_TEXT).nextNode();
    getSelection().setBaseAndExtent(text, 4, text, 24);
}"""


def test_preparing_for_the_meeting(log_in: LogIn, paper: Paper) -> None:
    """Words are marked, a note is written and shared, something is asked and withdrawn, the vote prepared."""
    page: Page = log_in(demo_user("ratsmitglied", paper.municipality))
    page.goto(f"/{paper.municipality.slug}/rat/vorlagen/{paper.pk}/")
    point = page.locator("#punkt-1")
    words = point.inner_text()[4:24]
    page.locator("#punkt-1 p").evaluate(SELECT)  # as the keyboard does where the browser offers it
    bar = page.get_by_role("region", name="Ausgewählte Stelle")
    press_on(page, bar.get_by_role("button", name="Markieren"))
    expect(page.get_by_text("Die Stelle ist markiert.")).to_be_visible()
    expect(point.get_by_role("mark")).to_have_text(words)
    press_on(page, point.get_by_role("link", name="Ihre Markierung"))
    expect(page).to_have_url(re.compile("#notiz-"))

    # Without a selection the words are written down.
    press_on(page, page.get_by_text("Neue Notiz"))
    press_on(page, page.get_by_label("Diese Wörter hervorheben"), "Control+A")
    page.keyboard.type(page.locator("#punkt-2").inner_text().split(".")[0])
    press_on(page, page.get_by_role("textbox", name=re.compile("^Notiz")), "Control+A")
    page.keyboard.type("Wer berichtet?")
    press_on(page, page.get_by_role("button", name="Notiz speichern"))
    expect(page.locator("#punkt-2").get_by_role("link", name="Ihre Notiz zu dieser Stelle")).to_be_visible()
    press_on(page, page.get_by_role("button", name="teilen").first)
    expect(page.get_by_role("region", name="In meiner Fraktion")).to_contain_text("Wer berichtet?")

    press_on(page, page.get_by_text("Neue Frage"))
    press_on(page, page.get_by_label("Ihre Frage"), "Control+A")
    page.keyboard.type("Was kostet das?")
    press_on(page, page.get_by_role("button", name="Frage senden"))
    press_on(page, page.get_by_role("button", name="Frage zurückziehen"))
    expect(page.get_by_text("Die Frage ist zurückgezogen.")).to_be_visible()
    press_on(page, page.get_by_role("button", name="An diese Vorlage erinnern"))
    expect(page.get_by_role("region", name="Erinnern", exact=True)).to_contain_text("per E-Mail")

    page.goto("/")
    press_on(page, page.locator("main").get_by_role("link", name="Fraktion").first)
    press_on(page, page.get_by_role("link", name=paper.subject).first)
    expect(page.get_by_role("main")).to_contain_text("Wer berichtet?")
    press_on(page, page.get_by_role("radio", name="Zustimmung"), "Space")
    press_on(page, page.get_by_role("button", name="Speichern"))
    expect(page.get_by_role("main")).to_match_aria_snapshot(
        """
        - rowgroup:
          - row:
            - rowheader:
              - link "2017/1900 Integrationskonzept Stadt Leverkusen"
            - 'cell "Abstimmung: Zustimmung"'
        """
    )
