"""The form that confirms an issue."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _


class IssueForm(forms.Form):
    """Confirms the issue of a stage. From the second on, it asks why.

    `issued` is how many issues there are. The form carries the number it was opened with, so that a
    second click, or a colleague who was faster, does not issue twice.
    """

    seen = forms.IntegerField(widget=forms.HiddenInput)
    reason = forms.CharField(
        label=_("Grund der neuen Ausfertigung"),
        max_length=300,
        help_text=_(
            "Steht bei der Ausfertigung, nicht im PDF. Die bisherigen Ausfertigungen bleiben lesbar."
        ),
    )

    def __init__(self, *args: Any, issued: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": issued})
        super().__init__(*args, **kwargs)
        self.issued = issued
        if not issued:
            del self.fields["reason"]

    def clean_seen(self) -> int:
        seen: int = self.cleaned_data["seen"]
        if seen != self.issued:
            raise forms.ValidationError(
                _("Diese Beratung wurde inzwischen ausgefertigt. Bitte prüfen Sie die Liste unten.")
            )
        return seen
