"""The forms of the workbench, one for each kind of part."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext_lazy as _

from concepts.actions.placing import check_depth
from concepts.additional import additional_fields, in_words
from concepts.forms.additional import AdditionalAnswersMixin
from concepts.measure_words import named_with_function
from concepts.models import (
    ActionField,
    Chapter,
    Concept,
    ConceptPart,
    Funding,
    Goal,
    Indicator,
    Measure,
)
from concepts.rows import ConceptRows
from municipalities.choice_widgets import DASHES, CheckList, QuickSelect
from municipalities.merging_forms import MergingForm
from municipalities.models import Institution, Person
from municipalities.number_fields import GermanDecimalField
from municipalities.rows import RowsById
from municipalities.typed_choice import TypedChoiceField, TypedInput

# A heading and its fields; those in one tuple stand side by side.
Group = tuple[Any, Sequence[str | tuple[str, ...]]]


@dataclass(frozen=True)
class ShownGroup:
    """A part of a form under a heading."""

    title: str
    rows: list[list[BoundField]]


class PartForm(MergingForm):
    """`groups` names the fields under their headings, in order."""

    groups: ClassVar[Sequence[Group]] = ()
    change_reason = forms.CharField(
        label=_("Grund der Änderung"),
        required=False,
        max_length=100,
        help_text=_("Steht im Verlauf bei dieser Änderung."),
    )

    def __init__(self, *args: Any, concept: Concept, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.concept = concept
        if self.instance.pk is None:
            del self.fields["change_reason"]

    def all_groups(self) -> Sequence[Group]:
        return self.groups

    def _get_validation_exclusions(self) -> set[str]:
        """A code is unique in its concept or field, though the form does not ask for these."""
        excluded: set[str] = super()._get_validation_exclusions()  # type: ignore[misc]
        return excluded - {"concept", "field"}

    def shown_groups(self) -> Iterator[ShownGroup]:
        for title, names in self.all_groups():
            rows = [
                [self[name] for name in ((row,) if isinstance(row, str) else row) if name in self.fields]
                for row in names
            ]
            if any(rows):
                yield ShownGroup(str(title), [row for row in rows if row])

    def leave_to_editors(self) -> None:
        """A Fachamt writes its measures, but neither places them nor gives them to another office."""
        for name in ("responsible", "code", "goals", "themes"):
            self.fields.pop(name, None)

    def save(self, commit: bool = True) -> Any:
        self.instance._change_reason = self.cleaned_data.get("change_reason") or None
        return super().save(commit)


# Read for every form, for two fields each: names only, not the rows that they belong to.
INSTITUTIONS = RowsById(
    lambda town: Institution.objects.filter(municipality=town).order_by("name").values_list("pk", "name")
)
PERSONS = RowsById(
    lambda town: (
        Person.objects.filter(municipality=town).order_by("name").values_list("pk", "name", "function")
    )
)
GOALS = ConceptRows(
    lambda concept: (
        Goal.objects.filter(field__concept=concept)
        .order_by("field__position", "position")
        .values_list("pk", "code", "text")
    )
)
THEMES = ConceptRows(
    lambda concept: (
        ActionField.objects.filter(concept=concept, kind=ActionField.Kind.CROSS_CUTTING)
        .order_by("position")
        .values_list("pk", "code", "title")
    )
)


class ChapterForm(PartForm):
    groups = ((_("Kapitel"), ("title", "place", "body")),)

    class Meta:
        model = Chapter
        fields: ClassVar = ["title", "place", "body"]
        widgets: ClassVar = {"place": QuickSelect}


class ActionFieldForm(PartForm):
    groups = (
        (_("Handlungsfeld"), ("title", ("code", "kind"))),
        (_("Texte"), ("situation", "deficits", "potentials")),
    )

    class Meta:
        model = ActionField
        fields: ClassVar = ["title", "kind", "code", "situation", "deficits", "potentials"]
        widgets: ClassVar = {"kind": QuickSelect}


class GoalForm(PartForm):
    groups = ((_("Ziel"), ("text", "code", "description", "rank")),)

    class Meta:
        model = Goal
        fields: ClassVar = ["text", "code", "description", "rank"]
        widgets: ClassVar = {"text": forms.Textarea(attrs={"rows": 3})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if not self.concept.goals_ranked and self.instance.rank is None:
            del self.fields["rank"]

    def clean(self) -> Any:
        if self.instance.pk is None:
            check_depth(self.concept, self.instance.level + 1)
        return super().clean()


class MeasureForm(AdditionalAnswersMixin, PartForm):
    groups = (
        (_("Was getan wird"), ("title", ("code", "kind", "priority"), "text", "reason", "target_groups")),
        (_("Wozu es dient"), ("goals", "themes")),
        (_("Wer es tut"), (("responsible", "responsible_person"), "partners", "contacts")),
        (_("Wann und wie weit"), ("span", "permanent", ("phase", "track"), "track_reason", "as_of")),
        (_("Womit es bezahlt wird"), ("funding_note", "budget_reservation")),
        (_("Woher es kommt"), ("origin", "legal_basis")),
    )

    class Meta:
        model = Measure
        fields: ClassVar = [
            "title", "kind", "code", "text", "reason", "target_groups", "priority", "goals", "themes",
            "responsible", "responsible_person", "partners", "contacts", "span", "permanent", "phase",
            "track", "track_reason", "as_of", "funding_note", "budget_reservation", "origin", "legal_basis",
        ]  # fmt: skip
        widgets: ClassVar = {
            **dict.fromkeys(
                ("kind", "priority", "responsible", "responsible_person", "phase", "track"), QuickSelect
            ),
            **dict.fromkeys(("goals", "themes", "partners", "contacts"), CheckList),
            "track_reason": forms.Textarea(attrs={"rows": 3}),
        }

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        # A measure's goals and themes are few; the measures, which are many, are never listed here.
        concept = self.concept.pk
        goals = [(pk, f"{code} {text}".strip()) for pk, code, text in GOALS.rows(concept)]
        self.offer_named("goals", Goal.objects.filter(field__concept=concept), goals)
        themes = [(pk, f"{code} {title}".strip()) for pk, code, title in THEMES.rows(concept)]
        crossing = ActionField.objects.filter(concept=concept, kind=ActionField.Kind.CROSS_CUTTING)
        self.offer_named("themes", crossing, themes)
        town = self.concept.municipality_id
        institutions = INSTITUTIONS.rows(town)
        # Two people of one name are told apart by what they do.
        persons = [(pk, named_with_function(name, function)) for pk, name, function in PERSONS.rows(town)]
        self.offer_named("responsible", Institution.objects.filter(municipality=town), institutions)
        self.offer_named("partners", Institution.objects.filter(municipality=town), institutions)
        self.offer_named("responsible_person", Person.objects.filter(municipality=town), persons)
        self.offer_named("contacts", Person.objects.filter(municipality=town), persons)
        if not themes:
            del self.fields["themes"]
        self.ask(additional_fields(self.concept.municipality_id))

    def all_groups(self) -> Sequence[Group]:
        asked: Sequence[Group] = [(_("Weitere Angaben"), self.question_names)]
        return [*self.groups, *asked]

    # The answers to the town's questions stand in one column; each is merged by itself.

    def keeps(self, name: str) -> bool:
        return name in self.asked or super().keeps(name)

    def stored(self, record: Any, name: str) -> Any:
        if name in self.asked:
            return record.additional.get(str(self.asked[name].pk), "")
        return super().stored(record, name)

    def shown(self, name: str, value: Any) -> Any:
        if name in self.asked and value != "":
            return in_words(self.asked[name].kind, value)
        return super().shown(name, value)

    def in_words(self, name: str, value: Any) -> str:
        if name in self.asked and value not in (None, ""):
            return in_words(self.asked[name].kind, value)
        return super().in_words(name, value)

    def offer_named(self, name: str, rows: Any, names: Sequence[tuple[Any, ...]]) -> None:
        """Checked against `rows`, shown as `names`: pairs of id and label."""
        field: Any = self.fields[name]
        field.queryset = rows
        field.choices = [*([] if field.widget.allow_multiple_selected else [("", DASHES)]), *names]

    def clean(self) -> Any:
        cleaned = super().clean()
        if self.cleaned_data.get("track") == Measure.Track.ON_TRACK and self.cleaned_data.get("track_reason"):
            self.add_error(
                "track_reason",
                _(
                    "Ein Grund wird nur genannt, wenn die Maßnahme vom Plan abweicht. "
                    "Bitte wählen Sie den Verlauf oder leeren Sie dieses Feld."
                ),
            )
        return cleaned


class IndicatorForm(PartForm):
    groups = (
        (_("Was gemessen wird"), ("title", "description", "quantitative", ("unit", "level", "trend"))),
        (_("Wozu es gehört"), ("field", "goal", "measure")),
        (_("Woher die Zahlen kommen"), (("source", "interval"),)),
    )

    class Meta:
        model = Indicator
        fields: ClassVar = [
            "title", "description", "level", "quantitative", "unit", "trend", "field", "goal", "measure",
            "source", "interval",
        ]  # fmt: skip
        field_classes: ClassVar = {"measure": TypedChoiceField}
        widgets: ClassVar = {
            **dict.fromkeys(("level", "trend", "field", "goal"), QuickSelect),
            "measure": TypedInput,
            "description": forms.Textarea(attrs={"rows": 3}),
        }
        help_texts: ClassVar = {"measure": _("Kennung oder Titel tippen; jede Maßnahme des Konzepts.")}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        measures = Measure.objects.filter(concept=self.concept).order_by("field__position", "position")
        rows: Iterable[tuple[str, Any]] = (
            ("field", ActionField.objects.filter(concept=self.concept).order_by("position")),
            ("goal", Goal.objects.filter(field__concept=self.concept).order_by("position")),
            ("measure", measures),
        )
        for name, choices in rows:
            self.fields[name].queryset = choices  # type: ignore[attr-defined]
        measure: Any = self.fields["measure"]
        measure.offer(measures.values_list("pk", "code", "title"))


class FundingForm(PartForm):
    groups = (
        (_("Förderung"), ("programme", "grantor", "legal_basis", "amount", "purpose")),
        (_("Zeiten"), (("granted_on", "period"),)),
    )

    class Meta:
        model = Funding
        fields: ClassVar = [
            "programme", "grantor", "legal_basis", "amount", "purpose", "granted_on", "period",
        ]  # fmt: skip
        field_classes: ClassVar = {"amount": GermanDecimalField}
        widgets: ClassVar = {"purpose": forms.Textarea(attrs={"rows": 3})}


FORMS: dict[type[ConceptPart], type[PartForm]] = {
    Chapter: ChapterForm,
    ActionField: ActionFieldForm,
    Goal: GoalForm,
    Measure: MeasureForm,
    Indicator: IndicatorForm,
    Funding: FundingForm,
}
