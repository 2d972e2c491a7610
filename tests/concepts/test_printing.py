"""The concept as a PDF: complete, in order, valid, the same each time."""

import re
from decimal import Decimal
from io import BytesIO
from pathlib import Path

import pytest
from django.core.files.base import ContentFile
from django.utils.text import capfirst
from PIL import Image
from pypdf import PdfReader

from concepts.actions.versions import freeze_version
from concepts.models import ActionField, Concept, FundingCondition, IndicatorValue
from concepts.printing import file_name, render_concept
from documents import pdf as engine
from municipalities.models import Municipality
from tests.concepts.factories import make_concept
from tests.documents.reading import bookmarks, fonts, pages
from tests.verapdf import failures

pytestmark = pytest.mark.once


def words(text: str) -> str:
    return " ".join(text.replace("\xa0", " ").split())


@pytest.fixture
def printed(concept: Concept) -> list[str]:
    return [words(page) for page in pages(render_concept(concept))]


def test_the_cover_says_what_it_is(printed: list[str]) -> None:
    for text in (
        "Stadt Neustadt",
        "Gemeinsam in Vielfalt",
        "2017–2020",
        "in Erarbeitung",
        "2 Handlungsfelder",
    ):
        assert text in printed[0]
    assert "Seite 1" not in printed[0]


def kind_and_code(field: ActionField) -> str:
    return f"{capfirst(field.get_kind_display())} {field.code}".strip()


def test_a_frozen_version_bears_its_name(concept: Concept) -> None:
    version = freeze_version(concept=concept, name="Entwurf für den Rat", by=None)
    assert "Entwurf für den Rat" in pages(bytes(version.pdf.content))[0]


def test_everything_is_printed(printed: list[str], concept: Concept) -> None:
    text = " ".join(printed)
    for chapter in concept.chapters.all():
        assert chapter.title in text
    for field in concept.fields.all():
        assert kind_and_code(field) in text
        assert field.title in text
        for goal in field.goals.all():
            assert goal.text in text
    for measure in concept.measures.all():
        assert f"{measure.code} {measure.title}" in text
    for expected in (
        "Ausgangslage", "Defizite", "Es fehlen Plätze.", "Potenziale", "Viele Ehrenamtliche helfen.",
        "Leitziel A.1 · Rang 1", "Handlungsziel A.1.1", "in Planung, verzögert", "Die Räume fehlen noch.",
        "Verantwortlich Fachbereich Soziales", "Zeitraum 2017–2020", "Beteiligte Verein der Nachbarn",
        "Zuständige Person Jonas Brandt, Sachbearbeitung", "Zielgruppen Neuzugewanderte",
        "Finanzierung Eigenmittel",
        "2018: 2.500,50 Euro (KOMM-IN, unter Haushaltsvorbehalt)",
        "Ansprechpersonen Jonas Brandt", "Querschnittsthemen Interkulturelle Öffnung", "Priorität hoch",
        "Herkunft Workshop am 08.05.2017", "Rechtsgrundlage § 43 AufenthG", "Sozialraum Innenstadt",
        "Ohne Deutsch keine Ausbildung.", "auf Dauer", "vorbehaltlich der Haushaltslage",
        "Stand der Angaben Juni 2018",
        "57,5 % (2017)", "Ziel: 65 % (2020)", "Quelle: Volkshochschule", "Übergreifende Indikatoren",
        "Die Befragten fühlen sich wohl.", "12.500 Euro", "Bericht vorlegen", "31.12.2009", "noch offen",
        "Beteiligte Einrichtungen", "Zahlen und Maßnahmen sind erfunden.",
    ):  # fmt: skip
        assert expected in text, expected


def test_the_figures_stand_below_their_years(concept: Concept) -> None:
    page = next(page for page in pages(render_concept(concept)) if "Bestandene Prüfungen" in page)
    lines = [line.split() for line in page.splitlines()]
    assert ["Zeitraum", "2014", "2015", "2016", "2017", "2020"] in lines
    assert ["insgesamt", "48,2", "50", "54,1", "57,5", "–"] in lines
    assert ["Ziel", "–", "–", "–", "–", "65"] in lines


def test_an_indicator_with_many_years_has_a_standing_table(town: Municipality) -> None:
    concept = make_concept(town, fields=1, measures=1)
    indicator = concept.indicators.get(position=1)
    for year in range(1990, 2014):
        IndicatorValue.objects.create(indicator=indicator, period=str(year), value=Decimal(year - 1980))
    text = words(" ".join(pages(render_concept(concept))))
    assert "1990 – 10" in text.replace("1990 10 –", "1990 – 10")
    assert "2013" in text


def test_the_contents_name_the_right_pages(printed: list[str], concept: Concept) -> None:
    contents = printed[1]
    for title in [field.title for field in concept.fields.all()] + ["Umsetzung", "Förderungen", "Vorwort"]:
        found = re.search(rf"{re.escape(title)} (\d+)", contents)
        assert found is not None, title
        page = printed[int(found[1]) - 1]
        assert title in page
        assert f"Seite {found[1]} von {len(printed)}" in page


