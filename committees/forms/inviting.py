"""The form with which an invitation leaves the house."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from committees.actions.inviting import LONGEST_MESSAGE


class InvitationForm(forms.Form):
    """`seen` is how many files there were when the form was opened: a second click sends nothing twice."""

    seen = forms.IntegerField(widget=forms.HiddenInput)
    message = forms.CharField(
        label=_("Mitteilung"),
        required=False,
        max_length=LONGEST_MESSAGE,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_(
            "Steht in der E-Mail, zum Beispiel ein Hinweis zur Anreise. Bitte nichts Nichtöffentliches."
        ),
    )
    deputies = forms.BooleanField(
        label=_("Auch die Stellvertretungen einladen"),
        required=False,
        help_text=_("Sonst erfahren sie es, wenn ein Mitglied verhindert ist."),
    )

    def __init__(self, *args: Any, seen: int, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"seen": seen})
        super().__init__(*args, **kwargs)
