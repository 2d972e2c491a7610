"""Two states of a concept compared: all that differs is found, and nothing else."""

import re
from collections.abc import Callable
from decimal import Decimal
from itertools import pairwise
from typing import Any

import pytest
from django.db import models

from concepts.comparing import Comparison, Item, compare, merged, moved_among
from concepts.copying import columns_of, copy_of, parts
from concepts.models import Chapter, Concept, Funding, Goal, Measure, MeasureCost
from concepts.reviving import revive
from concepts.synopsis_html import SynopsisWriter
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from fuzzydates.value import parse
from municipalities.models import Institution, Person
from tests.concepts.editing import Editing

TAGS = re.compile(r"<[^>]*>")
Tree = Callable[[], Any]


@pytest.fixture
def tree(concept: Concept) -> Tree:
    """The concept as it stands when this is called."""
    return lambda: revive(copy_of(Concept.objects.select_related("municipality").get(pk=concept.pk))).tree


def words(comparison: Comparison) -> str:
    html = SynopsisWriter("Fassung 1", "heute").write(comparison)
    return " ".join(TAGS.sub(" ", html).replace("\xa0", " ").split())


def differing(comparison: Comparison) -> dict[str, Item]:
    return {item.entry.label: item for item in comparison.concept.walk() if item.differs}


def measure(concept: Concept, code: str) -> Measure:
    return Measure.objects.get(concept=concept, code=code)


# ---- All of it -------------------------------------------------------------------------------------------


def another(field: Any, row: Any) -> Any:
    """A value that the column does not have now."""
    value = getattr(row, field.attname)
    if field.is_relation:
        return field.related_model._default_manager.exclude(pk__in=[value, row.pk]).order_by("pk").last().pk
    if field.choices:
        return next(key for key, _label in field.flatchoices if key != value)
    match field:
        case models.BooleanField():
            return not value
        case FuzzyDateField():
            return parse("Mitte 2031")
        case models.DecimalField():
            return Decimal(77)
        case models.PositiveSmallIntegerField():
            return 2077
        case models.JSONField():
            return {} if isinstance(value, dict) else ["Oberziel"]
        case RichTextField():
            return "<p>Ein neuer Absatz.</p>"
        case models.CharField() | models.TextField():
            return "Anders"
    raise TypeError(f"no other value for {field}")


# What a column holds is compared where it is said: the place in the tree, not the number of the place.
NOT_SAID = {
    "concept.code_scheme",
    "concept.municipality",
    "concept.slug",
    "indicator.field",
    *(
        f"{name}.position"
        for name in ("actionfield", "chapter", "fundingcondition", "goal", "indicator", "measure")
    ),
}
COLUMNS = [
    (model, field)
    for model in [Concept, *parts()]
    for field in columns_of(model)
    if f"{model._meta.model_name}.{field.name}" not in NOT_SAID
]


@pytest.fixture
def spare(concept: Concept) -> None:
    """Something else to belong to, of every kind."""
    town, field = concept.municipality, concept.fields.get(code="A")
    Measure.objects.create(field=field, position=50, title="Noch ohne Angaben")
    concept.fields.create(position=90, title="Noch leer")
    Funding.objects.create(concept=concept, programme="Demokratie leben", grantor="Bund")
    Institution.objects.create(municipality=town, name="Jobcenter", kind=Institution.Kind.AUTHORITY)
    Person.objects.create(municipality=town, name="Mia Albers")
    Concept.objects.create(municipality=town, slug="bisher", title="Bisheriges Konzept")
    concept.chapters.filter(place=Chapter.Place.BEFORE).update(position=7)


@pytest.mark.parametrize(("model", "field"), COLUMNS, ids=[str(field) for _model, field in COLUMNS])
def test_a_change_of_any_column_is_seen(
    model: type[models.Model], field: Any, concept: Concept, tree: Tree, spare: None
) -> None:
    path = getattr(model, "concept_path", "pk")
    rows = model._default_manager.filter(**{path: concept.pk}).order_by("pk")
    row = next((row for row in rows if getattr(row, field.attname) is not None), rows[0])
    before = tree()
    model._default_manager.filter(pk=row.pk).update(**{field.attname: another(field, row)})
    comparison = compare(before, tree())
    assert comparison.differs
    assert words(comparison)


@pytest.mark.parametrize("name", ["goals", "themes", "partners", "contacts"])
def test_a_change_of_any_link_is_seen(name: str, concept: Concept, tree: Tree) -> None:
    before, row = tree(), measure(concept, "A.1.1.1")
    getattr(row, name).clear()
    assert list(differing(compare(before, tree()))) == [str(row)]


# ---- Nothing else ----------------------------------------------------------------------------------------


