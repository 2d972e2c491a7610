"""The concept is written in the browser: by keyboard alone, by two at once, by a Fachamt."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from concepts.kinds import workbench_url
from concepts.models import ActionField, Concept, Goal, Indicator, Measure
from municipalities.models import Institution, Municipality, Person, Role
from tests.concepts.factories import make_concept, make_member, make_town
from tests.journeys.browsing import LogIn, press_on, tab_to

pytestmark = pytest.mark.django_db


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town()


@pytest.fixture
def concept(town: Municipality) -> Concept:
    return make_concept(town, code_scheme=Concept.CodeScheme.LETTERS)


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label, exact=False).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def saved(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def test_a_whole_field_is_written_by_keyboard_alone(
    log_in: LogIn, town: Municipality, concept: Concept
) -> None:
    page = log_in(make_member(town))
    page.goto(concept.get_absolute_url())
    press_on(page, page.get_by_role("link", name="Bearbeiten", exact=True))
    main = page.get_by_role("main")

    press_on(page, main.get_by_role("link", name="Handlungsfeld", exact=True))
    write(page, "Titel", "Gesundheit")
    tab_to(page, page.get_by_role("textbox", name=re.compile("^Ausgangslage")))
    page.keyboard.type("Wege zum Arzt sind weit.")
    press_on(page, page.get_by_role("button", name="Anlegen"))
    saved(page, "ist angelegt")
    field = ActionField.objects.get(concept=concept, title="Gesundheit")
    assert (field.code, field.situation) == ("C", "<p>Wege zum Arzt sind weit.</p>")

    for number, goal in enumerate(("Alle finden Hilfe.", "Niemand wartet lange."), start=1):
        page.goto(workbench_url(concept, field))
        press_on(page, main.get_by_role("link", name="Ziel hinzufügen"))
        write(page, "Ziel", goal)
        press_on(page, page.get_by_role("button", name="Anlegen"))
        saved(page, "ist angelegt")
        assert Goal.objects.get(field=field, text=goal).code == f"C.{number}"

    first, second = Goal.objects.filter(field=field).order_by("position")
    for title, goal_row in (("Sprechstunde", first), ("Dolmetscherdienst", first), ("Wegweiser", second)):
        page.goto(workbench_url(concept, goal_row))
        press_on(page, main.get_by_role("link", name="Maßnahme hinzufügen"))
        write(page, "Titel", title)
        write(page, "Zeitraum", "2019–2021")
        press_on(page, page.get_by_role("button", name="Anlegen"))
        saved(page, "ist angelegt")
        made = Measure.objects.get(concept=concept, title=title)
        assert (list(made.goals.all()), str(made.span)) == ([goal_row], "2019–2021")

    # The second measure goes in front of the first, and an indicator completes the first goal.
    page.goto(workbench_url(concept, Measure.objects.get(concept=concept, title="Dolmetscherdienst")))
    press_on(page, page.locator(".w-more > summary"))
    press_on(page, page.get_by_role("button", name="Nach oben"))
    saved(page, "ist verschoben")
    outline = page.get_by_role("navigation", name="Gliederung des Konzepts")
    shown = outline.locator(".w-massnahmen a", has_text=re.compile("Sprechstunde|Dolmetscherdienst"))
    expect(shown.first).to_contain_text("Dolmetscherdienst")

    page.goto(workbench_url(concept, first))
    press_on(page, page.locator(".w-more > summary"))
    press_on(page, page.get_by_role("link", name="Indikator hinzufügen"))
    write(page, "Bezeichnung", "Belegte Sprechstunden")
    press_on(page, page.get_by_role("button", name="Anlegen"))
    saved(page, "ist angelegt")
    write(page, "Zeitraum, Zeile 1", "2018")
    write(page, "Wert, Zeile 1", "1.234,5")
    press_on(page, page.get_by_role("button", name="Speichern"))
    saved(page, "ist gespeichert")
    indicator = Indicator.objects.get(concept=concept, title="Belegte Sprechstunden")
    assert (indicator.goal, str(indicator.values.get().value)) == (first, "1234.500")

    page.goto(concept.get_absolute_url())
    expect(page.get_by_role("heading", name="Gesundheit")).to_be_visible()
    expect(page.get_by_role("heading", name="Wegweiser")).to_be_visible()


def test_two_browsers_edit_one_measure_and_both_texts_survive(
    log_in: LogIn, town: Municipality, concept: Concept
) -> None:
    measure: Measure = concept.measures.get(code="A.1.1.1")
    measure.save()  # its history begins
    address = workbench_url(concept, measure)
    first, second = log_in(make_member(town)), log_in(make_member(town, "zweite@example.org"))
    first.goto(address)
    second.goto(address)
    expect(second.locator("[data-presence]")).to_contain_text("Gerade auch geöffnet von")

    for page, words in ((first, "Der erste Text."), (second, "Der zweite Text.")):
        text = page.get_by_role("textbox", name=re.compile("^Beschreibung"))
        text.click()
        page.keyboard.press("Control+a")
        page.keyboard.type(words)
        page.get_by_role("button", name="Speichern").click()
    saved(first, "ist gespeichert")
    both = second.get_by_role("region", name="Zwei Fassungen – welche soll gelten?")
    # The words that only one of the two has are marked, and said to be so.
    expect(both.locator("mark")).to_have_text(["nur hier: zweite", "nur hier: erste"])
    measure.refresh_from_db()
    assert measure.text == "<p>Der erste Text.</p>"

    second.get_by_role("button", name="Speichern").click()
    saved(second, "ist gespeichert")
    measure.refresh_from_db()
    assert measure.text == "<p>Der zweite Text.</p>"
    assert "<p>Der erste Text.</p>" in measure.history.values_list("text", flat=True)


def test_what_was_typed_survives_a_closed_tab_and_a_lost_session(
    log_in: LogIn, town: Municipality, concept: Concept
) -> None:
    measure: Measure = concept.measures.get(code="A.1.1.1")
    address = workbench_url(concept, measure)
    user = make_member(town)
    page = log_in(user)
    page.goto(address)
    page.get_by_role("textbox", name="Herkunft – optional").fill("Aus der Konferenz")
    page.get_by_role("textbox", name=re.compile("^Beschreibung")).click()
    page.keyboard.press("Control+a")
    page.keyboard.type("Noch nicht gespeichert.")
    page.wait_for_timeout(1200)  # the browser keeps it a moment after the last key
    context = page.context
    page.close()

    page = context.new_page()
    page.goto(address)
    page.get_by_role("button", name="Eingaben wieder einsetzen").click()
    expect(page.get_by_role("textbox", name="Herkunft – optional")).to_have_value("Aus der Konferenz")
    expect(page.get_by_role("textbox", name=re.compile("^Beschreibung"))).to_contain_text(
        "Noch nicht gespeichert."
    )
    # The session ends; the save leads to the login, and the words are still here afterwards.
    cookies = context.cookies()
    context.clear_cookies()
    page.get_by_role("button", name="Speichern").click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Sprachkurs")
    context.add_cookies([{**cookie} for cookie in cookies])  # type: ignore[typeddict-item]
    page.goto(address)
    page.get_by_role("button", name="Eingaben wieder einsetzen").click()
    page.get_by_role("button", name="Speichern").click()
    saved(page, "ist gespeichert")
    measure.refresh_from_db()
    assert (measure.text, measure.origin) == ("<p>Noch nicht gespeichert.</p>", "Aus der Konferenz")
    page.goto(address)
    expect(page.get_by_role("button", name="Eingaben wieder einsetzen")).to_have_count(0)


def test_a_fachamt_edits_its_own_measure_and_cannot_touch_anothers(
    log_in: LogIn, town: Municipality, concept: Concept
) -> None:
    user = make_member(town, "fachamt@example.org", Role.Kind.DEPARTMENT)
    department = Institution.objects.get(municipality=town, name="Fachbereich Soziales")
    Person.objects.create(municipality=town, name="Kim Berger", institution=department, user=user)
    foreign: Measure = concept.measures.get(code="B.1.1.1")
    foreign.responsible = Institution.objects.get(municipality=town, name="Verein der Nachbarn")
    foreign.save()

    page = log_in(user)
    page.goto(f"{concept.get_absolute_url()}massnahmen/{concept.measures.get(code='A.1.1.1').pk}/")
    page.get_by_role("link", name="Bearbeiten", exact=True).click()
    page.get_by_label("Zielgruppen").fill("Ältere Menschen")
    page.get_by_role("button", name="Speichern").click()
    saved(page, "ist gespeichert")

    page.goto(workbench_url(concept, foreign))
    expect(page.get_by_role("main")).to_contain_text("Sie können ihn lesen und kommentieren.")
    expect(page.get_by_role("button", name="Speichern")).to_have_count(0)


def test_a_measure_is_dragged_below_another_goal(log_in: LogIn, town: Municipality, concept: Concept) -> None:
    page = log_in(make_member(town))
    measure: Measure = concept.measures.get(code="A.1.1.2")
    page.goto(workbench_url(concept, measure))
    outline = page.get_by_role("navigation", name="Gliederung des Konzepts")
    goal = Goal.objects.get(field__concept=concept, code="A.1")
    outline.locator(f"a[data-part='massnahmen/{measure.pk}']").drag_to(
        outline.locator(f"a[data-part='ziele/{goal.pk}']")
    )
    saved(page, "ist verschoben")
    assert list(measure.goals.all()) == [goal]
