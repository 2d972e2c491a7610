"""The timeline as a picture."""

import datetime
import re
from itertools import pairwise

import pytest

from fuzzydates.value import parse
from participation.models import Event, Phase
from participation.timeline import NARROW, WIDE, Timeline, draw, drawn_timeline

TODAY = datetime.date(2017, 5, 1)


def event(title: str, date: str | None, state: str = "held", planned: str | None = None) -> Event:
    return Event(
        title=title,
        date=parse(date) if date else None,
        state=state,
        planned_date=parse(planned) if planned else None,
    )


def timeline(*events: Event, span: str = "2017", today: datetime.date = TODAY) -> Timeline:
    found = drawn_timeline([(Phase(title="Arbeit", span=parse(span)), events)], today)
    assert found is not None
    return found


def kinds(found: Timeline) -> list[str]:
    return [shape.kind for shape in found.wide.shapes]


def test_planned_held_and_cancelled_are_told_apart_by_their_shape() -> None:
    found = timeline(
        event("a", "Mai 2017"), event("b", "Juni 2017", "planned"), event("c", "2017", "cancelled")
    )
    assert kinds(found) == ["phase", "held", "planned", "cancelled"]
    assert kinds(timeline(span="2017 (geplant)")) == ["phase-planned"]


def test_what_came_on_another_day_shows_the_plan_beside_it_and_the_way() -> None:
    found = timeline(event("Konferenz", "30.06.2017", planned="15.05.2017"))
    assert kinds(found) == ["phase", "moved", "held"]
    _phase, moved, held = found.wide.shapes
    assert float(moved.x) < float(held.x)
    assert moved.y == held.y
    assert len(found.wide.ways) == 1


def test_a_fuzzy_date_is_as_long_as_it_may_last() -> None:
    found = timeline(
        event("Tag", "15.05.2017"), event("Monate", "Aug./Sept. 2017"), event("Anfang", "Anfang 2017")
    )
    _phase, one_day, months, part = found.wide.shapes
    assert one_day.is_day
    assert not months.is_day
    assert float(part.width) == pytest.approx(2 * float(months.width), rel=0.05)


def test_what_has_no_end_goes_on_to_the_edge() -> None:
    found = timeline(event("Beginn", "ab 01.12.2017"), span="ab 01.06.2017")
    phase, beginning = found.wide.shapes
    assert phase.is_endless
    assert phase.right == phase.edge
    assert beginning.is_endless
    assert beginning.is_day
    assert found.last >= datetime.date(2017, 12, 31)


def test_what_has_no_date_is_named_and_not_drawn() -> None:
    found = timeline(event("Ohne", None))
    assert found.undated == ["Ohne"]
    assert kinds(found) == ["phase"]
    assert drawn_timeline([(None, [event("Ohne", None)])], TODAY) is None
    assert drawn_timeline([], TODAY) is None


@pytest.mark.parametrize(
    ("today", "shown"),
    [("2017-05-01", True), ("2018-02-01", True), ("2026-01-01", False), ("2000-01-01", False)],
)
def test_today_is_marked_where_it_is_near(today: str, shown: bool) -> None:
    found = timeline(today=datetime.date.fromisoformat(today))
    assert found.shows_today == shown
    assert bool(found.wide.today) == shown


@pytest.mark.parametrize("width", [WIDE, NARROW])
@pytest.mark.parametrize("date", ["01.01.2017", "31.12.2017", "Mitte 2017", "ab 31.12.2017"])
def test_nothing_sticks_out_of_the_picture(width: int, date: str) -> None:
    title = "Informationsveranstaltung für die Mitglieder des Integrationsrates und der Vereine " * 2
    picture = draw(timeline(event(title.strip(), date)), width)
    for shape in picture.shapes:
        assert 0 <= float(shape.x) <= float(shape.right) <= width
        assert float(shape.bottom) <= picture.height
    for word in picture.words:
        assert 0 <= float(word.x) <= width
        assert float(word.y) <= picture.height
        room = len(word.text) * 7
        if word.anchor == "start":
            assert float(word.x) + room <= width + 10, word
        else:
            assert float(word.x) - room >= -10, word
    assert " ".join(word.text for word in picture.words).count("Integrationsrates") == 2


def test_words_of_the_axis_do_not_overlap() -> None:
    for span in ("Mai 2017", "2017", "2014–2017", "1990–2020", "1800–2100"):
        ticks = [tick for tick in timeline(span=span).narrow.ticks if tick.label]
        assert ticks, span
        for before, after in pairwise(ticks):
            assert float(after.x) - float(before.x) >= len(before.label) * 7, span


def test_numbers_are_written_for_the_browser_and_not_in_german() -> None:
    picture = timeline(event("Tag", "15.05.2017")).wide
    for shape in picture.shapes:
        assert re.fullmatch(r"-?\d+\.\d", shape.x)
