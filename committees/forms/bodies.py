"""Forms of a committee, of its seats and of the factions."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.core.validators import MaxValueValidator
from django.utils.translation import gettext_lazy as _

from committees.models import Committee, CommitteeSeat, Faction
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Person

MOST_SEATS = 500
MOST_DAYS = 90
NOT_HERE = _("Das gibt es hier nicht. Bitte wählen Sie aus der Liste.")


class CommitteeForm(MergingForm):
    class Meta:
        model = Committee
        fields: ClassVar = [
            *("kind", "name", "article", "genitive_name", "short_name", "decides", "voting_seats"),
            *("summons_days", "summons_counts", "agenda_numbers", "minutes_signers"),
        ]
        widgets: ClassVar = {
            **dict.fromkeys(("kind", "article", "summons_counts", "agenda_numbers"), QuickSelect),
            "minutes_signers": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {
            "name": _("So, wie das Gremium in Ihren Vorlagen heißt, ohne Artikel."),
            "article": _("Danach beugt das Portal den Namen: „der Rat“, „dem Rat“."),
            "decides": _("Sonst empfiehlt es einem anderen Gremium."),
            "summons_days": _("Zum Beispiel 7. Leer prüft das Portal keine Frist."),
        }
        error_messages: ClassVar = {
            "kind": {"required": _("Bitte wählen Sie, was für ein Gremium es ist.")},
            "name": {"required": _("Bitte geben Sie dem Gremium einen Namen.")},
            "article": {"required": _("Bitte wählen Sie den Artikel.")},
            "genitive_name": {
                "required": _("Bitte geben Sie den Namen im Genitiv an, zum Beispiel „Sozialausschusses“.")
            },
            "minutes_signers": {
                "required": _("Bitte nennen Sie mindestens eine Funktion, zum Beispiel „Vorsitz“.")
            },
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["summons_days"].validators.append(MaxValueValidator(MOST_DAYS))
        self.fields["voting_seats"].validators.append(MaxValueValidator(MOST_SEATS))

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Committee.objects.in_town(self.instance.municipality).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("Ein Gremium mit diesem Namen gibt es schon."))
        return name

    def clean_minutes_signers(self) -> str:
        lines = [" ".join(line.split()) for line in self.cleaned_data["minutes_signers"].splitlines()]
        return "\n".join(line for line in lines if line)


class PersonChoice(forms.ModelChoiceField):
    def label_from_instance(self, person: Person) -> str:
        return f"{person.name}, {person.function}" if person.function else person.name


class SeatChoice(forms.ModelChoiceField):
    def label_from_instance(self, seat: CommitteeSeat) -> str:
        return f"{seat.person}, {seat.faction}" if seat.faction else str(seat.person)


class SeatForm(MergingForm):
    """Somebody who is not known yet is typed here."""

    new_name = forms.CharField(
        label=_("Oder neue Person: Name"),
        required=False,
        max_length=100,
        help_text=_("Wenn es die Person hier noch nicht gibt. Ein Benutzerkonto braucht sie nicht."),
    )
    new_function = forms.CharField(label=_("Neue Person: Funktion"), required=False, max_length=120)

    class Meta:
        model = CommitteeSeat
        fields: ClassVar = ["person", "role", "faction", "deputy_for", "span"]
        field_classes: ClassVar = {"person": PersonChoice, "deputy_for": SeatChoice}
        widgets: ClassVar = dict.fromkeys(("person", "role", "faction", "deputy_for"), QuickSelect)

    field_order = [
        *("person", "new_name", "new_function", "role", "faction", "deputy_for", "span"),
    ]

    def __init__(self, *args: Any, committee: Committee, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.instance.committee = committee
        town, fields = committee.municipality, self.fields
        others = committee.seats.exclude(pk=self.instance.pk).exclude(role=CommitteeSeat.Role.DEPUTY)
        for name, rows in {
            "person": Person.objects.in_town(town),
            "faction": Faction.objects.in_town(town),
            "deputy_for": others.select_related("person", "faction").order_by("person__name"),
        }.items():
            fields[name].queryset = rows  # type: ignore[attr-defined]
            fields[name].error_messages["invalid_choice"] = NOT_HERE
        fields["person"].required = False
        if self.instance.pk is not None:
            del fields["new_name"], fields["new_function"]

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or self.cleaned_data
        person, span = cleaned.get("person"), cleaned.get("span")
        new = " ".join((cleaned.get("new_name") or "").split())
        if "new_name" in self.fields:
            cleaned["new_name"] = new
            self.check_new_person(new, cleaned)
        if not (new or person) and not self.errors.keys() & {"person", "new_name"}:
            self.add_error("person", _("Bitte wählen Sie eine Person oder geben Sie eine neue an."))
        seats = self.instance.committee.seats.exclude(pk=self.instance.pk)
        if person and "span" not in self.errors and seats.filter(person=person, span=span).exists():
            self.add_error("person", _("Diese Person hat in dem Gremium schon einen Sitz."))
        if cleaned.get("deputy_for") and cleaned.get("role") != CommitteeSeat.Role.DEPUTY:
            self.add_error("deputy_for", _("Das gilt nur für die Funktion „Stellvertretung“."))
        return cleaned

    def check_new_person(self, new: str, cleaned: dict[str, Any]) -> None:
        if new and cleaned.get("person"):
            self.add_error(
                "new_name", _("Bitte wählen Sie eine Person oder geben Sie eine neue an, nicht beides.")
            )
        same = Person.objects.in_town(self.instance.committee.municipality).filter(name=new)
        if new and same.filter(function=cleaned.get("new_function", "")).exists():
            self.add_error(
                "new_name",
                _("Diese Person gibt es schon. Wählen Sie sie aus oder geben Sie eine andere Funktion an."),
            )

    def _get_validation_exclusions(self) -> set[str]:
        """A person who is new is not there yet, and yet the seat is for somebody."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded | {"person"}


class FactionForm(MergingForm):
    class Meta:
        model = Faction
        fields: ClassVar = ["name", "short_name", "span"]
        error_messages: ClassVar = {"name": {"required": _("Bitte geben Sie der Fraktion einen Namen.")}}

    def clean_name(self) -> str:
        name = " ".join(self.cleaned_data["name"].split())
        others = Faction.objects.in_town(self.instance.municipality).exclude(pk=self.instance.pk)
        if others.filter(name=name).exists():
            raise forms.ValidationError(_("Eine Fraktion mit diesem Namen gibt es schon."))
        return name
