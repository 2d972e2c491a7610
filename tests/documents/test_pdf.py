"""What a reader finds in a print."""

import re
import subprocess
from collections.abc import Callable, Mapping
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageChops
from pypdf import PdfReader
from weasyprint import CSS
from weasyprint.text.fonts import FontConfiguration

from documents import pdf
from documents.fetching import AppFetcher
from documents.pdf import AttachedFile, PrintDocument, Section, as_html, clear_cache, render, render_many
from documents.templatetags.print_tags import page_of
from documents.typefaces import PRINT_FOLDER, only_our_fonts
from tests.documents import reading
from tests.documents.conftest import BODY, COMMITTEES, cover

Make = Callable[..., PrintDocument]
MARGIN_BOXES = Path(__file__).with_name("margin_boxes.css")
pytestmark = pytest.mark.once


def test_each_page_says_its_number_and_how_many_there_are(vorlage: Make) -> None:
    pages = reading.pages(render(vorlage()))
    assert len(pages) >= 3
    for number, page in enumerate(pages, start=1):
        assert f"Seite {number} von {len(pages)}" in page
        assert "2017/1900" in page.splitlines()[-1] or "2017/1900" in page
        assert "Integrationskonzept" in page


def test_a_long_title_has_its_second_line_in_the_foot_of_the_same_page() -> None:
    sections = [Section("<h1>Eins</h1>"), Section("<h1>Zwei</h1>", "landscape")]
    first, second = reading.pages(
        render(PrintDocument(title=f"{'Integration ' * 11}überall", sections=sections))
    )
    for page, head in ((first, "Eins"), (second, "Zwei")):
        assert page.startswith(head)
        assert page.count("Integration") == 11
        assert "überall" in page
    (cut, _other) = reading.pages(render(PrintDocument(title="Integration " * 40, sections=sections)))
    assert cut.count("Integration") < 12
    assert "…" in cut


def test_each_section_begins_on_a_new_page(vorlage: Make) -> None:
    first, second, *_ = reading.pages(render(vorlage()))
    assert "Integrationsrat" in first
    assert "Sachdarstellung" not in first
    assert second.lstrip().startswith("Sachdarstellung")


def test_contents_name_the_pages_on_which_the_chapters_stand(concept: Make) -> None:
    pages = reading.pages(render(concept(chapters=5)))
    entries = dict(re.findall(r"(Handlungsfeld \d+)\s+(\d+)", pages[1]))
    assert len(entries) == 5
    for title, number in entries.items():
        assert pages[int(number) - 1].lstrip().startswith(title)


def test_contents_that_grow_over_a_page_still_name_the_right_pages(concept: Make) -> None:
    pages = reading.pages(render(concept(chapters=3, entries_each=30)))
    assert "Handlungsfeld 3" in pages[3]  # the contents take three pages
    named = set(re.findall(r"(Handlungsfeld \d+)\s+(\d+)", "".join(pages[1:4])))
    assert len(named) == 3
    for title, number in named:
        assert pages[int(number) - 1].lstrip().startswith(title)


def test_a_contents_entry_without_its_chapter_names_no_page() -> None:
    section = Section(f"<h1>Inhalt</h1><p>Fehlt {page_of('nirgends')}</p>")
    assert "Fehlt –" in reading.pages(render(PrintDocument(title="Inhalt", sections=[section])))[0]


def test_bookmarks_lead_through_all_sections(vorlage: Make) -> None:
    assert reading.bookmarks(render(vorlage())) == [
        (1, "Vorlage 2017/1900", 1),
        (1, "Sachdarstellung", 2),
        (2, "Begründung", 2),
        (3, "Zu 1)", 2),
    ]


def test_table_heads_are_repeated_and_say_what_they_are_heads_of(vorlage: Make) -> None:
    printed = render(vorlage())
    with_table = [page for page in reading.pages(printed) if "Schritt" in page]
    assert len(with_table) >= 2
    assert all("Kosten" in page for page in with_table)
    heads = [attributes for _, attributes, _ in reading.descendants(reading.tags(printed), "/TH")]
    assert {head["/A"]["/Scope"] for head in heads} == {"/Column", "/Row"}
    assert reading.tables_without_heads(printed) == 0


