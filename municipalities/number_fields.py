"""Numbers as they are written in German: 1.234,5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format


def plain_number(text: str) -> str:
    """1.234,5 and 1.234 and 1234.5 as Python writes them; what is no number stays as it was typed.

    A single dot is a decimal point unless three digits follow it.
    """
    whole, comma, places = text.strip().partition(",")
    if comma or whole.count(".") != 1 or len(whole.partition(".")[2]) == 3:
        whole = whole.replace(".", "")
    return f"{whole}.{places}" if comma else whole


class GermanDecimalField(forms.DecimalField):
    """Shows 2,5 for 2.500 and reads 1.234,5 and 1234,5 alike."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        plain = value.normalize()
        places = max(0, -int(plain.as_tuple().exponent))
        return number_format(plain, decimal_pos=places, use_l10n=True, force_grouping=True)

    def to_python(self, value: Any) -> Any:
        return super().to_python(plain_number(value) if isinstance(value, str) else value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True
