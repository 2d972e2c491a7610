"""Saving what a form of the workbench holds."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.db import transaction
from django.db.models import Max

from concepts.actions.placing import has_order, last_position, lock, note, siblings
from concepts.codes import codes_by_scheme
from concepts.models import ActionField, Concept, ConceptPart, FundingCondition, Goal, Measure
from concepts.permissions import may_edit_figures
from municipalities.models import User


@transaction.atomic
def save_part(*, form: Any, tables: Iterable[Any], by: User) -> ConceptPart:
    """The part and its tables of rows. A new one goes behind its siblings and gets the code of its place."""
    part: Any = form.instance
    concept: Concept = form.concept
    lock(concept)
    new = part.pk is None
    if has_order(part) and (new or not _fits(part)):
        part.position = last_position(part)
    part._history_user = by
    part = form.save()
    if new and not getattr(part, "code", "-") and concept.code_scheme != Concept.CodeScheme.FREE:
        _give_code(part, concept, by)
    for table in tables:
        table.instance = part
        for row in table.save(commit=False):
            row._history_user = by
            if isinstance(row, FundingCondition) and not row.position:
                row.position = (part.conditions.aggregate(last=Max("position"))["last"] or 0) + 1
            row.save()
        for row in table.deleted_objects:
            row._history_user = by
            row.delete()
    saved: ConceptPart = part
    return saved


def _fits(part: Any) -> bool:
    """False where a form has put the part among others, such as a chapter behind the fields."""
    return not siblings(part).filter(position=part.position).exclude(pk=part.pk).exists()


def _give_code(part: Any, concept: Concept, by: User) -> None:
    code = codes_by_scheme(concept)[type(part)].get(part.pk, "")
    where = {"field": part.field} if part._meta.model_name == "goal" else {"concept": concept}
    if code and not type(part).objects.filter(code=code, **where).exists():
        part.code = code
        note(part, by, "")


@transaction.atomic
def add_measure(
    *, field: ActionField, goal: Goal | None, by: User, reason: str = "", **values: Any
) -> Measure:
    """A new measure at the end of its field, with the code of its place; `values` are its columns.

    Raises ValidationError where a column does not take its value.
    """
    concept = field.concept
    lock(concept)
    measure = Measure(concept=concept, field=field, **values)
    measure.position = last_position(measure)
    measure.clean_fields(exclude=["responsible", "responsible_person"])
    note(measure, by, reason)
    if goal is not None:
        measure.goals.set([goal])
    if concept.code_scheme != Concept.CodeScheme.FREE:
        _give_code(measure, concept, by)
    return measure


@transaction.atomic
def save_figures(*, tables: Iterable[Any], by: User) -> None:
    """Values and targets alone, by a Fachamt that may not change the indicator itself."""
    for table in tables:
        assert may_edit_figures(by, table.instance)
        for row in table.save(commit=False):
            row._history_user = by
            row.save()
        for row in table.deleted_objects:
            row._history_user = by
            row.delete()
