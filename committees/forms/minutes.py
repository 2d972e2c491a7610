"""Writing and signing the Niederschrift."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.forms.signing import PersonChoice, name_and_function
from committees.models import AgendaItem, Meeting, MeetingMinutes, MinutesSignature
from committees.printing.minutes_wording import suggested_opening
from municipalities.merging_forms import MergingForm
from municipalities.models import Person

MORE_LINES = 2
CHOOSE = _("noch niemand")


class MinutesForm(MergingForm):
    class Meta:
        model = MeetingMinutes
        fields: ClassVar = ("opened_at", "opening", "closed_at", "closing")
        widgets: ClassVar = {
            "opened_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
            "closed_at": forms.TimeInput(attrs={"type": "time"}, format="%H:%M"),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        meeting = self.instance.meeting
        if meeting.start:
            self.fields["opened_at"].help_text = _("Geplant war %s Uhr.") % f"{meeting.start:%H:%M}"
        self.fields["opening"].help_text = suggested_opening(meeting)
        self.fields["closed_at"].help_text = _("Die Uhrzeit, zu der die Sitzung wirklich endete.")


class DiscussionForm(MergingForm):
    class Meta:
        model = AgendaItem
        fields: ClassVar = ("discussion",)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["discussion"].help_text = _(
            "Was gesagt wurde. Ergebnis, Abstimmung und Änderungsanträge stehen von selbst darin."
        )


def possible_signers(meeting: Meeting) -> Any:
    """Who was there, who sits in the committees, and people of the town with an account."""
    seated = Q(committee_seats__committee__meetings=meeting)
    return (
        Person.objects.filter(municipality=meeting.municipality_id)
        .filter(seated | Q(user__is_active=True))
        .distinct()
        .order_by("name", "pk")
    )


class SignersForm(forms.Form):
    """A line for each who signs; one whose function is emptied is struck, two empty ones are for more."""

    def __init__(self, *args: Any, minutes: MeetingMinutes, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.lines = list(minutes.signatures.order_by("position"))
        people = list(possible_signers(minutes.meeting))
        known = {person.pk for person in people}
        chosen = {line.person_id for line in self.lines if line.person_id} - known
        people += list(Person.objects.filter(pk__in=chosen))
        choices: Any = [("", CHOOSE), *((person.pk, name_and_function(person)) for person in people)]
        self.number = len(self.lines) + MORE_LINES
        for number in range(self.number):
            line = self.lines[number] if number < len(self.lines) else None
            function = forms.CharField(
                label=_("Funktion"), max_length=100, required=False, initial=line.function if line else ""
            )
            person = PersonChoice(
                label=_("Wer unterschreibt?"),
                queryset=Person.objects.filter(pk__in=[one.pk for one in people]),
                required=False,
                initial=line.person_id if line else None,
            )
            person.choices = choices
            self.fields[f"function_{number}"] = function
            self.fields[f"person_{number}"] = person

    @property
    def rows(self) -> list[tuple[int, Any, Any]]:
        return [
            (number + 1, self[f"function_{number}"], self[f"person_{number}"])
            for number in range(self.number)
        ]

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or {}
        for number in range(self.number):
            if cleaned.get(f"person_{number}") and not cleaned.get(f"function_{number}"):
                self.add_error(f"function_{number}", _("In welcher Funktion unterschreibt sie oder er?"))
        return cleaned

    def planned(self) -> list[tuple[str, Person | None]]:
        found = self.cleaned_data
        return [
            (found[f"function_{number}"], found[f"person_{number}"])
            for number in range(self.number)
            if found[f"function_{number}"]
        ]


class SignForm(forms.Form):
    """The day that stands beside a signature on paper; who signs here themselves needs none."""

    on = forms.DateField(
        label=_("Unterschrieben am"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        initial=timezone.localdate,
        help_text=_("Der Tag, der auf dem Papier steht."),
        error_messages={"required": _("Bitte geben Sie den Tag an."), "invalid": _("Das ist kein Datum.")},
    )

    def __init__(self, *args: Any, line: MinutesSignature, own: bool, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if own:
            del self.fields["on"]


class BackForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund"),
        max_length=80,
        required=False,
        help_text=_("Nötig, sobald jemand unterschrieben hat. Die Unterschriften sind dann hinfällig."),
    )
