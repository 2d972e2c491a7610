"""The editor for rich text, as somebody uses it who has no mouse, or no script."""

from typing import Any

import pytest
from playwright.sync_api import Page, expect

from concepts.models import Chapter
from tests.documents.at_the_editor import choose, complaints, press, saved, text

pytestmark = pytest.mark.once

# ---- By keyboard alone -----------------------------------------------------------------------------------


def test_headings_lists_and_emphasis_by_keyboard(editor: Page, chapter: Chapter) -> None:
    press(editor, "Tab")
    text(editor).focus()
    press(editor, "Control+End", "Enter")
    choose(editor, "Überschrift")
    editor.keyboard.type("Ziele")
    press(editor, "Enter")
    choose(editor, "Aufzählung")
    editor.keyboard.type("Sprache")
    press(editor, "Enter", "Alt+Shift+ArrowRight")
    editor.keyboard.type("in der Kita")
    press(editor, "Enter", "Alt+Shift+ArrowLeft")
    press(editor, "Control+b")
    editor.keyboard.type("Arbeit")
    press(editor, "Control+b", "Enter", "Enter")
    choose(editor, "Zitat")
    editor.keyboard.type("Alle gehören dazu.")
    assert saved(editor, chapter) == (
        "<p>Anfang</p><h3>Ziele</h3>"
        "<ul><li>Sprache<ul><li>in der Kita</li></ul></li><li><strong>Arbeit</strong></li></ul>"
        "<blockquote><p>Alle gehören dazu.</p></blockquote>"
    )


