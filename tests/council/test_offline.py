"""Reading without a connection, and over a bad one. In a browser, for the worker lives nowhere else."""

from __future__ import annotations

import gzip
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect
from pytest_django import DjangoAssertNumQueries

from committees.actions.issuing import issue_stage
from committees.models import AgendaItem, Ballot, Consultation, Meeting, Paper
from municipalities.models import Municipality, User
from tests.conftest import demo_user
from tests.council.coming import answered, coming

pytestmark = [pytest.mark.django_db, pytest.mark.once]

MOST_BEFORE_TEXT = 100_000
# Nothing but the mark of who reads.
KEPT_NOTHING = """async () => {
    const kept = await (await caches.open("lesen-1")).keys();
    return kept.length === 1 && kept[0].url.endsWith("/offline-reader");
}"""
KEPT_PACK = """async () => {
    const kept = await (await caches.open("lesen-1")).keys();
    return kept.some(({ url }) => url.endsWith("/mappe.pdf"));
}"""
# Like a 3G line.
SLOW = {"offline": False, "latency": 300, "downloadThroughput": 200_000, "uploadThroughput": 90_000}


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    found: Paper = Paper.objects.get(municipality=towns["leverkusen"], number="2017/1900")
    return found


@pytest.fixture
def telephone(context: BrowserContext, portal: str, paper: Paper) -> Page:
    """A council member's, logged in."""
    become(context, portal, demo_user("ratsmitglied", paper.municipality))
    page = context.new_page()
    page.set_viewport_size({"width": 390, "height": 844})
    return page


def become(context: BrowserContext, portal: str, user: User) -> None:
    client = Client()
    client.force_login(user)
    name = portal_settings.SESSION_COOKIE_NAME
    context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": portal}])


def reading(portal: str, paper: Paper, page: str = "paper") -> str:
    return portal + reverse(f"council:{page}", args=[paper.municipality.slug, paper.pk])


def test_a_paper_is_read_without_a_connection_until_logout(
    telephone: Page, context: BrowserContext, portal: str, paper: Paper
) -> None:
    meeting = coming(paper.consultations.get(position=3))
    telephone.goto(reading(portal, paper))
    expect(telephone.get_by_text("Ohne Verbindung lesbar")).to_be_visible()
    with telephone.expect_download():
        telephone.evaluate("address => { location = address; }", f"{meeting.get_absolute_url()}mappe.pdf")
    telephone.wait_for_function(KEPT_PACK)
    context.set_offline(True)
    telephone.reload()
    expect(telephone.get_by_text("Sie haben gerade keine Verbindung")).to_be_visible()
    expect(telephone.get_by_role("heading", name=paper.subject)).to_be_visible()
    assert telephone.evaluate("getComputedStyle(document.querySelector('.l-next')).paddingTop") != "0px"
    # Only what is public: no name of the reader, nothing to send.
    words = telephone.content()
    assert "Samira" not in words
    assert "csrfmiddlewaretoken" not in words
    # What was not opened is not there, but the page says what is.
    telephone.goto(portal + reverse("committees:paper_list", args=[paper.municipality.slug]))
    expect(telephone.get_by_role("heading", name="Keine Verbindung")).to_be_visible()
    telephone.goto(portal)
    expect(telephone.get_by_role("link", name=re.compile("^Mappe .*PDF"))).to_be_visible()
    telephone.get_by_role("link", name=paper.subject, exact=True).click()
    expect(telephone.get_by_text("Sie haben gerade keine Verbindung")).to_be_visible()
    context.set_offline(False)
    telephone.goto(portal + reverse("account_logout"))
    telephone.locator("main form button").click()
    telephone.wait_for_url("**/anmelden/**")
    assert telephone.evaluate("caches.keys()") == []


