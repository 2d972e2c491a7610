"""The filter above the concept."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from typing import Any

from django import forms
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from concepts.models import Measure
from concepts.search import Question, split_words
from concepts.tree import ConceptTree

LONGEST_SEARCH = 100
ALL = _("alle")
STATES = [
    ("", ALL),
    (_("Stand der Umsetzung"), Measure.Phase.choices),
    (_("Verlauf"), Measure.Track.choices),
]


class FilterForm(forms.Form):
    """A GET form; an address somebody typed wrong gets a sentence and shows everything."""

    suche = forms.CharField(
        label=_("Suchwort"),
        required=False,
        max_length=LONGEST_SEARCH,
        error_messages={"max_length": _("Bitte suchen Sie mit höchstens 100 Zeichen.")},
    )
    feld = forms.TypedChoiceField(
        label=_("Handlungsfeld"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Dieses Handlungsfeld gibt es in diesem Konzept nicht.")},
    )
    stand = forms.ChoiceField(
        label=_("Stand der Maßnahme"),
        required=False,
        choices=STATES,
        error_messages={
            "invalid_choice": _("Diesen Stand gibt es nicht. Bitte wählen Sie einen aus der Liste.")
        },
    )
    einrichtung = forms.TypedChoiceField(
        label=_("Einrichtung"),
        required=False,
        coerce=int,
        empty_value=None,
        error_messages={"invalid_choice": _("Diese Einrichtung wirkt an keiner Maßnahme mit.")},
    )

    def __init__(self, data: Any, *, tree: ConceptTree) -> None:
        super().__init__(data)
        for name, choices in choices_of(tree).items():
            field = self.fields[name]
            assert isinstance(field, forms.ChoiceField)
            field.choices = choices

    def question(self) -> Question:
        """What can be understood of the input; the rest is left out and named by `errors`."""
        self.full_clean()
        found = self.cleaned_data
        return Question(
            field=found.get("feld"),
            states=frozenset({found["stand"]} if found.get("stand") else ()),
            institution=found.get("einrichtung"),
            words=split_words(found.get("suche", "")),
        )


def choices_of(tree: ConceptTree) -> dict[str, list[Any]]:
    """What the concept offers to choose from."""
    return {
        "feld": [("", ALL), *((node.field.pk, str(node.field)) for node in tree.fields)],
        "stand": STATES,
        "einrichtung": [("", ALL), *((one.pk, one.name) for one in tree.institutions())],
    }


@dataclass(frozen=True)
class Control:
    """A label, what one fills in, and what was wrong with it."""

    name: str
    label: str
    html: SafeString
    errors: list[str]


def controls(tree: ConceptTree, form: FilterForm | None) -> list[Control]:
    """The filter as it is shown. Django's own widgets take as long for this as the whole tree."""
    choices = choices_of(tree)
    found = []
    for name, field in FilterForm.base_fields.items():
        value = str(form.data.get(name, "")) if form else ""
        errors = [str(error) for error in form.errors.get(name, ())] if form else []
        attributes = f'id="filter-{name}" name="{name}"'
        if errors:
            attributes += f' aria-invalid="true" aria-describedby="filter-{name}_error"'
        if name in choices:
            html = f"<select {attributes}>{_options(choices[name], value)}</select>"
        else:
            html = f'<input type="search" {attributes} value="{escape(value)}" maxlength="{LONGEST_SEARCH}">'
        found.append(Control(name, str(field.label), SafeString(html), errors))
    return found


def _options(choices: Any, value: str) -> str:
    parts = []
    for key, label in choices:
        if isinstance(label, (list, tuple)):
            parts.append(f'<optgroup label="{escape(str(key))}">{_options(label, value)}</optgroup>')
        else:
            selected = " selected" if str(key) == value else ""
            parts.append(f'<option value="{key}"{selected}>{escape(str(label))}</option>')
    return "".join(parts)


FILTER_NAMES = tuple(FilterForm.base_fields)
