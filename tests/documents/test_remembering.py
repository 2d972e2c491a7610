"""What printing remembers of lines and styles is all that they depend on."""

import inspect
import re
from collections.abc import Callable
from typing import Any

import pytest
from weasyprint.draw import text as drawing
from weasyprint.text import fonts, line_break

from committees.printing.rehearsal import LOGO
from documents import pdf
from documents.engine import lines
from documents.engine.memory import Memory
from documents.engine.press import Press
from documents.pdf import PrintDocument, Section, render
from documents.typefaces import PRINT_FOLDER
from tests.documents import reading

Make = Callable[..., PrintDocument]
pytestmark = pytest.mark.once

# What WeasyPrint's code about lines asks of a style beside what a line depends on.
OF_THE_PLACE = {
    "color", "line_height", "text_decoration_color", "text_decoration_style", "text_decoration_thickness",
    "text_underline_offset", "visibility",
}  # fmt: skip
WORDS = "Die Verwaltung berichtet über die Fortschreibung des Integrationskonzepts. "


def test_a_line_is_remembered_by_all_that_weasyprint_asks_of_its_style() -> None:
    code = "".join(inspect.getsource(module) for module in (line_break, fonts, drawing))
    asked = set(re.findall(r"""style\[['"](\w+)['"]\]""", code))
    assert len(asked) > 25
    assert asked - OF_THE_PLACE == {*lines.ASKED, *lines.COLLECTIONS}


@pytest.mark.parametrize(
    "style",
    [
        "font-size: 9pt", "font-style: italic", "font-weight: 600", "letter-spacing: 1pt",
        "word-spacing: 3pt", "hyphens: manual", "hyphenate-character: '='", "width: 60mm",
        "white-space: nowrap", "text-decoration: underline", "text-align: justify",
    ],
)  # fmt: skip
def test_the_same_words_in_another_style_are_other_lines(style: str) -> None:
    """Printed after the plain ones, they come out as if they were printed alone."""
    plain, other = (
        Section(f'<h1>A</h1><p style="width: 50mm; {more}">{WORDS * 4}</p>') for more in ("", style)
    )
    first, after = (render(PrintDocument(title="Probe", sections=[section])) for section in (plain, other))
    pdf.clear_cache()
    alone = render(PrintDocument(title="Probe", sections=[other]))
    assert after == alone
    assert after != first


