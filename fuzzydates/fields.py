"""The model and form field of a fuzzy date."""

from __future__ import annotations

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _

from fuzzydates.value import FuzzyDate, FuzzyDateError, Precision, parse

STORED_LENGTH = 40


def _read(value: Any) -> FuzzyDate | None:
    if value in (None, ""):
        return None
    if isinstance(value, FuzzyDate):
        return value
    try:
        return parse(str(value))
    except FuzzyDateError as error:
        raise ValidationError(str(error), code="invalid") from error


class FuzzyDateFormField(forms.CharField):
    """One line of text, read the way people write dates in German."""

    def __init__(self, **kwargs: Any) -> None:
        kwargs.setdefault(
            "help_text", _("Zum Beispiel 19.06.2008, Juni 2017, 1. Halbjahr 2009 oder Anfang 2014.")
        )
        super().__init__(**kwargs)

    def clean(self, value: Any) -> Any:
        return _read(super().clean(value))


class FuzzyDateField(models.Field):
    """Stores a `FuzzyDate` in one text column that sorts by time; NULL where nothing is known."""

    description = _("Zeitpunkt oder Zeitraum, so genau wie bekannt")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        kwargs.setdefault("max_length", STORED_LENGTH)
        super().__init__(*args, **kwargs)

    def get_internal_type(self) -> str:
        return "CharField"

    def from_db_value(self, value: str | None, *_args: Any) -> FuzzyDate | None:
        return FuzzyDate.decode(value) if value else None

    def to_python(self, value: Any) -> FuzzyDate | None:
        return _read(value)

    def get_prep_value(self, value: Any) -> str | None:
        value = _read(value)
        return value.encode() if value else None

    def value_to_string(self, obj: models.Model) -> str:
        value = self.value_from_object(obj)
        return str(value) if value else ""

    def pre_save(self, model_instance: models.Model, add: bool) -> FuzzyDate | None:
        value = _read(getattr(model_instance, self.attname))
        setattr(model_instance, self.attname, value)
        return value

    def formfield(self, **kwargs: Any) -> Any:
        return super().formfield(**{"form_class": FuzzyDateFormField, "max_length": 60, **kwargs})


@FuzzyDateField.register_lookup
class Planned(models.Lookup):
    """`date__planned=True`: only intended; `False`: took place."""

    lookup_name = "planned"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        verb = "LIKE" if self.rhs else "NOT LIKE"
        return f"{column} {verb} %s", (*params, "%/planned")


@FuzzyDateField.register_lookup
class IsDay(models.Lookup):
    """`date__is_day=True`: a single day, held or planned; NULL is neither."""

    lookup_name = "is_day"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        days = ", ".join(f"'{word}'" for word in (Precision.DAY, f"{Precision.DAY}/planned"))
        # Behind the two days of ten characters and their slashes stands how exact it is.
        return f"SUBSTR({column}, 23) {'IN' if self.rhs else 'NOT IN'} ({days})", tuple(params)


@FuzzyDateField.register_lookup
class Covers(models.Lookup):
    """`span__covers=day`: what `FuzzyDate.covers` says, asked of the database."""

    lookup_name = "covers"
    prepare_rhs = False

    def as_sql(self, compiler: Any, connection: Any) -> tuple[str, tuple[str | int, ...]]:
        column, params = self.process_lhs(compiler, connection)
        first, last = f"SUBSTR({column}, 1, 10)", f"SUBSTR({column}, 12, 10)"
        begun = f"{first} <= %s"
        not_over = f"({last} >= %s OR {column} LIKE %s)"
        day = self.rhs.isoformat()
        endless = f"%/{Precision.FROM_DAY}%"
        return f"({begun} AND {not_over})", (*params, day, *params, day, *params, endless)