def test_a_table_without_heads_is_caught() -> None:
    headless = Section("<h1>Tabelle</h1><table><tr><td>1</td><td>2</td></tr></table>")
    assert reading.tables_without_heads(render(PrintDocument(title="Tabelle", sections=[headless]))) == 1


def test_ticks_are_characters_not_drawings(vorlage: Make) -> None:
    assert "☒ öffentlich ☐ nicht öffentlich" in reading.pages(render(vorlage()))[0]


def test_only_our_fonts_are_in_the_file_and_all_are_embedded(vorlage: Make, tmp_path: Path) -> None:
    extra = "<p><em>Ελληνικά</em> <strong>Кирилица</strong> Türkçe ışğ ▼ → ‑ „so“ • ◦ ✓ <code>x</code></p>"
    lines = reading.fonts(render(vorlage(extra=extra)), tmp_path)
    assert len(lines) == 3
    for line in lines:
        assert "Fira-Sans-Portal" in line
        assert "yes yes yes" in line


def test_signs_that_no_font_of_ours_has_are_shown_as_a_box(vorlage: Make) -> None:
    # A missing glyph would make the file invalid as PDF/UA.
    assert "Hallo □ und □□□" in reading.pages(render(vorlage(extra="<p>Hallo 😀 und عرب</p>")))[0]


def test_language_title_and_author_are_in_the_file(vorlage: Make) -> None:
    reader = PdfReader(BytesIO(render(vorlage(author="Stadt Leverkusen", subject="Beschlussvorlage"))))
    catalog: Any = reader.trailer["/Root"]
    assert catalog["/Lang"] == "de"
    assert catalog["/ViewerPreferences"]["/DisplayDocTitle"]
    metadata = reader.metadata
    assert metadata is not None
    assert metadata.title == "Vorlage 2017/1900 – Integrationsrat"
    assert metadata.author == "Stadt Leverkusen"
    assert metadata.subject == "Beschlussvorlage"
    assert metadata.creation_date is None  # bytes must not depend on the clock


def test_a_link_has_its_words_as_alternative_text(concept: Make) -> None:
    links: Any = PdfReader(BytesIO(render(concept()))).pages[1]["/Annots"]
    contents = [link.get_object()["/Contents"] for link in links]
    assert contents[0].startswith("Handlungsfeld 1")


def test_the_running_foot_is_no_part_of_the_text_that_is_read_aloud(vorlage: Make) -> None:
    page = PdfReader(BytesIO(render(vorlage()))).pages[0]
    contents = page.get_contents()
    assert contents is not None
    operators = b" ".join(contents.get_data().split())
    artifact = operators[operators.index(b"/Artifact <</Type /Pagination>> BDC") :]
    foot, text = artifact.split(b"EMC", 1)
    assert foot.count(b"TJ") == 3  # number, title, page
    assert b"MCID" not in foot
    assert b"/MCID 0" in text


def test_an_attached_file_is_in_the_pdf_with_its_own_date(vorlage: Make) -> None:
    attached = AttachedFile("kosten.csv", b"Jahr;Euro\n", "Kosten", datetime(2017, 10, 27, tzinfo=UTC))
    printed = render(vorlage(attachments=(attached,)))
    assert PdfReader(BytesIO(printed)).attachments["kosten.csv"] == [b"Jahr;Euro\n"]
    assert render(vorlage(attachments=(attached,))) == printed


def test_the_same_input_gives_the_same_bytes(vorlage: Make, concept: Make) -> None:
    for document in (vorlage(), concept()):
        first = render(document)
        clear_cache()
        assert render(document) == first


@pytest.mark.parametrize("processes", [1, 2, 3])
def test_a_route_printed_at_once_is_what_each_stage_gives_alone(vorlage: Make, processes: int) -> None:
    documents = [vorlage(name) for name in COMMITTEES]
    together = list(render_many(documents, processes=processes))
    alone = []
    for document in documents:
        clear_cache()
        alone.append(render(document))
    assert together == alone
    assert len(set(alone)) == len(COMMITTEES)
    for name, printed in zip(COMMITTEES, together, strict=True):
        assert name in reading.pages(printed)[0]


