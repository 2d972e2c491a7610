"""Charts of indicators as inline SVG: the same picture on the page and in the PDF.

Pure functions from plain data. No information by colour alone: comparison series are dashed, have marks
of their own and are named at their end; targets are diamonds with a word beside them. Presentation
attributes only, so it draws under a strict Content-Security-Policy. Few words: in a PDF each text of an
SVG is costly, and a reader of the picture has the table beside it.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, ROUND_FLOOR, Decimal
from hashlib import sha256
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

WIDTH, HEIGHT = 640, 236
TOP, BOTTOM, LEFT, RIGHT = 26, 206, 10, 486
LABEL_X = RIGHT + 14
LABEL_GAP = 15
PAIR_GAP = 36  # a value and, below it, its label
LONGEST_LABEL = 24
LETTER = 6  # about as wide as one is on average
BAR_SHARE = Decimal("0.46")
DASHES = ("6 4", "2 3", "9 3 2 3")
STEPS = (Decimal(1), Decimal(2), Decimal("2.5"), Decimal(5), Decimal(10))

Point = tuple[str, Decimal | None]


@dataclass(frozen=True)
class ChartSeries:
    """Values by period ("2019"); None where there is no value: the line has a gap there."""

    label: str
    points: Sequence[Point]


@dataclass(frozen=True)
class ChartTarget:
    period: str
    value: Decimal
    label: str = ""


@dataclass(frozen=True)
class Chart:
    """The first series is the indicator itself, further ones are groups it is compared with."""

    title: str
    unit: str
    series: Sequence[ChartSeries]
    targets: Sequence[ChartTarget] = ()
    bars: bool = False

    @property
    def periods(self) -> list[str]:
        found = [period for series in self.series for period, _value in series.points]
        found += [target.period for target in self.targets]
        unique = list(dict.fromkeys(found))
        return sorted(unique) if _are_years(unique) else unique

    @property
    def values(self) -> list[Decimal]:
        found = [value for series in self.series for _period, value in series.points if value is not None]
        return found + [target.value for target in self.targets]

    @property
    def key(self) -> str:
        """Tells this chart's ids from those of any other chart on the page, the same on each rendering."""
        return "chart-" + sha256(repr(self).encode()).hexdigest()[:10]


def german_number(value: Decimal, places: int | None = None) -> str:
    """1234.50 becomes 1.234,5; a minus sign is a real one."""
    if places is None:
        places = _places([value])
    text = f"{value:,.{places}f}".translate(str.maketrans(",.", ".,"))
    return text.replace("-", "−")


def _places(values: Sequence[Decimal]) -> int:
    """The decimal places that all these numbers need, no more than two."""
    exponents = [int(value.normalize().as_tuple().exponent) for value in values]
    return min(2, max([0, *(-exponent for exponent in exponents)]))


def with_unit(number: str, unit: str) -> str:
    return f"{number}\u00a0{unit}" if unit else number


def _are_years(periods: Sequence[str]) -> bool:
    return all(period.isascii() and period.isdigit() and len(period) == 4 for period in periods)


class _Scale:
    """From values and periods to places on the picture, as text: templates must not localise them."""

    def __init__(self, chart: Chart) -> None:
        self.chart = chart
        self.periods = chart.periods
        low, high = min(chart.values), max(chart.values)
        # A line may begin above zero where that shows its course; a bar's length is its value.
        if chart.bars or low * 2 < high or low == high:
            low = min(low, Decimal(0))
        high = max(high, Decimal(0)) if low <= 0 else high
        self.step = _nice_step((high - low or Decimal(1)) / 3, whole=_places(chart.values) == 0)
        self.low = (low / self.step).to_integral_value(ROUND_FLOOR) * self.step
        self.high = (high / self.step).to_integral_value(ROUND_CEILING) * self.step
        if self.high == self.low:
            self.high += self.step

    def y(self, value: Decimal) -> Decimal:
        return BOTTOM - (value - self.low) / (self.high - self.low) * (BOTTOM - TOP)

    def x(self, period: str) -> Decimal:
        inset = Decimal(58)
        room = RIGHT - LEFT - inset - (28 if self.chart.bars else 8)
        if len(self.periods) == 1:
            return LEFT + inset + room / 2
        if _are_years(self.periods):
            first, last = int(self.periods[0]), int(self.periods[-1])
            share = Decimal(int(period) - first) / (last - first)
        else:
            share = Decimal(self.periods.index(period)) / (len(self.periods) - 1)
        return LEFT + inset + share * room

    def slot(self) -> Decimal:
        places = sorted(self.x(period) for period in self.periods)
        gaps = [after - before for before, after in pairwise(places)]
        return min([*gaps, Decimal(90)])

    def ticks(self) -> list[Decimal]:
        count = int((self.high - self.low) / self.step)
        return [self.low + self.step * number for number in range(count + 1)]


