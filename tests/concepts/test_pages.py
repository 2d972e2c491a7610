"""What a reader sees of a concept, and who sees nothing."""

import re
from collections.abc import Callable

import pytest
from django.contrib.messages.storage.fallback import FallbackStorage
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions.versions import freeze_version
from concepts.models import ActionField, Concept, Indicator, Measure
from municipalities.models import Institution, Municipality, Role, User
from tests.concepts.factories import make_concept, make_member
from tests.reading import main_text_of


def pages(concept: Concept) -> list[str]:
    address = concept.get_absolute_url()
    measure, indicator = concept.measures.first(), concept.indicators.first()
    assert measure is not None
    assert indicator is not None
    return [
        f"/{concept.municipality.slug}/konzepte/",
        address,
        f"{address}?suche=sprache",
        f"{address}massnahmen/{measure.pk}/",
        f"{address}indikatoren/{indicator.pk}/",
        f"{address}pdf",
        f"{address}fassungen/1/pdf",
    ]


def test_members_of_the_town_read_every_page(reader: Client, concept: Concept) -> None:
    freeze_version(concept=concept, name="Entwurf", by=None)
    for page in pages(concept):
        assert reader.get(page).status_code == 200, page


def test_members_of_other_towns_find_nothing(client: Client, concept: Concept, stranger: User) -> None:
    freeze_version(concept=concept, name="Entwurf", by=None)
    client.force_login(stranger)
    for page in pages(concept):
        assert client.get(page).status_code == 404, page
        assert client.get(page, headers={"If-None-Match": "*"}).status_code == 404, page


def test_whoever_is_not_logged_in_is_asked_to(client: Client, concept: Concept) -> None:
    for page in pages(concept):
        response = client.get(page)
        assert response.status_code == 302, page
        assert "anmelden" in response["Location"], page


@pytest.mark.parametrize(
    "rest", ["massnahmen/0/", "massnahmen/99999999999999999999/", "fassungen/7/pdf", "nichts/"]
)
def test_what_does_not_exist_is_not_found(reader: Client, concept: Concept, rest: str) -> None:
    assert reader.get(f"{concept.get_absolute_url()}{rest}").status_code == 404


def test_rows_of_another_concept_are_not_found_below_this_one(reader: Client, town: Municipality) -> None:
    one, other = make_concept(town), make_concept(town, title="Anderes", slug="anderes")
    measure, indicator = other.measures.first(), other.indicators.first()
    assert measure is not None
    assert indicator is not None
    assert reader.get(f"{one.get_absolute_url()}massnahmen/{measure.pk}/").status_code == 404
    assert reader.get(f"{one.get_absolute_url()}indikatoren/{indicator.pk}/").status_code == 404


def test_the_tree_shows_the_whole_concept(reader: Client, concept: Concept) -> None:
    text = main_text_of(reader.get(concept.get_absolute_url()))
    for chapter in concept.chapters.all():
        assert chapter.title in text
    for field in concept.fields.all():
        assert f"{field.code} {field.title}" in text
        for goal in field.goals.all():
            assert f"{goal.code} {goal.text}" in text
    for measure in concept.measures.all():
        assert f"{measure.code} {measure.title}" in text
        assert measure.get_phase_display() in text
    assert "Leitziel Rang 1" in text
    assert "Handlungsziel" in text
    assert "Fachbereich Soziales · 2017–2020" in text
    assert "verzögert" in text
    assert "Die Räume fehlen noch." in text
    assert "Verein der Nachbarn" in text
    assert "2018: 2.500,50 Euro (KOMM-IN, unter Haushaltsvorbehalt)" in text
    assert "57,5 % (2017)" in text.replace("\xa0", " ")
    assert "Ziel: 65 % (2020)" in text.replace("\xa0", " ")
    assert "Übergreifende Indikatoren" in text
    assert "Die Befragten fühlen sich wohl." in text
    assert "Bericht vorlegen" in text


