"""Events with their agenda, documents, invitations and replies."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from concepts.forms.rows import RowSet
from municipalities.choice_widgets import CheckList, QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Institution, Municipality
from municipalities.versioned_forms import VersionedForm
from participation.forms.processes import RowsField, choose, limit, place_field
from participation.models import Audience, Event, EventAgendaItem, EventReply, Group
from participation.uploads import ACCEPT, read_upload

MOST_ITEMS = 60
TIME_FORMAT = "%H:%M"


def time_input() -> forms.TimeInput:
    return forms.TimeInput(attrs={"type": "time"}, format=TIME_FORMAT)


class EventForm(MergingForm):
    """`sections` says what stands together on the page."""

    class Meta:
        model = Event
        fields: ClassVar = (
            "title", "kind", "state", "phase", "date", "start_time", "end_time", "planned_date", "several",
            "reason", "place", "moderator", "groups", "open_to_all", "summary",
            "attendance", "attendance_accuracy", "attendance_basis", "in_paper",
        )  # fmt: skip
        field_classes: ClassVar = {"groups": RowsField}
        widgets: ClassVar = {
            **dict.fromkeys(
                ("kind", "state", "phase", "moderator", "attendance_accuracy", "attendance_basis"),
                QuickSelect,
            ),
            "groups": CheckList,
            "reason": forms.Textarea(attrs={"rows": 3}),
            "start_time": time_input(),
            "end_time": time_input(),
        }
        error_messages: ClassVar = {
            "title": {"required": _("Bitte geben Sie der Veranstaltung einen Titel.")},
            "kind": {"required": _("Bitte wählen Sie, was für eine Veranstaltung es ist.")},
            "state": {"required": _("Bitte wählen Sie den Stand der Veranstaltung.")},
        }

    layout: ClassVar = (
        (_("Was"), (("title",), ("kind", "state"), ("phase",))),
        (
            _("Wann und wo"),
            (
                ("date", "planned_date"),
                ("start_time", "end_time"),
                ("place",),
                ("several",),
                ("reason",),
            ),
        ),
        (_("Wer"), (("groups",), ("moderator",), ("open_to_all",))),
        (
            _("Was dabei herauskam"),
            (("summary",), ("attendance", "attendance_accuracy", "attendance_basis"), ("in_paper",)),
        ),
    )

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choose(self, "phase", self.instance.process.phases.all())
        choose(self, "groups", Group.objects.filter(municipality=municipality).order_by("name"))
        choose(self, "moderator", Institution.objects.filter(municipality=municipality).order_by("name"))
        self.fields["summary"].widget.town_id = municipality.pk
        limit(self, "attendance")
        if self.instance.state != Event.State.CANCELLED:
            # Calling off has a page of its own: it asks for the reason and writes to those invited.
            states: Any = self.fields["state"]
            states.choices = [pair for pair in states.choices if pair[0] != Event.State.CANCELLED]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        title, date = self.cleaned_data.get("title"), self.cleaned_data.get("date")
        date = date.as_planned(False) if date else None
        others = Event.objects.filter(process=self.instance.process_id, title=title, date=date)
        if title and others.exclude(pk=self.instance.pk).exists():
            sentence = _(
                "Eine Veranstaltung mit diesem Titel und Zeitpunkt gibt es in diesem Prozess schon. "
                "Bitte unterscheiden Sie beide im Titel."
            )
            self.add_error("title", sentence)
        return cleaned

    @property
    def sections(self) -> list[tuple[Any, list[list[Any]]]]:
        return [(title, [[self[name] for name in row] for row in rows]) for title, rows in self.layout]


class AgendaForm(VersionedForm):
    key: ClassVar = ()

    place = place_field()

    class Meta:
        model = EventAgendaItem
        fields: ClassVar = ("title", "presenter", "text")
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.order_fields(["place", "title", "presenter", "text"])
        if self.instance.pk:
            self.initial["place"] = self.instance.position


def agenda_rows(event: Event, data: Any = None) -> Any:
    factory = inlineformset_factory(
        Event,
        EventAgendaItem,
        form=AgendaForm,
        formset=RowSet,
        extra=3,
        max_num=MOST_ITEMS,
        absolute_max=MOST_ITEMS,
        can_delete=True,
    )
    return factory(data, instance=event, prefix="tagesordnung")


class CancelForm(forms.Form):
    reason = forms.CharField(
        label=_("Grund"),
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Steht auf der Seite der Veranstaltung und in der Absage."),
        error_messages={"required": _("Bitte nennen Sie den Grund der Absage.")},
    )


class DeleteForm(forms.Form):
    reason = forms.CharField(label=_("Grund"), required=False, max_length=100)


class DocumentForm(forms.Form):
    file = forms.FileField(
        label=_("Datei"),
        help_text=_("PDF, PNG, JPEG oder WebP, höchstens 10 MB."),
        widget=forms.ClearableFileInput(attrs={"accept": ACCEPT}),
        error_messages={
            "required": _("Bitte wählen Sie eine Datei."),
            "empty": _("Die Datei ist leer. Bitte wählen Sie eine andere."),
        },
    )
    title = forms.CharField(
        label=_("Titel"),
        max_length=200,
        help_text=_("Zum Beispiel „Einladung“ oder „Entwurf der Leitziele“."),
    )
    audience = forms.ChoiceField(
        label=_("Wer sie lesen darf"),
        choices=Audience.choices,
        initial=Audience.MEMBERS,
        widget=forms.RadioSelect,
    )

    def clean_file(self) -> Any:
        self.upload = read_upload(self.cleaned_data["file"])
        return self.cleaned_data["file"]


class InviteForm(forms.Form):
    message = forms.CharField(
        label=_("Nachricht"),
        required=False,
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Steht in der E-Mail über der Tagesordnung."),
    )


class ReplyForm(forms.Form):
    answer = forms.ChoiceField(
        label=_("Kommen Sie?"),
        choices=EventReply.Answer.choices,
        widget=forms.RadioSelect,
        error_messages={
            "required": _("Bitte wählen Sie eine Antwort."),
            "invalid_choice": _("Bitte wählen Sie eine der drei Antworten."),
        },
    )
    remark = forms.CharField(
        label=_("Bemerkung"),
        required=False,
        max_length=300,
        help_text=_("Zum Beispiel wer statt Ihnen kommt, oder was Sie brauchen, um teilzunehmen."),
    )
