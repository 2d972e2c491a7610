"""The town's own questions inside the form of a measure."""

from __future__ import annotations

import datetime
import re
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from concepts.additional import in_words
from concepts.models import AdditionalField, Measure
from municipalities.number_fields import GermanDecimalField

LONGEST_ANSWER = 500
NO_ANSWER = ("", _("keine Angabe"))
BLANKS = re.compile(r"\s")


class NumberAnswerField(GermanDecimalField):
    """„1.234,50“ becomes the text "1234.50", which keeps the places that were typed."""

    def clean(self, value: Any) -> str:
        number: Decimal | None = super().clean(BLANKS.sub("", value).replace("\N{MINUS SIGN}", "-"))
        return "" if number is None else f"{number:f}"


class DayAnswerField(forms.DateField):
    """„18.12.2017“ becomes "2017-12-18"."""

    def clean(self, value: Any) -> str:
        day: datetime.date | None = super().clean(value)
        return day.isoformat() if day else ""


def form_field(question: AdditionalField, answer: Any) -> forms.Field:
    """The field in which the question is answered. `answer` is the one it has so far, or None."""
    usual: dict[str, Any] = {"label": question.label, "help_text": question.help_text, "required": False}
    match question.kind:
        case AdditionalField.Kind.CHOICE:
            choices = list(question.choices)
            if answer not in (None, "", *choices):  # so that saving does not drop it
                choices.append(str(answer))
            return forms.ChoiceField(
                choices=[NO_ANSWER, *((choice, choice) for choice in choices)],
                error_messages={
                    "invalid_choice": _("Bitte wählen Sie eine der Möglichkeiten aus der Liste.")
                },
                **usual,
            )
        case AdditionalField.Kind.YES_NO:
            return forms.TypedChoiceField(
                choices=[NO_ANSWER, ("ja", _("ja")), ("nein", _("nein"))],
                coerce=lambda word: word == "ja",
                empty_value="",
                error_messages={"invalid_choice": _("Bitte wählen Sie „ja“, „nein“ oder „keine Angabe“.")},
                **usual,
            )
        case AdditionalField.Kind.NUMBER:
            return NumberAnswerField(
                max_digits=20,
                decimal_places=6,
                error_messages={"invalid": _("Bitte geben Sie eine Zahl ein, zum Beispiel 1.234,5.")},
                **usual,
            )
        case AdditionalField.Kind.DATE:
            return DayAnswerField(
                input_formats=["%d.%m.%Y", "%Y-%m-%d"],
                error_messages={"invalid": _("Bitte geben Sie einen Tag ein, zum Beispiel 18.12.2017.")},
                **usual,
            )
        case _kind:
            return forms.CharField(max_length=LONGEST_ANSWER, **usual)


class AdditionalAnswersMixin(forms.ModelForm):
    """Before a measure's ModelForm; its `__init__` calls `ask` with the town's questions.

    Then the form has a field `zusatz_<id>` for each question that is still asked, or was answered, and
    a valid form leaves the answers in `instance.additional`. `question_names` are the fields' names, in
    the town's order, for the form's layout.
    """

    instance: Measure

    def ask(self, questions: Sequence[AdditionalField]) -> None:
        given: Mapping[str, Any] = self.instance.additional
        self.asked = {
            f"zusatz_{question.pk}": question
            for question in questions
            if question.active or given.get(str(question.pk)) not in (None, "")
        }
        for name, question in self.asked.items():
            answer = given.get(str(question.pk))
            self.fields[name] = form_field(question, answer)
            if answer not in (None, ""):
                self.initial[name] = in_words(question.kind, answer)

    @property
    def question_names(self) -> list[str]:
        return list(self.asked)

    def clean(self) -> dict[str, Any] | None:
        cleaned = super().clean()
        answers = dict(self.instance.additional)
        for name, question in self.asked.items():
            if name in self.cleaned_data:
                answers[str(question.pk)] = self.cleaned_data[name]
        self.instance.additional = {key: answer for key, answer in answers.items() if answer != ""}
        return cleaned
