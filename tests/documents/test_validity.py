"""PDF/UA-1 and PDF/A-3a, asked of veraPDF; and that it would notice if they were not kept."""

from collections.abc import Callable
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image
from weasyprint import HTML

from concepts.actions.versions import freeze_version
from concepts.synopsis import make_synopsis, side_of_today, side_of_version
from concepts.synopsis_print import render_synopsis
from documents.charts import Chart, ChartSeries, ChartTarget, chart_svg, chart_table
from documents.pdf import AttachedFile, PrintDocument, Section, render
from documents.richtext import below, clean
from tests import verapdf
from tests.concepts.editing import Editing
from tests.concepts.factories import make_concept, make_town
from tests.documents import reading

Make = Callable[..., PrintDocument]
pytestmark = pytest.mark.once

CHART = Chart(
    title="Kinder in Kitas",
    unit="%",
    series=(
        ChartSeries("Stadt", (("2015", Decimal("31.5")), ("2017", Decimal(38)))),
        ChartSeries("Land", (("2015", Decimal(35)), ("2017", Decimal(37)))),
    ),
    targets=(ChartTarget("2020", Decimal(45)),),
)
CLIPBOARD = sorted((Path(__file__).parent / "clipboard").glob("*.html"))
# As it comes out of a word processor: everything a text may hold, and in bad shape.
PASTED = """
<h4>Anlass</h4><p>Ein <b>Text</b> mit <a href="https://www.example.org/eine/lange/adresse"><em>Verweis</em></a>.
<span class="footnote">Eine Fußnote mit <a href="https://www.example.org/">Verweis</a>.</span></p>
<ul><li>eins<ul><li>innen</li></ul></li><li><p>zwei</p><p>mit Absatz</p></li></ul>
<ol><li>erstens</li></ol><blockquote>Ein Zitat</blockquote>
<table><tr><td>Jahr</td><td>Kosten<span class="footnote">in Euro</span></td></tr>
<tr><td>2017</td></tr></table>
<p>H<sub>2</sub>O, m<sup>2</sup> 😀</p><h3></h3><p></p>
"""


def picture() -> bytes:
    file = BytesIO()
    Image.new("RGBA", (60, 40), (32, 68, 170, 128)).save(file, "PNG")
    return file.getvalue()


@pytest.fixture
def everything(concept: Make) -> PrintDocument:
    """A print that uses each thing a template may use."""
    sections = (
        *concept().sections,
        Section("<h1>Texte</h1><h2>Aus der Redaktion</h2>" + below(clean(PASTED), 2)),
        *(Section(f"<h1>{path.stem}</h1>" + below(clean(path.read_text("utf-8")), 1)) for path in CLIPBOARD),
        Section(f"<h1>Indikatoren</h1><figure>{chart_svg(CHART)}{chart_table(CHART)}</figure>"),
        Section(
            '<h1>Quer</h1><table class="ruled"><tr><th scope="row">ja</th><td>☒</td></tr></table>',
            "landscape",
        ),
        Section('<h1>Ins Leere</h1><p>Ein <a href="#nirgends">Verweis</a> auf einen anderen Teil.</p>'),
        Section('<h1>Bild</h1><p class="band"><img src="app:logo" alt="Wappen der Stadt" width="60"></p>'),
    )
    return PrintDocument(
        title="Konzept „Ankommen“ <2017>",
        sections=sections,
        images={"logo": picture()},
        attachments=(AttachedFile("daten.csv", b"a;b\n", "Daten"),),
    )


@pytest.fixture
def synopsis(db: None) -> bytes:
    """Of a concept that was changed in every way since its version was frozen."""
    concept = make_concept(make_town())
    version = freeze_version(concept=concept, name="Entwurf", by=None)
    editing = Editing(concept, seed=1)
    for way in editing.ways:
        way()
    return render_synopsis(
        concept.municipality, make_synopsis(side_of_version(version), side_of_today(concept))
    )


def test_prints_keep_pdf_ua_1_and_pdf_a_3a(
    everything: PrintDocument, vorlage: Make, synopsis: bytes, tmp_path: Path
) -> None:
    files = {"alles.pdf": render(everything), "vorlage.pdf": render(vorlage()), "synopse.pdf": synopsis}
    for name, content in files.items():
        (tmp_path / name).write_bytes(content)
        assert reading.tables_without_heads(content) == 0
    assert verapdf.failures(tmp_path / name for name in files) == []


def test_the_validator_notices_what_is_missing(tmp_path: Path) -> None:
    text = "<h1>Überschrift</h1><p>Text</p>"
    files = {
        "language": HTML(string=f"<title>T</title>{text}").write_pdf(pdf_variant="pdf/ua-1"),
        "title": HTML(string=f"<html lang=de>{text}").write_pdf(pdf_variant="pdf/ua-1"),
        "tags": HTML(string=f"<html lang=de><title>T</title>{text}").write_pdf(),
    }
    for name, content in files.items():
        (tmp_path / f"{name}.pdf").write_bytes(content)
    found = verapdf.validate(sorted(tmp_path.iterdir()), flavours=["ua1"])
    rules = {path.stem: " ".join(answers["ua1"]) for path, answers in found.items()}
    assert "7.2-" in rules["language"]  # clause 7.2: natural language
    assert "7.1-9" in rules["title"]  # clause 7.1: dc:title in the metadata
    assert "7.1-3" in rules["tags"]  # clause 7.1: content tagged or artifact


def test_pasted_text_is_readable_in_the_pdf(everything: PrintDocument) -> None:
    text = " ".join(" ".join(reading.pages(render(everything))).split())
    for words in ("Anlass", "innen", "zwei mit Absatz", "Eine Fußnote mit Verweis.", "in Euro", "Ein Zitat"):
        assert words in text


def test_a_chart_has_its_course_as_alternative_text(everything: PrintDocument) -> None:
    (figure, *_) = reading.descendants(reading.tags(render(everything)), "/Figure")
    assert (
        figure[1]["/Alt"]
        == "Liniendiagramm: Kinder in Kitas; 2015: 31,5\xa0%, 2017: 38,0\xa0%; Ziel 2020: 45,0\xa0%."
    )
