"""A paper's whole way in three towns, by keyboard alone: from the empty form, over its route and its checks,
through the house (returned once), to its number and the PDF of each stage."""

from __future__ import annotations

from dataclasses import dataclass

import pytest
from playwright.sync_api import Locator, Page, expect

from committees.actions.issuing_runs import issue_due
from committees.models import IssuedPaper, Paper, SigningRequest
from municipalities.models import Municipality, User
from tests.conftest import demo_user
from tests.documents.reading import pages as pages_of
from tests.journeys.browsing import LogIn, press_on, tab_to

pytestmark = [pytest.mark.django_db, pytest.mark.once]


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_role("main").get_by_role("textbox", name=label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def choose(page: Page, label: str, option: str) -> None:
    tab_to(page, page.get_by_role("main").get_by_role("combobox", name=label))
    page.keyboard.type(option)


def pick(page: Page, question: str, answer: str) -> None:
    """One of several radio buttons, with the arrow keys."""
    group = page.get_by_role("group", name=question, exact=True)
    tab_to(page, group.locator("input:checked"))
    for _ in range(5):
        if group.get_by_role("radio", name=answer).is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"„{answer}“ cannot be reached by keyboard")


def tab(page: Page, name: str) -> Locator:
    return page.get_by_role("navigation", name="Ansichten").get_by_role("link", name=name, exact=True)


def button(page: Page, name: str) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=True).last


@dataclass(frozen=True)
class Case:
    town: str
    text_label: str
    costs: str
    stages: int
    pattern: str
    cover: str
    """What the deciding committee's PDF says of it."""


CASES = [
    Case("leverkusen", "Begründung", "verursacht Kosten", 9, "/", "Rat der Stadt Leverkusen"),
    Case("kreis-mettmann", "Anlass der Vorlage", "keine Kosten", 3, "/", "Kreistag"),
    Case("bergkamen", "Sachdarstellung", "keine Kosten", 3, "/", "Rat der Stadt Bergkamen"),
]


