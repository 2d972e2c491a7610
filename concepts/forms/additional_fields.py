"""Setting up the questions that a town asks about its measures."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.models import AdditionalField
from concepts.models.measures import validate_choices
from municipalities.models import Municipality
from municipalities.versioned_forms import VersionedForm


class LinesField(forms.CharField):
    """A list of texts, typed one per line."""

    widget = forms.Textarea

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def clean(self, value: Any) -> list[str]:
        lines = [" ".join(line.split()) for line in super().clean(value).splitlines()]
        found = [line for line in lines if line]
        validate_choices(found)
        return found

    def has_changed(self, initial: Any, data: Any) -> bool:
        return super().has_changed(self.prepare_value(initial), data)


class AdditionalFieldForm(VersionedForm):
    choices = LinesField(
        label=_("Möglichkeiten"),
        required=False,
        help_text=_("Nur bei der Art „Auswahl“. Schreiben Sie jede Möglichkeit in eine eigene Zeile."),
    )

    class Meta:
        model = AdditionalField
        fields = ["label", "kind", "choices", "help_text"]
        help_texts = {"label": _("So steht das Feld im Formular, im Konzept und im PDF.")}
        error_messages = {"label": {"required": _("Bitte geben Sie dem Feld eine Bezeichnung.")}}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = municipality

    def clean_label(self) -> str:
        label = " ".join(self.cleaned_data["label"].split())
        others = AdditionalField.objects.in_town(self.instance.municipality).exclude(pk=self.instance.pk)
        if others.filter(label=label).exists():
            raise forms.ValidationError(_("Ein Zusatzfeld mit dieser Bezeichnung gibt es schon."))
        return label
