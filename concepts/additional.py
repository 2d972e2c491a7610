"""The town's own questions to a measure, and how their answers are read."""

from __future__ import annotations

import datetime
from collections import Counter
from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any

from django.utils.translation import gettext as _

from concepts.models import AdditionalField, Measure
from documents.charts import german_number
from municipalities.models import Municipality
from municipalities.rows import RowsById

ADDITIONAL_FIELDS = RowsById(
    lambda town: AdditionalField.objects.filter(municipality=town).order_by("position")
)


def additional_fields(municipality_id: int) -> list[AdditionalField]:
    """All of the town, also those no longer asked: what was answered stays readable."""
    return ADDITIONAL_FIELDS.models(municipality_id)


def answers_in_words(fields: Iterable[AdditionalField], answers: Mapping[str, Any]) -> list[tuple[str, str]]:
    """Label and answer of every question that was answered, in the town's order."""
    return [
        (field.label, in_words(field.kind, answers[str(field.pk)]))
        for field in fields
        if answers.get(str(field.pk)) not in (None, "")
    ]


def in_words(kind: str, answer: Any) -> str:
    """The stored answer as a person reads it; as it stands where it does not suit the question."""
    try:
        match kind:
            case AdditionalField.Kind.YES_NO if isinstance(answer, bool):
                return _("ja") if answer else _("nein")
            case AdditionalField.Kind.NUMBER:
                number = Decimal(str(answer))
                return german_number(number, max(0, -int(number.as_tuple().exponent)))
            case AdditionalField.Kind.DATE:
                return f"{datetime.date.fromisoformat(str(answer)):%d.%m.%Y}"
    except (ArithmeticError, ValueError):
        pass  # typed in the administration, where the answers are one piece of text
    return str(answer)


def count_answers(municipality: Municipality) -> Counter[str]:
    """How many of the town's measures have answered each question, by the question's id as text."""
    measures = Measure.objects.filter(concept__municipality=municipality).exclude(additional={})
    return Counter(
        key
        for answers in measures.values_list("additional", flat=True)
        for key, answer in answers.items()
        if answer not in (None, "")
    )
