"""What can be asked for on the page of hits."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from municipalities.models import Municipality
from search.models import Area
from search.questions import Question, question_of

MOST_CHARACTERS = 200
CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u2028\u2029]")


class LineField(forms.CharField):
    """One line. What comes with a pasted text and cannot be seen is a gap, no mistake."""

    def to_python(self, value: Any) -> Any:
        return super().to_python(CONTROL.sub(" ", value) if isinstance(value, str) else value)


class SearchForm(forms.Form):
    """The names of the fields stand in the address. `kommune` is a town's slug."""

    q = LineField(
        label=gettext_lazy("Suchbegriff"),
        required=False,
        max_length=MOST_CHARACTERS,
        error_messages={
            "max_length": gettext_lazy("Bitte suchen Sie mit höchstens %(limit_value)d Zeichen.")
        },
    )
    art = forms.ChoiceField(
        required=False,
        choices=Area.choices,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Diese Art von Treffern gibt es nicht. Sie sehen die Treffer aller Arten."
            )
        },
    )
    kommune = forms.ChoiceField(
        required=False,
        error_messages={
            "invalid_choice": gettext_lazy(
                "Diese Kommune gehört nicht zu Ihren Kommunen. Sie sehen die Treffer aller Ihrer Kommunen."
            )
        },
    )

    def __init__(self, *args: Any, towns: Sequence[Municipality], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.towns = {town.slug: town for town in towns}
        self.fields["kommune"].choices = [(slug, slug) for slug in self.towns]  # type: ignore[attr-defined]

    def clean_q(self) -> str:
        typed: str = self.cleaned_data["q"]
        question = question_of(typed)
        if typed and not question:
            raise ValidationError(_why_nothing(question))
        return typed

    @property
    def question(self) -> Question:
        """Empty where nothing was typed, or nothing that can be looked for."""
        return question_of(self.cleaned_data["q"]) if "q" in self._cleaned() else Question()

    @property
    def area(self) -> str:
        return self._cleaned().get("art", "")

    @property
    def town(self) -> Municipality | None:
        return self.towns.get(self._cleaned().get("kommune", ""))

    @property
    def notes(self) -> list[str]:
        """What of the address was not understood and left aside."""
        return [*self.errors.get("art", []), *self.errors.get("kommune", [])]

    def _cleaned(self) -> dict[str, Any]:
        self.is_valid()
        return getattr(self, "cleaned_data", {})


def _why_nothing(question: Question) -> str:
    if question.without:
        return _("Bitte nennen Sie auch ein Wort, das vorkommen soll, nicht nur eines, das fehlen soll.")
    if question.stop_words:
        return _(
            "Wörter wie „und“ oder „der“ stehen in fast jedem Text. Bitte nennen Sie ein Wort, um das es "
            "geht, oder setzen Sie die ganze Wendung in Anführungszeichen."
        )
    return _("Darin ist nichts, wonach sich suchen lässt. Bitte geben Sie ein Wort oder eine Zahl ein.")
