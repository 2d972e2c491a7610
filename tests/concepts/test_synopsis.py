"""The synopsis as one reads it: on the page and on paper."""

import re
from decimal import Decimal
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from django.core.files.base import ContentFile
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions.versions import freeze_version
from concepts.models import Concept, Goal, Indicator, Measure, MeasureCost
from documents.keeping import shelf
from fuzzydates.value import parse
from municipalities.models import Institution, Municipality, User
from tests.concepts.factories import make_concept
from tests.documents.reading import bookmarks, in_reading_order, joined
from tests.reading import main_text_of as text_of


def measure(concept: Concept, code: str) -> Measure:
    return Measure.objects.get(concept=concept, code=code)


def page_of(concept: Concept, query: str = "") -> str:
    return f"{concept.get_absolute_url()}vergleich/{query}"


# ---- Told ------------------------------------------------------------------------------------------------


@pytest.fixture
def edited(concept: Concept, editor: User) -> Concept:
    """Frozen as version 1, then changed in each way."""
    freeze_version(concept=concept, name="Entwurf für den Rat", by=editor)
    changed = measure(concept, "A.1.1.1")
    changed.text = changed.text.replace("Sprachkurse", "Deutschkurse")
    changed.target_groups = ""
    changed.responsible = Institution.objects.get(name="Verein der Nachbarn")
    changed.save()
    measure(concept, "A.1.1.2").delete()
    moved = measure(concept, "B.1.1.1")
    moved.field, moved.position, moved.code = concept.fields.get(code="A"), 9, "A.1.1.9"
    moved.save()
    moved.goals.set(Goal.objects.filter(field__concept=concept, code="A.1.1"))
    for code, new in (("B.1.1.2", "B.1.1.1"), ("B.1.1.3", "B.1.1.2")):
        Measure.objects.filter(concept=concept, code=code).update(code=new)
    added = Measure.objects.create(
        field=concept.fields.get(code="B"), position=7, code="B.1.1.3", title="Sprachcafé", origin="Rat"
    )
    MeasureCost.objects.create(measure=added, year=2019, amount=Decimal(900))
    figures = Indicator.objects.get(concept=concept, field__code="A").values
    figures.filter(period=parse("2017"), group="").update(value=Decimal(58))
    figures.create(period="2018", value=Decimal("59.5"))
    concept.chapters.get(title="Vorwort").delete()
    concept.fundings.get().conditions.update(fulfilled_on=parse("01.12.2009"))
    return Concept.objects.select_related("municipality").get(pk=concept.pk)


TOLD = (
    "1 Kapitel gestrichen, 1 unverändert",
    "1 Maßnahme neu, 1 gestrichen, 1 geändert, 3 verschoben oder umnummeriert, 1 unverändert",
    "1 Indikator geändert, 2 unverändert",
    "Gestrichen Kapitel Vorwort",
    "Geändert Maßnahme A.1.1.1 Sprachkurs 1-1",
    "Auskunft über gelöscht: Sprachkurse , Betreuungsplätze",
    "Auskunft über eingefügt: Deutschkurse , Betreuungsplätze",
    "Zielgruppen gelöscht: Neuzugewanderte –",
    "Verantwortlich gelöscht: Fachbereich Soziales eingefügt: Verein der Nachbarn",
    "Gestrichen Maßnahme A.1.1.2 Sprachkurs 1-2",
    "Verschoben Umnummeriert Maßnahme bisher: B.1.1.1 → jetzt: A.1.1.9 Sprachkurs 2-1",
    "Dient den Zielen gelöscht: B.1 Alle lernen Deutsch 2.",
    "1 Teil nur umnummeriert",
    "Sprachkurs 2-2 bisher: B.1.1.2 jetzt: B.1.1.1",
    "Neu Maßnahme B.1.1.3 Sprachcafé",
    "Herkunft – Rat",
    "Kosten – 2019: 900 Euro",
    "Messwert 2017: gelöscht: 57,5 % 2017: eingefügt: 58 %",
    "Messwert – eingefügt: 2018: 59,5 %",
    "eingefügt: Erfüllt: 01.12.2009",
)


def test_the_page_tells_what_differs(reader: Client, edited: Concept) -> None:
    response = reader.get(page_of(edited, "?von=1"))
    text = text_of(response).replace(" ", " ")
    for sentence in TOLD:
        assert sentence in text, sentence
    assert "Fassung 1 „Entwurf für den Rat“ vom" in text
    for unchanged in ("Umsetzung Angabe", "Sprachkurs 1-3", "Zusammenhalt im Stadtteil"):
        assert unchanged not in text
    html = response.content.decode()
    assert "<del>" in html
    assert "<ins>" in html
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert f'id="{anchor}"' in html