def test_the_overview_names_the_pages_of_the_measures(printed: list[str]) -> None:
    overview = next(
        page for page in printed if "Maßnahmen im Überblick" in page and "Seite" in page and "Nr." in page
    )
    rows = re.findall(r"([AB]\.1\.1\.\d) Sprachkurs \d-\d Fachbereich Soziales 2017–2020 \D*?(\d+)", overview)
    assert len(rows) == 6
    for code, page in rows:
        assert f"{code} Sprachkurs" in printed[int(page) - 1]


def test_each_field_begins_on_a_new_page(printed: list[str], concept: Concept) -> None:
    for field in concept.fields.all():
        assert any(page.startswith(f"{kind_and_code(field)} {field.title}") for page in printed)


def test_bookmarks_lead_to_fields_goals_and_measures(concept: Concept) -> None:
    found = {(depth, title) for depth, title, _page in bookmarks(render_concept(concept))}
    for expected in [
        (1, "Inhalt"),
        (1, "Sprache und Bildung 1"),
        (2, "Alle lernen Deutsch 1."),
        (1, "Förderungen"),
    ]:
        assert expected in found
    assert (3, "A.1.1.1 Sprachkurs 1-1") in found


def test_the_same_concept_gives_the_same_bytes(concept: Concept) -> None:
    first = render_concept(concept)
    engine.clear_cache()
    again = Concept.objects.select_related("municipality").get(pk=concept.pk)
    assert render_concept(again) == first


def test_only_our_fonts_are_in_it(concept: Concept, tmp_path: Path) -> None:
    listed = fonts(render_concept(concept), tmp_path)
    assert listed
    assert all("Fira" in line for line in listed)


def test_no_heading_is_left_alone_at_the_foot_of_a_page(town: Municipality) -> None:
    """After a measure's title there is always its text or its facts on the same page."""
    concept = make_concept(town, fields=3, measures=9)
    title = re.compile(r"[A-C]\.1\.1\.\d Sprachkurs \d-\d")
    for page in pages(render_concept(concept)):
        if "Handlungsfeld" not in page and "Verantwortlich" not in page:
            continue
        body = [line.strip() for line in page.splitlines() if line.strip()][:-1]
        assert not title.match(body[-1]), body[-1]


def test_hostile_words_stay_words(concept: Concept) -> None:
    hostile = '<img src="file:///etc/passwd"><script>'
    concept.measures.update(title=hostile, funding_note=hostile)
    concept.fields.filter(position=1).update(title=hostile)
    text = words(" ".join(pages(render_concept(concept))))
    assert "file:///etc/passwd" in text
    assert "root:" not in text


def test_an_empty_concept_can_be_printed(town: Municipality) -> None:
    concept = Concept.objects.create(municipality=town, title="Neu", slug="neu")
    assert "Neu" in pages(render_concept(concept))[0]


@pytest.mark.once
def test_a_town_with_a_logo_shows_it(town: Municipality, concept: Concept, tmp_path: Path) -> None:
    picture = BytesIO()
    Image.new("RGBA", (200, 80), (122, 31, 61, 128)).save(picture, "PNG")
    town.logo.save("wappen.png", ContentFile(picture.getvalue()))
    concept = Concept.objects.select_related("municipality").get(pk=concept.pk)
    path = tmp_path / "konzept.pdf"
    path.write_bytes(render_concept(concept))
    first_page = PdfReader(path).pages[0]
    assert len(first_page.images) == 1
    assert failures([path]) == []


def test_a_lost_logo_does_not_stop_the_print(town: Municipality, concept: Concept) -> None:
    town.logo = "logos/fehlt.png"
    town.save()
    concept = Concept.objects.select_related("municipality").get(pk=concept.pk)
    assert "Stadt Neustadt" in pages(render_concept(concept))[0]


@pytest.mark.parametrize(
    ("version", "expected"),
    [
        ("", "neustadt_integrationskonzept.pdf"),
        ("Entwurf für Größe/Maß", "neustadt_integrationskonzept_entwurf-fuer-groessemass.pdf"),
        ("x" * 300, "neustadt_integrationskonzept_" + "x" * 111 + ".pdf"),
    ],
)
def test_file_names_are_safe(concept: Concept, version: str, expected: str) -> None:
    assert file_name(concept, version) == expected


@pytest.mark.once
def test_it_is_accessible_and_fit_for_the_archive(concept: Concept, tmp_path: Path) -> None:
    funding = concept.fundings.get()
    FundingCondition.objects.create(funding=funding, position=2, text="Zweites", fulfilled_on="2009")
    path = tmp_path / "konzept.pdf"
    path.write_bytes(render_concept(concept))
    assert failures([path]) == []
