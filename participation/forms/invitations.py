"""Forms of an invitation: of those who invite, and of the one who is invited."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from municipalities.choice_widgets import QuickSelect
from participation.addresses import MOST_ADDRESSES, Pasted, read_addresses
from participation.models import Group, Seat

SHOWN_MISTAKES = 20


class InviteForm(forms.Form):
    """One address or a pasted list. `pasted` is what was read of it."""

    people = forms.CharField(
        label=_("Wen möchten Sie einladen?"),
        widget=forms.Textarea(attrs={"rows": 6, "spellcheck": "false"}),
        help_text=_(
            "Eine E-Mail-Adresse je Zeile; ein Name davor ist erlaubt. "
            "Auch eine Liste mit Semikolon oder Komma dazwischen, wie sie im Mailprogramm steht."
        ),
        error_messages={"required": _("Bitte geben Sie mindestens eine E-Mail-Adresse an.")},
        strip=False,
    )
    role = forms.ChoiceField(label=_("Funktion"), choices=Seat.Role, initial=Seat.Role.MEMBER)
    seat = forms.ModelChoiceField(
        label=_("Platz"),
        queryset=Seat.objects.none(),
        required=False,
        widget=QuickSelect,
        help_text=_("Wenn die Einladung für einen bestimmten Platz gilt. Sonst entsteht ein neuer."),
    )
    message = forms.CharField(
        label=_("Nachricht"),
        required=False,
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Steht in der E-Mail vor dem Link."),
    )
    good_only = forms.BooleanField(
        label=_("Fehlerhafte Zeilen weglassen und die übrigen einladen"), required=False
    )

    def __init__(self, *args: Any, group: Group | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.pasted = Pasted()
        self.left_out: list[str] = []
        if group is None:
            del self.fields["role"], self.fields["seat"]
        else:
            seats = group.seats.filter(person__user=None).select_related("person", "institution")
            self.fields["seat"].queryset = seats  # type: ignore[attr-defined]

    def clean_people(self) -> str:
        text: str = self.cleaned_data["people"]
        self.pasted = pasted = read_addresses(text)
        if pasted.too_many:
            raise forms.ValidationError(
                _(
                    "Das sind %(number)d Adressen; höchstens %(most)d lassen sich auf einmal einladen. "
                    "Es wurde noch niemand eingeladen. Bitte teilen Sie die Liste."
                )
                % {"number": pasted.too_many, "most": MOST_ADDRESSES}
            )
        return text

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or self.cleaned_data
        if "people" not in cleaned:
            return cleaned
        if self.pasted.bad and not (cleaned.get("good_only") and self.pasted.good):
            self.add_error("people", self._mistakes())
        elif not self.pasted.good:
            self.add_error("people", _("Darin steht keine E-Mail-Adresse."))
        if cleaned.get("seat") and len(self.pasted.good) > 1:
            self.add_error("seat", _("Für einen bestimmten Platz können Sie nur eine Person einladen."))
        return cleaned

    def _mistakes(self) -> list[str]:
        more = len(self.pasted.bad) - SHOWN_MISTAKES
        rest = [str(_("… und %d weitere Zeilen.") % more)] if more > 0 else []
        return [*self.pasted.bad[:SHOWN_MISTAKES], *rest]


class AcceptForm(forms.Form):
    name = forms.CharField(
        label=_("Ihr Name"),
        max_length=100,
        help_text=_("So erscheinen Sie in der Gruppe."),
        error_messages={"required": _("Bitte geben Sie Ihren Namen an.")},
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )

    def clean_name(self) -> str:
        return " ".join(self.cleaned_data["name"].split())
