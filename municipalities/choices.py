"""What may only be one of a few values is so in the database too, in every model, without a word there."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.db import models
from django.db.models.base import ModelBase


class ChoiceChecks(ModelBase):
    """Gives a model's Meta a check constraint for each field with choices, inherited fields too.

    The tables of the history have none: they keep what once was allowed.
    """

    def __new__(cls, name: str, bases: tuple[type, ...], attrs: dict[str, Any], **more: Any) -> Any:
        meta = attrs.get("Meta") or next((base.Meta for base in bases if hasattr(base, "Meta")), object)
        abstract = "Meta" in attrs and getattr(meta, "abstract", False)
        checks = [] if abstract else list(_checks(bases, attrs))
        if checks:
            constraints = [*getattr(meta, "constraints", []), *checks]
            attrs["Meta"] = type("Meta", (meta,), {"constraints": constraints})
        return super().__new__(cls, name, bases, attrs, **more)


def _checks(bases: tuple[type, ...], attrs: dict[str, Any]) -> Iterator[models.CheckConstraint]:
    parents = [base._meta for base in bases if issubclass(base, models.Model) and hasattr(base, "_meta")]
    fields = {field.name: field for meta in parents if meta.abstract for field in meta.local_fields}
    fields |= {name: value for name, value in attrs.items() if isinstance(value, models.Field)}
    for name, field in fields.items():
        if field.choices:
            allowed = [value for value, _label in field.flatchoices]
            if field.blank and not field.null:
                allowed.append("")
            yield models.CheckConstraint(
                condition=models.Q((f"{name}__in", list(dict.fromkeys(allowed)))),
                name=f"%(app_label)s_%(class)s_{name}_known",
            )


class CheckedModel(models.Model, metaclass=ChoiceChecks):
    """A model whose choices the database knows."""

    class Meta:
        abstract = True
