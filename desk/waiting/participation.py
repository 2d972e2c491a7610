"""What waits in participation: processes that somebody guides, events, proposals and questions about them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils import timezone
from django.utils.text import Truncator
from django.utils.translation import gettext as _

from desk.waiting.entries import LONGEST_NAME, MOST_ENTRIES, Entry, WaitingList
from municipalities.models import User
from participation.models import Event, MeasureProposal, Process
from participation.models.process import moderated_by
from participation.ways import standing_of

PROPOSALS_TO_HANDLE = (MeasureProposal.State.SUBMITTED, MeasureProposal.State.REVIEW)


def guided_processes(user: User) -> Iterator[WaitingList]:
    """For those who guide a process from outside."""
    guided = Process.objects.filter(pk__in=moderated_by(user)).select_related("municipality")
    if guided:
        yield WaitingList(
            _("Prozesse, die Sie begleiten"),
            _("Hier finden Sie die Gruppen, Veranstaltungen und Vorschläge des Prozesses."),
            "",
            [Entry(p.title, p.get_absolute_url(), p.municipality.short_name, "plain") for p in guided],
        )


def planned_events(user: User, towns: Any) -> WaitingList:
    events = (
        Event.objects.visible_to(user)
        .filter(process__municipality__in=towns, state=Event.State.PLANNED)
        .select_related("process__municipality")
        .in_order()
    )
    return WaitingList(
        _("Geplante Veranstaltungen"),
        _("Was im Beteiligungsprozess als Nächstes ansteht."),
        _("Zurzeit ist keine Veranstaltung geplant."),
        [_event_entry(event) for event in events[:MOST_ENTRIES]],
    )


def _event_entry(event: Event) -> Entry:
    return Entry(event.title, event.get_absolute_url(), _("geplant"), "planned", event.date_text)


def open_proposals(user: User, towns: Any) -> WaitingList:
    """What members have proposed and nobody has decided yet, the oldest first."""
    rows = (
        MeasureProposal.objects.handled_by(user)
        .filter(process__municipality__in=towns, state__in=PROPOSALS_TO_HANDLE)
        .with_all()
        .order_by("submitted_at", "pk")
    )
    return WaitingList(
        _("Vorschläge aus der Beteiligung"),
        _("Darüber ist noch nicht entschieden."),
        _("Zurzeit wartet kein Vorschlag."),
        [_proposal_entry(row) for row in rows[:MOST_ENTRIES]],
    )


def own_questions(user: User, towns: Any) -> Iterator[WaitingList]:
    """Somebody asks back about what the user has proposed."""
    rows = (
        MeasureProposal.objects.visible_to(user)
        .filter(process__municipality__in=towns, submitter=user, state=MeasureProposal.State.QUESTION)
        .with_all()
    )
    if entries := [_proposal_entry(row) for row in rows[:MOST_ENTRIES]]:
        yield WaitingList(
            _("Rückfragen zu Ihren Vorschlägen"), _("Bitte antworten Sie, damit es weitergeht."), "", entries
        )


def _proposal_entry(row: MeasureProposal) -> Entry:
    standing = standing_of(row, inside=True)
    when = f"{timezone.localtime(row.submitted_at):%d.%m.%Y}" if row.submitted_at else ""
    label = f"{row.code} {Truncator(row).chars(LONGEST_NAME)}"
    return Entry(label, row.get_absolute_url(), standing.word, standing.tone, when)
