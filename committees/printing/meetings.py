"""Invitation and agenda of a meeting as PDFs: for everybody, and complete for who sits in it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.template.loader import render_to_string
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from committees.agenda import for_everybody
from committees.models import AgendaItem, CommitteeSeat, Meeting, MeetingFile
from committees.printing.contexts import stage_role
from committees.printing.withheld import NON_PUBLIC_MARK
from documents.file_names import plain
from documents.pdf import PrintDocument, Section
from municipalities.colours import TownColours

LOGO = "logo"
TITLES = {
    MeetingFile.Kind.INVITATION: "Einladung",
    MeetingFile.Kind.SUPPLEMENT: "Nachtrag zur Tagesordnung",
}


@dataclass(frozen=True)
class AgendaPart:
    """The public or the non-public half of an agenda."""

    title: str
    items: Sequence[AgendaItem]


def agenda_of(meeting: Meeting, *, complete: bool) -> list[AgendaItem]:
    """In order, with their stages and papers; where not complete the non-public ones only as far as they have
    a title for everybody."""
    rows = AgendaItem.objects.filter(meeting=meeting, taken_off=False).order_by("position")
    items = list(rows.select_related("parent", "consultation__paper", "consultation__committee"))
    return items if complete else for_everybody(items)


def parts_of(items: Sequence[AgendaItem]) -> list[AgendaPart]:
    halves = [
        AgendaPart(_("Öffentlicher Teil"), [item for item in items if item.public]),
        AgendaPart(_("Nichtöffentlicher Teil"), [item for item in items if not item.public]),
    ]
    return [half for half in halves if half.items]


def invitation_document(meeting: Meeting, kind: str, *, complete: bool) -> PrintDocument:
    """`kind` is one of `MeetingFile.Kind`: the first invitation, or a supplement to its agenda."""
    town = meeting.municipality
    logo, colours = town.logo_content(), TownColours.of(town.colour)
    items = agenda_of(meeting, complete=complete)
    closed = complete and not all(item.public for item in items)
    new = [item for item in items if item.supplementary] if kind == MeetingFile.Kind.SUPPLEMENT else []
    title = _(TITLES[MeetingFile.Kind(kind)])
    context = {
        "town": town,
        "logo": bool(logo),
        "logo_text": _("Logo: %s") % town.name,
        "title": title,
        "meeting": meeting,
        "committees": [committee.name for committee in meeting.committees.all()],
        "day": date_format(meeting.date, "l, j. F Y"),
        "new_parts": [_lines(part, complete=complete) for part in parts_of(new)],
        "parts": [_lines(part, complete=complete) for part in parts_of(items)],
        "confidential": closed,
        "hidden": not complete and meeting.agenda.filter(public=False, taken_off=False).exists(),
        "chair": chair_of(meeting),
    }
    return PrintDocument(
        title=f"{title}: {meeting.title}, {meeting.date:%d.%m.%Y}",
        running_title=f"{title}: {meeting.title}",
        number=f"{meeting.date:%d.%m.%Y}",
        author=town.name,
        subject=_("Tagesordnung"),
        mark=str(NON_PUBLIC_MARK) if closed else "",
        accent=colours.ink,
        images={LOGO: logo} if logo else {},
        sections=[Section(render_to_string("print/meetings/invitation.html", context))],
    )


def _lines(part: AgendaPart, *, complete: bool) -> dict[str, object]:
    lines = []
    for item in part.items:
        stage = getattr(item, "consultation", None) if complete or item.public else None
        lines.append(
            {
                "number": item.number,
                "title": item.title,
                "below": item.parent_id is not None,
                "supplementary": item.supplementary,
                "paper": stage.paper.number if stage else "",
                "role": stage_role(stage) if stage else "",
            }
        )
    return {"title": part.title, "lines": lines}


def chair_of(meeting: Meeting) -> str:
    """Who presides on that day, of the first committee that has somebody; empty where nobody is entered."""
    seats = CommitteeSeat.objects.on(meeting.date).filter(
        committee__meetings=meeting, role=CommitteeSeat.Role.CHAIR
    )
    seat = seats.select_related("person").order_by("committee__name", "pk").first()
    return seat.person.name if seat else ""


def file_name(meeting: Meeting, what: str, *, complete: bool) -> str:
    """`Einladung_2017-12-18_21-Sitzung-des-Rates.pdf`, with "_vollstaendig" where it is not for everybody."""
    words = [what, f"{meeting.date:%Y-%m-%d}", meeting.title]
    return "_".join(plain(word) for word in words)[:120] + ("_vollstaendig" if complete else "") + ".pdf"
