"""The figures of an indicator as a table and, in numbers, as a chart."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal

from django.utils.translation import gettext as _

from concepts.models import Indicator
from concepts.models.indicators import IndicatorFigure
from concepts.tree import IndicatorNode
from documents.charts import german_number
from documents.charts import with_unit as number_with_unit
from fuzzydates.value import FuzzyDate

NOTHING = "–"


def euros(amount: Decimal) -> str:
    """„12.500 Euro“; with cents only where there are some."""
    return f"{german_number(amount, 0 if amount == amount.to_integral_value() else 2)} Euro"


@dataclass(frozen=True)
class FigureTable:
    """`heads` without the first column; each row is a period and its cells."""

    heads: list[str]
    rows: list[tuple[str, list[str]]]
    numeric: bool


def unit_of(indicator: Indicator) -> str:
    return indicator.unit if indicator.quantitative else ""


def figure_table(node: IndicatorNode) -> FigureTable:
    """One column per group of people, and one per group's target where there is one."""
    columns: list[tuple[str, dict[FuzzyDate, str]]] = []
    groups = _groups(node.values)
    for group in groups:
        name = group or (
            _("insgesamt") if len(groups) > 1 else _("Wert") if numeric(node) else _("Beobachtung")
        )
        columns.append((name, _cells(node.values, group)))
    columns += [
        (_("Ziel „%s“") % group if group else _("Ziel"), _cells(node.targets, group))
        for group in _groups(node.targets)
    ]
    periods = sorted({period for _name, cells in columns for period in cells})
    rows = [(str(period), [cells.get(period, NOTHING) for _name, cells in columns]) for period in periods]
    return FigureTable([name for name, _cells in columns], rows, numeric(node))


def numeric(node: IndicatorNode) -> bool:
    return node.indicator.quantitative


def latest(node: IndicatorNode) -> str:
    """The newest value of everybody, with its period: „54,1 % (2020)“."""
    own = [value for value in node.values if not value.group]
    if not own:
        return ""
    newest = max(own, key=lambda value: value.period)
    return f"{with_unit(node.indicator, newest)} ({newest.period})"


def aim(node: IndicatorNode) -> str:
    """The last target of everybody: „60 % (2025)“."""
    own = [target for target in node.targets if not target.group]
    if not own:
        return ""
    last = max(own, key=lambda target: target.period)
    return f"{with_unit(node.indicator, last)} ({last.period})"


def with_unit(indicator: Indicator, figure: IndicatorFigure) -> str:
    if figure.value is None:
        return figure.text
    return number_with_unit(german_number(figure.value), unit_of(indicator))


def _groups(figures: Sequence[IndicatorFigure]) -> list[str]:
    """Everybody ("") first, then the groups by name."""
    return sorted({figure.group for figure in figures})


def _cells(figures: Sequence[IndicatorFigure], group: str) -> dict[FuzzyDate, str]:
    return {figure.period: _cell(figure) for figure in figures if figure.group == group}


def _cell(figure: IndicatorFigure) -> str:
    number = german_number(figure.value) if figure.value is not None else ""
    return ": ".join(part for part in (number, figure.text) if part)