@pytest.mark.parametrize("case", CASES, ids=lambda case: case.town)
def test_from_the_empty_form_to_the_issued_pdfs(
    case: Case, log_in: LogIn, towns: dict[str, Municipality]
) -> None:
    town = towns[case.town]
    writer = demo_user("redaktion", town)
    page = log_in(writer)

    # Written.
    page.goto(f"/{town.slug}/vorlagen/")
    press_on(page, page.get_by_role("link", name="Neue Vorlage"))
    known = Paper.objects.get(municipality=town)
    choose(page, "Art der Vorlage", known.paper_type.name)
    write(page, "Betreff", "Fortschreibung des Integrationskonzepts")
    if case.town == "bergkamen":  # its editors work in an office that nobody stands above
        choose(page, "Federführender Fachbereich", str(known.department))
    press_on(page, button(page, "Anlegen und schreiben"))
    write(page, "Beschlusspunkt 1", "Das Konzept wird fortgeschrieben.")
    if case.town == "leverkusen":
        write(page, "Begründung zu Punkt 1", "Der Rat hat es so bestellt.")
    write(page, case.text_label, "Das Konzept ist fünf Jahre alt und wird erneuert.")
    pick(page, "Kosten", case.costs)
    if case.costs == "verursacht Kosten":
        write(page, "Betrag in Euro", "12.500,00")
        write(page, "Deckung", "Produkt 0510, Sachkonto 529100")
    press_on(page, button(page, "Speichern"))
    expect(page.get_by_role("status").filter(has_text="Die Vorlage ist gespeichert.")).to_be_visible()
    paper = Paper.objects.get(municipality=town, state=Paper.State.DRAFT)

    # Its route, from the town's template.
    press_on(page, tab(page, "Beratungsfolge"))
    press_on(page, button(page, "Übernehmen"))
    expect(page.get_by_role("list", name="Beratungsfolge").get_by_role("listitem")).to_have_count(case.stages)
    assert paper.consultations.count() == case.stages

    # Its checks: what is only a warning is accepted with a reason.
    press_on(page, tab(page, "Prüfung"))
    expect(page.get_by_role("heading", name="Fehler", exact=True)).to_have_count(0)
    for _ in range(15):
        open_warnings = page.get_by_role("region", name="Hinweise").locator("details")
        if not open_warnings.count():
            break
        fold = open_warnings.first
        press_on(page, fold.locator("summary"))
        tab_to(page, fold.get_by_role("textbox"))
        page.keyboard.type("Mit dem Sitzungsdienst besprochen.")
        tab_to(page, fold.get_by_role("button", name="Hinnehmen"))
        with page.expect_navigation():
            page.keyboard.press("Enter")
    expect(page.get_by_text("Keine Fehler").first).to_be_visible()

    # Through the house: the first one asked sends it back once, then everybody signs.
    start_signing(page, paper)
    returned = answer(log_in, paper, "Zurückgeben", "Bitte den Anlass genauer beschreiben.")
    page.goto(f"{paper.get_absolute_url()}mitzeichnung/")
    expect(page.get_by_text("Bitte den Anlass genauer beschreiben.").first).to_be_visible()
    page.goto(f"{paper.get_absolute_url()}schreiben/")
    write(page, case.text_label, "Das Konzept ist fünf Jahre alt; der Rat hat seine Erneuerung bestellt.")
    press_on(page, button(page, "Speichern"))
    expect(page.get_by_role("status").filter(has_text="Die Vorlage ist gespeichert.")).to_be_visible()
    start_signing(page, paper)
    signers = {writer.pk}
    while waiting(paper) is not None:
        signers.add(answer(log_in, paper, "Zeichnen"))
    assert returned in signers
    if case.town == "leverkusen":
        assert len(signers) >= 4

    # Its number, and the PDFs.
    clerk = log_in(demo_user("sitzungsdienst", town))
    clerk.goto(f"{paper.get_absolute_url()}freigabe/")
    press_on(clerk, button(clerk, "Vorlage freigeben"))
    expect(clerk.get_by_role("status").filter(has_text="Ihre Nummer:")).to_be_visible()
    paper.refresh_from_db()
    assert paper.released
    assert case.pattern in paper.number
    press_on(clerk, tab(clerk, "Ausfertigungen"))
    press_on(clerk, button(clerk, "Ausgewählte ausfertigen"))
    expect(clerk.get_by_text(f"0 von {case.stages}")).to_be_visible()
    assert issue_due() == 1
    expect(clerk.get_by_text("Für alle Beratungen gibt es ein gültiges PDF.")).to_be_visible()

    issued = IssuedPaper.objects.filter(consultation__paper=paper).select_related("file", "consultation")
    assert len(issued) == case.stages
    for issue in issued:
        text = " ".join(" ".join(pages_of(bytes(issue.file.content))).split())
        assert paper.number in text
        assert "der Rat hat seine Erneuerung bestellt" in text
        assert issue.consultation.committee_names() in text
    assert case.cover in " ".join(pages_of(bytes(issued.latest("consultation__position").file.content)))


def start_signing(page: Page, paper: Paper) -> None:
    page.goto(f"{paper.get_absolute_url()}mitzeichnung/")
    press_on(page, button(page, "Mitzeichnung beginnen"))
    expect(page.get_by_role("status").filter(has_text="Die Mitzeichnung hat begonnen")).to_be_visible()


def waiting(paper: Paper) -> SigningRequest | None:
    found: SigningRequest | None = (
        SigningRequest.objects.filter(round__paper=paper, state="asked")
        .select_related("person__user")
        .first()
    )
    return found


def answer(log_in: LogIn, paper: Paper, how: str, remark: str = "") -> int:
    """Whoever is asked first answers; who had no login gets one. Returns the user's id."""
    asked = waiting(paper)
    assert asked is not None
    person = asked.person
    if person.user is None:
        person.user = User.objects.create_user(
            f"person{person.pk}@{paper.municipality.slug}.example", name=person.name
        )
        person.save()
    page = log_in(person.user)
    page.goto(f"/{paper.municipality.slug}/mitzeichnung/")
    press_on(page, page.get_by_role("region", name="Wartet auf mich").get_by_role("link").first)
    if remark:
        tab_to(page, page.get_by_role("main").get_by_role("textbox").first)
        page.keyboard.type(remark)
    tab_to(page, button(page, how))
    with page.expect_navigation():
        page.keyboard.press("Enter")
    asked.refresh_from_db()
    assert asked.state != "asked"
    return int(person.user.pk)
