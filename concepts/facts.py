"""What is said of each part of a concept, column by column in German words: two states are compared by it.

Columns are not listed one by one: what is added to a model later is compared by itself.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concepts.copying import OUTSIDE, columns_of
from concepts.figures import euros, with_unit
from concepts.measure_words import cost_text, with_function
from concepts.models import FundingCondition
from concepts.models.indicators import IndicatorFigure
from concepts.tree import Cost, FundingNode, IndicatorNode, MeasureNode
from documents.richtext import RichTextField
from fuzzydates.value import FuzzyDate
from municipalities.models import Person

# Where a part stands and how it is numbered is told by itself; so are the answers to the town's questions.
ELSEWHERE = {"additional", "code", "code_scheme", "field", "parent", "position", "slug"}
Key = tuple[str, int]


@dataclass(frozen=True)
class Fact:
    """`name` tells it from the part's other facts, `key` is what it is compared by.

    `value` is plain text or, if `rich`, HTML. A fact that is not `telling` is left out where a part is new.
    """

    name: Any
    label: str
    value: str
    key: Any
    rich: bool = False
    telling: bool = True


def text_fact(name: Any, label: str, value: str) -> Fact:
    return Fact(name, label, value, value, telling=bool(value))


@dataclass(frozen=True)
class Column:
    """A column that is compared, with its words: looked up once, as there are hundreds of measures."""

    field: Any
    label: str
    choices: dict[Any, str]


@cache
def compared_columns(model: type[models.Model]) -> list[Column]:
    return [
        Column(
            field,
            capfirst(str(field.verbose_name)),
            {value: str(label) for value, label in field.flatchoices},
        )
        for field in columns_of(model)
        if field.name not in ELSEWHERE
    ]


def column_facts(row: models.Model, titles: Mapping[Key, str]) -> Iterator[Fact]:
    """One for each column. `titles` names the other parts of the concept."""
    for column in compared_columns(type(row)):
        field, label = column.field, column.label
        value = getattr(row, field.attname)
        if isinstance(field, RichTextField):
            yield Fact(field.name, label, value, value, rich=True, telling=bool(value))
        elif isinstance(field, models.BooleanField):
            yield Fact(field.name, label, _("ja") if value else _("nein"), value, telling=value)
        elif field.related_model in OUTSIDE:
            yield text_fact(field.name, label, outside_words(getattr(row, field.name)))
        elif field.is_relation:
            words = titles[str(field.related_model._meta.model_name), value] if value else ""
            yield Fact(field.name, label, words, value, telling=bool(words))
        else:
            yield text_fact(field.name, label, words_of(column, value))


def words_of(column: Column, value: Any) -> str:
    if column.choices:
        return column.choices.get(value, "")
    match value:
        case None:
            return ""
        case Decimal():
            return euros(value)  # the other numbers stand in rows of their own
        case list():
            return ", ".join(map(str, value))
        case FuzzyDate() | int() | str():
            return str(value)
    raise TypeError(f"{column.field}: no words for {type(value).__name__}")


def outside_words(row: models.Model | None) -> str:
    if row is None:
        return ""
    return with_function(row) if isinstance(row, Person) else str(row)


def link_fact(row: models.Model, name: str, others: Iterable[models.Model]) -> Fact:
    """A many-to-many field: inside the concept by ids, outside by words."""
    field: Any = row._meta.get_field(name)
    rows = list(others)
    words = [outside_words(one) for one in rows]
    key: Any = tuple(words) if field.related_model in OUTSIDE else {one.pk for one in rows}
    return Fact(name, capfirst(str(field.verbose_name)), "\n".join(words), key, telling=bool(rows))


def measure_facts(node: MeasureNode, titles: Mapping[Key, str], below_goal: bool) -> list[Fact]:
    row: Any = node.measure
    goals = link_fact(row, "goals", node.goals)
    # The goal that it stands below need not be named once more.
    goals = replace(goals, telling=len(node.goals) > int(below_goal))
    return [
        *column_facts(row, titles),
        goals,
        link_fact(row, "themes", node.themes),
        link_fact(row, "partners", node.partners),
        link_fact(row, "contacts", node.contacts),
        *map(cost_fact, node.costs),
        *[text_fact(("additional", label), label, answer) for label, answer in node.additional],
    ]


def cost_fact(cost: Cost) -> Fact:
    row, funding = cost
    name = ("cost", row.year, row.funding_id, row.source)
    words = cost_text(row, funding, _("unter Haushaltsvorbehalt"))
    return Fact(name, _("Kosten"), words, (row.amount, row.reserved))


def indicator_facts(node: IndicatorNode, titles: Mapping[Key, str]) -> list[Fact]:
    return [
        *column_facts(node.indicator, titles),
        *figure_facts(node, node.values),
        *figure_facts(node, node.targets),
    ]


def figure_facts(node: IndicatorNode, figures: Sequence[IndicatorFigure]) -> Iterator[Fact]:
    for row in figures:
        about = f"{row.period}, {row.group}" if row.group else str(row.period)
        # Without a number the text is all there is, and `with_unit` gives it.
        words = [with_unit(node.indicator, row), *([row.text] if row.value is not None and row.text else [])]
        name = (type(row).__name__, row.period, row.group)
        yield Fact(name, str(row._meta.verbose_name), f"{about}: {' – '.join(words)}", (row.value, row.text))


def funding_facts(node: FundingNode, titles: Mapping[Key, str]) -> list[Fact]:
    return [
        *column_facts(node.funding, titles),
        *[condition_fact(row, titles) for row in node.conditions],
    ]


def condition_fact(row: FundingCondition, titles: Mapping[Key, str]) -> Fact:
    said = [fact for fact in column_facts(row, titles) if fact.name not in ("funding", "text")]
    words = [row.text, *(f"{fact.label}: {fact.value}" for fact in said if fact.telling)]
    key = (row.text, *(fact.key for fact in said))
    return Fact(("condition", row.pk), str(row._meta.verbose_name), "\n".join(words), key)
