"""A frozen version: complete, hashed, readable, and never changed again."""

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.core.files.base import ContentFile
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from concepts.actions import versions as actions
from concepts.actions.versions import freeze_version, print_copy
from concepts.copying import canonical
from concepts.models import (
    Chapter,
    Concept,
    ConceptVersion,
    Indicator,
    Measure,
)
from documents.keeping import shelf
from municipalities.models import Municipality, Role, User
from tests.concepts.editing import Editing
from tests.concepts.factories import make_concept, make_member, make_town
from tests.documents.factories import make_picture
from tests.documents.reading import pages
from tests.reading import main_text_of as text_of


@pytest.fixture
def version(concept: Concept, editor: User) -> ConceptVersion:
    return freeze_version(concept=concept, name="Entwurf für den Rat", by=editor)


def tab_of(concept: Concept) -> str:
    return f"{concept.get_absolute_url()}bearbeiten/fassungen/"


# ---- Made ------------------------------------------------------------------------------------------------


def test_hash_number_name_and_file(version: ConceptVersion, editor: User) -> None:
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    assert version.content == canonical(json.loads(version.content))
    assert version.number == 1
    assert version.pdf.sha256 == hashlib.sha256(bytes(version.pdf.content)).hexdigest()
    assert version.pdf.issued_by == editor
    assert version.pdf.name == "neustadt_integrationskonzept_entwurf-fuer-den-rat.pdf"


def test_freezing_twice_without_a_change_gives_the_same_hash(version: ConceptVersion, editor: User) -> None:
    again = freeze_version(concept=version.concept, name="Beschlossen", by=editor)
    assert (again.number, again.sha256) == (2, version.sha256)
    measure = Measure.objects.filter(concept=version.concept)[0]
    measure.title = "Anders"
    measure.save()
    assert freeze_version(concept=version.concept, name="Danach", by=editor).sha256 != version.sha256


def test_the_same_name_may_be_used_in_another_town(version: ConceptVersion) -> None:
    other = make_concept(make_town("Altstadt"))
    assert freeze_version(concept=other, name=version.name, by=None).number == 1


def test_the_print_bears_the_name_and_everything_else(version: ConceptVersion) -> None:
    cover, *rest = pages(bytes(version.pdf.content))
    assert "Entwurf für den Rat" in cover
    text = " ".join(" ".join(rest).split())
    for words in ("Sprachkurs 2-3", "Sozialraum Innenstadt", "Verein der Nachbarn", "Bestandene Prüfungen"):
        assert words in text


def test_what_changes_while_it_is_printed_is_in_both_or_in_neither(
    concept: Concept, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def print_slowly(printed_concept: Concept, content: str, name: str) -> bytes:
        if not printed:  # somebody saves while the first print is under way
            measure = concept.measures.first()
            assert measure is not None
            measure.title = "Zwischendurch geändert"
            measure.save()
        printed.append(content)
        return print_copy(printed_concept, content, name)

    monkeypatch.setattr(actions, "print_copy", print_slowly)
    version = freeze_version(concept=concept, name="Entwurf", by=editor)
    assert len(printed) == 2
    assert "Zwischendurch geändert" in version.content
    assert "Zwischendurch geändert" in " ".join(pages(bytes(version.pdf.content)))


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Entwurf für den Rat", "Eine Fassung „Entwurf für den Rat“ gibt es schon."),
        ("  Entwurf   für den Rat ", "gibt es schon"),
        ("  ", "Bitte geben Sie der Fassung einen Namen."),
        ("x" * 151, "Der Name darf höchstens 150 Zeichen lang sein."),
        ("a\0b", "Nullzeichen sind nicht erlaubt."),
    ],
)
def test_a_bad_name_gets_a_sentence_beside_what_was_typed(
    reader: Client, version: ConceptVersion, name: str, sentence: str
) -> None:
    response = reader.post(f"{tab_of(version.concept)}neu", {"name": name})
    assert response.status_code == 422
    assert sentence in text_of(response)
    field = re.search(r'<input[^>]*name="name"[^>]*>', response.content.decode())
    assert field is not None
    assert 'aria-invalid="true"' in field[0]
    assert f'value="{name}"' in field[0] or not name.strip()
    assert version.concept.versions.count() == 1


def test_freezing_by_the_button(reader: Client, concept: Concept, editor: User) -> None:
    first, second = [
        text_of(reader.post(f"{tab_of(concept)}neu", {"name": "Entwurf"}, follow=True)) for _click in "12"
    ]
    assert "Fassung 1 „Entwurf“ ist festgehalten." in first
    assert "Eine Fassung „Entwurf“ gibt es schon." in second
    version = ConceptVersion.objects.get(concept=concept)
    assert (version.name, version.pdf.issued_by) == ("Entwurf", editor)
    text = text_of(reader.get(tab_of(concept)))
    when = f"{version.pdf.issued_at.astimezone():%d.%m.%Y}"
    assert f"1 Entwurf Festgehalten am {when}" in text
    assert "von Ayşe Yıldız" in text
    assert f"SHA-256 {version.sha256}" in text


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (Role.Kind.ADMINISTRATION, 302),
        (Role.Kind.EDITING, 302),
        (Role.Kind.DEPARTMENT, 403),
        (Role.Kind.MODERATION, 403),
        (Role.Kind.COUNCIL_SERVICE, 403),
    ],
)
def test_who_may_freeze(
    client: Client, town: Municipality, concept: Concept, role: str, expected: int
) -> None:
    client.force_login(make_member(town, "jemand@example.org", role))
    assert client.post(f"{tab_of(concept)}neu", {"name": "Entwurf"}).status_code == expected
    assert concept.versions.count() == (1 if expected == 302 else 0)
    page = client.get(tab_of(concept))
    assert page.status_code == 200
    assert ("Fassung festhalten" in text_of(page)) == (expected == 302)


