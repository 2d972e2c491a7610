"""The phases and events of a process as a picture: planned beside held, a span as long as it may last.

Pure functions from plain data to lines and words on a canvas. Drawn once wide and once narrow, so that its
letters keep their size on a telephone. No information by colour alone: held is filled, planned is dashed
and hollow, cancelled is crossed out, and what is not a single day is a bar. The list beside it says the same
in words.
"""

from __future__ import annotations

import datetime
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from fuzzydates.value import SHORT_MONTHS, FuzzyDate, Precision
from participation.models import Event, Phase

WIDE, NARROW = 1040, 340
LETTER = 7.4  # how wide one of 14 px is, on the average
LINE = 17
EDGE = 10
AXIS = 30
PHASE_HEIGHT, EVENT_HEIGHT, ROW_GAP = 14, 10, 12
LABEL_GAP = 8
DAY_MARK = 5  # half the width of a mark for a single day
LEAST_TICK = 52
DAY = datetime.timedelta(days=1)
PHASE, PLANNED_PHASE, MOVED = "phase", "phase-planned", "moved"


@dataclass(frozen=True)
class Shape:
    """A mark: `kind` is phase, phase-planned, moved or an event's state; `x` to `right`, its middle `y`.

    `edge` is where a thing without an end leaves the picture.
    """

    kind: str
    x: str
    y: str
    width: str
    right: str
    middle: str
    top: str
    bottom: str
    height: str
    half: str
    is_day: bool
    is_endless: bool
    edge: str


@dataclass(frozen=True)
class Word:
    text: str
    x: str
    y: str
    anchor: str = "start"
    strong: bool = False


@dataclass(frozen=True)
class Tick:
    x: str
    label: str
    strong: bool


@dataclass
class Picture:
    """Numbers as text: a template would write them in German."""

    width: int
    height: int = 0
    ticks: list[Tick] = field(default_factory=list)
    shapes: list[Shape] = field(default_factory=list)
    ways: list[tuple[str, str, str]] = field(default_factory=list)
    words: list[Word] = field(default_factory=list)
    today: str = ""
    today_anchor: str = "start"
    today_label_x: str = ""
    axis_y: str = str(AXIS)


@dataclass(frozen=True)
class Row:
    """One line of the picture: a phase, or an event with when it was first planned."""

    label: str
    kind: str
    date: FuzzyDate
    planned: FuzzyDate | None = None

    @property
    def is_phase(self) -> bool:
        return self.kind in (PHASE, PLANNED_PHASE)

    @property
    def is_endless(self) -> bool:
        return self.date.precision is Precision.FROM_DAY


@dataclass(frozen=True)
class Timeline:
    """`undated` are titles of events that have no date and so no place in the picture."""

    rows: Sequence[Row]
    undated: Sequence[str]
    first: datetime.date
    last: datetime.date
    today: datetime.date

    @property
    def shows_today(self) -> bool:
        return self.first <= self.today <= self.last

    @property
    def span_in_words(self) -> str:
        first, last = (f"{SHORT_MONTHS[day.month - 1]} {day.year}" for day in (self.first, self.last))
        return first if first == last else f"{first} – {last}"

    @property
    def wide(self) -> Picture:
        return draw(self, WIDE)

    @property
    def narrow(self) -> Picture:
        return draw(self, NARROW)


def drawn_timeline(
    parts: Sequence[tuple[Phase | None, Sequence[Event]]], today: datetime.date
) -> Timeline | None:
    """Phases with their events, in the order of the list beside it; None where nothing has a date."""
    rows: list[Row] = []
    undated: list[str] = []
    for phase, events in parts:
        if phase is not None:
            rows.append(Row(phase.title, PLANNED_PHASE if phase.span.planned else PHASE, phase.span))
        for event in events:
            if event.date is None:
                undated.append(event.title)
            else:
                rows.append(Row(event.title, event.state, event.date, event.planned_date))
    if not rows:
        return None
    dates = [date for row in rows for date in (row.date, row.planned) if date is not None]
    first, last = min(date.first for date in dates), max(date.last for date in dates)
    room = max((last - first) / 8, 30 * DAY)  # what has no end needs some to go on
    last = max([last, *(date.first + room for date in dates if date.precision is Precision.FROM_DAY)])
    if first - 90 * DAY <= today <= last + 90 * DAY:
        first, last = min(first, today), max(last, today)
    first = first.replace(day=1)
    last = (last.replace(day=1) + 32 * DAY).replace(day=1) - DAY
    return Timeline(rows, undated, first, last, today)


def number(value: float) -> str:
    return f"{value:.1f}"


class _Scale:
    def __init__(self, timeline: Timeline, width: int) -> None:
        self.first, self.days = timeline.first, (timeline.last - timeline.first).days + 1
        self.width = width

    def x(self, day: datetime.date) -> float:
        share = min(max((day - self.first).days / self.days, 0), 1)
        return EDGE + share * (self.width - 2 * EDGE)


