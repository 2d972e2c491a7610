"""To freeze a version, and to choose two for a comparison."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.models import ConceptVersion

TODAY = "heute"


class FreezeForm(forms.Form):
    """How long a name may be and whether it is taken is said by the action, which asks under a lock."""

    name = forms.CharField(
        label=_("Name der Fassung"),
        help_text=ConceptVersion._meta.get_field("name").help_text,
        error_messages={"required": _("Bitte geben Sie der Fassung einen Namen.")},
    )


class ComparisonForm(forms.Form):
    """Two versions, or one and the concept as it is today."""

    von = forms.ChoiceField(
        label=_("Vergleiche"),
        error_messages={
            "invalid_choice": _("Eine Fassung mit dieser Nummer gibt es nicht. Bitte wählen Sie eine aus."),
            "required": _("Bitte wählen Sie eine Fassung aus."),
        },
    )
    mit = forms.ChoiceField(
        label=_("mit"),
        required=False,
        error_messages={
            "invalid_choice": _("Eine Fassung mit dieser Nummer gibt es nicht. Bitte wählen Sie eine aus.")
        },
    )

    def __init__(self, data: Any, *, versions: Sequence[ConceptVersion]) -> None:
        super().__init__(data, auto_id="vergleich-%s")
        self.versions = versions
        named = [
            (str(one.number), _("Fassung %(number)d: %(name)s") % {"number": one.number, "name": one.name})
            for one in versions
        ]
        for name, choices in (("von", named), ("mit", [(TODAY, _("heute")), *named])):
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices
