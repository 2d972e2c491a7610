"""Where things stand: order among siblings, codes by the concept's scheme, moves in the tree.

Neighbours that only make room get no entry in their history; what was moved does.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max, QuerySet
from django.utils.translation import gettext as _

from concepts.codes import codes_by_scheme
from concepts.models import (
    ActionField,
    Chapter,
    Concept,
    ConceptPart,
    Funding,
    Goal,
    Indicator,
    Measure,
)
from concepts.outline import GoalLines, read_outline
from municipalities.models import User

FAR = 20_000  # out of the way of every real position while neighbours change places


def siblings(part: ConceptPart) -> QuerySet[Any]:
    """What shares the order with this part, itself included."""
    match part:
        case Chapter():
            return Chapter.objects.filter(concept=part.concept_id, place=part.place)
        case ActionField():
            return ActionField.objects.filter(concept=part.concept_id)
        case Goal():
            return Goal.objects.filter(field=part.field_id, parent=part.parent_id)
        case Measure():
            return Measure.objects.filter(field=part.field_id)
        case Indicator():
            return Indicator.objects.filter(concept=part.concept_id)
    raise TypeError(f"{type(part).__name__} has no place in an order")


def last_position(part: ConceptPart) -> int:
    """The position behind all siblings."""
    return (siblings(part).aggregate(last=Max("position"))["last"] or 0) + 1


def reorder(rows: QuerySet[Any], order: Sequence[int]) -> None:
    """Numbers these rows 1, 2, 3 … in the given order of ids; ids that are no rows here are passed over."""
    known = dict(rows.values_list("pk", "position"))
    wanted = {pk: number for number, pk in enumerate((pk for pk in order if pk in known), start=1)}
    changed = {pk: number for pk, number in wanted.items() if known[pk] != number}
    for offset in (FAR, 0):  # the positions are unique at every moment
        for pk, number in changed.items():
            rows.model._default_manager.filter(pk=pk).update(position=offset + number)


def note(part: ConceptPart, by: User | None, reason: str) -> None:
    """One entry in the part's history that says what was done."""
    part._history_user = by  # type: ignore[attr-defined]
    part._change_reason = reason  # type: ignore[attr-defined]
    part.save()


@transaction.atomic
def move_step(*, part: ConceptPart, step: int, by: User | None) -> bool:
    """One place up (-1) or down (+1) among those that are shown beside it. False at the end of the list."""
    lock(part.own_concept())
    shown = _shown_beside(part)
    place = shown.index(part.pk)
    if not 0 <= place + step < len(shown):
        return False
    other = shown[place + step]
    order = list(siblings(part).order_by("position").values_list("pk", flat=True))
    first, second = order.index(part.pk), order.index(other)
    order[first], order[second] = order[second], order[first]
    reorder(siblings(part), order)
    part.refresh_from_db(fields=["position"])
    note(part, by, _("verschoben"))
    return True


def _shown_beside(part: ConceptPart) -> list[int]:
    """A measure stands among those of the same goal, though its order is that of the whole field."""
    if isinstance(part, Measure):
        for lines in _lists_of_measures(part.concept):
            if part.pk in lines:
                return lines
    if isinstance(part, Indicator):
        same = [part.field_id, part.goal_id, part.measure_id]
        rows = siblings(part).filter(field=same[0], goal=same[1], measure=same[2])
        return list(rows.order_by("position").values_list("pk", flat=True))
    return list(siblings(part).order_by("position").values_list("pk", flat=True))


def _lists_of_measures(concept: Concept) -> Iterable[list[int]]:
    def below(goal: GoalLines) -> Iterable[list[int]]:
        yield [line.pk for line in goal.measures]
        for subgoal in goal.subgoals:
            yield from below(subgoal)

    for field in read_outline(concept).fields:
        yield [line.pk for line in field.measures]
        for goal in field.goals:
            yield from below(goal)


def lock(concept: Concept) -> None:
    """Two who move at once: the second waits. (SQLite's transactions wait as a whole.)"""
    Concept.objects.select_for_update().only("pk").get(pk=concept.pk)


@transaction.atomic
def move_field(*, field: ActionField, before: ActionField | None, by: User | None) -> None:
    """In front of another field, or to the end."""
    lock(field.concept)
    _put(field, before)
    note(field, by, _("verschoben"))


@transaction.atomic
def move_chapter(*, chapter: Chapter, place: str, before: Chapter | None, by: User | None) -> None:
    """To another place in the order, also from before the fields to behind them."""
    lock(chapter.concept)
    if chapter.place != place:
        chapter.place = place
        chapter.position = last_position(chapter)
    note(chapter, by, _("verschoben"))
    _put(chapter, before)


@transaction.atomic
def move_measure(
    *, measure: Measure, to: ActionField | Goal, before: Measure | None = None, by: User | None
) -> None:
    """Below a goal, or directly below a field; in front of another measure or to the end.

    A measure is shown below the first of its goals in its field. So it no longer serves the one it stood
    below, nor those in the new field that come before the new one; the others stay.
    """
    check_same_concept(measure, to)
    lock(measure.concept)
    field = to if isinstance(to, ActionField) else to.field
    own = {goal.pk: goal for goal in measure.goals.all()}
    order = goals_in_order(measure.concept)
    home = next((pk for pk in order if pk in own and own[pk].field_id == measure.field_id), None)
    dropped = {home} if home else set()
    for pk in order:
        if isinstance(to, Goal) and pk == to.pk:
            break
        if pk in own and own[pk].field_id == field.pk:
            dropped.add(pk)
    measure.goals.remove(*[own[pk] for pk in dropped if not (isinstance(to, Goal) and pk == to.pk)])
    if isinstance(to, Goal):
        measure.goals.add(to)
    if measure.field_id != field.pk:
        measure.field = field
        measure.position = last_position(measure)
    note(measure, by, _("verschoben nach „%s“") % to)
    _put(measure, before)


def goals_in_order(concept: Concept) -> list[int]:
    """Ids of all goals as they follow each other in the tree."""
    found: list[int] = []

    def walk(goal: GoalLines) -> None:
        found.append(goal.line.pk)
        for subgoal in goal.subgoals:
            walk(subgoal)

    for field in read_outline(concept).fields:
        for goal in field.goals:
            walk(goal)
    return found


@transaction.atomic
def move_goal(*, goal: Goal, to: ActionField | Goal, before: Goal | None = None, by: User | None) -> None:
    """With its subgoals; into another field also with the measures and indicators that hang on them.

    Raises ValidationError if the goal would stand below itself or deeper than the concept has levels.
    """
    check_same_concept(goal, to)
    lock(goal.own_concept())
    parent = to if isinstance(to, Goal) else None
    field = to if isinstance(to, ActionField) else to.field
    below = subtree(goal)
    if parent is not None and parent.pk in {one.pk for one in below}:
        raise ValidationError(_("Ein Ziel kann nicht unter sich selbst stehen."))
    check_depth(goal.own_concept(), (parent.level + 1 if parent else 0) + height(goal, below))
    moved_out = field.pk != goal.field_id
    if moved_out or goal.parent_id != (parent.pk if parent else None):
        homes = _measures_at_home(goal, below) if moved_out else []
        if moved_out:
            _clear_taken_codes(below, field)
        goal.field, goal.parent = field, parent
        goal.position = last_position(goal)
        note(goal, by, _("verschoben nach „%s“") % to)
        moved = {one.pk: one for one in below} | {goal.pk: goal}
        for one in below[1:] if moved_out else ():
            one.field, one.parent = field, moved[one.parent_id or goal.pk]
            note(one, by, _("mit dem übergeordneten Ziel verschoben"))
        for measure in homes:
            measure.field = field
            measure.position = last_position(measure)
            note(measure, by, _("mit dem Ziel verschoben"))
        if moved_out:
            _take_indicators_along(below, field, by)
    else:
        note(goal, by, _("verschoben"))
    _put(goal, before)


def _take_indicators_along(goals: Sequence[Goal], field: ActionField, by: User | None) -> None:
    taken = set(Indicator.objects.filter(field=field).values_list("title", flat=True))
    for indicator in Indicator.objects.filter(goal__in=goals).exclude(field=None):
        if indicator.title in taken:
            raise ValidationError(
                _(
                    "In „%(field)s“ gibt es schon einen Indikator „%(title)s“. "
                    "Bitte benennen Sie einen der beiden um."
                )
                % {"field": field, "title": indicator.title}
            )
        indicator.field = field
        note(indicator, by, _("mit dem Ziel verschoben"))


def subtree(goal: Goal) -> list[Goal]:
    """The goal and everything below it, each before its subgoals."""
    children: dict[int | None, list[Goal]] = {}
    for one in Goal.objects.filter(field=goal.field_id).order_by("position"):
        children.setdefault(one.parent_id, []).append(one)

    def walk(one: Goal) -> Iterable[Goal]:
        yield one
        for child in children.get(one.pk, ()):
            yield from walk(child)

    return list(walk(goal))


def height(goal: Goal, below: Sequence[Goal]) -> int:
    """How many levels the goal and what is below it take."""
    levels = {goal.pk: 1}
    for one in below[1:]:
        levels[one.pk] = levels[one.parent_id or 0] + 1
    return max(levels.values())


def check_depth(concept: Concept, levels: int) -> None:
    allowed = len(concept.goal_level_names)
    if levels > allowed:
        names = ", ".join(concept.goal_level_names) or _("keine")
        raise ValidationError(
            _("So tief reichen die Zielebenen dieses Konzepts nicht (%s). Sie legen sie beim Konzept fest.")
            % names
        )


def check_same_concept(part: ConceptPart, to: ConceptPart) -> None:
    if part.own_concept().pk != to.own_concept().pk:
        raise ValidationError(_("„%s“ gehört zu einem anderen Konzept.") % to)


def _measures_at_home(goal: Goal, below: Sequence[Goal]) -> list[Measure]:
    """The measures that are shown below these goals."""
    inside = {one.pk for one in below}
    found: set[int] = set()

    def walk(lines: GoalLines) -> None:
        if lines.line.pk in inside:
            found.update(line.pk for line in lines.measures)
        for subgoal in lines.subgoals:
            walk(subgoal)

    for field in read_outline(goal.own_concept()).fields:
        for lines in field.goals:
            walk(lines)
    return list(Measure.objects.filter(pk__in=found).order_by("position"))


def _clear_taken_codes(goals: Sequence[Goal], field: ActionField) -> None:
    """A code is unique in its field: who comes into a field where it is taken goes without."""
    taken = set(Goal.objects.filter(field=field).exclude(code="").values_list("code", flat=True))
    for goal in goals:
        if goal.code in taken:
            goal.code = ""


def _put(part: Any, before: Any) -> None:
    order = [pk for pk in siblings(part).order_by("position").values_list("pk", flat=True) if pk != part.pk]
    place = order.index(before.pk) if before is not None and before.pk in order else len(order)
    reorder(siblings(part), [*order[:place], part.pk, *order[place:]])
    part.refresh_from_db(fields=["position"])


@transaction.atomic
def renumber(*, concept: Concept, by: User | None) -> int:
    """Gives every field, goal and measure the code that its place demands; returns how many changed.

    Raises ValidationError where the concept's codes are free.
    """
    if concept.code_scheme == Concept.CodeScheme.FREE:
        raise ValidationError(
            _("Dieses Konzept hat freie Kennungen. Wählen Sie beim Konzept zuerst ein Schema für sie aus.")
        )
    lock(concept)
    wanted = codes_by_scheme(concept)
    changed = []
    for model in (ActionField, Goal, Measure):
        path = f"{model.concept_path}"
        for part in model.objects.filter(**{path: concept}):
            code = wanted[model].get(part.pk, part.code)
            if part.code != code:
                changed.append((part, code))
    # First all go without, for a code may be another's until now.
    for model in (ActionField, Goal, Measure):
        pks = [part.pk for part, _code in changed if type(part) is model]
        model.objects.filter(pk__in=pks).update(code="")
    for part, code in changed:
        part.code = code
        note(part, by, _("neu nummeriert"))
    return len(changed)


def has_order(part: ConceptPart) -> bool:
    return not isinstance(part, Funding)
