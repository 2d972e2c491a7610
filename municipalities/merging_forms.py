"""Two people edit the same row: what only one of them changed is taken, what both changed is decided.

Three states meet in a form: the row as it was when the form was opened, as it is now, and as it is typed.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from django import forms
from django.db import models
from django.http import QueryDict
from django.utils import timezone
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from municipalities.versioned_forms import VersionedForm

DECISION = "entscheidung-"
THEIRS = "andere"


@dataclass(frozen=True)
class Conflict:
    """A field that two have changed. `mine` and `theirs` as a person reads them; rich text stays HTML."""

    name: str
    label: str
    mine: str
    theirs: str
    is_html: bool
    decision: str
    """The name of the choice between the two."""


class MergingForm(VersionedForm):
    """Collects `conflicts` and `taken_over` (labels of fields that somebody else has changed alone).

    While there are conflicts the form is not valid; it is shown again with both versions and saved by the
    next click. `entscheidung-FIELD=andere` then takes the other version of that field.
    """

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts: list[Conflict] = []
        self.taken_over: list[str] = []

    def clean(self) -> dict[str, Any] | None:
        if self.newest is not None:
            self._take_what_was_decided()
        return super().clean()

    def _take_what_was_decided(self) -> None:
        for name in self.fields:
            if self.data.get(self.add_prefix(DECISION + name)) == THEIRS and self.keeps(name):
                self._take(name, self.stored(self.newest, name))

    def keeps(self, name: str) -> bool:
        """Whether the history keeps this field of the form."""
        return has_column(self.newest, name)

    def stored(self, record: Any, name: str) -> Any:
        """The field's value in an entry of the history, in the shape of `plain`."""
        return value_at(record, name)

    def shown(self, name: str, value: Any) -> Any:
        """A stored value as it stands in the form's input."""
        return self.fields[name].prepare_value(value)

    def in_words(self, name: str, value: Any) -> str:
        """A value as a person reads it."""
        return in_words(self.fields[name], value)

    def tell_what_changed(self, opened: int) -> None:
        before = self.instance.history.filter(pk=opened).first()
        for name, field in self.fields.items():
            if not self.keeps(name) or name in self.errors:
                continue
            mine, theirs = plain(self.cleaned_data.get(name)), self.stored(self.newest, name)
            base = self.stored(before, name) if before else None
            if theirs in (base, mine):
                continue
            if before and mine == base:
                self._take(name, theirs)
                self.taken_over.append(str(field.label))
            else:
                self.conflicts.append(self._conflict(name, field, theirs))
        if self.conflicts:
            self.add_error(None, told_of(self.newest))

    def _conflict(self, name: str, field: forms.Field, theirs: Any) -> Conflict:
        is_html = getattr(field.widget, "holds_html", False)
        mine = self.in_words(name, self.cleaned_data.get(name))
        theirs = self.in_words(name, objects(field, theirs))
        return Conflict(name, str(field.label), mine, theirs, is_html, self.add_prefix(DECISION + name))

    def _take(self, name: str, value: Any) -> None:
        field = self.fields[name]
        self.cleaned_data[name] = objects(field, value)
        shown = self.shown(name, value)
        data: Any = self.data.copy() if isinstance(self.data, QueryDict) else QueryDict(mutable=True)
        key = self.add_prefix(name)
        if isinstance(shown, (list, tuple, set, frozenset)):
            data.setlist(key, [str(one) for one in shown])
        elif shown in (None, "", False):
            data.pop(key, None)
            if not isinstance(field, forms.BooleanField):
                data[key] = ""
        else:
            data[key] = str(shown)
        data.pop(self.add_prefix(DECISION + name), None)
        self.data = data


def told_of(newest: Any) -> str:
    """The sentence above two versions, by the entry of the history that came between."""
    when = timezone.localtime(newest.history_date)
    return _(
        "%(who)s hat am %(when)s dasselbe geändert wie Sie. Beide Fassungen stehen unten nebeneinander. "
        "Bitte entscheiden Sie bei jeder, welche gelten soll, und speichern Sie noch einmal."
    ) % {
        "who": newest.history_user or _("Jemand anderes"),
        "when": f"{when:%d.%m.%Y um %H:%M Uhr}",
    }


def has_column(record: Any, name: str) -> bool:
    """Whether the history keeps this field, as a column or as links of its own."""
    return name in {field.name for field in record._meta.concrete_fields} or name in many_to_many(record)


def many_to_many(record: Any) -> dict[str, Any]:
    """The links that the history keeps, by name."""
    fields = record.instance_type._meta.many_to_many
    return {field.name: field for field in fields if hasattr(record, field.name)}


def value_at(record: Any, name: str) -> Any:
    """The field as the history keeps it: ids for foreign keys, a set of ids for many-to-many."""
    if (links := many_to_many(record).get(name)) is not None:
        column = f"{links.related_model._meta.model_name}_id"
        return frozenset(getattr(record, name).values_list(column, flat=True))
    return plain(getattr(record, record._meta.get_field(name).attname))


def plain(value: Any) -> Any:
    """A form's value in the shape in which the history keeps it."""
    if isinstance(value, models.QuerySet) or (
        isinstance(value, (list, tuple)) and value and isinstance(value[0], models.Model)
    ):
        return frozenset(one.pk for one in value)
    if isinstance(value, models.Model):
        return value.pk
    return value


def objects(field: forms.Field, value: Any) -> Any:
    """The other way round: rows for ids."""
    if isinstance(field, forms.ModelMultipleChoiceField):
        return field.queryset.filter(pk__in=value or ())  # type: ignore[union-attr]
    if isinstance(field, forms.ModelChoiceField):
        return field.queryset.filter(pk=value).first() if value else None  # type: ignore[union-attr]
    return value


def in_words(field: forms.Field, value: Any) -> str:
    if isinstance(value, models.QuerySet):
        return ", ".join(sorted(str(one) for one in value)) or "–"
    if isinstance(value, bool):
        return _("ja") if value else _("nein")
    if isinstance(value, Decimal):
        return number_format(value, use_l10n=True, force_grouping=True)
    if value in (None, ""):
        return "–"
    if isinstance(field, forms.ChoiceField) and not isinstance(field, forms.ModelChoiceField):
        return str(dict(field.choices).get(value, value))  # type: ignore[arg-type]
    return str(value)