def test_a_closed_paper_takes_all_its_kept_pages_along(
    telephone: Page, context: BrowserContext, portal: str, paper: Paper
) -> None:
    """From whichever of its pages; the meeting's stays, until it is no longer there itself."""
    meeting = coming(paper.consultations.get(position=3))
    stage = f"{portal}{paper.get_absolute_url()}beratung/2/"
    telephone.goto(portal + meeting.get_absolute_url())
    expect(telephone.get_by_text("Öffentliche Tagesordnung ohne Verbindung lesbar")).to_be_visible()
    telephone.goto(reading(portal, paper, "paper_changes"))
    expect(telephone.get_by_text("Öffentlicher Vergleich ohne Verbindung lesbar")).to_be_visible()
    telephone.goto(stage)
    expect(telephone.get_by_text("Vorlage ohne Verbindung lesbar")).to_be_visible()
    assert kept_pages(telephone) == {"/rat/vorlagen/", "/rat/vorlagen/aenderungen/", "/sitzungen/"}
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    telephone.goto(stage)  # a member of the committee may still open it
    wait_for_kept(telephone, {"/sitzungen/"})
    Consultation.objects.filter(meeting=meeting).update(meeting=None, agenda_item=None)
    meeting.agenda.all().delete()
    Meeting.objects.filter(pk=meeting.pk).delete()
    telephone.goto(portal + meeting.get_absolute_url())
    wait_for_kept(telephone, set())


def kept_pages(telephone: Page) -> set[str]:
    """Their addresses without town and number."""
    kept = telephone.evaluate(
        "async () => (await (await caches.open('lesen-1')).keys()).map(({ url }) => new URL(url).pathname)"
    )
    return {re.sub(r"^/leverkusen|/\d+(?=/)", "", path) for path in kept} - {"/offline-reader"}


def wait_for_kept(telephone: Page, expected: set[str]) -> None:
    for _attempt in range(50):
        if kept_pages(telephone) == expected:
            return
        telephone.wait_for_timeout(100)
    assert kept_pages(telephone) == expected


def test_who_has_no_seat_keeps_nothing_from_the_papers_other_pages(
    telephone: Page, context: BrowserContext, portal: str, paper: Paper
) -> None:
    become(context, portal, demo_user("sitzungsdienst", paper.municipality))
    meeting = coming(paper.consultations.get(position=3))
    for row in (paper, meeting):
        page = telephone.goto(portal + row.get_absolute_url())
        assert page is not None
        assert "data-offline" not in page.text()


def test_what_was_kept_goes_when_somebody_else_reads(
    telephone: Page, context: BrowserContext, portal: str, paper: Paper
) -> None:
    telephone.goto(reading(portal, paper))
    expect(telephone.get_by_text("Ohne Verbindung lesbar")).to_be_visible()
    context.clear_cookies()
    become(context, portal, demo_user("redaktion", paper.municipality))
    telephone.goto(portal + reverse("council:committees", args=[paper.municipality.slug]))
    telephone.wait_for_function(KEPT_NOTHING)
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    telephone.goto(reading(portal, paper))
    telephone.wait_for_timeout(500)
    assert telephone.get_by_text("Ohne Verbindung lesbar").is_hidden()
    telephone.wait_for_function(KEPT_NOTHING)


@pytest.mark.parametrize("reader", ["ratsmitglied", "mitglied"])
@pytest.mark.parametrize("below", [False, True], ids=["page for reading", "stage"])
def test_what_was_kept_goes_when_it_is_no_longer_public(
    telephone: Page, context: BrowserContext, portal: str, paper: Paper, reader: str, below: bool
) -> None:
    """Whoever reads: who may still open it, and who may not."""
    become(context, portal, demo_user(reader, paper.municipality))
    base = portal + paper.get_absolute_url()
    telephone.goto(reading(portal, paper))
    expect(telephone.get_by_text("Ohne Verbindung lesbar")).to_be_visible()
    telephone.goto(f"{base}beratung/99/")  # there is none, but the paper is
    telephone.wait_for_timeout(300)
    assert "/rat/vorlagen/" in kept_pages(telephone)
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    telephone.goto(f"{base}beratung/2/" if below else reading(portal, paper))
    telephone.wait_for_function(KEPT_NOTHING)