def test_a_state_does_not_differ_from_itself(concept: Concept, tree: Tree) -> None:
    comparison = compare(tree(), tree())
    assert not comparison.differs
    assert words(comparison) == ""
    assert comparison.counts()["measure"].unchanged == 6


def test_what_comes_later_as_something_came_before_it_has_not_moved(concept: Concept, tree: Tree) -> None:
    before = tree()
    for row in concept.fields.order_by("-position"):
        concept.fields.filter(pk=row.pk).update(position=row.position + 1)
    concept.fields.create(position=1, code="0", title="Ankommen")
    assert list(differing(compare(before, tree()))) == ["0 Ankommen"]


def test_the_fewest_have_moved(concept: Concept, tree: Tree) -> None:
    before = tree()
    concept.fields.filter(code="A").update(position=99)
    comparison = compare(before, tree())
    (item,) = differing(comparison).values()
    assert item.entry.label == "A Sprache und Bildung 1"
    assert item.moved
    assert not item.changed
    assert "Verschoben Handlungsfeld A Sprache und Bildung 1" in words(comparison)
    assert "Reihenfolge an gelöscht: 1 . Stelle an eingefügt: 3 . Stelle" in words(comparison)


def test_a_renumbered_goal_does_not_change_what_serves_it(concept: Concept, tree: Tree) -> None:
    before = tree()
    Goal.objects.filter(field__concept=concept, code="A.1.1").update(code="A.1.7")
    Institution.objects.filter(name="Verein der Nachbarn").update(sign="VN")
    (item,) = differing(compare(before, tree())).values()
    assert (item.kind, item.renumbered, item.changed, item.moved) == ("goal", True, False, False)


def test_a_restored_part_is_the_same_part(concept: Concept, tree: Tree) -> None:
    before, row = tree(), measure(concept, "A.1.1.2")
    kept = {name: list(getattr(row, name).all()) for name in ("goals", "themes", "partners", "contacts")}
    costs, pk = list(row.costs.all()), row.pk
    row.delete()
    assert differing(compare(before, tree()))["A.1.1.2 Sprachkurs 1-2"].removed
    row.pk = pk
    row.save(force_insert=True)
    for name, others in kept.items():
        getattr(row, name).set(others)
    MeasureCost.objects.bulk_create(costs)
    assert not compare(before, tree()).differs


def test_bold_words_are_told_from_other_words(concept: Concept, tree: Tree) -> None:
    before, row = tree(), measure(concept, "A.1.1.2")
    row.text = row.text.replace("Die Stadt", "<strong>Die Stadt</strong>")
    row.save()
    comparison = compare(before, tree())
    assert list(differing(comparison)) == ["A.1.1.2 Sprachkurs 1-2"]
    assert "nur die Gestaltung ist anders" in words(comparison)
    assert "eingefügt" not in words(comparison)


@pytest.mark.parametrize("seed", range(6))
def test_any_two_states_tell_the_same_story_both_ways(concept: Concept, tree: Tree, seed: int) -> None:
    editing, states = Editing(concept, seed), [tree()]
    for _state in range(3):
        for _edit in range(8):
            editing.edit()
        states.append(tree())
    for old, new in pairwise(states):
        forth, back = compare(old, new), compare(new, old)
        assert forth.differs
        counts, mirrored = forth.counts(), back.counts()
        assert counts.keys() == mirrored.keys()
        for kind, count in counts.items():
            assert (count.added, count.removed) == (mirrored[kind].removed, mirrored[kind].added)
            assert count.changed == mirrored[kind].changed
        ids = [
            {node.measure.pk for node in state.all_measures()} | {-node.goal.pk for node in state.all_goals()}
            for state in (old, new)
        ]
        items = [item for item in forth.concept.walk() if item.kind in ("measure", "goal")]
        told = [item.entry.key[1] * (1 if item.kind == "measure" else -1) for item in items]
        assert sorted(told) == sorted(ids[0] | ids[1])  # each once
        signed = dict(zip(told, items, strict=True))
        assert {pk for pk, item in signed.items() if item.added} == ids[1] - ids[0]
        assert {pk for pk, item in signed.items() if item.removed} == ids[0] - ids[1]
        html = SynopsisWriter("alt", "neu").write(forth)
        anchors = re.findall(r' id="([^"]+)"', html)
        assert len(anchors) == len(set(anchors))


def test_orders_are_merged() -> None:
    assert merged("abcd", "axd", "bc") == list("abcxd")
    assert merged("abc", "x", "abc") == list("abcx")
    assert moved_among("abcdef", "bcdefa") == {"a"}
    assert moved_among("abcd", "axbcd") == set()
    assert len(moved_among("abc", "cba")) == 2