def test_a_cover_that_runs_over_moves_the_numbers_of_its_body(vorlage: Make) -> None:
    long = "<p>Ein weiterer Punkt.</p>" * 50
    short_pdf, long_pdf = render_many([vorlage(), vorlage("Schulausschuss", extra=long)])
    short_pages, long_pages = reading.pages(short_pdf), reading.pages(long_pdf)
    assert len(long_pages) == len(short_pages) + 1
    assert "Sachdarstellung" in long_pages[2]
    assert f"Seite 3 von {len(long_pages)}" in long_pages[2]
    clear_cache()
    assert render(vorlage("Schulausschuss", extra=long)) == long_pdf


def test_a_changed_section_is_seen_at_once(vorlage: Make) -> None:
    render(vorlage())
    changed = Section(BODY.html.replace("Begründung", "Anlass der Vorlage"))
    pages = reading.pages(render(vorlage(sections=(cover("Rat"), changed))))
    assert "Anlass der Vorlage" in pages[1]
    assert "Begründung" not in "".join(pages)


def test_no_documents_are_no_pdfs() -> None:
    assert list(render_many([], processes=2)) == []


def test_an_error_in_another_process_is_no_missing_pdf(vorlage: Make) -> None:
    broken = vorlage(sections=(Section('<h1>A</h1><img src="http://127.0.0.1:9/x.png" alt="x">'),))
    with pytest.raises(Exception, match="Druckprozess"):
        list(render_many([vorlage(), broken], processes=2))


@pytest.mark.parametrize(
    ("values", "reason"),
    [({"title": " "}, "title"), ({"sections": ()}, "section"), ({"accent": "red;}"}, "accent")],
)
def test_a_document_that_cannot_be_printed_is_refused(
    vorlage: Make, values: dict[str, object], reason: str
) -> None:
    with pytest.raises(ValueError, match=reason):
        vorlage(**values)


def test_an_unknown_kind_of_page_is_refused() -> None:
    with pytest.raises(ValueError, match="standard, cover, landscape"):
        Section("<h1>A</h1>", "poster")


def test_the_preview_page_holds_all_sections_and_asks_for_the_given_style_sheets(vorlage: Make) -> None:
    html = as_html(vorlage(), ["/static/print/print.css"])
    assert '<link rel="stylesheet" href="/static/print/print.css">' in html
    assert html.index("Integrationsrat") < html.index("Sachdarstellung")
    assert "<title>Vorlage 2017/1900 – Integrationsrat</title>" in html


def printed_plainly(document: PrintDocument) -> bytes:
    """The same by WeasyPrint alone, everything in one go, the foot in margin boxes."""
    html = pdf._workshop.get_press().parse(as_html(document, []))
    names = {"data-number": document.number, "data-title": document.running_title}
    html.etree_element.find("body").attrib.update(names)
    with only_our_fonts():
        fonts = FontConfiguration()  # that of the press asks what it has seen before
    sheets = [path.read_text() for path in (*sorted(PRINT_FOLDER.glob("*.css")), MARGIN_BOXES)]
    styles = [CSS(string=sheet, font_config=fonts, url_fetcher=AppFetcher()) for sheet in sheets]
    printed: bytes = html.render(font_config=fonts, stylesheets=styles).write_pdf(pdf_tags=True)
    return printed