def _nice_step(least: Decimal, *, whole: bool) -> Decimal:
    """A round distance of the axis' numbers; a count of sessions has no halves."""
    size = Decimal(10) ** least.adjusted()
    steps = (size * step for step in STEPS)
    return next(step for step in steps if step >= least and (not whole or step == step.to_integral_value()))


def _place(value: Decimal | int) -> str:
    return f"{Decimal(value):.1f}"


def _runs(series: ChartSeries, scale: _Scale) -> list[list[tuple[Decimal, Decimal]]]:
    """The places of a series, cut where a value is missing."""
    runs: list[list[tuple[Decimal, Decimal]]] = [[]]
    for period, value in sorted(series.points, key=lambda point: scale.periods.index(point[0])):
        if value is None:
            runs.append([])
        else:
            runs[-1].append((scale.x(period), scale.y(value)))
    return [run for run in runs if run]


def _last_value(series: ChartSeries) -> Point:
    return next((point for point in reversed(series.points) if point[1] is not None), ("", None))


def _shortened(label: str) -> str:
    return label if len(label) <= LONGEST_LABEL else label[: LONGEST_LABEL - 1].rstrip() + "…"


def _spread(labels: list[dict[str, object]]) -> None:
    """Moves labels at the right edge apart, downwards, then the whole pile up if it left the picture."""
    labels.sort(key=lambda label: label["at"])  # type: ignore[arg-type,return-value]
    places: list[Decimal] = []
    for label in labels:
        at = Decimal(str(label["at"]))
        places.append(max(at, places[-1] + PAIR_GAP) if places else at)
    overflow = max(Decimal(0), places[-1] - (BOTTOM - LABEL_GAP)) if places else Decimal(0)
    for label, place in zip(labels, places, strict=True):
        label["y"], label["y2"] = _place(place - overflow), _place(place - overflow + LABEL_GAP)
        label["leader_y"] = _place(place - overflow - 4)


def _drawn_series(chart: Chart, scale: _Scale, places: int) -> list[dict[str, object]]:
    drawn = []
    for number, series in enumerate(chart.series):
        runs = _runs(series, scale)
        if not runs:
            continue
        _period, value = _last_value(series)
        last_x, last_y = runs[-1][-1]
        drawn.append({
            "main": number == 0,
            "bars": number == 0 and chart.bars,
            "dash": DASHES[(number - 1) % len(DASHES)],
            "lines": [" ".join(f"{_place(x)},{_place(y)}" for x, y in run) for run in runs if len(run) > 1],
            "points": [{"x": _place(x), "y": _place(y)} for run in runs for x, y in run],
            "rectangles": _bars(runs, scale) if number == 0 and chart.bars else [],
            "label": _shortened(series.label),
            "value": with_unit(german_number(value or Decimal(0), places), chart.unit),
            "at": last_y,
            "end": f"{_place(last_x)} {_place(last_y)}" if last_x < RIGHT - 30 and not chart.bars else "",
        })  # fmt: skip
    return drawn


def _bars(runs: list[list[tuple[Decimal, Decimal]]], scale: _Scale) -> list[dict[str, str]]:
    width = min(scale.slot() * BAR_SHARE, Decimal(44))
    base = scale.y(max(scale.low, Decimal(0)))
    return [
        {
            "x": _place(x - width / 2),
            "y": _place(min(y, base)),
            "width": _place(width),
            "height": _place(abs(base - y)),
        }
        for run in runs
        for x, y in run
    ]


def _drawn_targets(chart: Chart, scale: _Scale, places: int) -> list[dict[str, str]]:
    drawn: list[dict[str, str]] = []
    for target in chart.targets:
        x, y = scale.x(target.period), scale.y(target.value)
        number = with_unit(german_number(target.value, places), chart.unit)
        label = f"{target.label or _('Ziel')} {number}"
        at_the_edge = x > RIGHT - 70 or _meets_another(target, label, chart, scale)
        if drawn and drawn[-1]["label"] == label:
            drawn[-1]["label"] = ""  # one word for the same target of neighbouring years
        drawn.append({
            "diamond": " ".join(
                f"{_place(x + dx)},{_place(y + dy)}" for dx, dy in ((0, -6), (6, 0), (0, 6), (-6, 0))
            ),
            "x": _place(x + 5 if at_the_edge else x),
            "y": _place(y - 11),
            "anchor": "end" if at_the_edge else "middle",
            "label": label,
        })  # fmt: skip
    return drawn


