"""One of very many rows, typed instead of picked from a list of all: by its code or by its title.

The browser offers what fits while one types (`<datalist>`), with and without script.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _


class TypedInput(forms.TextInput):
    """A line with a list of what may be typed; `labels` are set by the field."""

    def __init__(self, attrs: Any = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.labels: Iterable[str] = ()

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        listed = f"{(attrs or {}).get('id', name)}_liste"
        line = super().render(name, value, {**(attrs or {}), "list": listed}, renderer)
        options = "".join(f'<option value="{escape(label)}">' for label in self.labels)
        return SafeString(f'{line}<datalist id="{listed}">{options}</datalist>')


class TypedChoiceField(forms.ModelChoiceField):
    """`offer` says what there is. Rows of the same code and title are told apart by their number."""

    widget = TypedInput
    default_error_messages = {
        "invalid_choice": _(
            "„%(value)s“ gibt es hier nicht. Bitte tippen Sie die Kennung oder den Anfang des Titels und "
            "wählen Sie aus den Vorschlägen."
        ),
    }

    def offer(self, rows: Iterable[tuple[int, str, str]]) -> None:
        """Id, code and title of each, in order."""
        found = [(pk, code, " ".join(f"{code} {title}".split())) for pk, code, title in rows]
        often = Counter(label for _pk, _code, label in found)
        self.labels = {pk: f"{label} [{pk}]" if often[label] > 1 else label for pk, _code, label in found}
        self.by_words = {code.casefold(): pk for pk, code, _label in found if code}
        self.by_words |= {label.casefold(): pk for pk, label in self.labels.items()}
        self.widget.labels = self.labels.values()

    def prepare_value(self, value: Any) -> Any:
        """The label for an id or a row; what was typed stays as it is."""
        pk = getattr(value, "pk", value)
        return self.labels.get(pk, value) if isinstance(pk, int) else value

    def to_python(self, value: Any) -> Any:
        typed = " ".join(str(value or "").replace("\x00", "").split())
        if not typed:
            return None
        pk = self.by_words.get(typed.casefold())
        row = self.queryset.filter(pk=pk).first() if pk else None  # type: ignore[union-attr]
        if row is None:
            raise ValidationError(
                self.error_messages["invalid_choice"], code="invalid_choice", params={"value": typed[:60]}
            )
        return row
