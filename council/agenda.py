"""What comes next in somebody's committees, by meeting, and what of it is new to them."""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Count, Prefetch, Q
from django.utils import timezone

from committees.getters import join_readable_results, read_routes
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
from council.permissions import insider_papers
from council.states import changes, states_of
from municipalities.models import Municipality

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
        return list(dict.fromkeys(seat.faction for seat in self.seats if seat.faction))


def my_committees(user: Any, municipality: Municipality) -> MyCommittees:
    """In a constant number of queries, however many meetings and papers there are."""
    seats = list(
        CommitteeSeat.objects.open()
        .filter(person__user=user, committee__municipality=municipality)
        .select_related("committee", "faction")
        .order_by("committee__name")
    )
    own = {seat.committee_id for seat in seats}
    coming, past = _meetings(municipality, own)
    stages = _stages(user, municipality, [*coming, *past])
    by_item = {stage.agenda_item_id: stage for stage in stages if stage.agenda_item_id}
    items: dict[int, list[AgendaItem]] = {}
    for item in AgendaItem.objects.visible_to(user).filter(meeting__in=[*coming, *past]).order_by("position"):
        items.setdefault(item.meeting_id, []).append(item)
    rows = {
        meeting.pk: MeetingLines(
            meeting,
            [committee for committee in meeting.committees.all() if committee.pk in own],
            _lines(
                items.get(meeting.pk, ()), by_item, [one for one in stages if one.meeting_id == meeting.pk]
            ),
        )
        for meeting in (*coming, *past)
    }
    waiting = [_line(stage) for stage in stages if stage.meeting_id is None]
    everything = [line for row in rows.values() for line in row.lines] + waiting
    _tell_news(everything, user)
    return MyCommittees(seats, [rows[one.pk] for one in coming], [rows[one.pk] for one in past], waiting)


def _meetings(municipality: Municipality, own: set[int]) -> tuple[list[Meeting], list[Meeting]]:
    today = timezone.localdate()
    meetings = (
        Meeting.objects.filter(municipality=municipality, committees__in=own)
        .distinct()
        .annotate(points=Count("agenda", distinct=True))
        .prefetch_related("committees")
    )
    coming = list(meetings.filter(date__gte=today).order_by("date", "start", "pk"))
    past = list(
        meetings.filter(date__lt=today, cancelled=False).order_by("-date", "-start", "pk")[:MOST_PAST]
    )
    for meeting in (*coming, *past):
        meeting.municipality = municipality
    return coming, past


def _stages(user: Any, municipality: Municipality, meetings: Sequence[Meeting]) -> list[Consultation]:
    """Those of the meetings, and those of the user's committees that wait for one."""
    own = committees_of(user)
    in_own = Q(committee__in=own) | Q(joint_committees__in=own)
    waiting = in_own & Q(meeting=None, result="", outcome="", paper__state=Paper.State.RELEASED)
    found = Consultation.objects.visible_to(user).filter(
        Q(meeting__in=meetings) | waiting, paper__municipality=municipality, left_out=False
    )
    papers = Paper.objects.select_related("paper_type", "revision", "municipality")
    stages = list(
        found.distinct()
        .select_related("committee", "agenda_item", "meeting")
        .prefetch_related("joint_committees", Prefetch("paper", papers))
        .order_by("paper__number", "position")[: MOST_OPEN + 50 * len(meetings)]
    )
    read_routes(user, list({stage.paper_id: stage.paper for stage in stages}.values()))
    join_readable_results(user, stages)
    return stages


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
    for one in earlier:
        one.consultation.paper = paper
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


def _tell_news(lines: Sequence[Line], user: Any) -> None:
    """Never read, or changed since. What merely moved the paper's counter is no news."""
    papers: dict[int, Paper] = {line.paper.pk: line.paper for line in lines if line.paper}
    marks = {mark.paper_id: mark for mark in ReadMark.objects.filter(user=user, paper__in=papers)}
    touched = [
        paper
        for pk, paper in papers.items()
        if pk in marks and marks[pk].state.get("revision") != str(getattr(paper, "revision", "0"))
    ]
    changed: dict[int, list[str]] = {}
    if touched:
        for pk, state in states_of(touched, user).items():
            changed[pk] = [one.sentence for one in changes(marks[pk].state, state)]
    times = reading_times(papers, insider_papers(user, papers))
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
    texts = Section.objects.filter(paper__in=ids).values_list("paper", "public", "body")
    points = ResolutionPoint.objects.filter(paper__in=ids).values_list("paper", "public", "text", "reasons")
    for pk, public, *said in (*texts, *points):
        if public or pk in insiders:
            words[pk] += words_in(*said)
    return {pk: reading_time(count) for pk, count in words.items()}