def draw(timeline: Timeline, width: int) -> Picture:
    """The picture in a width of so many pixels; its height follows from the rows."""
    picture, scale = Picture(width), _Scale(timeline, width)
    picture.ticks = _ticks(timeline, scale)
    y = float(AXIS + ROW_GAP)
    for row in timeline.rows:
        y = _draw_row(picture, scale, row, y)
    picture.height = round(y + 4)
    if timeline.shows_today:
        x = scale.x(timeline.today)
        picture.today = number(x)
        ends_outside = x + 50 > width
        picture.today_anchor = "end" if ends_outside else "start"
        picture.today_label_x = number(x - 4 if ends_outside else x + 4)
    return picture


def _draw_row(picture: Picture, scale: _Scale, row: Row, y: float) -> float:
    """Draws one row with its words and answers where the next begins."""
    height = PHASE_HEIGHT if row.is_phase else EVENT_HEIGHT
    left, right = _extent(scale, row.date, is_phase=row.is_phase)
    planned_left, planned_right = left, right
    if row.planned is not None:
        planned_left, planned_right = _extent(scale, row.planned)
    left_of_all, right_of_all = min(left, planned_left), max(right, planned_right)
    strong = row.is_phase
    beside = not strong and not row.is_endless  # else the words stand above
    room = len(row.label) * LETTER * (1.06 if strong else 1)
    if right_of_all + LABEL_GAP + room <= picture.width and beside:
        middle = y + LINE / 2
        words = [Word(row.label, number(right_of_all + LABEL_GAP), number(middle + 5))]
    elif left_of_all - LABEL_GAP - room >= 0 and beside:
        middle = y + LINE / 2
        words = [Word(row.label, number(left_of_all - LABEL_GAP), number(middle + 5), "end")]
    else:
        letters = int((picture.width - 2 * EDGE) / (LETTER * (1.06 if strong else 1)))
        lines = textwrap.wrap(row.label, letters)
        longest = max(len(line) for line in lines) * LETTER * (1.06 if strong else 1)
        x = max(EDGE, min(left_of_all, picture.width - EDGE - longest))
        words = [
            Word(line, number(x), number(y + LINE * place + 13), strong=strong)
            for place, line in enumerate(lines)
        ]
        middle = y + LINE * len(lines) + height / 2 + 2
    picture.words += words
    if row.planned is not None:
        picture.shapes.append(_shape(MOVED, row.planned, scale, middle, height))
        if planned_right < left or right < planned_left:
            way = (planned_right, left) if planned_right < left else (right, planned_left)
            picture.ways.append((number(way[0]), number(way[1]), number(middle)))
    picture.shapes.append(_shape(row.kind, row.date, scale, middle, height))
    return max(middle + height / 2, y + LINE) + ROW_GAP


def _extent(scale: _Scale, date: FuzzyDate, *, is_phase: bool = False) -> tuple[float, float]:
    """From where to where a date lies; a single day, or an event's first, is as wide as its mark."""
    endless = date.precision is Precision.FROM_DAY
    if endless and is_phase:
        return scale.x(date.first), float(scale.width - EDGE)
    left, right = scale.x(date.first), scale.x(date.last + DAY)
    if endless or date.precision is Precision.DAY or right - left < 2 * DAY_MARK:
        middle = (left + right) / 2
        return middle - DAY_MARK, middle + DAY_MARK
    return left, right


def _shape(kind: str, date: FuzzyDate, scale: _Scale, middle: float, height: int) -> Shape:
    is_phase = kind in (PHASE, PLANNED_PHASE)
    left, right = _extent(scale, date, is_phase=is_phase)
    is_endless = date.precision is Precision.FROM_DAY
    return Shape(
        kind=kind,
        x=number(left),
        y=number(middle),
        width=number(right - left),
        right=number(right),
        middle=number((left + right) / 2),
        top=number(middle - height / 2),
        bottom=number(middle + height / 2),
        height=number(height),
        half=number(height / 2),
        is_day=not is_phase and (is_endless or date.precision is Precision.DAY),
        is_endless=is_endless,
        edge=number(scale.width - EDGE),
    )


def _ticks(timeline: Timeline, scale: _Scale) -> list[Tick]:
    """Months, quarters, half-years or years: as many as there is room for."""
    months = (timeline.last.year - timeline.first.year) * 12 + timeline.last.month - timeline.first.month + 1
    room = scale.width - 2 * EDGE
    step = next((step for step in (1, 3, 6, 12, 24, 60) if room / (months / step) >= LEAST_TICK), 120)
    ticks: list[Tick] = []
    month = timeline.first.year * 12 + timeline.first.month - 1
    month += -month % step
    for place in range(month, month + months + 1, step):
        day = datetime.date(place // 12, place % 12 + 1, 1)
        if timeline.first <= day <= timeline.last:
            is_year = day.month == 1 or step >= 12
            named = is_year or not ticks
            label = str(day.year) if step >= 12 else SHORT_MONTHS[day.month - 1]
            if named and step < 12:
                label = f"{SHORT_MONTHS[day.month - 1]} {day.year}"
            ticks.append(Tick(number(scale.x(day)), label, is_year))
    return _without_overlap(ticks)


def _without_overlap(ticks: list[Tick]) -> list[Tick]:
    """The label of a tick that stands too close to the one before is left out."""
    kept = ticks[:1]
    for before, tick in pairwise(ticks):
        close = float(tick.x) - float(before.x) < len(before.label) * LETTER
        kept.append(Tick(tick.x, "", tick.strong) if close else tick)
    return kept
