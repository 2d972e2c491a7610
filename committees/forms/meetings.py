"""Planning meetings, and what happens to them."""

from __future__ import annotations

import datetime
import re
from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator, MinValueValidator
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.agenda import is_sent
from committees.grammar import Case
from committees.models import AgendaItem, Committee, Meeting
from municipalities.choice_widgets import CheckList, QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Municipality
from participation.forms.events import time_input
from participation.forms.processes import RowsField

FIRST_DAY, LAST_DAY = datetime.date(1945, 1, 1), datetime.date(2099, 12, 31)
COUNTED_TITLE = re.compile(r"^(\d{1,4})(\. .+)$")


def date_input() -> forms.DateInput:
    return forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")


def within_reason(field: Any) -> None:
    sentence = _("Bitte prüfen Sie das Jahr.")
    field.validators += [MinValueValidator(FIRST_DAY, sentence), MaxValueValidator(LAST_DAY, sentence)]


def date_field(label: Any, **kwargs: Any) -> forms.DateField:
    return forms.DateField(
        label=label,
        widget=date_input(),
        error_messages={
            "required": gettext_lazy("Bitte nennen Sie den Tag."),
            "invalid": gettext_lazy("Bitte geben Sie ein Datum an, zum Beispiel 18.12.2017."),
        },
        **kwargs,
    )


def next_title(committee: Committee) -> str:
    """`22. Sitzung des Rates` after `21. Sitzung des Rates`; without a number where none was counted."""
    titles = Meeting.objects.filter(committees=committee, continues=None).order_by("-date", "-start")
    for title in titles.values_list("title", flat=True)[:20]:
        if counted := COUNTED_TITLE.match(title):
            return f"{int(counted[1]) + 1}{counted[2]}"
    return _("Sitzung %s") % committee.in_case(Case.GENITIVE)


class MeetingForm(MergingForm):
    """The day can be changed here until somebody was invited; then the meeting is moved, with a reason."""

    class Meta:
        model = Meeting
        fields: ClassVar = ["committees", "title", "date", "start", "end", "place", "own_numbers"]
        field_classes: ClassVar = {"committees": RowsField}
        widgets: ClassVar = {
            "committees": CheckList,
            "date": date_input(),
            "start": time_input(),
            "end": time_input(),
        }
        help_texts: ClassVar = {
            "committees": gettext_lazy("Mehrere nur, wenn sie gemeinsam tagen."),
            "title": gettext_lazy("Zum Beispiel „21. Sitzung des Rates“. Leer zählt das Portal weiter."),
        }
        error_messages: ClassVar = {
            "committees": {
                "required": gettext_lazy("Bitte wählen Sie, welches Gremium tagt."),
                "invalid_choice": gettext_lazy("Dieses Gremium gibt es in Ihrer Kommune nicht."),
            },
            "date": {
                "required": gettext_lazy("Bitte nennen Sie den Tag der Sitzung."),
                "invalid": gettext_lazy("Bitte geben Sie ein Datum an, zum Beispiel 18.12.2017."),
            },
            "start": {"invalid": gettext_lazy("Bitte geben Sie eine Uhrzeit an, zum Beispiel 17:00.")},
            "end": {"invalid": gettext_lazy("Bitte geben Sie eine Uhrzeit an, zum Beispiel 19:30.")},
        }

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        fields: dict[str, Any] = self.fields
        self.instance.municipality = municipality
        fields["committees"].queryset = Committee.objects.in_town(municipality)
        fields["title"].required = False
        within_reason(fields["date"])
        if self.instance.pk is not None and is_sent(self.instance):
            for name in ("date", "start", "end", "place"):
                del fields[name]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        title = " ".join((cleaned.get("title") or "").split())
        committees = list(cleaned.get("committees") or ())
        if not title and committees and "title" not in self.errors:
            title = next_title(committees[0])
        cleaned["title"] = title
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Das Ende liegt nicht nach dem Beginn."))
        date = cleaned.get("date") if "date" in self.fields else self.instance.date
        twin = Meeting.objects.in_town(self.instance.municipality).filter(title=title, date=date)
        if title and date and twin.exclude(pk=self.instance.pk).exists():
            self.add_error("title", _("Eine Sitzung mit dieser Bezeichnung gibt es an dem Tag schon."))
        return cleaned

    def validate_constraints(self) -> None:
        """Asked above, next to the fields."""


