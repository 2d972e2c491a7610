"""A frozen version: complete, hashed, and never changed again."""

import hashlib
import json
from decimal import Decimal
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, transaction
from django.db.models import QuerySet
from django.test import Client

from concepts.actions.versions import freeze_version
from concepts.copying import OUTSIDE, canonical, copy_of, parts
from concepts.models import ActionField, Concept, ConceptPart, ConceptVersion, Indicator, Measure
from fuzzydates.value import FuzzyDate
from municipalities.models import Municipality, User
from tests.concepts.factories import make_concept, make_town


@pytest.fixture
def version(concept: Concept, editor: User) -> ConceptVersion:
    return freeze_version(concept=concept, name="Entwurf für den Rat", by=editor)


def as_written(value: Any) -> Any:
    """How a value of the database must stand in the copy."""
    if isinstance(value, FuzzyDate):
        return value.encode()
    if isinstance(value, Decimal):
        return str(value)
    return value


@pytest.mark.parametrize("model", parts(), ids=lambda model: model.__name__)
def test_every_row_and_every_column_is_in_the_copy(model: type[ConceptPart], version: ConceptVersion) -> None:
    rows = list(model.objects.filter(**{model.concept_path: version.concept}))
    copied = version.data[str(model._meta.model_name)]
    assert rows
    assert len(copied) == len(rows)
    assert len({canonical(row["key"]) for row in copied}) == len(rows)
    for field in model._meta.concrete_fields:
        if field.primary_key:
            continue
        in_copy = [row[field.name] for row in copied]
        if field.is_relation:
            set_here = sum(getattr(row, field.attname) is not None for row in rows)
            assert sum(value is not None for value in in_copy) == set_here, field
        elif field.name == "additional":  # by the question, not by its id
            assert all(value == {"Sozialraum": "Innenstadt"} for value in in_copy)
        else:
            in_database = [as_written(getattr(row, field.attname)) for row in rows]
            assert sorted(map(str, in_copy)) == sorted(map(str, in_database)), field
    for field in model._meta.many_to_many:
        linked = sum(getattr(row, field.name).count() for row in rows)
        assert linked
        assert sum(len(row[field.name]) for row in copied) == linked, field


def test_the_concepts_own_columns_are_in_the_copy(version: ConceptVersion) -> None:
    names = {field.name for field in Concept._meta.concrete_fields if not field.primary_key}
    assert set(version.data["concept"]) == names
    assert version.data["concept"]["title"] == "Gemeinsam in Vielfalt"
    assert version.data["concept"]["goal_level_names"] == ["Leitziel", "Handlungsziel"]
    assert version.data["municipality"] == "Stadt Neustadt"


def test_every_reference_leads_to_a_row_of_the_copy(version: ConceptVersion) -> None:
    data = version.data
    for model in parts():
        for field in [*model._meta.concrete_fields, *model._meta.many_to_many]:
            target = field.related_model
            if not field.is_relation or target in OUTSIDE:
                continue
            assert isinstance(target, type)
            keys = [row["key"] for row in data[target._meta.model_name]]
            for row in data[model._meta.model_name]:
                value = row[field.name]
                for reference in value if field.many_to_many else [value] if value is not None else []:
                    assert reference in keys, (field, reference)


def test_institutions_are_named(version: ConceptVersion) -> None:
    names = [row["name"] for row in version.data["institution"]]
    assert names == ["Fachbereich Soziales", "Verein der Nachbarn"]
    assert {row["responsible"] for row in version.data["measure"]} == {"Fachbereich Soziales"}


def test_hash_number_name_and_file(version: ConceptVersion, editor: User) -> None:
    assert version.sha256 == hashlib.sha256(version.content.encode()).hexdigest()
    assert version.content == canonical(json.loads(version.content))
    assert version.number == 1
    assert version.pdf.sha256 == hashlib.sha256(bytes(version.pdf.content)).hexdigest()
    assert version.pdf.issued_by == editor
    assert version.pdf.name == "neustadt_integrationskonzept_entwurf-fuer-den-rat.pdf"
    assert freeze_version(concept=version.concept, name="Beschlossen", by=editor).number == 2


