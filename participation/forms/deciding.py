"""Forms in which the staff ask back, decide, take over, merge, divide and publish."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from concepts.models import Goal, Measure
from municipalities.choice_widgets import CheckList, QuickSelect
from participation.actions.deciding import NewMeasure, Verdict
from participation.forms.proposals import CHOOSE, LongText, fields_of, goal_choices
from participation.models import Decision, Group, MeasureProposal, ProposalMeasure
from participation.models.decisions import LONGEST_REASON

Kind = Decision.Kind
GONE = _("Das gibt es nicht mehr. Bitte wählen Sie etwas anderes.")
NONE: Any = Goal.objects.none()
WITHOUT_REASON = _("Bitte begründen Sie die Entscheidung.")
NEW, EXISTING = "neu", "vorhanden"


class QuestionForm(forms.Form):
    text = LongText(
        label=_("Ihre Rückfrage"),
        widget=forms.Textarea(attrs={"rows": 6}),
        help_text=_("Nur wer den Vorschlag gemacht hat, liest sie, und bekommt eine Nachricht."),
        error_messages={"required": _("Bitte schreiben Sie Ihre Rückfrage.")},
    )


class VerdictForm(forms.Form):
    """What every decision has: reason, group and date."""

    kind = forms.ChoiceField(
        label=_("Entscheidung"),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wie entschieden ist.")},
    )
    reason = LongText(
        label=_("Öffentliche Begründung"),
        most=LONGEST_REASON,
        required=False,
        widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("Alle lesen sie, sobald die Entscheidung veröffentlicht ist."),
    )
    group = forms.ModelChoiceField(
        label=_("Wer hat entschieden?"),
        queryset=Group.objects.none(),
        required=False,
        widget=QuickSelect,
        error_messages={"invalid_choice": GONE},
    )
    decided_on = forms.DateField(
        label=_("Am"),
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
        error_messages={
            "required": _("Bitte nennen Sie den Tag der Entscheidung."),
            "invalid": _("Das ist kein Tag. Bitte schreiben Sie ihn wie 24.11.2026."),
        },
    )
    kinds: tuple[str, ...] = ()

    def __init__(self, data: Any = None, *, proposal: MeasureProposal, **kwargs: Any) -> None:
        super().__init__(data, **kwargs)
        self.proposal = proposal
        if self.kinds:
            kinds: Any = self.fields["kind"]
            kinds.choices = [(kind, Kind(kind).label) for kind in self.kinds]
        else:
            del self.fields["kind"]
        if Kind.TAKEN_OVER in self.kinds:
            self.fields["reason"].help_text = _("Nötig, wenn nur ein Teil übernommen wird. Alle lesen sie.")
        else:
            self.fields["reason"].required = True
            self.fields["reason"].error_messages["required"] = WITHOUT_REASON
        groups: Any = self.fields["group"]
        groups.queryset = Group.objects.filter(process=proposal.process)
        groups.empty_label = str(_("Die Verwaltung"))
        decision = proposal.decision_or_none()
        self.initial.setdefault("decided_on", timezone.localdate())
        if decision is not None:
            self.initial = {
                **self.initial,
                "kind": decision.kind,
                "reason": decision.reason,
                "group": decision.group_id,
                "decided_on": decision.decided_on,
            }

    def clean_decided_on(self) -> Any:
        day = self.cleaned_data["decided_on"]
        if day > timezone.localdate():
            raise forms.ValidationError(_("Dieser Tag liegt in der Zukunft. Bitte prüfen Sie das Datum."))
        if day.year < 1990:
            raise forms.ValidationError(_("Dieser Tag liegt zu weit zurück. Bitte prüfen Sie das Datum."))
        return day

    def kind_chosen(self) -> str:
        return str(self.cleaned_data.get("kind") or Kind.MERGED)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if self.kind_chosen() == Kind.PARTLY and not cleaned.get("reason") and "reason" not in self.errors:
            self.add_error("reason", WITHOUT_REASON)
        return cleaned

    def verdict(self) -> Verdict:
        chosen = self.cleaned_data
        return Verdict(self.kind_chosen(), chosen["reason"], chosen["decided_on"], chosen["group"])


class DecideForm(VerdictForm):
    kinds = (Kind.NOT_TAKEN_OVER, Kind.NOTED)


class TakeOverForm(VerdictForm):
    """Into a new measure, filled in beforehand, or into one that is there."""

    kinds = (Kind.TAKEN_OVER, Kind.PARTLY)

    into = forms.ChoiceField(
        label=_("Wohin?"),
        choices=[(NEW, _("in eine neue Maßnahme")), (EXISTING, _("in eine vorhandene Maßnahme"))],
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, wohin der Vorschlag übernommen wird.")},
    )
    title = forms.CharField(label=_("Titel der neuen Maßnahme"), max_length=200, required=False)
    text = LongText(label=_("Beschreibung der neuen Maßnahme"), most=20_000, required=False)
    field = forms.ModelChoiceField(
        label=_("Handlungsfeld"), queryset=NONE, required=False, widget=QuickSelect
    )
    goal = forms.ModelChoiceField(label=_("Ziel"), queryset=NONE, required=False, widget=QuickSelect)
    measure = forms.ModelChoiceField(
        label=_("Vorhandene Maßnahme"), queryset=NONE, required=False, widget=QuickSelect
    )
    addition = LongText(
        label=_("Was in der vorhandenen Maßnahme ergänzt wird"),
        required=False,
        widget=forms.Textarea(attrs={"rows": 4}),
        help_text=_("Leer, wenn die Maßnahme bleibt, wie sie ist."),
    )
    outcome = forms.CharField(
        label=_("Was daraus wurde"),
        max_length=300,
        required=False,
        help_text=ProposalMeasure._meta.get_field("outcome").help_text,
    )
    field_order = [
        "kind", "into", "title", "text", "field", "goal", "measure", "addition", "outcome", "reason",
        "group", "decided_on",
    ]  # fmt: skip

    def __init__(self, data: Any = None, *, proposal: MeasureProposal, **kwargs: Any) -> None:
        super().__init__(data, proposal=proposal, **kwargs)
        process = proposal.process
        places: Any = self.fields["field"]
        places.queryset, places.empty_label = fields_of(process), str(CHOOSE)
        goals: Any = self.fields["goal"]
        goals.queryset = Goal.objects.filter(field__concept=process.concept_id)
        goals.choices = goal_choices(process)
        measures: Any = self.fields["measure"]
        measures.queryset = (
            Measure.objects.filter(concept=process.concept_id)
            .select_related("field", "concept__municipality")
            .order_by("field__position", "position")
        )
        measures.empty_label = str(CHOOSE)
        for name in ("field", "goal", "measure"):
            self.fields[name].error_messages["invalid_choice"] = GONE
        self.initial = {
            **self.initial,
            "into": NEW,
            "title": proposal.title_in_german,
            "text": proposal.text_in_german,
            "field": proposal.field_id,
            "goal": proposal.goal_id,
        }
        if self.initial.get("kind") not in self.kinds:
            self.initial.pop("kind", None)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        if cleaned.get("into") == NEW:
            if not cleaned.get("title") and "title" not in self.errors:
                self.add_error("title", _("Bitte geben Sie der Maßnahme einen Titel."))
            field, goal = cleaned.get("field"), cleaned.get("goal")
            if field is None and "field" not in self.errors:
                self.add_error("field", _("Bitte wählen Sie das Handlungsfeld der Maßnahme."))
            elif goal is not None and field is not None and goal.field_id != field.pk:
                self.add_error("goal", _("Dieses Ziel steht nicht in dem gewählten Handlungsfeld."))
        elif cleaned.get("into") == EXISTING and not cleaned.get("measure") and "measure" not in self.errors:
            self.add_error("measure", _("Bitte wählen Sie die Maßnahme."))
        return cleaned

    def target(self) -> Measure | NewMeasure:
        chosen = self.cleaned_data
        if chosen["into"] == EXISTING:
            measure: Measure = chosen["measure"]
            return measure
        return NewMeasure(chosen["title"], chosen["text"], chosen["field"], chosen["goal"])


class MergeForm(VerdictForm):
    """Which others go up in this one."""

    others = forms.ModelMultipleChoiceField(
        label=_("Welche Vorschläge gehen in diesem auf?"),
        queryset=MeasureProposal.objects.none(),
        widget=CheckList,
        error_messages={
            "required": _("Bitte wählen Sie mindestens einen Vorschlag."),
            "invalid_choice": GONE,
            "invalid_pk_value": GONE,
        },
    )
    field_order = ["others", "reason", "group", "decided_on"]

    def __init__(self, data: Any = None, *, proposal: MeasureProposal, **kwargs: Any) -> None:
        super().__init__(data, proposal=proposal, **kwargs)
        self.initial = {**self.initial, "reason": "", "group": None, "decided_on": timezone.localdate()}
        others: Any = self.fields["others"]
        others.queryset = mergeable(proposal)
        others.label_from_instance = lambda one: f"{one.code} {one}"


def mergeable(proposal: MeasureProposal) -> Any:
    """What may go up in this one: not yet decided, or not yet published."""
    rows = MeasureProposal.objects.filter(process=proposal.process).exclude(pk=proposal.pk)
    inside = rows.filter(state=MeasureProposal.State.DECIDED).decided_inside()
    return (rows.open() | inside).order_by("field__position", "pk")


class SplitForm(forms.Form):
    """Up to five parts; those that are left empty are none."""

    NUMBER = 5

    def __init__(self, data: Any = None) -> None:
        super().__init__(data)
        for number in range(1, self.NUMBER + 1):
            needed = number <= 2
            self.fields[f"title_{number}"] = forms.CharField(
                label=_("Teil %d: Was soll getan werden?") % number, max_length=200, required=needed
            )
            self.fields[f"text_{number}"] = LongText(
                label=_("Teil %d: Wortlaut") % number,
                required=needed,
                widget=forms.Textarea(attrs={"rows": 4}),
            )

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean() or {}
        for number in range(1, self.NUMBER + 1):
            title, text = f"title_{number}", f"text_{number}"
            if bool(cleaned.get(title)) != bool(cleaned.get(text)):
                empty = text if cleaned.get(title) else title
                if empty not in self.errors:
                    self.add_error(empty, _("Bitte füllen Sie bei diesem Teil beide Felder aus."))
        return cleaned

    def parts(self) -> list[tuple[str, str]]:
        chosen = self.cleaned_data
        return [
            (chosen[f"title_{number}"], chosen[f"text_{number}"])
            for number in range(1, self.NUMBER + 1)
            if chosen.get(f"title_{number}")
        ]
