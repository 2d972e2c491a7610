"""Codes by the concept's own scheme: A, A.1, A.1.3 or 1, 1.1, 1.1.3."""

from __future__ import annotations

from itertools import count
from typing import Any

from concepts.models import ActionField, Concept, Goal, Measure
from concepts.outline import GoalLines, Line, read_outline

Codes = dict[Any, dict[int, str]]


def letters(number: int) -> str:
    """1 is A, 26 is Z, 27 is AA."""
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def field_code(scheme: str, kind: str, number: int) -> str:
    """Themes in front are T1, T2 …, cross-cutting ones Q1, Q2 …: the fields begin with A or 1 either way."""
    match kind:
        case ActionField.Kind.LEADING_THEME:
            return f"T{number}"
        case ActionField.Kind.CROSS_CUTTING:
            return f"Q{number}"
    return letters(number) if scheme == Concept.CodeScheme.LETTERS else str(number)


def codes_by_scheme(concept: Concept) -> Codes:
    """The code that the place of each field, goal and measure demands, by model and id."""
    codes: Codes = {ActionField: {}, Goal: {}, Measure: {}}
    kinds = dict(ActionField.objects.filter(concept=concept).values_list("pk", "kind"))
    numbers = {kind: count(1) for kind in ActionField.Kind.values}

    def below(prefix: str, goals: list[GoalLines], measures: list[Line]) -> None:
        # Goals and measures of one parent are counted through, so no two have the same code.
        number = count(1)
        for goal in goals:
            code = codes[Goal][goal.line.pk] = f"{prefix}.{next(number)}"
            below(code, goal.subgoals, goal.measures)
        for measure in measures:
            codes[Measure][measure.pk] = f"{prefix}.{next(number)}"

    for field in read_outline(concept).fields:
        kind = kinds[field.line.pk]
        code = codes[ActionField][field.line.pk] = field_code(concept.code_scheme, kind, next(numbers[kind]))
        below(code, field.goals, field.measures)
    return codes
