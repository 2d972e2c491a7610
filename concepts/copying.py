"""A complete copy of a concept as data: every row of every part, in one text that is always the same.

Nothing is listed field by field, so a field that is added later is in the next copy by itself. Rows are
named by what makes them unique in the concept, never by their ids: the copy can be read without the
database, and two equal concepts give equal copies.
"""

from __future__ import annotations

import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

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
from fuzzydates.value import FuzzyDate
from municipalities.models import Institution, Municipality, Person

FORMAT = 1
KEYS: dict[type[models.Model], tuple[str, ...]] = {
    ActionField: ("position",),
    Chapter: ("place", "position"),
    Funding: ("programme", "grantor"),
    FundingCondition: ("funding", "position"),
    Goal: ("field", "parent", "position"),
    Indicator: ("position",),
    IndicatorTarget: ("indicator", "period", "group"),
    IndicatorValue: ("indicator", "period", "group"),
    Measure: ("field", "position"),
    MeasureCost: ("measure", "year", "funding"),
}
OUTSIDE: dict[type[models.Model], tuple[str, ...]] = {
    Concept: ("slug",),
    Institution: ("name",),
    Municipality: ("slug",),
    Person: ("name", "function"),
}


def parts() -> list[type[ConceptPart]]:
    """Every model that is a part of a concept."""
    return [model for model in apps.get_app_config("concepts").get_models() if issubclass(model, ConceptPart)]


def canonical(data: Any) -> str:
    """The one way to write this data: what is hashed."""
    return json.dumps(data, ensure_ascii=False, sort_keys=True, separators=(",", ":"))


def copy_of(concept: Concept) -> dict[str, Any]:
    return _Copyist(concept).copy()


class _Copyist:
    def __init__(self, concept: Concept) -> None:
        self.concept = concept
        self.rows: dict[Any, dict[Any, Any]] = {
            model: model.objects.filter(**{model.concept_path: concept}).in_bulk() for model in parts()
        }
        self.questions = dict(
            AdditionalField.objects.filter(municipality=concept.municipality_id).values_list("pk", "label")
        )
        self.links = self._links()
        self._read_outside()

    def _links(self) -> dict[tuple[Any, str], dict[Any, list[Any]]]:
        """For each many-to-many field: the ids on the other side."""
        found: dict[tuple[Any, str], dict[Any, list[Any]]] = {}
        for model in parts():
            for field in model._meta.many_to_many:
                link: Any = field.remote_field.through
                near, far = field.m2m_field_name(), field.m2m_reverse_field_name()
                pairs: dict[Any, list[Any]] = defaultdict(list)
                where = {f"{near}__{model.concept_path}": self.concept}
                for own, other in link._default_manager.filter(**where).values_list(
                    f"{near}_id", f"{far}_id"
                ):
                    pairs[own].append(other)
                found[model, field.name] = pairs
        return found

    def _read_outside(self) -> None:
        """The rows of other apps that are named in the concept: one query for each kind."""
        wanted: dict[Any, set[Any]] = defaultdict(set)
        whole: tuple[Any, dict[Any, Any]] = Concept, {self.concept.pk: self.concept}
        for model, rows in [*self.rows.items(), whole]:
            for field in model._meta.concrete_fields:
                if field.is_relation:
                    wanted[field.related_model].update(getattr(row, field.attname) for row in rows.values())
            for field in model._meta.many_to_many:
                for others in self.links[model, field.name].values():
                    wanted[field.related_model].update(others)
        for model, ids in wanted.items():
            if model not in self.rows:
                self.rows[model] = model._default_manager.in_bulk(ids - {None})

    def copy(self) -> dict[str, Any]:
        named = {
            str(model._meta.model_name): sorted(
                (self._row(model, row) for row in self.rows[model].values()), key=canonical
            )
            for model in parts()
        }
        institutions = [
            {"name": row.name, "kind": row.kind, "sign": row.sign}
            for row in self.rows.get(Institution, {}).values()
            if isinstance(row, Institution)
        ]
        return {
            "format": FORMAT,
            "municipality": self.concept.municipality.name,
            "concept": self._values(Concept, self.concept),
            "institution": sorted(institutions, key=canonical),
            **named,
        }

    def _row(self, model: type[ConceptPart], row: models.Model) -> dict[str, Any]:
        return {"key": self._key(model, row), **self._values(model, row)}

    def _values(self, model: type[models.Model], row: models.Model) -> dict[str, Any]:
        values = {
            field.name: self._value(row, field)
            for field in model._meta.concrete_fields
            if not field.primary_key
        }
        for field in model._meta.many_to_many:
            others = self.links[model, field.name][row.pk]
            values[field.name] = sorted(
                (self._reference(field.related_model, pk) for pk in others), key=canonical
            )
        return values

    def _value(self, row: models.Model, field: Any) -> Any:
        value = getattr(row, field.attname)
        if isinstance(row, Measure) and field.name == "additional":
            return {self.questions[int(pk)]: answer for pk, answer in value.items()}
        if field.is_relation and value is not None:
            return self._reference(field.related_model, value)
        match value:
            case FuzzyDate():
                return value.encode()
            case Decimal():
                return f"{value:f}"
            case None | bool() | int() | str() | list() | dict():
                return value
        raise TypeError(f"{field}: no way to write {type(value).__name__} into a copy")

    def _reference(self, model: type[models.Model], pk: Any) -> Any:
        return self._key(model, self.rows[model][pk])

    def _key(self, model: type[models.Model], row: models.Model) -> Any:
        names = KEYS.get(model) or OUTSIDE[model]
        values = [self._value(row, model._meta.get_field(name)) for name in names]
        return values[0] if len(values) == 1 else values