def test_a_table_by_keyboard(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+End")
    choose(editor, "Tabelle")
    editor.keyboard.type("Jahr")
    press(editor, "ArrowRight")
    editor.keyboard.type("Kosten")
    press(editor, "ArrowDown")
    editor.keyboard.type("5")
    press(editor, "Home", "ArrowLeft")
    editor.keyboard.type("2017")
    choose(editor, "Zeile darunter")
    press(editor, "ArrowDown")
    editor.keyboard.type("2018")
    choose(editor, "Kopfspalte")
    choose(editor, "Spalte danach")
    press(editor, "End", "ArrowRight")
    editor.keyboard.type("zu viel")
    choose(editor, "Spalte löschen")
    assert saved(editor, chapter) == (
        '<p>Anfang</p><table><thead><tr><th scope="col">Jahr</th><th scope="col">Kosten</th>'
        "<td></td></tr></thead>"
        '<tbody><tr><th scope="row">2017</th><td>5</td><td></td></tr>'
        '<tr><th scope="row">2018</th><td></td><td></td></tr></tbody></table>'
    )


def test_a_link_and_a_footnote_by_keyboard(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+End")
    editor.keyboard.type(" mit ")
    choose(editor, "Link")
    expect(editor.get_by_role("dialog", name="Link")).to_be_visible()
    editor.keyboard.type("javascript:alert(1)")
    press(editor, "Enter")
    address = editor.get_by_role("textbox", name="Adresse")
    expect(address).to_have_accessible_description(
        "Eine Internetadresse oder eine E-Mail-Adresse "
        "Bitte geben Sie eine Internetadresse (https://…) oder eine E-Mail-Adresse an."
    )
    address.fill("www.example.org/bericht")
    press(editor, "Tab")
    editor.keyboard.type("Bericht")
    press(editor, "Enter")
    expect(text(editor)).to_be_focused()
    editor.keyboard.type(" und Ende")
    choose(editor, "Fußnote")
    editor.keyboard.type("Stand: Mai 2017")
    press(editor, "Tab", "Enter")
    expect(text(editor)).to_be_focused()
    editor.keyboard.type(".")
    assert saved(editor, chapter) == (
        '<p>Anfang mit <a href="https://www.example.org/bericht" rel="noopener noreferrer">Bericht</a>'
        ' und Ende<span class="footnote">Stand: Mai 2017</span>.</p>'
    )


def test_a_footnote_is_changed_and_removed(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+End")
    choose(editor, "Fußnote")
    editor.keyboard.type("Alt")
    editor.get_by_role("button", name="Übernehmen").click()
    press(editor, "ArrowLeft")
    expect(editor.get_by_role("button", name="Fußnote", exact=True)).to_have_attribute("aria-pressed", "true")
    choose(editor, "Fußnote")
    field = editor.get_by_role("textbox", name="Text der Fußnote")
    expect(field).to_have_value("Alt")
    field.fill("Neu")
    editor.get_by_role("button", name="Übernehmen").click()
    expect(text(editor)).to_contain_text("Neu")
    press(editor, "ArrowLeft")
    choose(editor, "Fußnote")
    editor.get_by_role("button", name="Fußnote entfernen").click()
    assert saved(editor, chapter) == "<p>Anfang</p>"


def test_the_tab_key_leads_in_through_and_out_again(editor: Page) -> None:
    editor.get_by_label("Überschrift", exact=True).first.focus()
    press(editor, "Tab")
    expect(editor.get_by_role("button", name="Überschrift", exact=True)).to_be_focused()
    press(editor, "Tab")
    expect(text(editor)).to_be_focused()
    press(editor, "Tab")
    expect(editor.get_by_role("button", name="Speichern")).to_be_focused()
    press(editor, "Shift+Tab", "Shift+Tab", "Escape")
    expect(text(editor)).to_be_focused()


def test_undo_and_an_untouched_text_is_sent_as_it_came(editor: Page, chapter: Chapter) -> None:
    Chapter.objects.filter(pk=chapter.pk).update(body="<p>A&nbsp;B<br></p>")
    editor.reload()
    field = editor.locator("textarea[name=body]")
    before = field.input_value()
    text(editor).focus()
    editor.keyboard.type("x")
    press(editor, "Control+z")
    editor.wait_for_timeout(600)
    assert field.input_value() == before
    editor.keyboard.type("y")
    expect(field).to_have_value("<p>yA&nbsp;B<br></p>")


# ---- The field among others ------------------------------------------------------------------------------


def test_label_hint_and_error_belong_to_the_text(editor: Page) -> None:
    field = text(editor)
    expect(field).to_have_accessible_description("Was im Kapitel steht.")
    editor.locator("label", has_text="Text").first.click()
    expect(field).to_be_focused()
    press(editor, "Control+a", "Delete")
    editor.get_by_role("button", name="Speichern").click()
    editor.wait_for_load_state()
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_accessible_description(
        "Was im Kapitel steht. Dieses Feld ist zwingend erforderlich."
    )
    editor.get_by_role("link", name="Text: Dieses Feld").click()
    expect(field).to_be_focused()
    assert complaints(editor) == []


@pytest.mark.parametrize("width", [1280, 320])
def test_the_editor_and_its_dialogs_are_accessible(editor: Page, width: int) -> None:
    editor.set_viewport_size({"width": width, "height": 800})
    text(editor).focus()
    choose(editor, "Tabelle")
    for head in ("Jahr", "Kosten", "Träger"):
        editor.keyboard.type(head)
        press(editor, "ArrowRight")
    assert complaints(editor) == []
    too_wide = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
    assert editor.evaluate(too_wide) <= 0
    for button in editor.get_by_role("toolbar").get_by_role("button").all():
        box = button.bounding_box()
        assert box is not None
        assert min(box["width"], box["height"]) >= 44, button.text_content()
    for name in ("Link", "Fußnote", "Bild"):
        choose(editor, name)
        dialog = editor.get_by_role("dialog", name=name)
        dialog.get_by_role("button", name="Übernehmen").click()
        expect(dialog.locator(".kern-error:visible").first).to_be_visible()
        assert complaints(editor) == []
        assert editor.evaluate(too_wide) <= 0
        press(editor, "Escape")
        expect(text(editor)).to_be_focused()


def test_without_script_the_html_is_edited_and_saved(
    editor: Page, chapter: Chapter, portal: str, browser: Any
) -> None:
    context = browser.new_context(java_script_enabled=False, storage_state=editor.context.storage_state())
    page = context.new_page()
    page.goto(f"{portal}/probe/kapitel/{chapter.pk}/")
    expect(page.get_by_role("toolbar")).to_have_count(0)
    page.get_by_label("Text", exact=True).fill("<h3>Ohne Skript</h3><p>geht es auch.</p>")
    assert saved(page, chapter) == "<h3>Ohne Skript</h3><p>geht es auch.</p>"
    page.get_by_role("link", name="Bild hochladen").click()
    context.close()


def test_what_another_script_puts_into_the_field_stands_in_the_editor(editor: Page, chapter: Chapter) -> None:
    editor.locator("textarea[name=body]").evaluate(
        """field => {
            field.value = "<h3>Entwurf</h3><p>von gestern</p>";
            field.dispatchEvent(new Event("input", { bubbles: true }));
        }"""
    )
    expect(text(editor)).to_have_text("Entwurfvon gestern")
    assert saved(editor, chapter) == "<h3>Entwurf</h3><p>von gestern</p>"
