"""Nothing is overwritten silently: a form knows the version it was opened with."""

from __future__ import annotations

from typing import Any

from django import forms
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities.rows import RowsById

NO_HISTORY = 0  # opened before anything was recorded of the row, as after an import


NEWEST: dict[type[models.Model], RowsById[Any]] = {}


def newest_entry(row: Any) -> int:
    """The number of the newest entry in the row's history."""
    model = type(row)
    if model not in NEWEST:
        NEWEST[model] = RowsById(lambda pk: model.history.filter(id=pk).values_list("pk")[:1])
    return next((number for (number,) in NEWEST[model].rows(row.pk)), NO_HISTORY)


class VersionedForm(forms.ModelForm):
    """The second to save sees, at each field, what the first has written, and decides.

    For models with history. `opened_version` is the number of the newest entry in the row's history.
    """

    opened_version = forms.IntegerField(required=False, widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.newest: Any = None
        newest_id = None
        if self.instance.pk and self.is_bound:
            self.newest = self.instance.history.first()
            newest_id = self.newest and self.newest.pk
        elif self.instance.pk:  # whoever only opens the form needs no more than the entry's number
            newest_id = newest_entry(self.instance)
        self.initial["opened_version"] = newest_id or NO_HISTORY

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        opened = self.cleaned_data.get("opened_version")
        if self.newest is not None and opened is not None and opened != self.newest.pk:
            self.tell_what_changed(opened)
            self.count_as_opened_now()
        return cleaned

    def tell_what_changed(self, opened: int) -> None:
        """An error at each field that somebody else has changed meanwhile."""
        before = self.instance.history.filter(pk=opened).first()
        when = timezone.localtime(self.newest.history_date)
        sentence = _(
            "%(who)s hat diesen Datensatz am %(when)s geändert, während Sie ihn bearbeitet haben. "
            "Ihre Eingaben stehen noch im Formular. "
            "Prüfen Sie die markierten Felder und speichern Sie noch einmal."
        )
        who = self.newest.history_user or _("Jemand anderes")
        self.add_error(None, sentence % {"who": who, "when": f"{when:%d.%m.%Y um %H:%M Uhr}"})
        for name in self.newest.diff_against(before).changed_fields if before else ():
            if name in self.fields:
                now = self.fields[name].prepare_value(getattr(self.newest, name, ""))
                self.add_error(name, _("Inzwischen steht hier: „%s“") % now)

    def count_as_opened_now(self) -> None:
        """Whoever saves this form once more has seen the other version and decided."""
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("opened_version")] = str(self.newest.pk)
        self.data = data
