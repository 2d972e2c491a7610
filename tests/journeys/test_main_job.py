"""The main job in the browser: from the login to a PDF that nobody changes any more, for each town."""

import hashlib
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any
from urllib.parse import urljoin

import pytest
from playwright.sync_api import Locator, Page, expect
from pypdf import PdfReader

from concepts.models import ActionField, Concept, Goal, Measure
from municipalities.models import Municipality
from tests.journeys.browsing import tab_to

Towns = dict[str, Municipality]


@dataclass(frozen=True)
class Seed:
    """What the town's published paper says, as somebody sees it who works with it."""

    slug: str
    name: str
    number: str
    subject: str
    route: tuple[str, ...]
    """Each stage as the picture of the route tells it: committee, date, role and how it stands."""
    issued: int
    """Which stage is issued, from 0."""
    committee: str
    date: str
    """Of that stage's meeting, as the PDF prints it."""
    held: str
    planned: str
    concept: str
    word: str
    """A word to look for in the concept, and a measure that it finds."""
    finds: str
    left_out_because: str = ""


SEEDS = [
    Seed(
        slug="bergisch-gladbach",
        name="Stadt Bergisch Gladbach",
        number="324/2008",
        subject="Integrationskonzept für Migrantinnen und Migranten",
        route=(
            "Ausschuss für die Gleichstellung von Frau und Mann 05.06.2008 als Nächstes",
            "Sozialausschuss 11.06.2008 folgt",
        ),
        issued=1,
        committee="Sozialausschuss",
        date="11.06.2008",
        held="28.05.2008 Erste Sitzung der Lenkungsgruppe durchgeführt",
        planned="19.06.2008 Integrationskonferenz (Eröffnungsveranstaltung) geplant",
        concept="Integrationskonzept für Migrantinnen und Migranten",
        word="elternkurse",
        finds="Elternkurse der Volkshochschule",
    ),
    Seed(
        slug="bergkamen",
        name="Stadt Bergkamen",
        number="11/1481",
        subject="Einführung eines Kommunalen Integrationsmanagements",
        route=(
            "Integrationsrat Vorberatung entfällt",
            "Rat der Stadt Bergkamen 21.02.2019 · Entscheidung für die Durchführung entschieden",
            "Integrationsrat Termin noch offen · Kenntnisnahme als Nächstes",
        ),
        issued=1,
        committee="Rat der Stadt Bergkamen",
        date="21.02.2019",
        held="Januar 2019 Erste Sitzung der Projektgruppe durchgeführt",
        planned="Juni 2019 Werkstatt zu Zielen und Indikatoren geplant",
        concept="Integrationskonzept der Stadt Bergkamen",
        word="gesprächsabende",
        finds="Offene Gesprächsabende „Unsere Straße“",
        left_out_because="Die Fördermittel wurden erst im Dezember 2018 zugewiesen",
    ),
    Seed(
        slug="goettingen",
        name="Stadt Göttingen",
        number="FB50/0731/2008",
        subject="Integrationskonzept der Stadt Göttingen",
        route=("Rat Termin noch offen · Beschluss als Nächstes",),
        issued=0,
        committee="Rat",
        date="Termin noch offen",
        held="15.02.2008 Erste Integrationskonferenz (Auftakt) durchgeführt",
        planned="ohne Datum Treffen des Beirats zum Stand der Umsetzung geplant",
        concept="Kommunales Integrationskonzept der Stadt Göttingen",
        word="elternlotsen",
        finds="Elternlotsinnen und Elternlotsen an Grundschulen",
    ),
    Seed(
        slug="kreis-mettmann",
        name="Kreis Mettmann",
        number="50/020/2015",
        subject="Kreisintegrationszentrum - Integrationskonzept für den Kreis Mettmann",
        route=(
            "Sozialausschuss 11.05.2015 · Vorberatung als Nächstes",
            "Kreisausschuss 15.06.2015 · Vorberatung folgt",
            "Kreistag 22.06.2015 · Beschluss folgt",
        ),
        issued=2,
        committee="Kreistag",
        date="22.06.2015",
        held="18.12.2012 Kreistag beschließt das Kreisintegrationszentrum",
        planned="ohne Datum Broschüre und Internetseite geplant",
        concept="Integrationskonzept Kreis Mettmann 2015",
        word="kinderbetreuung",
        finds="Kinderbetreuung in Integrationskursen",
    ),
    Seed(
        slug="leverkusen",
        name="Stadt Leverkusen",
        number="2017/1900",
        subject="Integrationskonzept Stadt Leverkusen",
        route=(
            "Integrationsrat 14.11.2017 · Beratung als Nächstes",
            "Kinder- und Jugendhilfeausschuss 16.11.2017 · Beratung folgt",
            "Ausschuss für Soziales, Gesundheit und Senioren 20.11.2017 · Beratung folgt",
            "Schulausschuss 20.11.2017 · Beratung folgt",
            "Bezirksvertretung für den Stadtbezirk I 27.11.2017 · Beratung folgt",
            "Bezirksvertretung für den Stadtbezirk II 28.11.2017 · Beratung folgt",
            "Bezirksvertretung für den Stadtbezirk III 30.11.2017 · Beratung folgt",
            "Finanz- und Rechtsausschuss 04.12.2017 · Beratung folgt",
            "Rat der Stadt Leverkusen 18.12.2017 · Entscheidung folgt",
        ),
        issued=4,
        committee="Bezirksvertretung für den Stadtbezirk I",
        date="27.11.2017",
        held="30.06.2017 Integrationskonferenz der Stadt Leverkusen durchgeführt",
        planned="1. Quartal 2018 Erste Sitzung der Controllinggruppe Integrationskonzept geplant",
        concept="Integrationskonzept Stadt Leverkusen",
        word="angebotsübersicht",
        finds="Gemeinsame Angebotsübersicht im Internet",
    ),
]