def test_the_text_stands_before_anything_heavy_loads(
    telephone: Page, portal: str, paper: Paper, compressed: None, settings: Any
) -> None:
    line = telephone.context.new_cdp_session(telephone)
    line.send("Network.enable")
    line.send("Network.emulateNetworkConditions", SLOW)
    received: list[tuple[float, int]] = []
    line.on(
        "Network.dataReceived", lambda told: received.append((told["timestamp"], told["encodedDataLength"]))
    )
    painted: list[float] = []
    line.send("Page.enable")
    line.send("Page.setLifecycleEventsEnabled", {"enabled": True})

    def lifecycle(told: Any) -> None:
        if told["name"] == "firstContentfulPaint":
            painted.append(told["timestamp"])

    line.on("Page.lifecycleEvent", lifecycle)
    telephone.goto(reading(portal, paper), wait_until="load")
    expect(telephone.get_by_role("heading", name=paper.subject)).to_be_visible()
    before = sum(size for when, size in received if when <= painted[0])
    assert 10_000 < before <= MOST_BEFORE_TEXT, before


@pytest.fixture
def compressed(settings: Any, tmp_path: Path) -> None:
    """Style sheets and scripts as they are delivered in production: packed."""
    folder = tmp_path / "static"
    shutil.copytree(portal_settings.BASE_DIR / "static", folder)
    for path in [*folder.rglob("*.css"), *folder.rglob("*.js")]:
        path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9))
    settings.STATICFILES_DIRS = [folder]


def test_only_public_pages_are_marked(paper: Paper, login_as: Callable[..., Client]) -> None:
    client = login_as("ratsmitglied", paper.municipality)
    overview = reverse("council:committees_offline", args=[paper.municipality.slug])
    assert client.get(overview)["X-Offline"] == "public"
    assert "X-Offline" not in client.get(reverse("council:committees", args=[paper.municipality.slug]))
    meeting = coming(paper.consultations.get(position=3))
    for page in ("paper", "paper_changes"):
        assert client.get(reading("", paper, f"{page}_offline"))["X-Offline"] == "public"
        assert "X-Offline" not in client.get(reading("", paper, page))
    assert client.get(f"{meeting.get_absolute_url()}ohne-verbindung/")["X-Offline"] == "public"
    assert "X-Offline" not in client.get(meeting.get_absolute_url())
    # Nor do a proxy or the browser's way back keep what depends on who asks.
    for address in (paper.get_absolute_url(), f"{paper.get_absolute_url()}beratung/1/entwurf.pdf"):
        assert client.get(address)["Cache-Control"] == "private, no-cache"
    assert client.post(reverse("account_logout"))["Clear-Site-Data"] == '"cache", "storage"'


