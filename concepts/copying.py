"""A complete copy of a concept as data: every row of every part, in one text that is always the same.

Nothing is listed field by field, so a field that is added later is in the next copy by itself. Rows of the
concept carry their ids, which are never given again: by them two copies are compared although things were
moved and renumbered. What lies outside (institutions, persons, the predecessor) is copied by name into the
place that mentions it, the town with its colour and logo. So the copy can be read without the database;
`concepts/reviving.py` does. Only the pictures in texts stay where they are kept; the copy has their hashes.
"""

from __future__ import annotations

import base64
import json
from collections import defaultdict
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.db import models

from concepts.models import AdditionalField, Concept, ConceptPart
from documents.models import Picture
from documents.richtext import PICTURE, RichTextField
from fuzzydates.value import FuzzyDate
from municipalities.models import Institution, Municipality, Person

FORMAT = 2
OUTSIDE: dict[type[models.Model], tuple[str, ...]] = {
    Concept: ("title", "slug"),
    Institution: ("name", "kind", "sign"),
    Municipality: ("name", "short_name", "slug", "colour"),
    Person: ("name", "function"),
}


def parts() -> list[type[ConceptPart]]:
    """Every model that is a part of a concept."""
    return [model for model in apps.get_app_config("concepts").get_models() if issubclass(model, ConceptPart)]


def columns_of(model: type[models.Model]) -> list[Any]:
    """The fields whose values are copied. A part need not say that it belongs to the concept."""
    return [
        field
        for field in model._meta.concrete_fields
        if not field.primary_key and not (issubclass(model, ConceptPart) and field.related_model is Concept)
    ]


def name_of(model: type[models.Model]) -> str:
    """Under which the rows stand in the copy."""
    return str(model._meta.model_name)


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
        self.links = self._links()
        self.outside = self._read_outside()

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

    def _read_outside(self) -> dict[Any, dict[Any, Any]]:
        """The rows that are named in the concept but are no part of it: one query for each kind."""
        wanted: dict[Any, set[Any]] = defaultdict(set)
        whole: tuple[Any, dict[Any, Any]] = Concept, {self.concept.pk: self.concept}
        for model, rows in [*self.rows.items(), whole]:
            for field in columns_of(model):
                if field.related_model in OUTSIDE:
                    wanted[field.related_model].update(getattr(row, field.attname) for row in rows.values())
            for field in model._meta.many_to_many:
                if field.related_model in OUTSIDE:
                    for others in self.links[model, field.name].values():
                        wanted[field.related_model].update(others)
        return {model: model._default_manager.in_bulk(ids - {None}) for model, ids in wanted.items()}

    def copy(self) -> dict[str, Any]:
        questions = {row.pk: row for row in self._questions()}
        return {
            "format": FORMAT,
            "logo": base64.b64encode(self.concept.municipality.logo_content()).decode(),
            "concept": self._row(self.concept),
            "picture": self._pictures(),
            **{
                name_of(model): [self._row(row) for _pk, row in sorted(rows.items())]
                for model, rows in [*self.rows.items(), (AdditionalField, questions)]
            },
        }

    def _pictures(self) -> list[dict[str, Any]]:
        """What the texts show, with the hash of its bytes: so the hash of the copy vouches for it too."""
        shown = {
            int(pk)
            for model, rows in self.rows.items()
            for field in columns_of(model)
            if isinstance(field, RichTextField)
            for row in rows.values()
            for pk, _alternative in PICTURE.findall(getattr(row, field.attname))
        }
        town = self.concept.municipality
        found = (
            Picture.objects.in_town(town).filter(pk__in=shown).only("sha256").order_by("pk") if shown else ()
        )
        return [{"id": picture.pk, "sha256": picture.sha256} for picture in found]

    def _questions(self) -> list[AdditionalField]:
        """The town's own questions that are answered in this concept."""
        answered = {pk for model in parts() for row in self.rows[model].values() for pk in _answers(row)}
        asked = AdditionalField.objects.filter(municipality=self.concept.municipality_id).order_by("pk")
        return [row for row in asked if str(row.pk) in answered]

    def _row(self, row: models.Model) -> dict[str, Any]:
        values = {"id": row.pk, **{field.name: self._value(row, field) for field in columns_of(type(row))}}
        for field in row._meta.many_to_many:
            others = (self._reference(field, pk) for pk in self.links[type(row), field.name][row.pk])
            values[field.name] = sorted(others, key=canonical)
        return values

    def _value(self, row: models.Model, field: Any) -> Any:
        value = getattr(row, field.attname)
        if field.is_relation and value is not None:
            return self._reference(field, value)
        match value:
            case FuzzyDate():
                return value.encode()
            case Decimal():
                return f"{value:f}"
            case None | bool() | int() | str() | list() | dict():
                return value
        raise TypeError(f"{field}: no way to write {type(value).__name__} into a copy")

    def _reference(self, field: Any, pk: Any) -> Any:
        """An id inside the concept, a few words about what lies outside."""
        model = field.related_model
        if model in OUTSIDE:
            return self._named(self.outside[model][pk])
        if issubclass(model, ConceptPart):
            return pk
        raise TypeError(f"{field}: no way to name a {model.__name__} in a copy")

    def _named(self, row: models.Model) -> dict[str, Any]:
        return {name: getattr(row, name) for name in OUTSIDE[type(row)]}


def _answers(row: models.Model) -> dict[str, Any]:
    return getattr(row, "additional", {})
