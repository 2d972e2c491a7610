"""The copy of a concept: nothing is missing in it, and a tree can be made of it again."""

from copy import deepcopy
from decimal import Decimal
from typing import Any

import pytest
from pytest_django import DjangoAssertNumQueries

from concepts.copying import OUTSIDE, canonical, columns_of, copy_of, name_of, parts
from concepts.models import AdditionalField, Concept, ConceptPart, Goal, Measure
from concepts.printing import concept_document, tree_document
from concepts.reviving import revive
from concepts.tree import read_tree
from concepts.tree_html import TreeWriter
from fuzzydates.value import FuzzyDate
from municipalities.models import Institution, Municipality, Person
from tests.concepts.factories import make_concept
from tests.documents.factories import make_picture

# What is written into the copy in place of a row outside of it.
DEPARTMENT = {"name": "Fachbereich Soziales", "kind": "department", "sign": "50"}
ASSOCIATION = {"name": "Verein der Nachbarn", "kind": "migrant_organisation", "sign": ""}
CONTACT = {"name": "Jonas Brandt", "function": "Sachbearbeitung"}
TOWN = {"name": "Stadt Neustadt", "short_name": "Neustadt", "slug": "neustadt", "colour": "#7a1f3d"}


def as_written(value: Any) -> Any:
    """How a value of the database must stand in the copy."""
    if isinstance(value, FuzzyDate):
        return value.encode()
    if isinstance(value, Decimal):
        return str(value)
    return value


@pytest.mark.parametrize("model", parts(), ids=lambda model: model.__name__)
def test_every_row_and_every_column_is_in_the_copy(model: type[ConceptPart], concept: Concept) -> None:
    rows = model.objects.filter(**{model.concept_path: concept}).in_bulk()
    copied = {row["id"]: row for row in copy_of(concept)[name_of(model)]}
    assert copied.keys() == rows.keys() != set()
    left_out = {field.name for field in model._meta.concrete_fields} - {
        field.name for field in columns_of(model)
    }
    assert left_out <= {"id", "concept"}
    for pk, row in rows.items():
        for field in columns_of(model):
            if field.related_model in OUTSIDE:
                assert copied[pk][field.name] in (DEPARTMENT, CONTACT)
            else:
                assert copied[pk][field.name] == as_written(getattr(row, field.attname)), field
        for field in model._meta.many_to_many:
            others = getattr(row, field.name).all()
            expected: list[Any] = {Institution: [ASSOCIATION], Person: [CONTACT]}.get(
                field.related_model,
                sorted((other.pk for other in others), key=str),  # type: ignore[call-overload]
            )
            assert copied[pk][field.name] == (expected if others else []), field


def test_the_concepts_own_columns_are_in_the_copy(concept: Concept) -> None:
    copied = copy_of(concept)["concept"]
    assert set(copied) == {field.name for field in Concept._meta.concrete_fields}
    assert copied["title"] == "Gemeinsam in Vielfalt"
    assert copied["goal_level_names"] == ["Leitziel", "Handlungsziel"]
    assert copied["municipality"] == TOWN


def test_every_reference_leads_to_a_row_of_the_copy(concept: Concept) -> None:
    data = copy_of(concept)
    ids = {model: {row["id"] for row in data[name_of(model)]} for model in parts()}
    for model in parts():
        for field in [*columns_of(model), *model._meta.many_to_many]:
            if field.related_model not in ids:
                continue
            for row in data[name_of(model)]:
                value = row[field.name]
                for reference in value if field.many_to_many else [value] if value is not None else []:
                    assert reference in ids[field.related_model], (field, reference)


def test_questions_that_are_answered_come_along(town: Municipality, concept: Concept) -> None:
    AdditionalField.objects.create(municipality=town, position=2, label="Leichte Sprache", kind="yes_no")
    (question,) = copy_of(concept)["additionalfield"]
    assert (question["label"], question["kind"], question["position"]) == ("Sozialraum", "text", 1)


def test_pictures_are_vouched_for_by_their_hash(town: Municipality, concept: Concept) -> None:
    make_picture(town, size=(30, 30))
    shown = make_picture(town)
    chapter = concept.chapters.get(title="Vorwort")
    chapter.body += f'<figure><img src="{shown.get_absolute_url()}" alt="Das Rathaus"></figure>'
    chapter.save()
    assert copy_of(concept)["picture"] == [{"id": shown.pk, "sha256": shown.sha256}]