def test_every_part_can_be_linked_to_and_stands_once(reader: Client, concept: Concept) -> None:
    html = reader.get(concept.get_absolute_url()).content.decode()
    expected = {f"feld-{row.pk}" for row in concept.fields.all()}
    expected |= {f"ziel-{goal.pk}" for field in concept.fields.all() for goal in field.goals.all()}
    expected |= {f"massnahme-{row.pk}" for row in concept.measures.all()}
    expected |= {f"indikator-{row.pk}" for row in concept.indicators.all()}
    ids = re.findall(r' id="([^"]+)"', html)
    assert expected <= set(ids)
    assert len(ids) == len(set(ids))
    for anchor in re.findall(r'href="#([^"]+)"', html):
        assert anchor in ids


def test_words_of_people_are_escaped(reader: Client, concept: Concept) -> None:
    hostile = '<img src=x onerror="alert(1)">'
    Measure.objects.filter(concept=concept).update(title=hostile, target_groups=hostile)
    Institution.objects.filter(name="Verein der Nachbarn").update(name=hostile)
    concept.fields.filter(position=1).update(title=hostile)
    concept.touch()
    measure = concept.measures.first()
    assert measure is not None
    for page in ("", "?suche=img", f"massnahmen/{measure.pk}/", "?suche=<img"):
        html = reader.get(concept.get_absolute_url() + page).content.decode()
        assert "<img src=x" not in html, page
        assert "onerror=&quot;" in html or "onerror=" not in html, page


@pytest.mark.parametrize(
    ("query", "found", "missing"),
    [
        ("suche=sprachkurs+1-2", "Gefunden: 1 Maßnahme", "Sprachkurs 1-1"),
        ("suche=SPRACHKURS", "Gefunden: 6 Maßnahmen", "Übergreifende"),
        ("suche=erreichbar", "Gefunden: 2 Ziele", "Sprachkurs 1-1"),
        ("suche=prüfungen", "Gefunden: 2 Indikatoren", "Vorwort"),
        ("suche=anlaufstelle", "2 Textabschnitte", "Zusammenhalt"),
        ("stand=running", "Gefunden: 2 Maßnahmen", "Sprachkurs 1-1"),
        ("stand=delayed", "Gefunden: 2 Maßnahmen", "Sprachkurs 1-2"),
        ("stand=running&suche=1-2", "Gefunden: 1 Maßnahme", "Sprachkurs 2-2"),
    ],
)
def test_the_filter_shows_what_was_asked_for(
    reader: Client, concept: Concept, query: str, found: str, missing: str
) -> None:
    if "anlaufstelle" in query:
        concept.fields.update(situation="")
        Measure.objects.filter(concept=concept).update(text="")
    text = main_text_of(reader.get(f"{concept.get_absolute_url()}?{query}"))
    assert found in text
    assert missing not in text
    assert "Ganzes Konzept zeigen" in text


def test_the_filter_by_field_and_by_institution(reader: Client, concept: Concept) -> None:
    second = concept.fields.filter(kind=ActionField.Kind.FIELD).last()
    lonely = concept.measures.last()
    helper = Institution.objects.create(
        municipality=concept.municipality, name="Sportbund", kind="association"
    )
    assert second is not None
    assert lonely is not None
    lonely.partners.add(helper)
    by_field = main_text_of(reader.get(f"{concept.get_absolute_url()}?feld={second.pk}"))
    assert "Gefunden: 3 Maßnahmen, 2 Ziele und 1 Indikator" in by_field
    assert "Sprachkurs 1-1" not in by_field
    by_institution = main_text_of(reader.get(f"{concept.get_absolute_url()}?einrichtung={helper.pk}"))
    assert "Gefunden: 1 Maßnahme" in by_institution
    assert lonely.title in by_institution