@pytest.fixture(autouse=True)
def demo_mode(settings: Any) -> None:
    settings.DEMO_MODE, settings.PRODUCTION = True, False


def cases() -> Iterator[Any]:
    """The town with the longest route goes through both databases."""
    for seed in SEEDS:
        marks = [] if seed.slug == "leverkusen" else [pytest.mark.once]
        yield pytest.param(seed, marks=marks, id=seed.slug)


@pytest.mark.parametrize("seed", list(cases()))
def test_from_the_login_to_an_issued_pdf(seed: Seed, towns: Towns, portal: str, page: Page) -> None:
    town = towns[seed.slug]
    log_in(page, portal, seed)
    see_what_waits(page, seed)
    read_the_concept(page, seed, town)
    read_the_timeline(page, seed)
    open_the_paper(page, seed)
    issue(page, seed)


# ---- The steps -------------------------------------------------------------------------------------------


def log_in(page: Page, portal: str, seed: Seed) -> None:
    page.goto(portal)
    expect(page.get_by_role("heading", name="Anmelden", level=1)).to_be_visible()
    logins = page.locator(".p-demo-town", has=page.get_by_role("heading", name=seed.name))
    logins.get_by_role("button", name="Sitzungsdienst").click()


def see_what_waits(page: Page, seed: Seed) -> None:
    expect(page.get_by_role("heading", level=1)).to_contain_text("Guten Tag")
    expect(page.get_by_role("banner")).to_contain_text(seed.name)
    waiting = page.get_by_role("region", name="Vorlagen zum Ausfertigen").get_by_role("listitem")
    still_open = [stage for stage in seed.route if stage.endswith(("als Nächstes", "folgt"))]
    expect(waiting).to_have_count(len(still_open))
    expect(waiting.first).to_contain_text(seed.number)


def read_the_concept(page: Page, seed: Seed, town: Municipality) -> None:
    go_to(page, "Konzepte")
    page.get_by_role("link", name=seed.concept, exact=True).click()
    expect(page.get_by_role("heading", name=seed.concept, level=1)).to_be_visible()
    concept = Concept.objects.get(municipality=town, title=seed.concept)
    for field in ActionField.objects.filter(concept=concept):
        expect(page.get_by_role("heading", name=str(field), level=2)).to_be_visible()
    goal = Goal.objects.filter(field__concept=concept)[0]
    expect(page.get_by_role("heading", name=goal.text)).to_be_visible()
    expect(page.get_by_role("region", name="Diagramm").get_by_role("img").first).to_be_visible()

    page.get_by_label("Suchwort").fill(seed.word)
    page.get_by_role("search", name="Im Konzept suchen").get_by_role("button", name="Suchen").click()
    expect(page.get_by_role("status").filter(has_text="Gefunden")).to_contain_text("Maßnahme")
    found = page.get_by_role("heading", name=seed.finds)
    expect(found).to_be_visible()
    for other in Measure.objects.filter(concept=concept).exclude(title=seed.finds)[:1]:
        expect(page.get_by_role("heading", name=other.title)).to_have_count(0)
    found.click()
    page.get_by_role("link", name="Maßnahme öffnen").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text(seed.finds)
    expect(page.get_by_role("main")).to_contain_text("Verantwortlich")


