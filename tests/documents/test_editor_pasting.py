"""What comes into the editor from elsewhere: texts from the clipboard, and pictures."""

from pathlib import Path

import pytest
from playwright.sync_api import Page, expect

from concepts.models import Chapter
from documents.models import Picture
from tests.documents.at_the_editor import choose, paste, press, saved, text
from tests.documents.factories import picture_file

pytestmark = pytest.mark.once

CLIPBOARD = Path(__file__).parent / "clipboard"


def party(folder: Path) -> Path:
    path = folder / "fest.jpg"
    path.write_bytes(picture_file("JPEG", (800, 400)))
    return path


# ---- Pasting ---------------------------------------------------------------------------------------------


def test_a_text_from_word_keeps_its_structure(editor: Page, chapter: Chapter) -> None:
    text(editor).focus()
    press(editor, "Control+End", "Enter")
    paste(editor, (CLIPBOARD / "word-report.html").read_text("utf-8"))
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
    paste(editor, (CLIPBOARD / "word-lists.html").read_text("utf-8"))
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
    dialog.get_by_label("Bilddatei").set_input_files(party(tmp_path))
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
    dialog.get_by_label("Bilddatei").set_input_files(party(tmp_path))
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
    text(editor).evaluate(
        """(field, bytes) => {
            const data = new DataTransfer();
            data.items.add(new File([new Uint8Array(bytes)], "bildschirm.png", { type: "image/png" }));
            const more = { clipboardData: data, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", more));
        }""",
        list(picture_file()),
    )
    dialog = editor.get_by_role("dialog", name="Bild")
    dialog.get_by_label("Alternativtext").fill("Bildschirm")
    dialog.get_by_role("button", name="Übernehmen").click()
    expect(text(editor).get_by_role("img", name="Bildschirm")).to_be_visible()
    assert "Bildschirm" in saved(editor, chapter)