def test_nothing_found_is_explained(reader: Client, concept: Concept) -> None:
    text = main_text_of(reader.get(f"{concept.get_absolute_url()}?suche=weltraum"))
    assert "Nichts gefunden" in text
    assert "Bitte prüfen Sie die Schreibweise" in text


@pytest.mark.parametrize(
    ("query", "sentence"),
    [
        ("feld=99999999999999999999", "Dieses Handlungsfeld gibt es in diesem Konzept nicht."),
        ("feld=abc", "Dieses Handlungsfeld gibt es in diesem Konzept nicht."),
        ("stand=quatsch", "Diesen Stand gibt es nicht."),
        ("einrichtung=-1", "Diese Einrichtung wirkt an keiner Maßnahme mit."),
        ("suche=" + "x" * 101, "Bitte suchen Sie mit höchstens 100 Zeichen."),
    ],
)
def test_a_wrong_filter_gets_a_sentence_and_shows_everything(
    reader: Client, concept: Concept, query: str, sentence: str
) -> None:
    text = main_text_of(reader.get(f"{concept.get_absolute_url()}?{query}"))
    assert sentence in text
    assert "Sprachkurs 1-1" in text
    assert "Sprachkurs 2-3" in text


def test_a_null_byte_is_no_error(reader: Client, concept: Concept) -> None:
    assert reader.get(f"{concept.get_absolute_url()}?suche=%00").status_code == 200


def test_measure_page(reader: Client, concept: Concept) -> None:
    measure = concept.measures.get(code="A.1.1.1")
    text = main_text_of(reader.get(f"{concept.get_absolute_url()}massnahmen/{measure.pk}/"))
    for words in (
        "A.1.1.1 Sprachkurs 1-1", "in Planung", "verzögert", "Die Räume fehlen noch.", "Fachbereich Soziales",
        "Jonas Brandt, Sachbearbeitung", "Verein der Nachbarn", "Neuzugewanderte", "Eigenmittel",
        "2.500,50 Euro", "vorbehaltlich der Haushaltslage", "Juni 2018", "A.1.1 Kurse sind erreichbar.",
        "Bestandene Prüfungen",
    ):  # fmt: skip
        assert words in text


def test_indicator_page(reader: Client, concept: Concept) -> None:
    indicator = concept.indicators.get(position=1)
    response = reader.get(f"{concept.get_absolute_url()}indikatoren/{indicator.pk}/")
    text = main_text_of(response)
    assert "Bestandene Prüfungen" in text
    assert "Zeitraum insgesamt Frauen Ziel" in text
    assert "2014 48,2 42,2 –" in text
    assert "2020 – – 65" in text
    assert "Volkshochschule" in text
    assert b"<svg" in response.content


def test_an_indicator_without_values_says_so(reader: Client, concept: Concept) -> None:
    empty = Indicator.objects.create(concept=concept, position=90, title="Neu")
    text = main_text_of(reader.get(f"{concept.get_absolute_url()}indikatoren/{empty.pk}/"))
    assert "Noch keine Werte" in text


def test_a_town_without_concept_is_told_so(reader: Client, town: Municipality) -> None:
    assert "Noch kein Konzept" in main_text_of(reader.get(f"/{town.slug}/konzepte/"))


def recolour(town: Municipality) -> None:
    town.colour = "#123456"
    town.save()