def read_the_timeline(page: Page, seed: Seed) -> None:
    go_to(page, "Beteiligung")
    for event in (seed.held, seed.planned):
        expect(told(page.get_by_role("listitem"), event)).to_be_visible()
    page.get_by_role("region", name="Gruppen").get_by_role("link").first.click()
    expect(page.get_by_role("table", name="Plätze der Gruppe")).to_be_visible()


def open_the_paper(page: Page, seed: Seed) -> None:
    go_to(page, "Vorlagen")
    page.get_by_role("link", name=seed.subject).click()
    expect(page.get_by_role("heading", name=seed.subject, level=1)).to_be_visible()
    stages = page.get_by_role("list", name="Beratungsfolge").get_by_role("listitem")
    expect(stages).to_have_count(len(seed.route))
    for shown, expected in zip(stages.all(), seed.route, strict=True):
        assert words(shown) == expected
    if seed.left_out_because:
        expect(page.get_by_role("main")).to_contain_text(seed.left_out_because)
    stages.nth(seed.issued).get_by_role("link").click()
    expect(page.get_by_role("heading", name=seed.committee, level=1)).to_be_visible()


def issue(page: Page, seed: Seed) -> None:
    preview = page.frame_locator("iframe[title^=Vorschau]")
    expect(preview.get_by_text(seed.number).first).to_be_visible()
    expect(preview.get_by_text(seed.date).first).to_be_visible()
    expect(page.get_by_text("Noch nicht ausgefertigt")).to_be_visible()
    page.get_by_role("button", name="Ausfertigen").click()
    see_the_issued_pdf(page, seed)


def see_the_issued_pdf(page: Page, seed: Seed) -> None:
    expect(page.get_by_role("status")).to_contain_text(
        f"1. Ausfertigung für „{seed.committee}“ ist gespeichert"
    )
    issued = page.get_by_role("region", name="Ausfertigungen")
    expect(issued.get_by_role("button", name="Neu ausfertigen")).to_be_visible()
    address = issued.get_by_role("link", name="1. Ausfertigung (PDF)").get_attribute("href")
    assert address
    answer = page.request.get(urljoin(page.url, address))
    assert answer.ok
    assert answer.headers["content-type"] == "application/pdf"
    content = answer.body()
    expect(issued).to_contain_text(f"SHA-256 {hashlib.sha256(content).hexdigest()}")

    text = " ".join("".join(sheet.extract_text() for sheet in PdfReader(io.BytesIO(content)).pages).split())
    for said in (seed.committee, seed.date, seed.number):
        assert said in text, f"{said} is missing in the PDF"
    # The page says the same after another visit.
    page.reload()
    expect(issued).to_contain_text(hashlib.sha256(content).hexdigest())
    go_to(page, "Start")
    expect(page.get_by_role("link", name=f"{seed.committee}: {seed.number}")).to_have_count(0)


def go_to(page: Page, name: str) -> None:
    page.get_by_role("navigation", name="Hauptnavigation").get_by_role("link", name=name, exact=True).click()


def words(shown: Locator) -> str:
    return " ".join(shown.inner_text().split())


def told(entries: Locator, story: str) -> Locator:
    """The entry whose words stand in this order, with others between them at most."""
    return entries.filter(has_text=re.compile(".*".join(map(re.escape, story.split())), re.DOTALL)).first


# ---- Without a mouse -------------------------------------------------------------------------------------


@pytest.mark.once
def test_issuing_with_the_keyboard_alone(towns: Towns, portal: str, page: Page) -> None:
    """From the login to the issued PDF by Tab and Enter; where the focus is can be seen."""
    seed = next(seed for seed in SEEDS if seed.slug == "goettingen")
    page.goto(portal)
    town = page.locator(".p-demo-town").filter(has_text=seed.name)
    enter(page, town.get_by_role("button", name="Sitzungsdienst"))
    expect(page.get_by_role("heading", level=1)).to_contain_text("Guten Tag")

    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Zum Inhalt springen")).to_be_focused()
    page.keyboard.press("Enter")
    page.wait_for_url("**/#inhalt")
    expect(page.locator("#inhalt")).to_be_focused()
    enter(page, page.get_by_role("link", name=f"Rat: {seed.number}"))
    expect(page.get_by_role("heading", name="Rat", level=1, exact=True)).to_be_visible()

    enter(page, page.get_by_role("button", name="Ausfertigen", exact=True))
    see_the_issued_pdf(page, seed)


def enter(page: Page, target: Locator) -> None:
    tab_to(page, target)
    assert target.evaluate("target => target.matches(':focus-visible')"), "the focus is not shown"
    page.keyboard.press("Enter")
