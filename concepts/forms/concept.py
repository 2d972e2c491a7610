"""The concept itself: title, period, goal levels, codes."""

from __future__ import annotations

from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.models import Concept, Goal
from concepts.models.concept import validate_level_names
from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import MergingForm


class LevelNamesField(forms.CharField):
    """One name a line; stored as a list."""

    widget = forms.Textarea(attrs={"rows": 3})

    def prepare_value(self, value: Any) -> Any:
        return "\n".join(value) if isinstance(value, list) else value

    def to_python(self, value: Any) -> Any:
        text = super().to_python(value)
        return [name.strip() for name in (text or "").splitlines() if name.strip()]

    def has_changed(self, initial: Any, data: Any) -> bool:
        return self.to_python(data) != (initial or [])


def levels_in_use(concept: Concept) -> int:
    """How deep the concept's goals are nested."""
    parents = dict(Goal.objects.filter(field__concept=concept).values_list("pk", "parent"))
    levels = 0
    for parent in parents.values():
        depth, above = 1, parent
        while above is not None:
            depth, above = depth + 1, parents[above]
        levels = max(levels, depth)
    return levels


class ConceptForm(MergingForm):
    goal_level_names = LevelNamesField(
        label=_("Namen der Zielebenen"),
        required=False,
        validators=[validate_level_names],
        help_text=_(
            "Eine Ebene je Zeile, die oberste zuerst, höchstens fünf, zum Beispiel Leitziel und "
            "Handlungsziel. Ohne Ziele bleibt das Feld leer."
        ),
    )

    class Meta:
        model = Concept
        fields: ClassVar = (
            "title", "subtitle", "status", "period", "goal_level_names", "code_scheme", "goals_ranked",
            "note",
        )  # fmt: skip
        widgets: ClassVar = {
            "status": QuickSelect,
            "code_scheme": QuickSelect,
            "note": forms.Textarea(attrs={"rows": 3}),
        }

    def clean_goal_level_names(self) -> list[str]:
        names: list[str] = self.cleaned_data["goal_level_names"]
        used = levels_in_use(self.instance) if self.instance.pk else 0
        if len(names) < used:
            raise forms.ValidationError(
                _(
                    "Die Ziele dieses Konzepts reichen über %d Ebenen. Bitte geben Sie jeder einen Namen "
                    "oder verschieben Sie zuerst die unteren Ziele."
                )
                % used
            )
        return names