def test_equal_concepts_of_two_towns_give_equal_copies(db: None) -> None:
    """Ids say nothing, order says nothing: only what is written counts."""
    one = copy_of(make_concept(make_town("Neustadt")))
    other_town = make_town("Altstadt")
    make_concept(other_town, fields=1, measures=1, slug="davor", title="Davor")
    other = copy_of(make_concept(other_town))
    text = canonical(other).replace("Altstadt", "Neustadt").replace("altstadt", "neustadt")
    assert canonical(one) == text


def test_later_changes_leave_the_version_alone(version: ConceptVersion) -> None:
    before, pdf = version.content, bytes(version.pdf.content)
    measure = Measure.objects.filter(concept=version.concept).first()
    field = ActionField.objects.filter(concept=version.concept).first()
    assert measure is not None
    assert field is not None
    measure.title = "Etwas ganz anderes"
    measure.save()
    field.delete()
    fresh = ConceptVersion.objects.select_related("pdf").get(pk=version.pk)
    assert fresh.content == before
    assert bytes(fresh.pdf.content) == pdf
    assert "Etwas ganz anderes" not in fresh.content


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


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("Entwurf für den Rat", "Eine Fassung „Entwurf für den Rat“ gibt es schon."),
        ("  Entwurf   für den Rat ", "gibt es schon"),
        ("  ", "Bitte geben Sie der Fassung einen Namen."),
        ("x" * 151, "höchstens 150 Zeichen"),
    ],
)
def test_a_bad_name_gets_a_sentence(version: ConceptVersion, name: str, sentence: str) -> None:
    with pytest.raises(ValidationError, match=sentence):
        freeze_version(concept=version.concept, name=name, by=None)
    assert version.concept.versions.count() == 1


def test_the_same_name_may_be_used_in_another_town(version: ConceptVersion) -> None:
    other = make_concept(make_town("Altstadt"))
    assert freeze_version(concept=other, name=version.name, by=None).number == 1


def test_what_changes_while_it_is_printed_is_in_both_or_in_neither(
    concept: Concept, editor: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    printed: list[str] = []

    def print_slowly(printed_concept: Concept, name: str) -> bytes:
        titles = " ".join(printed_concept.measures.values_list("title", flat=True))
        if not printed:  # somebody saves while the first print is under way
            measure = printed_concept.measures.first()
            assert measure is not None
            measure.title = "Zwischendurch geändert"
            measure.save()
        printed.append(titles)
        return titles.encode()

    monkeypatch.setattr("concepts.actions.render_concept", print_slowly)
    version = freeze_version(concept=concept, name="Entwurf", by=editor)
    assert "Zwischendurch geändert" in version.content
    assert "Zwischendurch geändert" in bytes(version.pdf.content).decode()


def test_a_reader_gets_exactly_the_frozen_bytes(reader: Client, version: ConceptVersion) -> None:
    Indicator.objects.filter(concept=version.concept).delete()
    page = reader.get(version.concept.get_absolute_url())
    address = f"{version.concept.get_absolute_url()}fassungen/1/pdf"
    assert address in page.content.decode()
    assert "Entwurf für den Rat" in page.content.decode()
    response = reader.get(address)
    assert response["Content-Type"] == "application/pdf"
    assert hashlib.sha256(response.content).hexdigest() == version.pdf.sha256


def test_predecessors_are_named_by_their_address(town: Municipality) -> None:
    old = make_concept(town, fields=1, measures=1)
    new = make_concept(town, fields=1, measures=1, slug="neu", title="Neu", predecessor=old)
    assert copy_of(new)["concept"]["predecessor"] == "integrationskonzept"
