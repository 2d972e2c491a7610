"""Files that are joined: their order, numbers, bookmarks and tags."""

import io
from pathlib import Path

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import DictionaryObject, NameObject, TextStringObject

from documents.joining import Part, UnreadableFile, join
from documents.pdf import PrintDocument, Section, render
from tests import verapdf
from tests.documents.reading import in_reading_order, joined

pytestmark = pytest.mark.once  # no database at all

TABLE = (
    '<table><tr><th scope="col">Jahr</th><th scope="col">Zahl</th></tr>'
    '<tr><th scope="row">2017</th><td>12</td></tr></table>'
)


def file(title: str, text: str) -> bytes:
    sections = [
        Section(f'<h1>{title}</h1><p>{text} <a href="#ziel">Zum Ziel</a></p>{TABLE}'),
        Section(f'<h2 id="ziel">Ziel von {title}</h2>'),
    ]
    return render(PrintDocument(title=title, sections=sections))


def scan() -> bytes:
    """A page without text and tags, lying on its side, that wants to do something when it is opened."""
    writer = PdfWriter()
    page = writer.add_blank_page(842, 595)
    page.rotate(90)
    action = {"/S": NameObject("/JavaScript"), "/JS": TextStringObject("app.alert(1)")}
    page[NameObject("/AA")] = DictionaryObject(
        {NameObject("/O"): DictionaryObject({NameObject(key): value for key, value in action.items()})}
    )
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


@pytest.fixture(scope="module")
def files() -> list[bytes]:
    return [file("Tagesordnung", "Was beraten wird."), file("Vorlage", "Was beschlossen wird.")]


def pack(files: list[bytes]) -> bytes:
    parts = [
        Part("Tagesordnung", files[0]),
        Part("TOP 1 Konzept"),
        *(Part(f"Vorlage {number}", content, 1) for number, content in enumerate(files[1:], start=1)),
    ]
    return join(parts, title="Mappe <1> & 2", author="Stadt", place=lambda page, of: f"Mappe {page}/{of}")


def test_one_file_in_order_with_numbers_through_the_whole(files: list[bytes]) -> None:
    reader = PdfReader(io.BytesIO(pack([*files, files[1]])))
    texts = [page.extract_text() for page in reader.pages]
    assert len(texts) == 6
    for number, text in enumerate(texts, start=1):
        assert f"Mappe {number}/6" in text
    assert "Was beschlossen wird." in texts[2]
    assert "Seite 1 von 2" in texts[2], "each file keeps its own numbers"
    assert reader.metadata is not None
    assert reader.metadata.title == "Mappe <1> & 2"


def test_bookmarks_lead_to_each_file_and_headings_to_the_next(files: list[bytes]) -> None:
    reader = PdfReader(io.BytesIO(pack(files)))
    first, second, below = reader.outline
    assert isinstance(below, list)
    assert [first.title, second.title, below[0].title] == ["Tagesordnung", "TOP 1 Konzept", "Vorlage 1"]  # type: ignore[union-attr]
    numbers = [reader.get_destination_page_number(entry) for entry in (first, second, below[0])]  # type: ignore[arg-type]
    assert numbers == [0, 2, 2]


def test_links_stay_within_their_file_though_both_call_the_place_alike(files: list[bytes]) -> None:
    reader = PdfReader(io.BytesIO(pack(files)))
    goals = []
    for page in reader.pages:
        for note in page.get("/Annots", ()):
            goal = note.get_object()["/Dest"][0].get_object()
            goals.append([other.get_object() for other in reader.pages].index(goal))
    assert goals == [1, 3]


def test_the_tags_of_all_files_stay_and_keep_pdf_ua_1(files: list[bytes], tmp_path: Path) -> None:
    path = tmp_path / "mappe.pdf"
    path.write_bytes(pack([*files, files[1]]))
    assert verapdf.validate([path], ["ua1"])[path]["ua1"] == []
    text = joined(in_reading_order(path.read_bytes()))
    assert text.index("Was beraten wird.") < text.index("Was beschlossen wird.")
    assert text.count("Ziel von Vorlage") == 2
    assert "Mappe 1/6" not in text, "the numbers are no part of the text"


def test_a_scan_is_taken_as_it_is_and_does_nothing(files: list[bytes]) -> None:
    content = pack([files[0], scan()])
    reader = PdfReader(io.BytesIO(content))
    assert "Mappe 3/3" in reader.pages[2].extract_text()
    assert b"JavaScript" not in content
    assert b"pdfuaid" not in content, "it does not claim what the scan lacks"


def test_what_is_no_pdf_is_named() -> None:
    with pytest.raises(UnreadableFile, match="Anlage 2"):
        join([Part("Anlage 2", b"nichts")], title="Mappe")
