"""The chart of an indicator: its values by period, its groups beside it, its targets as marks."""

from __future__ import annotations

from collections.abc import Sequence

from django.utils.translation import gettext as _

from concepts.models import Indicator
from concepts.models.indicators import IndicatorFigure
from concepts.tree import IndicatorNode
from documents.charts import Chart, ChartSeries, ChartTarget, Point, chart_svg


def chart_of(node: IndicatorNode) -> Chart | None:
    """None where there is nothing to draw: observations in words, or no figures yet."""
    row = node.indicator
    values = [value for value in node.values if value.value is not None]
    if not row.quantitative or not values:
        return None
    groups = sorted({value.group for value in values})
    return Chart(
        title=row.title,
        unit=row.unit,
        series=[ChartSeries(group or _everybody(groups), _points(values, group)) for group in groups],
        targets=[
            ChartTarget(
                str(target.period), target.value, _("Ziel „%s“") % target.group if target.group else ""
            )
            for target in sorted(node.targets, key=lambda target: target.period)
            if target.value is not None
        ],
        # What was done is counted year by year; what it changed has a course.
        bars=row.level == Indicator.Level.OUTPUT and len(groups) == 1,
    )


def _everybody(groups: list[str]) -> str:
    return str(_("insgesamt") if len(groups) > 1 else _("Wert"))


def _points(values: Sequence[IndicatorFigure], group: str) -> list[Point]:
    own = sorted((value for value in values if value.group == group), key=lambda value: value.period)
    return [(str(value.period), value.value) for value in own]


def drawn(node: IndicatorNode) -> str:
    """The picture as SVG, empty where there is none."""
    chart = chart_of(node)
    if chart is None:
        return ""
    # Two indicators may have the same figures; their pictures still need ids of their own.
    return chart_svg(chart).replace(chart.key, f"chart-{node.indicator.pk}")
