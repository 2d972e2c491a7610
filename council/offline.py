"""What may be read without a connection: public content only (docs/decisions/0024-offline.md)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import prefetch_related_objects
from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from committees.agenda import for_everybody
from committees.models import AgendaItem, Consultation, Meeting
from committees.printing.contexts import stage_role
from council.agenda import COMING
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
    rows = AgendaItem.objects.filter(meeting__in=meetings, taken_off=False).order_by("position")
    items: dict[int, list[AgendaItem]] = {meeting.pk: [] for meeting in meetings}
    for item in rows.select_related("consultation__committee", "consultation__paper__paper_type"):
        items[item.meeting_id].append(item)
    return [_public_meeting(meeting, items[meeting.pk]) for meeting in meetings]


def _public_meeting(meeting: Meeting, items: Sequence[AgendaItem]) -> PublicMeeting:
    shown = for_everybody(items)
    return PublicMeeting(meeting, [_public_line(item) for item in shown], hidden=len(shown) < len(items))


def _public_line(item: AgendaItem) -> PublicLine:
    stage = getattr(item, "consultation", None) if item.public else None
    if stage is None or not (stage.paper.public and stage.paper.released):
        return PublicLine(item, None, "")
    if stage.treatment == Consultation.Treatment.NON_PUBLIC:
        return PublicLine(item, None, "")
    return PublicLine(item, stage, stage_role(stage))