def test_the_kept_overview_is_the_public_agenda(
    paper: Paper, login_as: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """No name, nothing non-public, no paper that not everybody may read; queries do not grow."""
    client, town = login_as("ratsmitglied", paper.municipality), paper.municipality
    overview = reverse("council:committees_offline", args=[town.slug])
    stages = list(paper.consultations.exclude(committee=None))
    meeting = coming(stages[2])
    with django_assert_num_queries(8):
        page = client.get(overview).content.decode()
    assert paper.subject in page
    assert reading("", paper) in page
    assert "Samira" not in page
    assert "noch nicht gelesen" not in page
    for days, stage in enumerate(stages[3:], start=11):
        coming(stage, days=days)
    AgendaItem.objects.create(meeting=meeting, position=2, number="6", title="Geheimwort", public=False)
    AgendaItem.objects.filter(meeting=meeting, position=1).update(title="Konzept der Stadt")
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    with django_assert_num_queries(8):
        page = client.get(overview).content.decode()
    assert "Konzept der Stadt" in page
    assert "Weitere Punkte sind nicht öffentlich." in page
    assert "Geheimwort" not in page
    assert reading("", paper) not in page


def test_the_kept_meeting_is_the_public_agenda(
    paper: Paper, login_as: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """With the results that are public, for a member who may read more; queries do not grow."""
    client = login_as("ratsmitglied", paper.municipality)
    first, second, third = paper.consultations.exclude(committee=None)[:3]
    meeting = coming(first)
    address = f"{meeting.get_absolute_url()}ohne-verbindung/"
    answered(first)
    Ballot.objects.create(consultation=first, position=1, votes_for=12, votes_against=2)
    with django_assert_num_queries(12):
        page = client.get(address).content.decode()
    assert f'<a href="{reading("", paper)}">{paper.subject}</a>' in page
    assert "einstimmig empfohlen (12 Ja, 2 Nein)" in page
    assert "Rathaus, Ratssaal" in page
    assert f'href="{meeting.get_absolute_url()}mappe.pdf"' in page
    for own in ("Samira", "csrfmiddlewaretoken", "mappe-vollstaendig", "Weitere Punkte"):
        assert own not in page
    for position, stage in enumerate((second, third), start=2):
        item = {"position": position, "number": str(position), "title": f"Punkt {position}"}
        stage.agenda_item, stage.meeting = AgendaItem.objects.create(meeting=meeting, **item), meeting
        answered(stage, "geheim empfohlen")
        Consultation.objects.filter(pk=stage.pk).update(result_public=False)
    AgendaItem.objects.create(meeting=meeting, position=4, number="4", title="Geheimwort", public=False)
    with django_assert_num_queries(12):
        page = client.get(address).content.decode()
    assert "Punkt 3" in page
    assert "Ergebnis nicht öffentlich" in page
    assert "Weitere Punkte sind nicht öffentlich." in page
    assert "geheim" not in page.casefold()
    Paper.objects.filter(pk=paper.pk).update(public=False, non_public_reason="Vertrag")
    page = client.get(address).content.decode()
    assert "Punkt 3" in page
    for own in (reading("", paper), paper.number, "empfohlen"):
        assert own not in page


def test_the_kept_differences_are_of_what_is_public(
    paper: Paper, login_as: Callable[..., Client], django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    """Since the last stage, or since the last PDF that everybody may read; never since somebody read it."""
    client, clerk = (login_as(who, paper.municipality) for who in ("ratsmitglied", "sitzungsdienst"))
    address = reading("", paper, "paper_changes_offline")
    assert "Es gibt noch nichts zu vergleichen" in client.get(address).content.decode()
    by = demo_user("sitzungsdienst", paper.municipality)
    first, second, third = paper.consultations.all()[:3]
    Consultation.objects.filter(pk=third.pk).update(treatment=Consultation.Treatment.NON_PUBLIC)
    issue_stage(consultation=paper.consultations.get(pk=third.pk), by=by)
    page = client.get(address, {"seit": "ausfertigung"}).content.decode()
    assert "Es gibt noch nichts zu vergleichen" in page
    assert clerk.get(address).content.decode() == page
    issue_stage(consultation=paper.consultations.get(pk=second.pk), by=by)
    answered(first)
    Ballot.objects.create(consultation=first, position=1, votes_for=12, votes_against=2)
    with django_assert_num_queries(22):
        page = client.get(address, {"seit": "ausfertigung"}).content.decode()
    assert "Seit der letzten Ausfertigung:" in page
    assert "einstimmig empfohlen" in page
    assert "Samira" not in page
    answered(second)
    Ballot.objects.create(consultation=second, position=1, votes_for=11, votes_against=3)
    with django_assert_num_queries(22):
        client.get(address, {"seit": "ausfertigung"})
    Consultation.objects.filter(pk__in=[first.pk, second.pk]).update(result_public=False)
    page = client.get(address).content.decode()
    assert f"Seit der letzten Beratung: {second.committee_names()}" in page
    assert "einstimmig" not in page