class TestUnchanged:
    """The browser's copy is used as long as nothing changed, and not a moment longer."""

    def get(self, client: Client, concept: Concept, tag: str = "") -> tuple[int, str]:
        response = client.get(concept.get_absolute_url(), headers={"If-None-Match": tag} if tag else {})
        return response.status_code, response["ETag"]

    def test_nothing_changed(self, reader: Client, concept: Concept) -> None:
        self.get(reader, concept)  # sets the cookie of the form in the header
        status, tag = self.get(reader, concept)
        assert status == 200
        assert self.get(reader, concept, tag) == (304, tag)
        assert self.get(reader, concept, f"W/{tag}") == (304, tag)

    @pytest.mark.parametrize(
        "change",
        [
            lambda concept: concept.measures.first().save(),
            lambda concept: concept.measures.first().partners.clear(),
            lambda concept: concept.municipality.institutions.first().save(),
            lambda concept: concept.municipality.persons.first().save(),
            lambda concept: concept.indicators.first().values.first().delete(),
            lambda concept: freeze_version(concept=concept, name="Entwurf", by=None),
            lambda concept: recolour(concept.municipality),
        ],
    )
    def test_something_changed(
        self, reader: Client, concept: Concept, change: Callable[[Concept], object]
    ) -> None:
        self.get(reader, concept)
        _status, tag = self.get(reader, concept)
        change(concept)
        status, new_tag = self.get(reader, concept, tag)
        assert status == 200
        assert new_tag != tag

    def test_the_new_state_is_what_is_shown(self, reader: Client, concept: Concept) -> None:
        self.get(reader, concept)
        measure = concept.measures.get(code="A.1.1.1")
        measure.title = "Ganz neuer Titel"
        measure.save()
        assert "Ganz neuer Titel" in main_text_of(reader.get(concept.get_absolute_url()))

    def test_another_reader_has_another_copy(
        self, client: Client, town: Municipality, concept: Concept
    ) -> None:
        tags = set()
        for name in ("eins@example.org", "zwei@example.org"):
            client.force_login(make_member(town, name))
            tags.add(self.get(client, concept)[1])
        assert len(tags) == 2

    def test_a_lost_role_ends_it(self, reader: Client, editor: User, concept: Concept) -> None:
        self.get(reader, concept)
        _status, tag = self.get(reader, concept)
        Role.objects.get(user=editor).delete()
        response = reader.get(concept.get_absolute_url(), headers={"If-None-Match": tag})
        assert response.status_code == 404

    def test_a_message_is_shown_although_nothing_changed(
        self, reader: Client, concept: Concept, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        self.get(reader, concept)
        _status, tag = self.get(reader, concept)
        monkeypatch.setattr(FallbackStorage, "__len__", lambda storage: 1)
        assert self.get(reader, concept, tag)[0] == 200


@pytest.mark.parametrize(("fields", "measures"), [(1, 1), (6, 12)])
def test_the_number_of_queries_does_not_grow(
    reader: Client,
    town: Municipality,
    fields: int,
    measures: int,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    concept = make_concept(town, fields=fields, measures=measures)
    for number in range(fields - 1):
        make_concept(town, fields=1, measures=1, slug=f"weiteres-{number}", title=f"Weiteres {number}")
    measure, indicator = concept.measures.first(), concept.indicators.first()
    assert measure is not None
    assert indicator is not None
    address = concept.get_absolute_url()
    expected = {
        address: 24,
        f"{address}?suche=kurs": 23,
        f"{address}massnahmen/{measure.pk}/": 18,
        f"{address}indikatoren/{indicator.pk}/": 8,
        f"/{town.slug}/konzepte/": 6,
    }
    for page, number in expected.items():
        with django_assert_num_queries(number):
            reader.get(page)
    with django_assert_num_queries(6):
        reader.get(address)  # from the shelf


def test_an_empty_concept_says_so(reader: Client, town: Municipality) -> None:
    old = Concept.objects.create(municipality=town, title="Das alte", slug="alt")
    Concept.objects.create(municipality=town, title="Leer", slug="leer", predecessor=old)
    response = reader.get(f"/{town.slug}/konzepte/leer/")
    assert "Dieses Konzept hat noch keinen Inhalt" in main_text_of(response)
    assert "schreibt fort: Das alte" in main_text_of(response)
    assert f'href="/{town.slug}/konzepte/alt/"' in response.content.decode()
    assert "Hier sind noch keine Inhalte erfasst." in main_text_of(reader.get(f"/{town.slug}/konzepte/"))