class WhenForm(forms.Form):
    """A day, an hour and a place."""

    date = date_field(gettext_lazy("Tag"))
    start = forms.TimeField(label=gettext_lazy("Beginn"), required=False, widget=time_input())
    end = forms.TimeField(label=gettext_lazy("Voraussichtliches Ende"), required=False, widget=time_input())
    place = forms.CharField(label=gettext_lazy("Ort"), required=False, max_length=150)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        within_reason(self.fields["date"])

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        start, end = cleaned.get("start"), cleaned.get("end")
        if start and end and end <= start:
            self.add_error("end", _("Das Ende liegt nicht nach dem Beginn."))
        return cleaned


def reason_field(label: Any, sentence: Any, hint: Any) -> forms.CharField:
    return forms.CharField(
        label=label,
        max_length=300,
        widget=forms.Textarea(attrs={"rows": 2}),
        help_text=hint,
        error_messages={"required": sentence},
    )


class MoveMeetingForm(WhenForm):
    reason = reason_field(
        gettext_lazy("Grund der Verlegung"),
        gettext_lazy("Bitte nennen Sie den Grund der Verlegung."),
        gettext_lazy("Steht auf der Seite der Sitzung und in der Nachricht an die Eingeladenen."),
    )


class CancelMeetingForm(forms.Form):
    reason = reason_field(
        gettext_lazy("Grund der Absage"),
        gettext_lazy("Bitte nennen Sie den Grund der Absage."),
        gettext_lazy("Steht auf der Seite der Sitzung und in der Nachricht an die Eingeladenen."),
    )


class ContinueForm(WhenForm):
    items = RowsField(
        label=gettext_lazy("Punkte, die in der Fortsetzung beraten werden"),
        queryset=AgendaItem.objects.none(),
        required=False,
        widget=CheckList,
    )

    def __init__(self, *args: Any, items: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        del self.fields["end"]
        field: Any = self.fields["items"]
        field.queryset = items
        field.label_from_instance = lambda item: f"{item.number} {item.title}"


class AgendaItemForm(MergingForm):
    class Meta:
        model = AgendaItem
        fields: ClassVar = ["title", "public", "public_title", "parent", "number"]
        widgets: ClassVar = {"parent": QuickSelect}
        help_texts: ClassVar = {
            "public": gettext_lazy("Ohne das Häkchen steht der Punkt im nichtöffentlichen Teil."),
            "parent": gettext_lazy("Nur bei einem Unterpunkt, zum Beispiel 9.1 unter 9."),
            "number": gettext_lazy("So, wie sie gedruckt wird, zum Beispiel 9.1 oder Ö 5."),
        }
        error_messages: ClassVar = {
            "title": {"required": gettext_lazy("Bitte nennen Sie den Betreff.")},
            "number": {"required": gettext_lazy("Bitte geben Sie dem Punkt eine Nummer.")},
            "parent": {
                "invalid_choice": gettext_lazy("Diesen Punkt gibt es in der Tagesordnung nicht mehr.")
            },
        }

    def __init__(self, *args: Any, meeting: Meeting, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.meeting = meeting
        fields: dict[str, Any] = self.fields
        points = AgendaItem.objects.filter(meeting=meeting, parent=None).exclude(pk=self.instance.pk)
        fields["parent"].queryset = points.order_by("position")
        fields["parent"].label_from_instance = lambda item: f"{item.number} {item.title}"
        if not meeting.own_numbers:
            del fields["number"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        if "title" in cleaned:
            cleaned["title"] = " ".join(cleaned["title"].split())
        parent, public = cleaned.get("parent"), bool(cleaned.get("public"))
        if parent is not None and parent.public != public:
            self.add_error(
                "parent",
                _("Ein Unterpunkt steht im selben Teil wie sein Punkt: beide öffentlich oder keiner."),
            )
        if parent is not None and self.instance.pk and self.instance.children.exists():
            self.add_error("parent", _("Ein Punkt mit Unterpunkten kann nicht selbst ein Unterpunkt werden."))
        return cleaned


class MeetingFilterForm(forms.Form):
    """Narrows the list of meetings to a committee."""

    committee = forms.ModelChoiceField(
        label=gettext_lazy("Gremium"),
        queryset=Committee.objects.none(),
        required=False,
        empty_label=gettext_lazy("alle Gremien"),
    )

    def __init__(self, *args: Any, committees: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["committee"].queryset = committees  # type: ignore[attr-defined]

    def narrow(self, meetings: Any) -> Any:
        chosen = self.cleaned_data["committee"] if self.is_valid() else None
        return meetings.filter(committees=chosen) if chosen else meetings
