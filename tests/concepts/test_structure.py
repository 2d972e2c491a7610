"""Moving, renumbering, splitting, merging, deleting and restoring: nothing is lost, nothing doubled."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

import pytest
from django.core.exceptions import ValidationError
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from committees.models import Paper as CommitteePaper
from committees.models import PaperLayout, PaperType, ResolutionPoint
from concepts.actions.deleting import Hanging, delete_part, restore
from concepts.actions.placing import (
    check_depth,
    move_chapter,
    move_field,
    move_goal,
    move_measure,
    move_step,
    renumber,
    subtree,
)
from concepts.actions.splitting import merge, split
from concepts.codes import codes_by_scheme, letters
from concepts.models import (
    ActionField,
    Chapter,
    Comment,
    Concept,
    Deletion,
    Goal,
    Indicator,
    Measure,
    MeasureCost,
)
from concepts.tree import read_tree
from municipalities.models import User

pytestmark = pytest.mark.django_db


def codes_shown(concept: Concept) -> list[str]:
    """Codes of fields, goals and measures as the tree shows them, from top to bottom."""
    found: list[str] = []

    def walk(goal: Any) -> None:
        found.append(goal.goal.code)
        found.extend(node.measure.code for node in goal.measures)
        for subgoal in goal.subgoals:
            walk(subgoal)

    for field in read_tree(concept).fields:
        found.append(field.field.code)
        for goal in field.goals:
            walk(goal)
        found.extend(node.measure.code for node in field.measures)
    return found


def measure(concept: Concept, code: str) -> Measure:
    return Measure.objects.get(concept=concept, code=code)


def goal(concept: Concept, code: str) -> Goal:
    return Goal.objects.get(field__concept=concept, code=code)


# ---- Order and place -----------------------------------------------------------------------------------


def test_a_measure_moves_past_the_one_shown_before_it(concept: Concept, editor: User) -> None:
    assert codes_shown(concept)[:6] == ["A", "A.1", "A.1.1.1", "A.1.1.3", "A.1.1", "A.1.1.2"]
    assert move_step(part=measure(concept, "A.1.1.3"), step=-1, by=editor)
    assert codes_shown(concept)[:4] == ["A", "A.1", "A.1.1.3", "A.1.1.1"]
    assert not move_step(part=measure(concept, "A.1.1.3"), step=-1, by=editor)
    newest = measure(concept, "A.1.1.3").history.first()
    assert (newest.history_change_reason, newest.history_user) == ("verschoben", editor)


def test_a_measure_moves_below_another_goal_and_field(concept: Concept, editor: User) -> None:
    moved = measure(concept, "A.1.1.2")
    to = goal(concept, "B.1.1")
    move_measure(measure=moved, to=to, before=measure(concept, "B.1.1.2"), by=editor)
    shown = codes_shown(concept)
    assert shown[shown.index("B.1.1") : shown.index("B.1.1") + 3] == ["B.1.1", "A.1.1.2", "B.1.1.2"]
    moved.refresh_from_db()
    assert moved.field.code == "B"
    assert [one.code for one in moved.goals.all()] == ["B.1.1"]


def test_a_measure_moves_right_below_its_field(concept: Concept, editor: User) -> None:
    moved = measure(concept, "A.1.1.1")
    move_measure(measure=moved, to=moved.field, by=editor)
    assert moved.goals.count() == 0
    field = read_tree(concept).fields[0]
    assert [node.measure.code for node in field.measures] == ["A.1.1.1"]


def test_a_goal_takes_its_subgoals_and_measures_along(concept: Concept, editor: User) -> None:
    moved = goal(concept, "A.1")
    target = ActionField.objects.get(concept=concept, code="B")
    with pytest.raises(ValidationError, match="schon einen Indikator „Bestandene Prüfungen“"):
        move_goal(goal=moved, to=target, by=editor)
    moved.refresh_from_db()
    Indicator.objects.filter(field=target).update(title="Bestandene Kurse")
    move_goal(goal=moved, to=target, by=editor)
    assert "A.1.1" in {one.code for one in subtree(moved)}
    assert set(concept.measures.filter(field=target).values_list("code", flat=True)) >= {
        "A.1.1.1",
        "A.1.1.2",
        "A.1.1.3",
    }
    assert not Indicator.objects.filter(goal__field=target).exclude(field=target).exists()
    assert codes_shown(concept)[0:2] == ["A", "B"]


def test_a_goal_does_not_move_below_itself_or_too_deep(concept: Concept, editor: User) -> None:
    top, below = goal(concept, "A.1"), goal(concept, "A.1.1")
    with pytest.raises(ValidationError, match="nicht unter sich selbst"):
        move_goal(goal=top, to=below, by=editor)
    with pytest.raises(ValidationError, match="So tief reichen die Zielebenen"):
        move_goal(goal=goal(concept, "B.1"), to=top, by=editor)
    with pytest.raises(ValidationError):
        check_depth(concept, 3)


def test_fields_and_chapters_move(concept: Concept, editor: User) -> None:
    first = ActionField.objects.get(concept=concept, code="A")
    second = ActionField.objects.get(concept=concept, code="B")
    move_field(field=second, before=first, by=editor)
    assert codes_shown(concept)[0] == "B"
    preface = Chapter.objects.get(concept=concept, title="Vorwort")
    move_chapter(chapter=preface, place=Chapter.Place.AFTER, before=None, by=editor)
    assert [one.title for one in read_tree(concept).after] == ["Umsetzung", "Vorwort"]


def test_another_concepts_goal_is_no_place(concept: Concept, editor: User) -> None:
    other = Concept.objects.create(municipality=concept.municipality, title="Anderes", slug="anderes")
    field = ActionField.objects.create(concept=other, position=1, title="Feld")
    with pytest.raises(ValidationError, match="gehört zu einem anderen Konzept"):
        move_measure(measure=measure(concept, "A.1.1.1"), to=field, by=editor)


# ---- Codes -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("number", "text"), [(1, "A"), (26, "Z"), (27, "AA"), (52, "AZ"), (53, "BA")])
def test_letters_count_on_after_z(number: int, text: str) -> None:
    assert letters(number) == text


@pytest.mark.parametrize(
    ("scheme", "expected"),
    [
        ("letters", ["A", "A.1", "A.1.2", "A.1.3", "A.1.1", "A.1.1.1", "B"]),
        ("numbers", ["1", "1.1", "1.1.2", "1.1.3", "1.1.1", "1.1.1.1", "2"]),
    ],
)
def test_renumbering_follows_the_tree(
    concept: Concept, editor: User, scheme: str, expected: list[str]
) -> None:
    concept.code_scheme = scheme
    concept.save()
    assert renumber(concept=concept, by=editor) > 0
    shown = codes_shown(concept)
    assert shown[: len(expected)] == expected
    assert "Q1" in shown
    assert renumber(concept=concept, by=editor) == 0


def test_free_codes_are_not_renumbered(concept: Concept, editor: User) -> None:
    with pytest.raises(ValidationError, match="freie Kennungen"):
        renumber(concept=concept, by=editor)


# ---- Splitting and merging -------------------------------------------------------------------------------


def test_a_split_measure_keeps_everything_but_title_and_text(concept: Concept, editor: User) -> None:
    part = measure(concept, "A.1.1.1")
    new = split(part=part, title="Der zweite Teil", text="<p>Neu</p>", by=editor)
    assert isinstance(new, Measure)
    assert new.responsible == part.responsible
    assert set(new.partners.all()) == set(part.partners.all())
    assert set(new.goals.all()) == set(part.goals.all())
    assert (new.title, new.code, new.position) == ("Der zweite Teil", "", part.position + 1)
    assert new.costs.count() == 0


def test_two_merged_measures_lose_no_word(concept: Concept, editor: User) -> None:
    part, into = measure(concept, "A.1.1.2"), measure(concept, "A.1.1.1")
    part.text = "<p>Was nur im zweiten steht.</p>"
    part.save()
    into_text, amount = into.text, into.costs.get().amount
    deletion = merge(part=part, into=into, by=editor)
    into.refresh_from_db()
    assert into_text in into.text
    assert "Was nur im zweiten steht." in into.text
    assert into.costs.get().amount == 2 * amount
    assert not Measure.objects.filter(pk=part.pk).exists()
    back = restore(deletion=deletion, by=editor)
    assert isinstance(back, Measure)
    assert "Was nur im zweiten steht." in back.text
    assert back.costs.get().amount == amount


def test_goals_merge_with_what_hangs_on_them(concept: Concept, editor: User) -> None:
    field = ActionField.objects.get(concept=concept, code="A")
    other = Goal.objects.create(field=field, position=2, code="A.2", text="Ein weiteres Ziel")
    merge(part=goal(concept, "A.1"), into=other, by=editor)
    assert [one.code for one in other.subgoals.all()] == ["A.1.1"]
    assert set(other.measures.values_list("code", flat=True)) == {"A.1.1.1", "A.1.1.3"}
    with pytest.raises(ValidationError, match="darunter"):
        merge(part=other, into=goal(concept, "A.1.1"), by=editor)


# ---- Deleting and restoring --------------------------------------------------------------------------------


def snapshot(concept: Concept) -> dict[str, Any]:
    """Everything in the concept, as one compares it."""
    rows: dict[str, Any] = {}
    for model in (ActionField, Goal, Measure, MeasureCost, Indicator, Comment):
        path = getattr(model, "concept_path", "concept")
        names = [field.attname for field in model._meta.concrete_fields]
        rows[model.__name__] = sorted(
            model._default_manager.filter(**{path: concept}).values_list(*names), key=str
        )
    for name in ("goals", "partners", "contacts", "themes"):
        through = getattr(Measure, name).through
        ends = [field.attname for field in through._meta.concrete_fields if field.is_relation]
        links = through._default_manager.filter(measure__concept=concept)
        rows[name] = sorted(links.values_list(*ends))
    return rows


@pytest.mark.parametrize("code", ["A", "A.1", "A.1.1", "A.1.1.1"])
def test_what_is_deleted_comes_back_whole(concept: Concept, editor: User, code: str) -> None:
    Comment.objects.create(
        concept=concept, measure=measure(concept, "A.1.1.1"), author=editor, text="Wer leitet das?"
    )
    before = snapshot(concept)
    part: Any = next(
        one
        for model in (ActionField, Goal, Measure)
        for one in model._default_manager.filter(code=code, **{model.concept_path: concept})
    )
    deletion = delete_part(part=part, by=editor, reason="doppelt")
    assert snapshot(concept) != before
    assert (deletion.deleted_by, deletion.reason) == (editor, "doppelt")
    newest = type(part).history.filter(id=part.pk or deletion.row_id).first()
    assert (newest.history_type, newest.history_user) == ("-", editor)
    restore(deletion=deletion, by=editor)
    assert snapshot(concept) == before
    with pytest.raises(ValidationError, match="schon wiederhergestellt"):
        restore(deletion=deletion, by=editor)


def test_what_hangs_on_a_part_is_named(concept: Concept) -> None:
    hanging = Hanging(ActionField.objects.get(concept=concept, code="A"))
    assert "2 Ziele" in hanging.in_words()
    assert "3 Maßnahmen" in hanging.in_words()
    assert any("Sprachkurs 1-1" in name for name in hanging.names())


def test_a_measure_of_a_resolution_point_stays(concept: Concept, editor: User) -> None:
    town = concept.municipality
    layout = PaperLayout.objects.create(municipality=town, name="Vorlage")
    kind = PaperType.objects.create(municipality=town, name="Vorlage", layout=layout)
    paper = CommitteePaper.objects.create(
        municipality=town, paper_type=kind, layout=layout, subject="Beschluss über das Konzept"
    )
    point = ResolutionPoint.objects.create(paper=paper, position=1, text="<p>Beschlossen.</p>")
    point.measures.add(measure(concept, "A.1.1.1"))
    with pytest.raises(ValidationError, match="kann nicht gelöscht werden"):
        delete_part(part=measure(concept, "A.1.1.1"), by=editor)
    with pytest.raises(ValidationError, match="kann nicht gelöscht werden"):
        delete_part(part=ActionField.objects.get(concept=concept, code="A"), by=editor)
    assert Deletion.objects.count() == 0


def test_a_place_and_code_that_are_taken_are_given_up(concept: Concept, editor: User) -> None:
    gone = measure(concept, "A.1.1.2")
    place = gone.position
    deletion = delete_part(part=gone, by=editor)
    field = ActionField.objects.get(concept=concept, code="A")
    Measure.objects.create(concept=concept, field=field, position=place, code="A.1.1.2", title="Neu")
    back = restore(deletion=deletion, by=editor)
    assert isinstance(back, Measure)
    assert (back.code, back.position) == ("", 4)


def test_nothing_comes_back_without_its_parent(concept: Concept, editor: User) -> None:
    first = delete_part(part=measure(concept, "A.1.1.1"), by=editor)
    second = delete_part(part=ActionField.objects.get(concept=concept, code="A"), by=editor)
    with pytest.raises(ValidationError, match="hat keinen Platz mehr"):
        restore(deletion=first, by=editor)
    restore(deletion=second, by=editor)
    restore(deletion=first, by=editor)
    assert measure(concept, "A.1.1.1").field.code == "A"


# ---- Whatever the order ------------------------------------------------------------------------------------


def check_whole(concept: Concept) -> None:
    """Every row is shown exactly once, positions and codes are unique, goals hang in their field."""
    tree = read_tree(concept)
    shown = [node.measure.pk for node in tree.all_measures()]
    assert sorted(shown) == sorted(concept.measures.values_list("pk", flat=True))
    goals = [node.goal for node in tree.all_goals()]
    assert len(goals) == Goal.objects.filter(field__concept=concept).count()
    for one in goals:
        assert one.parent is None or one.parent.field_id == one.field_id
        assert one.level < len(concept.goal_level_names)
    codes = [node.measure.code for node in tree.all_measures() if node.measure.code]
    assert len(codes) == len(set(codes))
    fields = [node.field.code for node in tree.fields if node.field.code]
    assert len(fields) == len(set(fields))
    for field in tree.fields:
        own = [node.goal.code for node in field.all_goals() if node.goal.code]
        assert len(own) == len(set(own))


def some(rows: Any, number: int) -> Any:
    """One of them, whatever the number; a step that finds nothing to do is passed over."""
    found = list(rows)
    if not found:
        raise ValidationError("nichts da")
    return found[number % len(found)]


class Steps:
    """What hypothesis may do with the concept; two numbers choose the rows."""

    def __init__(self, concept: Concept, by: User) -> None:
        self.concept, self.by = concept, by

    def rows(self, *models: Any) -> list[Any]:
        return [row for model in models for row in model.objects.filter(**{model.concept_path: self.concept})]

    def up(self, first: int, second: int) -> None:
        part = some(self.rows(ActionField, Goal, Measure, Indicator, Chapter), first)
        move_step(part=part, step=(-1, 1)[second % 2], by=self.by)

    def move_measure(self, first: int, second: int) -> None:
        to = some(self.rows(ActionField, Goal), second)
        move_measure(measure=some(self.rows(Measure), first), to=to, by=self.by)

    def move_goal(self, first: int, second: int) -> None:
        move_goal(
            goal=some(self.rows(Goal), first), to=some(self.rows(ActionField, Goal), second), by=self.by
        )

    def split(self, first: int, second: int) -> None:
        split(part=some(self.rows(Measure, Goal), first), title=f"Neu {second}", text="<p>x</p>", by=self.by)

    def merge(self, first: int, second: int) -> None:
        words = self.words()
        merge(part=some(self.rows(Measure), first), into=some(self.rows(Measure), second), by=self.by)
        assert self.words() >= words

    def words(self) -> int:
        return sum(len(row.text) for row in self.rows(Measure))

    def delete(self, first: int, second: int) -> None:
        delete_part(part=some(self.rows(ActionField, Goal, Measure, Indicator), first), by=self.by)

    def restore(self, first: int, second: int) -> None:
        waiting = Deletion.objects.filter(concept=self.concept, restored_at=None)
        restore(deletion=some(waiting, first), by=self.by)

    def renumber(self, first: int, second: int) -> None:
        renumber(concept=self.concept, by=self.by)
        wanted = codes_by_scheme(self.concept)[Measure]
        assert all(row.code == wanted[row.pk] for row in self.rows(Measure))


VERBS = ("up", "move_measure", "move_goal", "split", "merge", "delete", "restore", "renumber")
NUMBERS = st.integers(0, 40)
NOT_SLOW = [HealthCheck.function_scoped_fixture, HealthCheck.too_slow]


@settings(max_examples=15, deadline=None, suppress_health_check=NOT_SLOW)
@given(steps=st.lists(st.tuples(st.sampled_from(VERBS), NUMBERS, NUMBERS), max_size=8))
def test_no_sequence_breaks_the_tree(
    concept: Concept, editor: User, steps: list[tuple[str, int, int]]
) -> None:
    doing = Steps(concept, editor)
    with transaction.atomic():
        concept.code_scheme = Concept.CodeScheme.LETTERS
        concept.save()
        for verb, first, second in steps:
            # A refused step is undone as a whole: the verbs are atomic.
            with suppress(ValidationError):
                getattr(doing, verb)(first, second)
            check_whole(concept)
        transaction.set_rollback(True)  # each example begins with the same concept
