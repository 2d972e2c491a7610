"""What comes next in somebody's committees, by meeting, and what of it is new to them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Q
from django.utils import timezone

from committees.models import (
    AgendaItem,
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    Meeting,
    Paper,
    ResolutionPoint,
    Section,
)
from committees.models.bodies import committees_of
from committees.printing.contexts import stage_role
from committees.results_in_words import result_of
from committees.stages import Stage, stages_of
from council.models import ReadMark
from council.paper_page import reading_time, words_in
from council.routes import read_short_routes
from council.states import changes, states_of
from municipalities.models import Municipality
from municipalities.reader_rows import RowsByReader
from municipalities.rows import RowsById

MOST_PAST = 3
"""Meetings that were: enough to look up what came of them."""
MOST_OPEN = 50


@dataclass
class Line:
    """An item of an agenda, or a stage that has none yet, with what the reader knows of its paper."""

    number: str
    title: str
    stage: Consultation | None = None
    supplementary: bool = False
    taken_off: bool = False
    public: bool = True
    role: str = ""
    result: str = ""
    earlier: list[Stage] = field(default_factory=list)
    news: str = ""
    """`unread`, `changed` or nothing."""
    changed: list[str] = field(default_factory=list)
    read_at: datetime.datetime | None = None
    time: str = ""

    @property
    def paper(self) -> Paper | None:
        return self.stage.paper if self.stage else None


@dataclass
class MeetingLines:
    meeting: Meeting
    mine: list[Committee]
    lines: list[Line]
    has_agenda: bool = False

    @property
    def number_of_news(self) -> int:
        return sum(bool(line.news) for line in self.lines)


@dataclass
class MyCommittees:
    seats: Sequence[CommitteeSeat]
    coming: list[MeetingLines]
    past: list[MeetingLines]
    open: list[Line]
    """Stages of one's committees that have no meeting yet."""

    @property
    def factions(self) -> list[Faction]:
        """Those of today (`council/models/preparing.py`), of rows in memory."""
        today = timezone.localdate()
        found = dict.fromkeys(seat.faction for seat in self.seats if seat.faction)
        return [one for one in found if one.span is None or (one.span.covers(today) and not one.span.planned)]


def _seats(user: Any, town: int) -> Any:
    seats = CommitteeSeat.objects.open().filter(person__user=user, committee__municipality=town)
    return seats.select_related("committee", "faction").order_by("committee__name")


def _meetings(user: Any, town: int) -> Any:
    """Those of the user's committees."""
    own = Meeting.committees.through.objects.filter(committee__in=committees_of(user))
    return Meeting.objects.filter(municipality=town, pk__in=own.values("meeting"))


def _coming(user: Any, town: int) -> Any:
    return _meetings(user, town).filter(date__gte=timezone.localdate()).order_by("date", "start", "pk")


def _past(user: Any, town: int) -> Any:
    over = _meetings(user, town).filter(date__lt=timezone.localdate(), cancelled=False)
    return over.order_by("-date", "-start", "-pk")[:MOST_PAST]


def _shown(user: Any, town: int) -> Q:
    """Of items and stages: those of the meetings that are shown."""
    return Q(meeting__in=_coming(user, town).values("pk")) | Q(meeting__in=_past(user, town).values("pk"))


def _items(user: Any, town: int) -> Any:
    return AgendaItem.objects.visible_to(user).filter(_shown(user, town)).order_by("position")


def _stages(user: Any, town: int) -> Any:
    """Those of the meetings, and those of the user's committees that wait for one."""
    own = committees_of(user).filter(committee__municipality=town)
    waiting = Consultation.objects.of_committees(own).filter(
        meeting=None, result="", outcome="", paper__state=Paper.State.RELEASED
    )
    here = _shown(user, town) | Q(pk__in=waiting.values("pk"))
    return Consultation.objects.visible_to(user).filter(here, left_out=False)


SEATS = RowsByReader(_seats)
COMING, PAST = RowsByReader(_coming), RowsByReader(_past)
ITEMS = RowsByReader(_items)
STAGES = RowsByReader(
    lambda user, town: (
        _stages(user, town).order_by("paper__number", "position").values_list("pk", "paper", "paper__number")
    )
)
INSIDE = RowsByReader(
    lambda user, papers: Paper.objects.open_to_insider(user, pk__in=[papers]).values_list("pk")
)
COMMITTEES = RowsById(
    lambda meetings: Meeting.committees.through.objects.filter(meeting__in=[meetings]).values_list(
        "meeting", "committee"
    )
)
PAPERS = RowsById(
    lambda papers: Paper.objects.filter(pk__in=[papers]).select_related("paper_type", "revision").order_by()
)
MARKS = RowsById(lambda user, papers: ReadMark.objects.filter(user=user, paper__in=[papers]).order_by())
TEXTS = RowsById(
    lambda papers: (
        Section.objects.filter(paper__in=[papers]).order_by().values_list("paper", "public", "body")
    )
)
POINTS = RowsById(
    lambda papers: (
        ResolutionPoint.objects.filter(paper__in=[papers])
        .order_by()
        .values_list("paper", "public", "text", "reasons")
    )
)