def test_a_line_that_was_set_before_is_neither_broken_nor_drawn_again(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    calls: list[str] = []

    def counted(name: str) -> Any:
        original = getattr(lines, name)

        def call(text: Any, *arguments: Any, **named: Any) -> Any:
            calls.append(name)
            return original(text, *arguments, **named)

        return call

    for name in ("split_first_line", "draw_first_line"):
        monkeypatch.setattr(lines, name, counted(name))
    render(PrintDocument(title="Probe", sections=[Section(f"<h1>A</h1><p>{WORDS * 9}</p><p>Alt.</p>")]))
    whole = len(calls)
    render(PrintDocument(title="Probe", sections=[Section(f"<h1>A</h1><p>{WORDS * 9}</p><p>Neu.</p>")]))
    assert whole > 15
    assert len(calls) - whole == 2  # "Neu." broken and drawn


def test_a_paragraph_longer_than_is_remembered_is_printed_whole() -> None:
    text = WORDS * 60
    assert len(text) > 2 * lines.LONGEST
    printed = render(PrintDocument(title="Probe", sections=[Section(f"<h1>A</h1><p>{text}</p>")]))
    assert reading.letters(" ".join(reading.as_painted(printed))).count("Integrationskonzepts") == 60


def test_an_edit_gives_the_bytes_of_a_full_print(vorlage: Make) -> None:
    render(vorlage())
    body = vorlage().sections[1]
    edited = vorlage(sections=(vorlage().sections[0], Section(body.html.replace("Begründung", "Anlass"))))
    after = render(edited)
    pdf.clear_cache()
    assert render(edited) == after


def test_towns_of_other_colours_and_languages_share_no_style() -> None:
    section = Section('<h1>A</h1><p class="town-colour">Farbe</p><p style="width: 2cm">Silbentrennung</p>')
    documents = [
        PrintDocument(title="A", sections=[section], accent=accent, lang=lang)
        for accent, lang in (("#8c1d2f", "de"), ("#1f4e79", "de"), ("#1f4e79", "en"))
    ]
    in_turn = [render(document) for document in documents]
    assert len(set(in_turn)) == 3
    for document, printed in zip(documents, in_turn, strict=True):
        pdf._workshop.press = Press()
        pdf.clear_cache()
        assert render(document) == printed


def test_no_print_sheet_measures_by_the_page() -> None:
    """A style is shared between pages of all sizes."""
    sheets = [path.read_text(encoding="utf-8") for path in PRINT_FOLDER.glob("*.css")]
    assert len(sheets) >= 4
    assert [re.findall(r"\d(?:d|s|l)?(?:vw|vh|vmin|vmax|vi|vb|pvw|pvh)\b", sheet) for sheet in sheets] == [
        [] for _ in sheets
    ]


def test_a_memory_forgets_what_is_not_asked_for() -> None:
    memory: Memory[int] = Memory(2)
    for number in range(4):
        memory.put(number, number)
        assert memory.get(0) == 0  # asked for each time: stays
    for number in range(4, 9):
        memory.put(number, number)
    assert memory.get(0) is None
    assert memory.get(8) == 8
    assert len(memory.young) + len(memory.old) <= 4


def test_a_page_that_an_edit_leaves_alone_is_not_painted_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """But its neighbour is; what a table's own style says is learned in the first rendering."""
    painted = []
    original = Press._painted

    def counted(press: Press, *arguments: Any, **named: Any) -> Any:
        if named.get("tagged"):
            painted.append(arguments)
        return original(press, *arguments, **named)

    monkeypatch.setattr(Press, "_painted", counted)
    table = '<table><tbody><tr><th scope="row">Jahr</th><td>2017</td></tr></tbody></table>'
    start = (
        f'<h1 id="a">A</h1><p>{WORDS}<a href="#a">Anfang</a></p>{table}<h2 style="break-before: page">B</h2>'
    )
    for text in ("eins", "zwei"):
        render(PrintDocument(title="Probe", sections=[Section(start + f"<p>{text}</p>")]))
    painted.clear()
    pdf = render(PrintDocument(title="Probe", sections=[Section(start + "<p>drei</p>")]))
    assert ["drei" in page for page in reading.pages(pdf)] == [False, True]
    assert len(painted) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ('<p style="color: #333333">Text</p>', '<p style="color: #444444">Text</p>'),
        ('<p style="padding-left: 1pt">Text</p>', '<p style="padding-left: 2pt">Text</p>'),
        ('<p><a href="https://a.example">Text</a></p>', '<p><a href="https://b.example">Text</a></p>'),
        ('<p><a href="#a" title="eins">Text</a></p>', '<p><a href="#a" title="zwei">Text</a></p>'),
        ("<p>Text</p>", "<blockquote>Text</blockquote>"),
        ("<h2>Text</h2>", '<h2 id="text">Text</h2>'),
        ("<table><tr><th>A</th><td>B</td></tr></table>",
         '<table><tr><th scope="row">A</th><td>B</td></tr></table>'),
        ('<p><img src="app:logo" alt="eins"></p>', '<p><img src="app:logo" alt="zwei"></p>'),
    ],
)  # fmt: skip
def test_a_page_is_taken_for_another_only_if_nothing_differs(one: str, other: str) -> None:
    def printed(html: str) -> bytes:
        section = Section(f'<h1 id="a">A</h1>{html}')
        return render(PrintDocument(title="Probe", sections=[section], images={"logo": LOGO}))

    for html in (one, other, one, other):
        after = printed(html)
    pdf.clear_cache()
    assert after == printed(other) != printed(one)
