"""What every step of loading a town does with a row."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, models

from concepts.models import Concept, Measure
from demo.reading import LoadError, Row, german_date
from documents.richtext import RichTextField
from municipalities.models import Municipality, User
from participation.models import Process


class Loader:
    """Carries what is known of one town, and the references between its files, while they are loaded."""

    municipality: Municipality
    concept: Concept
    process: Process

    def __init__(self, folder: Path, by: User | None) -> None:
        self.folder = folder
        self.by = by
        self.themes: list[tuple[Measure, list[str], str]] = []
        self.known: dict[tuple[type[models.Model], str], Any] = {}

    def save(self, row: Row, instance: Any, key: str | None = None) -> Any:
        """Check the row's fields, save it, remember it under its key, and complain about leftovers."""
        row.done()
        try:
            instance.clean_fields()
            instance.save()
        except ValidationError as error:
            raise LoadError(f"{row.place}: {'; '.join(error.messages)}") from error
        except IntegrityError as error:
            raise LoadError(f"{row.place}: {error}") from error
        if key:
            if (type(instance), key) in self.known:
                raise LoadError(f"{row.place}: „{key}“ gibt es zweimal.")
            self.known[type(instance), key] = instance
        return instance

    def find(self, model: type[models.Model], key: Any, place: str) -> Any:
        if key is None:
            return None
        try:
            return self.known[model, str(key)]
        except KeyError:
            raise LoadError(f"{place}: „{key}“ gibt es nicht ({model._meta.verbose_name}).") from None

    def find_all(self, model: type[models.Model], row: Row, name: str) -> list[Any]:
        return [self.find(model, key, row.place) for key in row.take(name, [])]

    def build(self, model: type[models.Model], row: Row, **values: Any) -> Any:
        """An unsaved instance from the row's plain values and those given."""
        for field in model._meta.concrete_fields:
            if field.name in values or field.is_relation or field.name not in row.data:
                continue
            if isinstance(field, RichTextField):
                values[field.name] = row.take_text(field.name)
            elif isinstance(field, models.DateField):
                values[field.name] = german_date(row.take(field.name), row.place)
            else:
                values[field.name] = row.take(field.name, field.get_default())
        return model(**values)

    def load_rows(self, parent: Row, name: str, model: type[models.Model], **values: Any) -> None:
        """Rows without references of their own, numbered where the model has a position."""
        numbered = any(field.name == "position" for field in model._meta.concrete_fields)
        for position, row in enumerate(parent.take_rows(name), start=1):
            key = row.take("key", None)
            number = {"position": position} if numbered else {}
            self.save(row, self.build(model, row, **values, **number), key)
