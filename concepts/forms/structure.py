"""Small forms around the structure: where to move, how to split, with what to merge."""

from __future__ import annotations

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.models import ConceptPart, Goal, Measure
from concepts.outline import GoalLines, Outline, read_outline
from documents.richtext import RichTextField
from municipalities.choice_widgets import QuickSelect

HERE = _("Bitte wählen")


def shortened(text: str, most: int = 90) -> str:
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def places(outline: Outline, *, goals: bool = True) -> list[tuple[str, str]]:
    """Fields and goals as `felder/3` and `ziele/7`, indented as they stand below each other."""
    found: list[tuple[str, str]] = []

    def walk(goal: GoalLines, depth: int) -> None:
        label = f"{goal.line.code} {goal.line.title}".strip()
        found.append((f"ziele/{goal.line.pk}", "\u2003" * depth + shortened(label)))
        for subgoal in goal.subgoals:
            walk(subgoal, depth + 1)

    for field in outline.fields:
        label = f"{field.line.code} {field.line.title}".strip()
        found.append((f"felder/{field.line.pk}", shortened(label)))
        for goal in field.goals if goals else ():
            walk(goal, 1)
    return found


class MoveForm(forms.Form):
    """Below what a goal or measure is to stand."""

    nach = forms.ChoiceField(
        label=_("Neuer Platz unter"),
        widget=QuickSelect,
        error_messages={
            "invalid_choice": _("Diesen Platz gibt es nicht mehr. Bitte wählen Sie einen anderen.")
        },
    )

    def __init__(self, *args: Any, part: ConceptPart, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [("", HERE), *places(read_outline(part.own_concept()))]
        self.fields["nach"].choices = choices  # type: ignore[attr-defined]


class SplitForm(forms.Form):
    """The new one's title and text; the texts of the old one can be changed afterwards."""

    title = forms.CharField(label=_("Titel des neuen Eintrags"))
    text = RichTextField(_("Text des neuen Eintrags"), blank=True).formfield()

    def __init__(self, *args: Any, part: Measure | Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial["text"] = part.text if isinstance(part, Measure) else part.description
        column: Any = part._meta.get_field("title" if isinstance(part, Measure) else "text")
        self.fields["title"] = column.formfield(label=self.fields["title"].label)


class MergeForm(forms.Form):
    """Into which other one; offered are those of the same field."""

    mit = forms.ModelChoiceField(
        label=_("Zusammenführen mit"),
        queryset=Measure.objects.none(),
        widget=QuickSelect,
        empty_label=str(HERE),
        error_messages={"invalid_choice": _("Diesen Eintrag gibt es nicht mehr.")},
    )

    def __init__(self, *args: Any, part: Measure | Goal, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        rows = type(part).objects.filter(field=part.field_id).exclude(pk=part.pk).order_by("position")
        self.fields["mit"].queryset = rows  # type: ignore[attr-defined]


class DeleteForm(forms.Form):
    reason = forms.CharField(label=_("Grund"), required=False, max_length=100)