def test_the_predecessor_is_named_by_title_and_address(town: Municipality) -> None:
    old = make_concept(town, fields=1, measures=1)
    new = make_concept(town, fields=1, measures=1, slug="neu", title="Neu", predecessor=old)
    expected = {"title": "Gemeinsam in Vielfalt", "slug": "integrationskonzept"}
    assert copy_of(new)["concept"]["predecessor"] == expected


def test_the_copy_takes_the_same_queries_for_any_size(
    town: Municipality, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    small = make_concept(town, fields=1, measures=1)
    large = make_concept(town, fields=3, measures=8, slug="gross", title="Groß")
    for concept in (small, large):
        with django_assert_num_queries(19):
            copy_of(Concept.objects.select_related("municipality").get(pk=concept.pk))


# ---- Revived ---------------------------------------------------------------------------------------------


def test_a_revived_copy_reads_and_prints_as_the_concept(
    concept: Concept, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    tree = read_tree(concept)
    page, (_cover, *printed) = TreeWriter().write(tree), concept_document(concept).sections
    data = copy_of(concept)
    with django_assert_num_queries(0):
        frozen = revive(data)
        assert TreeWriter().write(frozen.tree) == page
        document = tree_document(frozen.tree, frozen.logo, "Entwurf")
    assert list(document.sections)[1:] == printed
    assert document.title == "Gemeinsam in Vielfalt – Stadt Neustadt"


def without(data: dict[str, Any], name: str, column: str) -> dict[str, Any]:
    for row in data[name]:
        del row[column]
    return data


def test_a_field_that_came_later_has_its_default(concept: Concept) -> None:
    data = copy_of(concept)
    for name, column in (("measure", "track"), ("measure", "permanent"), ("indicator", "trend")):
        data = without(data, name, column)
    del data["additionalfield"], data["concept"]["subtitle"]
    tree = revive(data).tree
    assert {node.measure.track for node in tree.all_measures()} == {"on_track"}
    assert {node.measure.permanent for node in tree.all_measures()} == {False}
    assert {node.indicator.trend for node in tree.all_indicators()} == {"none"}
    assert {tuple(node.additional) for node in tree.all_measures()} == {()}
    assert tree.concept.subtitle == ""


def test_what_no_model_has_any_more_does_no_harm(concept: Concept) -> None:
    data = copy_of(concept)
    page = TreeWriter().write(revive(deepcopy(data)).tree)
    data["hearing"] = [{"id": 1, "measure": data["measure"][0]["id"], "text": "Anhörung"}]
    data["concept"]["motto"] = "Zusammen"
    for row in data["measure"]:
        row |= {"wards": [1, 2], "weight": "7", "patron": {"name": "Die Bürgermeisterin"}}
    assert TreeWriter().write(revive(data).tree) == page


def test_what_cannot_be_read_any_more_is_left_out(concept: Concept) -> None:
    data = copy_of(concept)
    for row in data["measure"]:
        row |= {"phase": "gone", "span": "irgendwann", "responsible_person": 7}
    for row in data["indicatorvalue"]:
        row["value"] = "viel"
    tree = revive(data).tree
    assert {node.measure.phase for node in tree.all_measures()} == {Measure.Phase.NOT_STARTED}
    assert {node.measure.span for node in tree.all_measures()} == {None}
    assert {node.responsible_person for node in tree.all_measures()} == {None}
    assert "Sprachkurs 1-1" in TreeWriter().write(tree)


def test_rows_whose_parent_is_missing_are_left_out(concept: Concept) -> None:
    """As in a copy that was made while somebody deleted something."""
    data = copy_of(concept)
    top = Goal.objects.get(field__concept=concept, code="A.1")
    data["goal"] = [row for row in data["goal"] if row["id"] != top.pk]
    data["actionfield"].remove(next(row for row in data["actionfield"] if row["code"] == "B"))
    tree = revive(data).tree
    assert [node.field.code for node in tree.fields] == ["A", ""]
    assert [goal.goal.code for goal in tree.all_goals()] == ["A.1.1"]
    assert {node.measure.code[0] for node in tree.all_measures()} == {"A"}
    assert "Sprachkurs 1-1" in TreeWriter().write(tree)


def test_the_copy_is_the_same_each_time(concept: Concept) -> None:
    again = Concept.objects.select_related("municipality").get(pk=concept.pk)
    assert canonical(copy_of(concept)) == canonical(copy_of(again))
