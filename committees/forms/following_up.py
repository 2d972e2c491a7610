"""Forms of what is done after the decision: the version as resolved, and the measures' decisions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.forms import BoundField
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from committees.actions.following_up import KEEP, TAKE
from committees.decisions import MeasureChange, Proposal
from committees.models import MeasureDecision
from concepts.models import Measure
from municipalities.choice_widgets import QuickSelect

NOT_CONCERNED = gettext_lazy("nicht Gegenstand des Beschlusses")


class ResolvedVersionForm(forms.Form):
    """The version's name, and for each conflict which text shall stand. `seen` is the concept's state."""

    seen = forms.CharField(required=False, widget=forms.HiddenInput)
    name = forms.CharField(
        label=gettext_lazy("Name der Fassung"),
        error_messages={"required": gettext_lazy("Bitte geben Sie der Fassung einen Namen.")},
    )

    def __init__(self, *args: Any, changes: Sequence[MeasureChange], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.conflicts = [change for change in changes if change.conflict]
        for change in self.conflicts:
            self.fields[change.key] = forms.ChoiceField(
                label=_("Welcher Text soll gelten?"),
                choices=[
                    (TAKE, _("der beschlossene Text; was im Konzept geändert wurde, fällt weg")),
                    (KEEP, _("der Text im Konzept; der Beschluss wird hier nicht eingearbeitet")),
                ],
                widget=forms.RadioSelect,
                error_messages={"required": _("Bitte wählen Sie, welcher Text gelten soll.")},
            )

    def choices(self) -> dict[int, str]:
        return {change.measure.pk: self.cleaned_data[change.key] for change in self.conflicts}

    def field_of(self, change: MeasureChange) -> BoundField | None:
        return self[change.key] if change.key in self.fields else None

    def see_anew(self, state: str) -> None:
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = state
        self.data = data


@dataclass(frozen=True)
class Row:
    measure: Measure
    kind: BoundField
    note: BoundField
    why: str
    recorded: bool


class MeasureDecisionsForm(forms.Form):
    """The measures of one field, each with its decision. Filled with what is recorded, else with what the
    resolution says about it."""

    seen = forms.IntegerField(required=False, min_value=0, widget=forms.HiddenInput)

    def __init__(
        self,
        *args: Any,
        measures: Sequence[Measure],
        proposed: dict[int, Proposal],
        recorded: dict[int, MeasureDecision],
        newest: int,
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        self.initial["seen"] = newest
        self.measures, self.proposed, self.recorded = measures, proposed, recorded
        choices = [("", NOT_CONCERNED), *MeasureDecision.Kind.choices]
        longest = MeasureDecision._meta.get_field("note").max_length
        for measure in measures:
            known, proposal = recorded.get(measure.pk), proposed[measure.pk]
            self.fields[f"kind-{measure.pk}"] = forms.ChoiceField(
                label=_("Entscheidung über %s") % measure,
                choices=choices,
                required=False,
                initial=known.kind if known else proposal.kind,
                widget=QuickSelect,
            )
            self.fields[f"note-{measure.pk}"] = forms.CharField(
                label=_("Hinweis zu %s") % measure,
                required=False,
                max_length=longest,
                initial=known.note if known else proposal.note,
            )

    def rows(self) -> list[Row]:
        return [
            Row(
                measure,
                self[f"kind-{measure.pk}"],
                self[f"note-{measure.pk}"],
                self.proposed[measure.pk].why,
                measure.pk in self.recorded,
            )
            for measure in self.measures
        ]

    def values(self) -> dict[Measure, tuple[str, str]]:
        data = self.cleaned_data
        return {
            measure: (data[f"kind-{measure.pk}"], data[f"note-{measure.pk}"]) for measure in self.measures
        }

    def tell_what_changed(self, newest: int) -> None:
        """At each row what somebody else has recorded otherwise; who sends it once more has decided."""
        for measure in self.measures:
            known = self.recorded.get(measure.pk)
            mine = self.cleaned_data.get(f"kind-{measure.pk}", "")
            if (known.kind if known else "") != mine:
                now = known.get_kind_display() if known else NOT_CONCERNED
                self.add_error(f"kind-{measure.pk}", _("Inzwischen steht hier: „%s“") % now)
        data: Any = self.data.copy()  # type: ignore[attr-defined]
        data[self.add_prefix("seen")] = str(newest)
        self.data = data
