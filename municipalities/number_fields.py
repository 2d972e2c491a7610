"""Numbers as they are written in German: 1.234,5."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from django import forms
from django.utils.formats import number_format, sanitize_separators


class GermanDecimalField(forms.DecimalField):
    """Shows 2,5 for 2.500 and reads 1.234,5 and 1234,5 alike."""

    widget = forms.TextInput(attrs={"inputmode": "decimal"})

    def prepare_value(self, value: Any) -> Any:
        if not isinstance(value, Decimal):
            return value
        plain = value.normalize()
        places = max(0, -int(plain.as_tuple().exponent))
        return number_format(plain, decimal_pos=places, use_l10n=True)

    def to_python(self, value: Any) -> Any:
        return super().to_python(sanitize_separators(value) if isinstance(value, str) else value)

    def has_changed(self, initial: Any, data: Any) -> bool:
        try:
            return bool(self.to_python(initial) != self.to_python(data))
        except forms.ValidationError:
            return True
