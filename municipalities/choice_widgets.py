"""Choices from hundreds of rows, written as joined strings.

A template per option, as Django has it, takes fifty times as long.
"""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from municipalities.quick_forms import attributes

DASHES = "---------"  # Django's word for nothing


class QuickSelect(forms.Select):
    """A drop-down that looks and works like Django's own."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        options = "".join(self._option(key, label, chosen) for key, label in self.choices)
        built = self.build_attrs(self.attrs, {**(attrs or {}), "name": name})
        return SafeString(f"<select{attributes(built)}>{options}</select>")

    def _option(self, key: Any, label: Any, chosen: set[str]) -> str:
        if isinstance(label, (list, tuple)):
            inside = "".join(self._option(inner_key, inner, chosen) for inner_key, inner in label)
            return f'<optgroup label="{escape(str(key))}">{inside}</optgroup>'
        text = "" if key is None else str(key)
        label = _("keine Angabe") if not text and label == DASHES else label
        selected = " selected" if text in chosen else ""
        return f'<option value="{escape(text)}"{selected}>{escape(str(label))}</option>'


class CheckList(forms.SelectMultiple):
    """Boxes to tick, the ticked ones first; with the script also a field that narrows the list.

    Stands in a `<fieldset>` with the label as its legend, as `use_fieldset` says.
    """

    use_fieldset = True

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:
        chosen = {str(one) for one in self.format_value(value)}
        base = (attrs or {}).get("id", f"id_{name}")
        options = list(self._flat(self.choices))
        options.sort(key=lambda option: option[0] not in chosen)  # stable: else in their own order
        described = (attrs or {}).get("aria-describedby")
        boxes = "".join(
            f'<li><label class="p-check"><input type="checkbox" id="{base}_{number}" name="{escape(name)}"'
            f' value="{escape(key)}"{" checked" if key in chosen else ""}'
            f"{attributes({'aria-describedby': described})}>"
            f"<span>{escape(label)}</span></label></li>"
            for number, (key, label) in enumerate(options)
        )
        nothing = f'<p class="p-muted">{_("Es gibt nichts auszuwählen.")}</p>'
        listed = f'<ul class="p-checklist__list">{boxes}</ul>' if boxes else nothing
        return SafeString(f'<div class="p-checklist" data-checklist>{listed}</div>')

    def id_for_label(self, id_: str, index: Any = None) -> str:
        return ""

    def _flat(self, choices: Iterable[Any]) -> Iterable[tuple[str, str]]:
        for key, label in choices:
            if isinstance(label, (list, tuple)):
                yield from self._flat(label)
            else:
                yield str(key), str(label)