def test_pages_put_together_look_like_one_rendering(vorlage: Make, tmp_path: Path) -> None:
    """Nothing gets lost on our way."""
    extra = (
        "<ul><li>eins</li></ul><p class='band'>Band</p><svg width='240' height='30'>"
        "<rect width='40' height='9' fill='#2044aa'/><g opacity='.4'><circle r='9' cx='99' cy='9'/></g>"
        "<text x='180' y='20' text-anchor='end'>Anteil</text></svg>"
    )
    document = vorlage(extra=extra)
    ours = render(document)
    pictures = []
    for name, content in {"ours": ours, "plain": printed_plainly(document)}.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
        command = ["pdftoppm", "-r", "60", f"{tmp_path}/{name}.pdf", f"{tmp_path}/{name}"]
        subprocess.run(command, check=True, timeout=60)
        pictures.append([Image.open(path) for path in sorted(tmp_path.glob(f"{name}-*.ppm"))])
    assert len(pictures[0]) == len(pictures[1]) == len(reading.pages(ours))
    for our, their in zip(*pictures, strict=True):
        # A group's edges are smoothed a little differently.
        assert max(high for _low, high in ImageChops.difference(our, their).getextrema()) <= 2


def test_the_tags_are_those_of_one_rendering(vorlage: Make) -> None:
    document = vorlage(extra="<ul><li>eins</li></ul><p>Text mit <strong>Wort</strong></p>")

    def names(tree: list[reading.Tag]) -> list[Any]:
        return [(name, names(kids)) for name, _attributes, kids in tree]

    assert names(reading.tags(render(document))) == names(reading.tags(printed_plainly(document)))


def test_an_opaque_group_is_recorded_and_a_transparent_one_painted_afresh() -> None:
    """The middle of a text is placed by a group; numbered per document is only what shines through."""
    text = "<svg width='200' height='30'><text x='99' y='20' text-anchor='middle'>Mitte</text></svg>"
    sheets = [
        pdf._workshop.get_press().lay_out(f"<html lang=de>{drawing}")[0]
        for drawing in (text, f"<svg width='9' height='9'><g opacity='.5'>{text}</g></svg>")
    ]
    assert [sheet.painting is None for sheet in sheets] == [False, True]
    printed = render(PrintDocument(title="Probe", sections=[Section(f"<h1>A</h1>{text}")] * 2))
    assert ["Mitte" in page for page in reading.pages(printed)] == [True, True]


def test_what_was_printed_before_does_not_change_a_byte(vorlage: Make, concept: Make) -> None:
    """Lines and styles are remembered across documents, colours of towns and edits."""
    edited = Section(BODY.html.replace("frühzeitige", "rechtzeitige", 1))
    documents = [
        vorlage(),
        vorlage(accent="#8c1d2f", extra='<h2 class="town-colour" id="a">Farbe</h2>'),
        vorlage(sections=(cover("Rat"), edited), lang="en"),
        concept(),
        vorlage(sections=(cover("Rat"), edited)),
    ]
    in_turn = [render(document) for document in documents]
    for document, printed in zip(documents, in_turn, strict=True):
        pdf._workshop.__init__()  # type: ignore[misc]
        assert render(document) == printed


def test_a_link_whose_goal_is_in_another_document_stays_as_text(concept: Make) -> None:
    document = concept(chapters=2)
    front, contents, first, _second = document.sections
    whole = render(document)
    part = render(PrintDocument(title="Auszug", sections=(front, contents, first)))
    for printed, links in ((whole, 2), (part, 1)):
        page: Any = PdfReader(BytesIO(printed)).pages[1]
        assert len(page["/Annots"]) == links
        assert "Handlungsfeld 2" in reading.pages(printed)[1]
    assert len(list(reading.descendants(reading.tags(part), "/Link"))) == 2
    assert render(document) == whole  # the next one has it again


def test_a_long_document_loses_none_of_its_own_pages_while_it_is_made(
    concept: Make, monkeypatch: pytest.MonkeyPatch
) -> None:
    laid_out: list[str] = []
    press = pdf._workshop.get_press()
    lay_out = press.lay_out

    def counted(html: str, assets: Mapping[str, bytes]) -> Any:
        laid_out.append(html)
        return lay_out(html, assets)

    monkeypatch.setattr(press, "lay_out", counted)
    monkeypatch.setattr(pdf, "KEPT_PAGES", 3)
    render(concept(chapters=5))
    assert len(laid_out) == 1 + 2 + 5  # the contents once without and once with numbers
    assert sum(map(len, pdf._workshop.sheets.values())) <= 5
