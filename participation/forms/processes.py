"""A process with its phases as rows, and what is opened or closed out of turn."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.forms import inlineformset_factory
from django.utils.translation import gettext_lazy as _

from concepts.forms.rows import RowSet
from concepts.models import Concept
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Institution, Municipality
from municipalities.versioned_forms import VersionedForm
from participation.models import Phase, PhaseOverride, Process

MOST_PHASES = 40
HIGHEST_PLACE = 999
MOST_PEOPLE = 30_000


def place_field() -> forms.IntegerField:
    return forms.IntegerField(
        label=_("Nr."),
        required=False,
        min_value=1,
        max_value=HIGHEST_PLACE,
        widget=forms.NumberInput(attrs={"class": "e-place"}),
    )


class ProcessForm(MergingForm):
    class Meta:
        model = Process
        fields: ClassVar = (
            "title", "concept", "span", "organiser", "moderator", "description",
            "institutions", "institutions_accuracy", "persons", "persons_accuracy",
        )  # fmt: skip
        widgets: ClassVar = dict.fromkeys(
            ("concept", "organiser", "moderator", "institutions_accuracy", "persons_accuracy"), QuickSelect
        )
        error_messages: ClassVar = {"title": {"required": _("Bitte geben Sie dem Prozess einen Titel.")}}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        institutions = Institution.objects.filter(municipality=municipality).order_by("name")
        choose(self, "organiser", institutions)
        choose(self, "moderator", institutions)
        choose(self, "concept", Concept.objects.filter(municipality=municipality).order_by("title"))
        self.fields["description"].widget.town_id = municipality.pk
        limit(self, "institutions", "persons")

    def clean_title(self) -> str:
        title: str = self.cleaned_data["title"]
        others = Process.objects.filter(municipality=self.instance.municipality_id, title=title)
        if others.exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(
                _("Einen Prozess mit diesem Titel gibt es schon. Bitte wählen Sie einen anderen.")
            )
        return title


class RowsField(forms.ModelMultipleChoiceField):
    """Several rows. Django asks the database even for ids that no column can hold."""

    def clean(self, value: Any) -> Any:
        for sent in value or ():
            if not (str(sent).isascii() and str(sent).isdigit() and len(str(sent)) < 16):
                raise forms.ValidationError(self.error_messages["invalid_choice"], "invalid_choice")
        return super().clean(value)


def limit(form: forms.BaseForm, *names: str) -> None:
    """Numbers of people that the column can hold, on every database."""
    for name in names:
        form.fields[name].validators.append(MaxValueValidator(MOST_PEOPLE))


def choose(form: forms.BaseForm, name: str, rows: Any) -> None:
    field = form.fields[name]
    assert isinstance(field, (forms.ModelChoiceField, forms.ModelMultipleChoiceField))
    field.queryset = rows
    field.error_messages["invalid_choice"] = _("Das gibt es hier nicht. Bitte wählen Sie aus der Liste.")


class PhaseForm(VersionedForm):
    key: ClassVar = ("title",)

    place = place_field()

    class Meta:
        model = Phase
        fields: ClassVar = ("title", "span", "may_propose", "may_comment", "may_rank", "description")

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["span"].help_text = ""
        if self.instance.pk:
            self.initial["place"] = self.instance.position
        else:
            del self.fields["description"]  # an editor for a phase that there may never be


def phase_rows(process: Process, data: Any = None) -> Any:
    factory = inlineformset_factory(
        Process,
        Phase,
        form=PhaseForm,
        formset=RowSet,
        extra=1 if process.pk else 3,
        max_num=MOST_PHASES,
        absolute_max=MOST_PHASES,
        can_delete=True,
    )
    return factory(data, instance=process, prefix="phasen")


class OverrideForm(forms.ModelForm):
    opens = forms.TypedChoiceField(
        label=_("Öffnen oder schließen"),
        choices=((True, _("öffnen")), (False, _("schließen"))),
        coerce=lambda value: value == "True",
        initial=True,
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, ob Sie öffnen oder schließen.")},
    )

    class Meta:
        model = PhaseOverride
        fields: ClassVar = ("right", "opens", "phase", "first_day", "last_day", "reason")
        widgets: ClassVar = {
            "right": QuickSelect,
            "phase": QuickSelect,
            "first_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
            "last_day": forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        }
        error_messages: ClassVar = {
            "right": {"required": _("Bitte wählen Sie, was Sie öffnen oder schließen.")},
            "first_day": {"required": _("Bitte geben Sie den ersten Tag an.")},
            "reason": {"required": _("Bitte nennen Sie den Grund.")},
        }

    def __init__(self, data: Any, *, process: Process) -> None:
        super().__init__(data, instance=PhaseOverride(process=process))
        choose(self, "phase", process.phases.all())

    def clean(self) -> dict[str, Any]:
        cleaned: dict[str, Any] = super().clean() or self.cleaned_data
        first, last = cleaned.get("first_day"), cleaned.get("last_day")
        if first and last and last < first:
            self.add_error("last_day", _("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage."))
            del self.cleaned_data["first_day"]
        return self.cleaned_data