def my_committees(user: Any, municipality: Municipality) -> MyCommittees:
    """In a constant number of queries, however many meetings and papers there are."""
    town = municipality.pk
    seats = SEATS.models(user, town)
    if not seats:
        return MyCommittees([], [], [], [])
    own = {seat.committee_id: seat.committee for seat in seats}
    coming, past = COMING.models(user, town), PAST.models(user, town)
    meetings = [*coming, *past]
    sitting = set(COMMITTEES.rows([meeting.pk for meeting in meetings]))
    stages, insiders = _read_stages(user, municipality, MOST_OPEN + 50 * len(meetings))
    by_item = {stage.agenda_item_id: stage for stage in stages if stage.agenda_item_id}
    items: dict[int, list[AgendaItem]] = {}
    for item in ITEMS.models(user, town):
        items.setdefault(item.meeting_id, []).append(item)
    rows = {}
    for meeting in meetings:
        meeting.municipality = municipality
        agenda = items.get(meeting.pk, [])
        rows[meeting.pk] = MeetingLines(
            meeting,
            [committee for pk, committee in own.items() if (meeting.pk, pk) in sitting],
            _lines(agenda, by_item, [one for one in stages if one.meeting_id == meeting.pk]),
            has_agenda=bool(agenda),
        )
    waiting = [_line(stage) for stage in stages if stage.meeting_id is None]
    everything = [line for row in rows.values() for line in row.lines] + waiting
    _tell_news(everything, user, insiders)
    return MyCommittees(seats, [rows[one.pk] for one in coming], [rows[one.pk] for one in past], waiting)


def _read_stages(
    user: Any, municipality: Municipality, most: int
) -> tuple[list[Consultation], frozenset[int]]:
    """As they stand in the routes of their papers, without what the user may not know; and the ids of the
    papers that the user may read whole."""
    found = STAGES.rows(user, municipality.pk, most=most)
    papers = {paper.pk: paper for paper in PAPERS.models(list({row[1] for row in found}))}
    insiders = frozenset(pk for (pk,) in INSIDE.rows(user, list(papers)))
    for paper in papers.values():
        paper.municipality = municipality
    by_pk = {stage.pk: stage for stage in read_short_routes(list(papers.values()), insiders)}
    return [by_pk[row[0]] for row in found if row[0] in by_pk], insiders


def _lines(
    items: Iterable[AgendaItem], by_item: dict[int, Consultation], stages: list[Consultation]
) -> list[Line]:
    """The agenda; then what comes to the meeting and has no place on it yet."""
    lines = []
    for item in items:
        stage = by_item.get(item.pk)
        line = _line(stage) if stage else Line(item.number, item.title)
        line.number = item.number
        line.supplementary, line.taken_off, line.public = item.supplementary, item.taken_off, item.public
        lines.append(line)
    return lines + [_line(stage) for stage in stages if stage.agenda_item_id is None]


def _line(stage: Consultation) -> Line:
    paper = stage.paper
    earlier = [
        one
        for one in stages_of(paper.consultations.all())
        if one.consultation.position < stage.position and one.consultation.is_over
    ]
    return Line(
        number="",
        title=paper.subject,
        stage=stage,
        public=paper.public and stage.treatment != Consultation.Treatment.NON_PUBLIC,
        role=stage_role(stage),
        result=_result(stage),
        earlier=earlier,
    )


def _result(stage: Consultation) -> str:
    if not stage.is_over:
        return ""
    votes = stage.ballot.in_words if stage.ballot else ""
    return "; ".join(part for part in (result_of(stage), votes) if part)


def _tell_news(lines: Sequence[Line], user: Any, insiders: frozenset[int]) -> None:
    """Never read, or changed since. What merely moved the paper's counter is no news."""
    papers: dict[int, Paper] = {line.paper.pk: line.paper for line in lines if line.paper}
    marks = {mark.paper_id: mark for mark in MARKS.models(user.pk, list(papers))}
    touched = [
        pk
        for pk, paper in papers.items()
        if pk in marks and marks[pk].state.get("revision") != str(getattr(paper, "revision", "0"))
    ]
    changed: dict[int, list[str]] = {}
    if touched:
        # Rows of their own: a state tells of more than the stages that are in memory here.
        for pk, state in states_of(list(Paper.objects.filter(pk__in=touched)), user).items():
            changed[pk] = [one.sentence for one in changes(marks[pk].state, state)]
    times = reading_times(papers, insiders)
    for line in lines:
        if line.paper is None:
            continue
        pk = line.paper.pk
        line.time = times[pk]
        line.read_at = marks[pk].read_at if pk in marks else None
        line.changed = changed.get(pk, [])
        line.news = "unread" if pk not in marks else "changed" if line.changed else ""


def reading_times(papers: Iterable[int], insiders: frozenset[int]) -> dict[int, str]:
    """By paper. Of what the reader may read."""
    ids = list(papers)
    words = dict.fromkeys(ids, 0)
    for pk, public, *said in (*TEXTS.rows(ids), *POINTS.rows(ids)):
        if public or pk in insiders:
            words[pk] += words_in(*said)
    return {pk: reading_time(count) for pk, count in words.items()}
