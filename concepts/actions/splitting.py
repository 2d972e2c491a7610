"""Making two of one, and one of two."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from concepts.actions.deleting import delete_part
from concepts.actions.placing import check_same_concept, last_position, lock, note, reorder, siblings
from concepts.models import Deletion, Goal, Measure, MeasureCost
from municipalities.models import User

# What two measures or goals bring together when they become one; everything else is the remaining one's.
TEXTS = {Measure: ("text", "reason"), Goal: ("description",)}


@transaction.atomic
def split(*, part: Measure | Goal, title: str, text: str, by: User | None) -> Measure | Goal:
    """A second one right behind the first, with a title and text of its own and everything else the same.

    The first one's texts stay as they are. Costs, values and subgoals stay with the first, too.
    """
    lock(part.own_concept())
    order = list(siblings(part).order_by("position").values_list("pk", flat=True))
    columns = [field for field in part._meta.concrete_fields if not field.primary_key]
    new = type(part)(**{field.attname: getattr(part, field.attname) for field in columns})
    new.code, new.position = "", last_position(part)
    if isinstance(new, Measure):
        new.title, new.text = title, text
    else:
        new.text, new.description, new.rank = title, text, None
    note(new, by, _("abgeteilt von „%s“") % part)
    if isinstance(part, Measure):
        for name in ("goals", "themes", "partners", "contacts"):
            getattr(new, name).set(getattr(part, name).all())
    place = order.index(part.pk) + 1
    reorder(siblings(part), [*order[:place], new.pk, *order[place:]])
    new.refresh_from_db(fields=["position"])
    part.refresh_from_db(fields=["position"])  # neighbours have made room, it may have been moved
    note(part, by, _("geteilt: „%s“ steht nun für sich") % new)
    return new


@transaction.atomic
def merge(*, part: Measure | Goal, into: Measure | Goal, by: User | None) -> Deletion:
    """`part` goes up in `into`: its texts are added below a heading, what hangs on it moves over.

    The merged one lies in the trash as it was. Raises ValidationError where the two cannot be merged.
    """
    if type(part) is not type(into) or part.pk == into.pk:
        raise ValidationError(_("Zusammenführen lassen sich nur zwei verschiedene Einträge derselben Art."))
    check_same_concept(part, into)
    lock(part.own_concept())
    for name in TEXTS[type(part)]:
        setattr(into, name, joined(getattr(into, name), getattr(part, name), str(part)))
    if isinstance(part, Measure) and isinstance(into, Measure):
        _bring_measure(part, into)
    elif isinstance(part, Goal) and isinstance(into, Goal):
        _bring_goal(part, into)
    note(into, by, _("zusammengeführt mit „%s“") % part)
    part = type(part).objects.get(pk=part.pk)  # its rows have moved
    return delete_part(part=part, by=by, reason=_("zusammengeführt mit „%s“") % into)


def joined(first: str, second: str, heading: str) -> str:
    """Rich text followed by another under a heading; the other alone where there is no first."""
    if not second or not first:
        return first or second
    return f"{first}<h3>{_plain(heading)}</h3>{second}"


def _plain(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;")


def _bring_measure(part: Measure, into: Measure) -> None:
    for name in ("goals", "themes", "partners", "contacts"):
        getattr(into, name).add(*getattr(part, name).all())
    for cost in part.costs.all():
        _add_cost(cost, into)
    _hand_over(part.indicators.all(), "measure", into)


def _add_cost(cost: MeasureCost, into: Measure) -> None:
    """Costs of the same year and source are added up."""
    same = into.costs.filter(year=cost.year, funding=cost.funding, source=cost.source).first()
    if same is None:
        same = MeasureCost(measure=into, year=cost.year, funding=cost.funding, source=cost.source, amount=0)
    same.amount += cost.amount
    same.reserved = same.reserved or cost.reserved
    same.save()


def _bring_goal(part: Goal, into: Goal) -> None:
    if into.field_id != part.field_id:
        raise ValidationError(_("Zusammenführen lassen sich nur Ziele desselben Handlungsfelds."))
    above: Goal | None = into
    while above is not None:
        if above.pk == part.pk:
            raise ValidationError(_("Ein Ziel lässt sich nicht mit einem Ziel darunter zusammenführen."))
        above = above.parent
    for measure in part.measures.all():
        measure.goals.add(into)
    for subgoal in part.subgoals.order_by("position"):
        subgoal.parent = into
        subgoal.position = last_position(subgoal)
        subgoal.save()
    _hand_over(part.indicators.all(), "goal", into)


def _hand_over(rows: Any, name: str, to: Measure | Goal) -> None:
    for row in rows:
        setattr(row, name, to)
        row.save()
