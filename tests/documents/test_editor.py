"""The editor for rich text, as somebody uses it who has no mouse, pastes from Word or uploads a picture."""

from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings as portal_settings
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect

from concepts.models import Chapter
from documents.models import Picture
from tests.concepts.factories import make_concept, make_member, make_town

FOCUSED = "document.activeElement.textContent.trim()"
FIXTURES = Path(__file__).parent / "clipboard"


@pytest.fixture
def chapter(db: None) -> Chapter:
    concept = make_concept(make_town(), fields=1, measures=1)
    return Chapter.objects.create(concept=concept, title="Leitbild", body="<p>Anfang</p>", position=9)


@pytest.fixture
def wrong(page: Page) -> Iterator[list[str]]:
    """What the browser complains about: an empty list at the end of each test."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def editor(page: Page, portal: str, chapter: Chapter, settings: Any, wrong: list[str]) -> Page:
    settings.ROOT_URLCONF = "tests.documents.sample_pages"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [Path(__file__).parent / "templates", *templates["DIRS"]]}]
    client = Client()
    client.force_login(make_member(chapter.concept.municipality))
    name = portal_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": portal}])
    page.goto(f"{portal}/probe/kapitel/{chapter.pk}/")
    return page


def text(page: Page) -> Any:
    return page.get_by_role("textbox", name="Text", exact=True)


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)


def choose(page: Page, label: str) -> None:
    """Presses a button of the toolbar with the keyboard alone."""
    press(page, "Alt+F10", "Home")
    for _ in range(30):
        if page.evaluate(FOCUSED).endswith(label):
            press(page, "Enter")
            return
        press(page, "ArrowRight")
    raise AssertionError(f"no button {label}")


def saved(page: Page, chapter: Chapter) -> str:
    page.get_by_role("button", name="Speichern").click()
    page.wait_for_load_state()
    chapter.refresh_from_db()
    return chapter.body


def complaints(page: Page) -> list[str]:
    found = Axe().run(page).response["violations"]
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in found]


def paste(page: Page, html: str, plain: str = "") -> None:
    """As if the keys for pasting were pressed while this was on the clipboard."""
    text(page).evaluate(
        """(field, [html, plain]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", plain);
            const more = { clipboardData: data, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", more));
        }""",
        [html, plain],
    )


def picture_file(folder: Path) -> Path:
    path = folder / "fest.jpg"
    Image.new("RGB", (800, 400), (120, 160, 90)).save(path)
    return path


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


@pytest.mark.parametrize("width", [1280, 390, 320])
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


# ---- Pasting ---------------------------------------------------------------------------------------------


def test_a_text_from_word_keeps_its_structure(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+End", "Enter")
    paste(editor, (FIXTURES / "word-report.html").read_text("utf-8"))
    expect(text(editor)).to_contain_text("Ausblick")
    expect(editor.get_by_role("status")).to_have_text(
        "Ein Bild wurde nicht übernommen. Bitte fügen Sie es über „Bild“ ein, mit Alternativtext."
    )
    body = saved(editor, chapter)
    assert body.startswith("<p>Anfang</p><h3>Sachstandsbericht</h3>")
    assert '<th scope="col" rowspan="2"><strong>Maßnahme</strong></th>' in body
    assert '<span class="footnote">Quelle: <em>Einwohnermelderegister</em>, eigene Berechnung.</span>' in body


def test_lists_from_word_are_lists(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+a", "Delete")
    paste(editor, (FIXTURES / "word-lists.html").read_text("utf-8"))
    expect(text(editor)).to_contain_text("Bericht nach einem Jahr")
    body = saved(editor, chapter)
    assert (
        "<ul><li>Elternarbeit<ul><li>Rucksack-Gruppen<ul><li>in vier Kitas</li></ul></li></ul></li>" in body
    )
    assert '<ol start="3"><li>Bericht nach einem Jahr</li></ol>' in body


def test_plain_text_and_own_text_are_pasted_at_once(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Home", "Shift+End", "Control+c", "End", "Control+v")
    paste(editor, "", " dazu")
    assert saved(editor, chapter) == "<p>AnfangAnfang dazu</p>"


def test_too_much_and_a_lost_login_get_a_sentence(editor: Page, chapter: Chapter, wrong: list[str]) -> None:
    text(editor).focus()
    editor.locator("[data-rich-text]").evaluate("root => root.dataset.mostPasted = 10")
    paste(editor, "<p>mehr als zehn Zeichen</p>")
    expect(editor.get_by_role("status")).to_contain_text("Das ist zu viel auf einmal.")
    editor.locator("[data-rich-text]").evaluate("root => root.dataset.mostPasted = 1000")
    editor.context.clear_cookies()
    paste(editor, "<p>mehr als zehn Zeichen</p>")
    expect(editor.get_by_role("status")).to_contain_text("Vielleicht sind Sie nicht mehr angemeldet")
    expect(text(editor)).to_have_text("Anfang")
    wrong[:] = [line for line in wrong if "403" not in line]


# ---- Pictures --------------------------------------------------------------------------------------------


def test_a_picture_is_uploaded_with_its_alternative_text(
    editor: Page, chapter: Chapter, tmp_path: Path
) -> None:
    text(editor).focus()
    press(editor, "Control+End")
    choose(editor, "Bild")
    dialog = editor.get_by_role("dialog", name="Bild")
    dialog.get_by_label("Bilddatei").set_input_files(picture_file(tmp_path))
    dialog.get_by_label("Alternativtext").fill("Ein Fest im Park")
    dialog.get_by_label("Bildunterschrift").fill("Foto: Amt 50")
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(dialog).to_be_hidden()
    expect(text(editor).get_by_role("img", name="Ein Fest im Park")).to_be_visible()
    picture = Picture.objects.get()
    assert picture.municipality == chapter.concept.municipality
    press(editor, "End", "Enter")
    editor.keyboard.type("danach")
    assert saved(editor, chapter) == (
        f'<p>Anfang</p><figure><img src="/bilder/{picture.pk}" alt="Ein Fest im Park">'
        "<figcaption>Foto: Amt 50</figcaption></figure><p>danach</p>"
    )
    shown = editor.locator("[data-saved] img")
    assert shown.evaluate("picture => picture.naturalWidth") == 800


def test_the_alternative_text_is_changed_and_the_picture_removed(
    editor: Page, chapter: Chapter, tmp_path: Path
) -> None:
    text(editor).focus()
    choose(editor, "Bild")
    dialog = editor.get_by_role("dialog", name="Bild")
    dialog.get_by_label("Bilddatei").set_input_files(picture_file(tmp_path))
    dialog.get_by_label("Alternativtext").fill("Alt")
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(text(editor)).to_be_focused()
    choose(editor, "Bild")
    expect(dialog.get_by_label("Bilddatei")).to_be_hidden()
    dialog.get_by_label("Alternativtext").fill("Neu")
    dialog.get_by_role("button", name="Übernehmen").click()
    assert 'alt="Neu"' in saved(editor, chapter)
    text(editor).get_by_role("img", name="Neu").click()
    choose(editor, "Bild")
    dialog.get_by_role("button", name="Bild entfernen").click()
    assert saved(editor, chapter) == "<p>Anfang</p>"


def test_a_refused_picture_gets_its_sentence_in_the_dialog(
    editor: Page, tmp_path: Path, wrong: list[str]
) -> None:
    (tmp_path / "falsch.png").write_bytes(b"MZ kein Bild")
    text(editor).focus()
    choose(editor, "Bild")
    dialog = editor.get_by_role("dialog", name="Bild")
    dialog.get_by_label("Bilddatei").set_input_files(tmp_path / "falsch.png")
    dialog.get_by_label("Alternativtext").fill("x")
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(dialog).to_contain_text("Die Datei ist kein lesbares Bild.")
    expect(dialog).to_be_visible()
    wrong[:] = [line for line in wrong if "422" not in line]


def test_a_picture_on_the_clipboard_asks_for_its_alternative_text(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    file = BytesIO()
    Image.new("RGB", (30, 20)).save(file, "PNG")
    text(editor).evaluate(
        """(field, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "bildschirm.png", { type: "image/png" }));
            const more = { clipboardData: data, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", more));
        }""",
        list(file.getvalue()),
    )
    dialog = editor.get_by_role("dialog", name="Bild")
    dialog.get_by_label("Alternativtext").fill("Bildschirm")
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(text(editor).get_by_role("img", name="Bildschirm")).to_be_visible()
    assert "Bildschirm" in saved(editor, chapter)
