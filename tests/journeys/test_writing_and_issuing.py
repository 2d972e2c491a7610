"""A paper comes about in the browser: written by keyboard alone, with its sheet beside the form."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import FrameLocator, Page, Response, expect

from committees.layout_files import import_layout, preset
from committees.models import Paper, PaperType
from municipalities.models import Municipality, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user
from tests.journeys.browsing import LogIn, press_on, tab_to

pytestmark = [pytest.mark.django_db, pytest.mark.once]


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town()


@pytest.fixture
def writer(town: Municipality) -> User:
    return make_user(town, Role.Kind.EDITING, name="Rita Redaktion")


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_role("textbox", name=label, exact=True))
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def saved(page: Page) -> None:
    expect(page.get_by_role("status").filter(has_text="Die Vorlage ist gespeichert.")).to_be_visible()


def sheet_of(page: Page) -> FrameLocator:
    return page.frame_locator("iframe[title='Vorschau der Vorlage']")


def save(page: Page) -> None:
    page.get_by_role("main").get_by_role("button", name="Speichern", exact=True).last.click()


def test_leverkusens_paper_is_written_by_keyboard_alone(
    log_in: LogIn, town: Municipality, writer: User
) -> None:
    layout = import_layout(town, preset("leverkusen"), None)
    PaperType.objects.create(municipality=town, name="Vorlage", layout=layout)
    page = log_in(writer)
    page.goto(f"/{town.slug}/vorlagen/")
    press_on(page, page.get_by_role("link", name="Neue Vorlage"))
    write(page, "Betreff", "Integrationskonzept")
    press_on(page, page.get_by_role("button", name="Anlegen und schreiben"))

    expect(page.get_by_role("heading", level=1)).to_have_text("Integrationskonzept")
    write(page, "Betreff", "Integrationskonzept der Stadt")
    write(page, "Aktenzeichen", "III-ar")
    write(page, "Einleitung des Beschlusses", "{gremium} {beschließt|beschließen}:")
    write(page, "Beschlusspunkt 1", "Das Konzept wird beschlossen.")
    press_on(page, page.get_by_role("button", name="Beschlusspunkt hinzufügen"))
    write(page, "Beschlusspunkt 2", "Die Verwaltung berichtet jährlich.")
    write(page, "Begründung zu Punkt 2", "So bleibt der Rat im Bilde.")
    press_on(page, page.get_by_role("button", name="Unterschrift hinzufügen"))
    write(page, "Funktion (Unterschrift 1)", "Dezernentin")
    write(page, "Kurzbeschreibung", "Ein Konzept für fünf Jahre.")
    question = page.get_by_role("group", name="Klimaschutz betroffen")
    tab_to(page, question.get_by_role("radio", name="nicht angegeben"))
    page.keyboard.press("ArrowLeft")
    expect(question.get_by_role("radio", name="nein")).to_be_checked()
    write(page, "Begründung", "Der Rat hat das Konzept bestellt.")
    press_on(page, page.get_by_role("button", name="Speichern", exact=True).last)
    saved(page)

    paper = Paper.objects.get(municipality=town)
    assert (paper.subject, paper.file_number) == ("Integrationskonzept der Stadt", "III-ar")
    assert [point.text for point in paper.resolution_points.all()] == [
        "<p>Das Konzept wird beschlossen.</p>",
        "<p>Die Verwaltung berichtet jährlich.</p>",
    ]
    assert paper.resolution_points.get(position=2).reasons == "<p>So bleibt der Rat im Bilde.</p>"
    assert paper.signatures.get().function == "Dezernentin"
    assert dict(paper.assessments.values_list("key", "answer")) == {"schnelluebersicht.klimaschutz": "no"}
    texts = dict(paper.sections.values_list("key", "body"))
    assert texts["begruendung"] == "<p>Der Rat hat das Konzept bestellt.</p>"


def test_the_sheet_follows_what_is_typed_and_leads_to_its_field(
    log_in: LogIn, town: Municipality, writer: User
) -> None:
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>", number="")
    make_stage(paper, make_committee(town, "Sozialausschuss"), "advise")
    make_stage(paper, make_committee(town, "Rat"), "decide")
    page = log_in(writer)
    page.goto(f"{paper.get_absolute_url()}schreiben/")
    sheet = sheet_of(page)
    expect(sheet.locator("h1")).to_have_text("Integrationskonzept")

    page.get_by_role("textbox", name="Betreff", exact=True).fill("Neu getippt")
    expect(sheet.locator("h1")).to_have_text("Neu getippt")
    reasons = page.get_by_role("textbox", name="Begründung", exact=True)
    reasons.click()
    page.keyboard.type("Weil der Rat es will.")
    expect(sheet.locator("[data-block=begruendung]")).to_contain_text("Weil der Rat es will.")
    assert not paper.sections.exists()  # nothing is saved by looking

    # Another stage, and the sheet stays where one has scrolled to.
    expect(sheet.locator("[data-block=beratung]")).to_contain_text("Sozialausschuss")
    page.locator(".v-preview__stage select").select_option(label="2. Rat")
    expect(sheet.locator("[data-block=beratung]")).to_contain_text("Rat")
    frame = page.frame(url=re.compile("/vorschau/"))
    assert frame is not None
    frame.evaluate("scrollTo(0, 300)")
    page.get_by_role("textbox", name="Betreff", exact=True).fill("Noch einmal")
    expect(sheet.locator("h1")).to_have_text("Noch einmal")
    assert frame.evaluate("scrollY") == 300

    # A click on a block opens its group and puts the cursor into its field; Enter does the same.
    page.locator("#baustein-begruendung > summary").click()
    expect(reasons).to_be_hidden()
    sheet.locator("[data-block=begruendung]").click()
    expect(reasons).to_be_focused()
    sheet.locator("[data-block=betreff]").focus()
    page.keyboard.press("Enter")
    expect(page.get_by_role("textbox", name="Betreff", exact=True)).to_be_focused()
    sheet.locator("[data-block=beschlussentwurf] .resolution-text").click()
    expect(page.get_by_role("textbox", name="Einleitung des Beschlusses")).to_be_focused()

    # The sheet may be drawn anew at the same moment: that answer is another one.
    def is_pdf(answer: Response) -> bool:
        return answer.url.endswith("/vorschau/2/entwurf.pdf")

    with page.context.expect_page(), page.context.expect_event("response", is_pdf) as answered:
        page.get_by_role("button", name="Als PDF ansehen").click()
    assert answered.value.headers["content-type"] == "application/pdf"


def test_two_browsers_write_one_paper_and_both_texts_survive(
    log_in: LogIn, town: Municipality, writer: User
) -> None:
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>", number="")
    paper.sections.create(key="begruendung", body="<p>Am Anfang.</p>")
    address = f"{paper.get_absolute_url()}schreiben/"
    first, second = log_in(writer), log_in(make_user(town, Role.Kind.EDITING, name="Karl Kollege"))
    first.goto(address)
    second.goto(address)
    second.get_by_role("textbox", name="Aktenzeichen", exact=True).fill("50-1")
    for page, words in ((first, "Der erste Text."), (second, "Der zweite Text.")):
        page.get_by_role("textbox", name="Begründung", exact=True).click()
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        save(page)
    saved(first)
    both = second.get_by_role("region", name="Zwei Fassungen – welche soll gelten?")
    expect(both.locator("mark")).to_have_text(["nur hier: zweite", "nur hier: erste"])
    assert paper.sections.get().body == "<p>Der erste Text.</p>"
    save(second)
    saved(second)
    assert paper.sections.get().body == "<p>Der zweite Text.</p>"
    assert "<p>Der erste Text.</p>" in paper.sections.get().history.values_list("body", flat=True)
    paper.refresh_from_db()
    assert paper.file_number == "50-1"


def test_what_was_typed_survives_a_closed_tab_with_its_new_rows(
    log_in: LogIn, town: Municipality, writer: User
) -> None:
    paper = make_paper(town, "<p>Das Konzept wird beschlossen.</p>", number="")
    address = f"{paper.get_absolute_url()}schreiben/"
    page = log_in(writer)
    page.goto(address)
    page.get_by_role("button", name="Beschlusspunkt hinzufügen").click()
    page.get_by_role("textbox", name="Beschlusspunkt 2", exact=True).click()
    page.keyboard.type("Noch nicht gespeichert.")
    page.wait_for_timeout(1200)
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(address)
    expect(page.get_by_role("textbox", name="Beschlusspunkt 2", exact=True)).to_have_count(0)
    page.get_by_role("button", name="Eingaben wieder einsetzen").click()
    expect(page.get_by_role("textbox", name="Beschlusspunkt 2", exact=True)).to_contain_text(
        "Noch nicht gespeichert."
    )
    expect(sheet_of(page).locator("[data-block=beschlussentwurf]")).to_contain_text("Noch nicht gespeichert.")
    save(page)
    saved(page)
    assert paper.resolution_points.get(position=2).text == "<p>Noch nicht gespeichert.</p>"
    page.goto(address)
    expect(page.get_by_role("button", name="Eingaben wieder einsetzen")).to_have_count(0)
