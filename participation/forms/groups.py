"""Forms of a group and of its seats."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.models import ActionField
from municipalities.choice_widgets import CheckList, QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Institution, Municipality, Person
from participation.models import Event, Group, Process, Seat


class FieldChoice(forms.ModelMultipleChoiceField):
    """With the concept's name where a town has several."""

    def label_from_instance(self, field: Any) -> str:
        return f"{field} ({field.concept})" if self.several_concepts else str(field)

    several_concepts = False


class GroupForm(MergingForm):
    class Meta:
        model = Group
        fields: ClassVar = [
            *("name", "kind", "mandate", "process", "fields", "active", "continues"),
            *("founded_at", "predecessor"),
        ]
        field_classes: ClassVar = {"fields": FieldChoice}
        widgets: ClassVar = {
            "process": QuickSelect,
            "fields": CheckList,
            "founded_at": QuickSelect,
            "predecessor": QuickSelect,
        }
        help_texts: ClassVar = {
            "name": _("So, wie die Gruppe bei Ihnen heißt."),
            "active": _("Zum Beispiel 2018–2020 oder ab 01.02.2017. Leer, wenn nichts bekannt ist."),
        }
        error_messages: ClassVar = {"name": {"required": _("Bitte geben Sie der Gruppe einen Namen.")}}

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.municipality = municipality
        fields: dict[str, Any] = self.fields
        concerned = ActionField.objects.filter(concept__municipality=municipality).select_related("concept")
        fields["fields"].queryset = concerned.order_by("concept", "position")
        fields["fields"].several_concepts = len({field.concept_id for field in concerned}) > 1
        fields["process"].queryset = Process.objects.in_town(municipality)
        fields["founded_at"].queryset = Event.objects.in_town(municipality).in_order()
        fields["predecessor"].queryset = Group.objects.in_town(municipality).exclude(pk=self.instance.pk)

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Group.objects.in_town(self.instance.municipality).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("Eine Gruppe mit diesem Namen gibt es schon."))
        return name


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}, {person.function}" if person.function else person.name


class SeatForm(MergingForm):
    """Somebody who is not known yet is typed here; an e-mail address is not needed."""

    new_name = forms.CharField(
        label=_("Oder neue Person: Name"),
        required=False,
        max_length=100,
        help_text=_("Wenn es die Person hier noch nicht gibt. Eine E-Mail-Adresse braucht sie nicht."),
    )
    new_function = forms.CharField(label=_("Neue Person: Funktion"), required=False, max_length=120)

    class Meta:
        model = Seat
        fields: ClassVar = ["institution", "person", "role", "deputises", "span", "note"]
        field_classes: ClassVar = {"person": PersonChoice}
        widgets: ClassVar = {"institution": QuickSelect, "person": QuickSelect, "deputises": QuickSelect}
        help_texts: ClassVar = {
            "span": _("Zum Beispiel ab 01.02.2017 oder 2017–2019. Leer heißt: gilt jetzt.")
        }

    field_order = [
        *("institution", "person", "new_name", "new_function", "role", "deputises", "span", "note"),
    ]

    def __init__(self, *args: Any, group: Group, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.group = group
        town, fields = group.municipality, self.fields
        others = group.seats.exclude(pk=self.instance.pk).select_related("person", "institution")
        for name, rows in {
            "institution": Institution.objects.in_town(town),
            "person": Person.objects.in_town(town),
            "deputises": others,
        }.items():
            fields[name].queryset = rows  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        group, person = self.instance.group, cleaned.get("person")
        cleaned["new_name"] = new = " ".join(cleaned.get("new_name", "").split())
        town = group.municipality
        if new and person:
            self.add_error(
                "new_name", _("Bitte wählen Sie eine Person oder geben Sie eine neue an, nicht beides.")
            )
        elif (
            new
            and Person.objects.in_town(town)
            .filter(name=new, function=cleaned.get("new_function", ""))
            .exists()
        ):
            self.add_error(
                "new_name",
                _("Diese Person gibt es schon. Wählen Sie sie aus oder geben Sie eine andere Funktion an."),
            )
        elif person and group.seats.exclude(pk=self.instance.pk).filter(person=person).exists():
            self.add_error("person", _("Diese Person hat in dieser Gruppe schon einen Platz."))
        elif not (new or person or cleaned.get("institution")) and "institution" not in self.errors:
            self.add_error("institution", _("Bitte nennen Sie eine Einrichtung oder eine Person."))
        if cleaned.get("deputises") and cleaned.get("role") != Seat.Role.DEPUTY:
            self.add_error("deputises", _("Das gilt nur für die Funktion „Stellvertretung“."))
        return cleaned

    def _get_validation_exclusions(self) -> set[str]:
        """A person who is new is not there yet, and yet the seat is for somebody."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"person"} if self.cleaned_data.get("new_name") else excluded