# ---- Read ------------------------------------------------------------------------------------------------


def test_a_reader_gets_exactly_the_frozen_bytes(reader: Client, version: ConceptVersion) -> None:
    Indicator.objects.filter(concept=version.concept).delete()
    page = reader.get(version.concept.get_absolute_url())
    address = f"{version.concept.get_absolute_url()}fassungen/1/"
    assert f'href="{address}pdf"' in page.content.decode()
    assert f'href="{address}"' in page.content.decode()
    assert "Entwurf für den Rat" in page.content.decode()
    response = reader.get(f"{address}pdf")
    assert response["Content-Type"] == "application/pdf"
    assert hashlib.sha256(response.content).hexdigest() == version.pdf.sha256


def test_the_page_tells_everything_in_place(reader: Client, version: ConceptVersion) -> None:
    response = reader.get(f"{version.concept.get_absolute_url()}fassungen/1/")
    text = text_of(response).replace("\xa0", " ")
    for words in (
        "Fassung 1: „Entwurf für den Rat“", "Festgehalten am", "Ayşe Yıldız", version.sha256,
        "Gemeinsam in Vielfalt", "Laufzeit 2017–2020", "in Erarbeitung", "Vorwort", "A.1.1.2 Sprachkurs 1-2",
        "Fachbereich Soziales", "Sozialraum Innenstadt", "57,5 % (2017)", "Quelle Volkshochschule",
        "Misst die Maßnahme A.1.1.1 Sprachkurs 1-1", "12.500 Euro", "Zahlen und Maßnahmen sind erfunden.",
    ):  # fmt: skip
        assert words in text, words
    html = response.content.decode().partition("<main")[2].partition("</main>")[0]
    inside = re.findall(r'href="(/[^"]*)"', html)
    address = version.concept.get_absolute_url()
    assert inside == [f"{address}fassungen/1/pdf", f"{address}vergleich/?von=1", address]
    anchors = re.findall(r'href="#([^"]+)"', html)
    assert anchors
    assert set(anchors) <= set(re.findall(r' id="([^"]+)"', html))


@pytest.mark.parametrize("number", ["7", "0", "99999999999999999999"])
def test_unknown_numbers_are_not_found(reader: Client, version: ConceptVersion, number: str) -> None:
    for rest in (f"fassungen/{number}/", f"fassungen/{number}/pdf"):
        assert reader.get(f"{version.concept.get_absolute_url()}{rest}").status_code == 404


def test_members_of_other_towns_find_nothing(client: Client, version: ConceptVersion, stranger: User) -> None:
    client.force_login(stranger)
    for address in (f"{version.concept.get_absolute_url()}fassungen/1/", tab_of(version.concept)):
        assert client.get(address).status_code == 404
    assert client.post(f"{tab_of(version.concept)}neu", {"name": "Fremd"}).status_code == 404


def test_pages_take_the_same_queries_for_any_size(
    reader: Client, town: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_concept(town, fields=1, measures=1)
    large = make_concept(town, fields=3, measures=6, slug="gross", title="Groß")
    freeze_version(concept=small, name="Eins", by=None)
    for name in ("Eins", "Zwei", "Drei"):
        freeze_version(concept=large, name=name, by=None)
    for concept in (small, large):
        tab, page = tab_of(concept), f"{concept.get_absolute_url()}fassungen/1/"
        for address, queries in ((tab, 15), (page, 7)):
            shelf.clear()
            with django_assert_num_queries(queries):
                reader.get(address)


# ---- For ever --------------------------------------------------------------------------------------------


def test_a_version_cannot_be_changed_by_any_way(version: ConceptVersion) -> None:
    version.name = "Anders"
    with pytest.raises(ValidationError):
        version.save()
    with pytest.raises(ValidationError):
        version.delete()
    rows = QuerySet(ConceptVersion).filter(pk=version.pk)  # Django's own, without our refusal
    with pytest.raises(ValidationError):
        ConceptVersion.objects.filter(pk=version.pk).update(name="Anders")
    with pytest.raises(DatabaseError), transaction.atomic():
        rows.update(name="Anders")
    assert ConceptVersion.objects.get(pk=version.pk).name == "Entwurf für den Rat"


@pytest.mark.parametrize("seed", range(4))
def test_what_a_version_shows_never_changes(
    reader: Client, concept: Concept, editor: User, settings: Any, tmp_path: Path, seed: int, logo: bytes
) -> None:
    settings.MEDIA_ROOT = tmp_path
    concept.municipality.logo.save("wappen.png", ContentFile(logo))
    picture = make_picture(concept.municipality).get_absolute_url()
    Chapter.objects.create(
        concept=concept, position=2, title="Bild", body=f'<p><img src="{picture}" alt="Das Rathaus"></p>'
    )
    version = freeze_version(concept=concept, name="Entwurf", by=editor)
    address = f"{concept.get_absolute_url()}fassungen/1/"

    def shown() -> tuple[str, str, str, str]:
        fresh = ConceptVersion.objects.get(pk=version.pk)
        shelf.clear()
        pdf = hashlib.sha256(reader.get(f"{address}pdf").content).hexdigest()
        return fresh.content, fresh.sha256, pdf, text_of(reader.get(address))

    before, printed = shown(), bytes(version.pdf.content)
    editing, ways = Editing(concept, seed), []
    for _edit in range(25):
        ways.append(editing.edit())
        assert shown() == before, ways
    concept.municipality.logo.delete()
    assert "Neu 1" in text_of(reader.get(concept.get_absolute_url()))
    # The frozen data still print what was printed when they were frozen, byte by byte.
    assert print_copy(concept, version.content, version.name) == printed