def test_the_other_way_round(reader: Client, edited: Concept, editor: User) -> None:
    freeze_version(concept=edited, name="Beschlossen", by=editor)
    text = text_of(reader.get(page_of(edited, "?von=2&mit=1")))
    assert "Neu Maßnahme A.1.1.2 Sprachkurs 1-2" in text
    assert "Gestrichen Maßnahme B.1.1.3 Sprachcafé" in text
    same = text_of(reader.get(page_of(edited, "?von=2")))
    assert "Zwischen Fassung 2 „Beschlossen“ vom" in same
    assert "unterscheidet sich nichts." in same


def test_a_version_with_itself(reader: Client, edited: Concept) -> None:
    text = text_of(reader.get(page_of(edited, "?von=1&mit=1")))
    assert "Sie vergleichen Fassung 1 „Entwurf für den Rat“ vom" in text
    assert "mit sich selbst. Da unterscheidet sich nichts." in text


def test_without_a_choice_the_newest_version_is_compared_with_today(reader: Client, edited: Concept) -> None:
    assert text_of(reader.get(page_of(edited))) == text_of(reader.get(page_of(edited, "?von=1&mit=heute")))


def test_without_versions_there_is_nothing_to_compare(reader: Client, concept: Concept) -> None:
    response = reader.get(page_of(concept))
    assert response.status_code == 200
    assert "Noch keine Fassung" in text_of(response)
    assert reader.get(page_of(concept, "pdf")).status_code == 404


@pytest.mark.parametrize("query", ["von=9", "von=1&mit=9", "von=heute", "von=%00", "von=1'&mit=²", "mit=-1"])
def test_an_unknown_number_gets_a_sentence(reader: Client, edited: Concept, query: str) -> None:
    response = reader.get(page_of(edited, f"?{query}"))
    assert response.status_code == 404
    assert "Eine Fassung mit dieser Nummer gibt es nicht. Bitte wählen Sie eine aus." in text_of(response)
    html = response.content.decode()
    assert re.search(r'<select[^>]*aria-describedby="vergleich-(von|mit)_error"', html)
    assert reader.get(page_of(edited, f"pdf?{query}")).status_code == 404


def test_members_of_other_towns_find_nothing(client: Client, edited: Concept, stranger: User) -> None:
    client.force_login(stranger)
    for rest in ("?von=1", "pdf?von=1"):
        assert client.get(page_of(edited, rest)).status_code == 404


def test_words_of_people_are_escaped(reader: Client, edited: Concept) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    Measure.objects.filter(concept=edited, code="B.1.1.3").update(title=hostile, origin=hostile, code="<b>")
    Measure.objects.filter(concept=edited, code="A.1.1.1").update(title=hostile, funding_note=hostile)
    html = reader.get(page_of(edited, "?von=1")).content.decode()
    assert "<img src=x" not in html
    assert "&lt;b&gt;" in html


def test_the_page_takes_the_same_queries_for_any_size(
    reader: Client, town: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_concept(town, fields=1, measures=1)
    large = make_concept(town, fields=3, measures=6, slug="gross", title="Groß")
    for concept in (small, large):
        for name in ("Eins", "Zwei"):
            freeze_version(concept=concept, name=name, by=None)
        concept.measures.all().delete()
        for query, queries in (("?von=1&mit=2", 8), ("?von=1", 24)):
            shelf.clear()
            with django_assert_num_queries(queries):
                reader.get(page_of(concept, query))


# ---- Printed ---------------------------------------------------------------------------------------------


@pytest.mark.once
def test_the_pdf_tells_the_same(
    reader: Client, edited: Concept, logo: bytes, settings: Any, tmp_path: Path
) -> None:
    settings.MEDIA_ROOT = tmp_path
    edited.municipality.logo.save("wappen.png", ContentFile(logo))
    response = reader.get(page_of(edited, "pdf?von=1"))
    assert response["Content-Type"] == "application/pdf"
    assert "neustadt_integrationskonzept_synopse-fassung-1-heute.pdf" in response["Content-Disposition"]
    text = joined(in_reading_order(response.content)).replace(" ", " ")
    assert "Stadt Neustadt Synopse Gemeinsam in Vielfalt" in text
    assert "Maßnahmen 1 1 1 3 1" in text
    for sentence in TOLD:
        if not re.match(r"1 (Kapitel|Maßnahme|Indikator) ", sentence):
            assert sentence.replace(" ,", ",") in text.replace(" ,", ","), sentence
    titles = [title for _depth, title, _page in bookmarks(response.content)]
    assert "Synopse" in titles
    assert any("Sprache und Bildung 1" in title for title in titles)
    assert reader.get(page_of(edited, "pdf?von=1")).content == response.content


def test_the_pdf_of_what_does_not_differ_says_so(reader: Client, edited: Concept) -> None:
    response = reader.get(page_of(edited, "pdf?von=1&mit=1"))
    assert "Da unterscheidet sich nichts." in in_reading_order(response.content)


def test_headings_never_skip_a_level(reader: Client, edited: Concept) -> None:
    html = reader.get(page_of(edited, "?von=1")).content.decode()
    levels = [int(level) for level in re.findall(r"<h(\d)", html)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))