def _meets_another(target: ChartTarget, label: str, chart: Chart, scale: _Scale) -> bool:
    """Whether the words above the target, put in the middle, would lie on a later target's diamond."""
    x, y, half = scale.x(target.period), scale.y(target.value) - 15, LETTER * len(label) / 2 + 8
    others = ((scale.x(other.period) - x, scale.y(other.value) - y) for other in chart.targets)
    return any(0 < right < half and abs(down) < 14 for right, down in others)


def _axis_labels(scale: _Scale) -> list[dict[str, str]]:
    """As many periods as there is room for, the first and the last among them."""
    widest = max(62, *(LETTER * len(period) + 14 for period in scale.periods))
    room = max(1, -(-len(scale.periods) * widest // (RIGHT - LEFT - 60)))
    count = len(scale.periods)
    shown = {0, count - 1} | set(range(0, count - room, room))
    labels = []
    for number in sorted(shown):
        text, x = scale.periods[number], scale.x(scale.periods[number])
        at_the_edge = len(text) > 6 and x > RIGHT - 30
        labels.append({
            "x": _place(RIGHT if at_the_edge else x),
            "anchor": "end" if at_the_edge else "middle",
            "text": text,
        })  # fmt: skip
    return labels


def summary(chart: Chart) -> str:
    """The picture in one sentence: its alternative text."""
    kind = _("Balkendiagramm") if chart.bars else _("Liniendiagramm")
    parts = [f"{kind}: {chart.title}"]
    if chart.series and chart.values:
        first = next((point for point in chart.series[0].points if point[1] is not None), ("", None))
        last = _last_value(chart.series[0])
        if first[1] is not None and last[1] is not None:
            places = _places(chart.values)
            begin = with_unit(german_number(first[1], places), chart.unit)
            end = with_unit(german_number(last[1], places), chart.unit)
            course = f"{first[0]}: {begin}, {last[0]}: {end}" if first != last else f"{last[0]}: {end}"
            parts.append(course)
        for target in chart.targets:
            number = with_unit(german_number(target.value, places=_places(chart.values)), chart.unit)
            parts.append(f"{target.label or _('Ziel')} {target.period}: {number}")
    return "; ".join(parts) + "."


def chart_svg(chart: Chart) -> SafeString:
    """The picture; empty if there is nothing to draw."""
    if not chart.values:
        return SafeString()
    scale = _Scale(chart)
    places = _places(chart.values)
    tick_places = _places(scale.ticks())
    series = _drawn_series(chart, scale, places)
    _spread(series)
    # Lines are drawn over bars, and the main line over the others.
    series.sort(key=lambda drawn: bool(drawn["main"]) is not chart.bars)
    context = {
        "key": chart.key,
        "width": str(WIDTH),
        "height": str(HEIGHT),
        "summary": summary(chart),
        "description": description(chart),
        "ticks": [
            {
                "y": _place(scale.y(tick)),
                "text_y": _place(scale.y(tick) - 4),
                "text": with_unit(german_number(tick, tick_places), chart.unit if tick == scale.high else ""),
                "zero": tick == 0 or tick == scale.low,
            }
            for tick in scale.ticks()
        ],
        "left": str(LEFT),
        "right": str(RIGHT),
        "axis_y": str(BOTTOM + 18),
        "axis": _axis_labels(scale),
        "series": series,
        "targets": _drawn_targets(chart, scale, places),
        "label_x": str(LABEL_X),
        "leader_x": str(LABEL_X - 4),
    }
    return render_to_string("documents/charts/chart.svg", context)


def description(chart: Chart) -> str:
    """All values in words, for those who cannot see the picture."""
    places = _places(chart.values)
    rows = []
    for series in chart.series:
        values = [
            f"{period} {with_unit(german_number(value, places), chart.unit)}"
            for period, value in series.points
            if value is not None
        ]
        rows.append(f"{series.label}: {', '.join(values)}.")
    return " ".join(rows)


def chart_table(chart: Chart) -> SafeString:
    """The numbers behind the picture: a row for each period, a column for each series and the target."""
    places = _places(chart.values)
    targets = {target.period: german_number(target.value, places) for target in chart.targets}
    values = [
        {period: german_number(value, places) for period, value in series.points if value is not None}
        for series in chart.series
    ]
    rows = []
    for period in chart.periods:
        cells = [column.get(period, "–") for column in values]
        rows.append({"period": period, "cells": cells + ([targets.get(period, "–")] if targets else [])})
    context = {
        "chart": chart,
        "heads": [series.label for series in chart.series] + ([_("Ziel")] if targets else []),
        "rows": rows,
    }
    return render_to_string("documents/charts/table.html", context)
