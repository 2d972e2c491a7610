"""What may be read without a connection: public content only (docs/decisions/0024-offline.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.urls import reverse
from django.utils.crypto import salted_hmac
from django.utils.translation import gettext as _

from committees import agenda
from committees.agenda import Part, parts_of
from committees.models import AgendaItem, Consultation, Meeting, Paper
from committees.openness import keep_result_back
from committees.printing.contexts import stage_role
from committees.results_in_words import with_ballots
from council.agenda import COMING
from council.paper_tabs import address_to_read, news_address, reading_address
from municipalities.models import Municipality, User

MARK = "X-Offline"


def marked_public(response: HttpResponse) -> HttpResponse:
    """The worker keeps nothing that does not say this."""
    response[MARK] = "public"
    return response


def reader_key(user: User) -> str:
    """Tells the worker that somebody else reads now, without saying who."""
    return salted_hmac("council.offline", str(user.pk)).hexdigest()[:16]


@dataclass(frozen=True)
class Kept:
    """For `council/_offline.html`: for the page `at` the worker keeps the public picture at `address`, under
    this title; without an address all goes that was kept of it."""

    reader: str
    at: str
    address: str
    title: str
    words: str
    """Said once it is kept."""


def kept_committees(user: User, municipality: Municipality, *, seated: bool) -> Kept:
    at, address = (
        reverse(f"council:{name}", args=[municipality.slug]) for name in ("committees", "committees_offline")
    )
    title, words = _("Meine Gremien"), _("Ohne Verbindung lesbar")
    return Kept(reader_key(user), at, address if seated else "", title, words)


def kept_paper(user: User, paper: Paper, words: str) -> Kept:
    address = reverse("council:paper_offline", args=[paper.municipality.slug, paper.pk])
    address = address if for_everybody(paper) else ""
    return Kept(reader_key(user), reading_address(paper), address, paper.subject, words)


def kept_changes(user: User, paper: Paper, since: str) -> Kept:
    address = reverse("council:paper_changes_offline", args=[paper.municipality.slug, paper.pk])
    return Kept(
        reader_key(user),
        news_address(paper),
        f"{address}?seit={since}" if for_everybody(paper) else "",
        _("Was sich geändert hat: %s") % paper.subject,
        _("Öffentlicher Vergleich ohne Verbindung lesbar"),
    )


def kept_meeting(user: User, meeting: Meeting) -> Kept:
    address = reverse("council:meeting_offline", args=[meeting.municipality.slug, meeting.pk])
    words = _("Öffentliche Tagesordnung ohne Verbindung lesbar")
    return Kept(reader_key(user), meeting.get_absolute_url(), address, str(meeting), words)


def for_everybody(paper: Paper) -> bool:
    """Whether anything of it may be kept."""
    return paper.public and paper.released


@dataclass(frozen=True)
class PublicLine:
    """An item of the public agenda; with its stage only where everybody may read the paper there."""

    item: AgendaItem
    stage: Consultation | None
    role: str


@dataclass(frozen=True)
class PublicMeeting:
    meeting: Meeting
    lines: list[PublicLine]
    hidden: bool
    """Whether the agenda has more than everybody is told."""


def public_meetings(user: Any, municipality: Municipality) -> list[PublicMeeting]:
    """Those to come of the user's committees, as the town's notice board has them. In a constant number of
    queries."""
    meetings = COMING.models(user, municipality.pk)
    prefetch_related_objects(meetings, "committees")
    rows = _items().filter(meeting__in=meetings, taken_off=False)
    items: dict[int, list[AgendaItem]] = {meeting.pk: [] for meeting in meetings}
    for item in rows:
        items[item.meeting_id].append(item)
    return [_public_meeting(meeting, items[meeting.pk]) for meeting in meetings]


def public_agenda(meeting: Meeting) -> tuple[list[Part], bool]:
    """For `committees/meetings/_part.html`: what everybody may read of the agenda, with the public results
    and the ways to the pages for reading; and whether it has more. In a constant number of queries."""
    items = list(_items().filter(meeting=meeting))
    shown: list[Any] = agenda.for_everybody(items)
    for item in shown:
        item.stage = _public_line(item).stage
        item.address = address_to_read(meeting.municipality.slug, item.stage.paper_id) if item.stage else ""
    stages = [item.stage for item in shown if item.stage]
    prefetch_related_objects(stages, with_ballots(everything=False))
    for stage in stages:
        keep_result_back(stage)
    return parts_of(shown), len(shown) < len(items)


def _items() -> Any:
    found = AgendaItem.objects.select_related("consultation__committee", "consultation__paper__paper_type")
    return found.order_by("position")


def _public_meeting(meeting: Meeting, items: Sequence[AgendaItem]) -> PublicMeeting:
    shown = agenda.for_everybody(items)
    return PublicMeeting(meeting, [_public_line(item) for item in shown], hidden=len(shown) < len(items))


def _public_line(item: AgendaItem) -> PublicLine:
    stage = getattr(item, "consultation", None) if item.public else None
    if stage is None or not for_everybody(stage.paper):
        return PublicLine(item, None, "")
    if stage.treatment == Consultation.Treatment.NON_PUBLIC:
        return PublicLine(item, None, "")
    return PublicLine(item, stage, stage_role(stage))
