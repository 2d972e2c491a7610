"""A frozen copy (concepts/copying.py) as a tree again, for the same pages and prints as the concept itself.

The rows are model instances that were never saved. A copy outlives the models it was made of: a field that
has come since then has its default here, one that is gone is left out, and so is what can't be read any more.
"""

from __future__ import annotations

import base64
from collections.abc import Iterator
from dataclasses import dataclass
from operator import attrgetter
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models

from concepts.copying import OUTSIDE, canonical, columns_of, name_of, parts
from concepts.models import (
    ActionField,
    AdditionalField,
    Chapter,
    Concept,
    ConceptPart,
    Funding,
    FundingCondition,
    Goal,
    Indicator,
    IndicatorTarget,
    IndicatorValue,
    Measure,
    MeasureCost,
)
from concepts.tree import ConceptTree, hang
from concepts.tree_rows import Link, TreeRows
from fuzzydates.fields import FuzzyDateField
from fuzzydates.value import FuzzyDate
from municipalities.models import Institution, Person

Data = dict[str, Any]
UNREADABLE = (ArithmeticError, AttributeError, KeyError, TypeError, ValidationError, ValueError)


@dataclass(frozen=True)
class Frozen:
    """What a copy holds. `logo` is the town's picture, empty if it had none."""

    tree: ConceptTree
    logo: bytes


def revive(data: Data) -> Frozen:
    return Frozen(tree=hang(_Reviver(data).tree_rows()), logo=base64.b64decode(data["logo"]))


class _Reviver:
    def __init__(self, data: Data) -> None:
        self.data = data
        self.outside: dict[Any, dict[str, Any]] = {model: {} for model in OUTSIDE}
        models_of_copy: list[Any] = [Concept, AdditionalField, *parts()]
        self.columns = {model: columns_of(model) for model in models_of_copy}
        self.concept: Concept = self.row(Concept, data["concept"])
        self.rows: dict[Any, dict[int, Any]] = {model: self.rows_of(model) for model in parts()}
        self.drop_what_leads_nowhere()

    def rows_of(self, model: type[models.Model]) -> dict[int, Any]:
        return {row["id"]: self.row(model, row) for row in self.data.get(name_of(model), ())}

    def row(self, model: type[models.Model], copied: Data) -> Any:
        values: Data = {}
        for field in self.columns[model]:
            value = copied.get(field.name)
            if value is None:
                continue
            try:
                if field.related_model in OUTSIDE:
                    values[field.name] = self.named(field.related_model, value)
                else:
                    values[field.attname] = read(field, value)
            except UNREADABLE:
                continue
        return model(pk=copied["id"], **values)

    def named(self, model: type[models.Model], words: Data) -> Any:
        """Something outside of the concept; it gets a number that no row of a database has."""
        known = self.outside[model]
        key = canonical(words)
        if key not in known:
            values = {name: words[name] for name in OUTSIDE[model] if name in words}
            known[key] = model(pk=-1 - len(known), **values)
        return known[key]

    def drop_what_leads_nowhere(self) -> None:
        """A reference to something that is not in the copy is emptied, or its row left out if it needs it."""
        again = True
        while again:
            again = False
            for model, rows in self.rows.items():
                for field in self.columns[model]:
                    if not _is_inside(field):
                        continue
                    there = self.rows[field.related_model]
                    for pk, row in list(rows.items()):
                        target = getattr(row, field.attname)
                        if target in there:
                            continue
                        if field.null:
                            setattr(row, field.attname, None)
                        else:
                            del rows[pk]
                            again = True

    def links(self, name: str) -> Iterator[Link]:
        """The pairs of one many-to-many field of measures."""
        target: Any = Measure._meta.get_field(name).related_model
        for row in self.data.get(name_of(Measure), ()):
            for other in row.get(name, ()) if row["id"] in self.rows[Measure] else ():
                if target in OUTSIDE:
                    yield row["id"], self.named(target, other).pk
                elif other in self.rows[target]:
                    yield row["id"], other

    def in_order(self, model: type[ConceptPart], *names: str) -> list[Any]:
        return sorted(self.rows[model].values(), key=attrgetter(*names))

    def tree_rows(self) -> TreeRows:
        fields = self.rows[ActionField]
        partners, contacts = list(self.links("partners")), list(self.links("contacts"))
        outside = {model: {row.pk: row for row in rows.values()} for model, rows in self.outside.items()}
        return TreeRows(
            concept=self.concept,
            chapters=self.in_order(Chapter, "position"),
            fields=self.in_order(ActionField, "position"),
            goals=sorted(
                self.rows[Goal].values(), key=lambda row: (fields[row.field_id].position, row.position)
            ),
            measures=self.in_order(Measure, "position"),
            goal_links=list(self.links("goals")),
            theme_links=sorted(self.links("themes"), key=lambda link: fields[link[1]].position),
            partner_links=partners,
            contact_links=contacts,
            costs=self.in_order(MeasureCost, "year", "pk"),
            indicators=self.in_order(Indicator, "position"),
            values=self.in_order(IndicatorValue, "group", "period"),
            targets=self.in_order(IndicatorTarget, "group", "period"),
            fundings=self.in_order(Funding, "programme", "grantor"),
            conditions=self.in_order(FundingCondition, "position"),
            institutions=outside[Institution],
            persons=outside[Person],
            questions=sorted(self.rows_of(AdditionalField).values(), key=attrgetter("position")),
        )


def _is_inside(field: Any) -> bool:
    return isinstance(field.related_model, type) and issubclass(field.related_model, ConceptPart)


def read(field: Any, value: Any) -> Any:
    """A value of the copy as the model has it. Raises one of `UNREADABLE`."""
    if field.is_relation:
        return int(value)
    if isinstance(field, FuzzyDateField):
        return FuzzyDate.decode(value)
    value = field.to_python(value)
    if field.choices and value not in dict(field.flatchoices):
        raise ValueError(value)
    return value
