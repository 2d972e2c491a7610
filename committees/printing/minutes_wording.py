"""What the Niederschrift and the Auszug say, in words: who was there, what was put, what was resolved."""

from __future__ import annotations

import datetime
from collections.abc import Iterable
from typing import Any

from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.attendance import State, voting_seats_present
from committees.carrying import carried_points, points_after
from committees.grammar import Case, capitalised, enumerated
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    CommitteeSeat,
    Consultation,
    Meeting,
    MeetingAttendance,
    ResolutionPoint,
)
from committees.openness import left_out
from committees.printing.minutes_contents import MinutesContents
from committees.printing.withheld import is_of_secret_wording, is_on_secret, public_text_on_its_way
from committees.printing.wording import opening_for, proposal_for
from documents.richtext import below

Outcome = Consultation.Outcome
Kind = MeetingAttendance.Kind
Context = dict[str, Any]
ADOPTED = (Outcome.ACCEPTED, Outcome.AMENDED)
# Nothing was said about the text itself.
WITHOUT_TEXT = (Outcome.DEFERRED, Outcome.REFERRED, Outcome.WITHDRAWN)
MISSING = "–"


def head_context(contents: MinutesContents) -> Context:
    meeting, minutes = contents.meeting, contents.minutes
    start = minutes.opened_at or meeting.start
    return {
        "town": meeting.municipality.name,
        "logo": bool(contents.logo),
        "logo_text": _("Logo: %s") % meeting.municipality.name,
        "draft": not minutes.signed,
        "meeting": meeting.title,
        "facts": [
            (_("Gremien") if len(contents.committees) > 1 else _("Gremium"), committee_names(contents)),
            (_("Datum"), date_format(meeting.date, "l, d.m.Y")),
            (_("Ort"), meeting.place),
            (_("Beginn"), at_time(start)),
            (_("Ende"), at_time(minutes.closed_at)),
        ],
    }


def committee_names(contents: MinutesContents) -> str:
    return enumerated([committee.name for committee in contents.committees])


def at_time(time: datetime.time | None) -> str:
    return _("%s Uhr") % f"{time:%H:%M}" if time else ""


def whole_context(contents: MinutesContents) -> Context:
    public = [item_context(contents, item) for item in contents.items if item.public]
    hidden = [item_context(contents, item) for item in contents.items if not item.public]
    parts = [(_("Öffentlicher Teil"), public), (_("Nichtöffentlicher Teil"), hidden)]
    parts = [(title, items) for title, items in parts if items]
    return {
        **head_context(contents),
        "part": contents.part,
        "present": attendance_groups(contents),
        "missing": missing_groups(contents),
        "quorum": quorum_lines(contents),
        "parts": parts,
        "several_parts": len(parts) > 1,
        "opening": below(contents.minutes.opening, 2),
        "closing": below(contents.minutes.closing, 2),
        "signatures": signature_lines(contents),
    }


def attendance_groups(contents: MinutesContents) -> list[Context]:
    """Those who were there: members of each committee, then the administration, then guests."""
    groups: list[tuple[str, list[MeetingAttendance]]] = []
    there = [row for row in contents.attendance if row.state == State.PRESENT]
    several = len(contents.committees) > 1
    known = set()
    for committee in contents.committees:
        of_committee = [row for row in there if row.seat and row.seat.committee_id == committee.pk]
        known |= {row.pk for row in of_committee}
        voting = [row for row in of_committee if row.votes]
        others = [row for row in of_committee if not row.votes]
        ending = f" ({committee.name})" if several else ""
        groups.append((_("Stimmberechtigt") + ending, voting))
        groups.append((_("Ohne Stimmrecht") + ending, others))
    # A seat that was deleted since leaves the name behind.
    rest = [row for row in there if row.kind == Kind.SEAT and row.pk not in known]
    groups.append((_("Weitere Mitglieder"), rest))
    groups.append((_("Für die Verwaltung"), [row for row in there if row.kind == Kind.ADMINISTRATION]))
    groups.append((_("Gäste"), [row for row in there if row.kind == Kind.GUEST]))
    return [
        {"title": title, "rows": [person(row) for row in in_order(rows)]} for title, rows in groups if rows
    ]


def missing_groups(contents: MinutesContents) -> list[Context]:
    groups = []
    for state, title in ((State.EXCUSED, _("Entschuldigt")), (State.ABSENT, _("Nicht anwesend"))):
        rows = [row for row in contents.attendance if row.state == state]
        if rows:
            groups.append({"title": title, "names": ", ".join(named(row) for row in in_order(rows))})
    return groups


def in_order(rows: Iterable[MeetingAttendance]) -> list[MeetingAttendance]:
    """The chair first, then by name."""
    roles = list(CommitteeSeat.Role)
    return sorted(
        rows,
        key=lambda row: (
            roles.index(CommitteeSeat.Role(row.seat.role)) if row.seat else len(roles),
            row.name,
            row.pk,
        ),
    )


def person(row: MeetingAttendance) -> Context:
    notes = []
    if row.stands_in_for:
        notes.append(_("in Vertretung für %s") % row.stands_in_for.person)
    if row.from_time:
        notes.append(_("ab %s") % at_time(row.from_time))
    if row.until_time:
        notes.append(_("bis %s") % at_time(row.until_time))
    return {"name": row.name, "function": row.function, "note": ", ".join(notes)}


def named(row: MeetingAttendance) -> str:
    return f"{row.name} ({row.function})" if row.function else row.name


def quorum_lines(contents: MinutesContents) -> list[str]:
    """`Anwesend sind 12 von 15 Stimmberechtigten.`, for each committee; nothing while nobody is entered."""
    lines: list[str] = []
    if not contents.attendance:
        return lines
    for committee in contents.committees:
        number = voting_seats_present(contents.attendance, committee.pk)
        of = contents.seats.get(committee.pk)
        if not number and not of:
            continue
        several = len(contents.committees) > 1
        where = _("%s: anwesend") % committee.name if several else _("Anwesend")
        if of:
            lines.append(
                ngettext(
                    "%(where)s ist %(number)d von %(of)d Stimmberechtigten.",
                    "%(where)s sind %(number)d von %(of)d Stimmberechtigten.",
                    number,
                )
                % {"where": where, "number": number, "of": of}
            )
    return lines


def signature_lines(contents: MinutesContents) -> list[Context]:
    return [
        {
            "function": line.function,
            "name": line.person.name if line.person else "",
            "signed": f"{date_format(line.signed_at, 'd.m.Y')}" if line.signed_at else "",
        }
        for line in contents.signatures
    ]


def item_context(contents: MinutesContents, item: AgendaItem) -> Context:
    stage = contents.stages.get(item.pk)
    # In a public part a paper that is not public says no more than its title, and so does a stage whose
    # result is not.
    open_paper = stage is not None and (contents.complete or (stage.paper.public and stage.has_public_result))
    return {
        "number": item.number,
        "title": item.title,
        "is_sub": item.parent_id is not None,
        "supplementary": item.supplementary,
        "taken_off": item.taken_off,
        "paper": paper_line(stage) if stage else "",
        "excluded": excluded_line(item),
        "discussion": below(item.discussion, 3),
        "result": stage_context(stage, complete=contents.complete)
        if stage and open_paper and not item.taken_off
        else None,
    }


def has_non_public(contents: MinutesContents) -> bool:
    return any(tells_non_public(contents, item) for item in contents.items)


def tells_non_public(contents: MinutesContents, item: AgendaItem) -> bool:
    """Whether it tells of this item what is not for everybody. Asked of what is printed, not of the flags."""
    return not item.public or item_context(contents, item) != item_context(contents.as_public(), item)


def paper_line(stage: Consultation) -> str:
    paper = stage.paper
    return _("Vorlage %s") % paper.number if paper.number else ""


def excluded_line(item: AgendaItem) -> str:
    names = sorted(one.attendance.name for one in item.exclusions.all())
    if not names:
        return ""
    return _("An Beratung und Abstimmung nicht beteiligt (befangen): %s.") % enumerated(names)


def stage_context(stage: Consultation, *, complete: bool) -> Context:
    """Without `complete` nothing of points that are not public."""
    amendments, ballots = list(stage.amendments.all()), list(stage.ballots.all())
    if not complete:
        amendments = [one for one in amendments if not is_on_secret(one, stage.paper)]
        kept = {None, *(one.pk for one in amendments)}
        ballots = [one for one in ballots if one.amendment_id in kept and (not one.point or one.point.public)]
    by_amendment = {one.amendment_id: one for one in ballots if one.kind == Ballot.Kind.AMENDMENT}
    others = [one for one in ballots if one.kind in (Ballot.Kind.POINT, Ballot.Kind.ALTERNATIVE)]
    return {
        **text_context(stage, complete=complete),
        "amendments": [
            amendment_context(
                one,
                by_amendment.get(one.pk),
                withheld=not complete and is_of_secret_wording(one, stage.paper),
            )
            for one in amendments
        ],
        "ballots": [{"about": about(one), **ballot_context(one)} for one in others],
        "result": stage.result or (str(stage.get_outcome_display()) if stage.outcome else ""),
        "whole": ballot_context(stage.ballot) if stage.ballot else None,
        "note": stage.result_note,
    }


def text_context(stage: Consultation, *, complete: bool) -> Context:
    """The text as resolved; before that, what was put to the committee."""

    def said(point: ResolutionPoint | None, text: str) -> str:
        return text if complete or point is None or point.public else left_out()

    resolved = list(stage.resolved_points.all())
    route = list(stage.paper.consultations.all())
    if resolved:
        return {
            "heading": _("Beschluss"),
            "sentence": opening_for(stage.paper.resolution_opening, stage),
            "points": [
                (row.position, shown := said(row.point, row.text), row.rejected and shown == row.text)
                for row in resolved
            ],
            "numbered": len(resolved) > 1,
        }
    if not stage.is_over or stage.outcome in WITHOUT_TEXT:
        return {}
    adopted = stage.outcome in ADOPTED
    carried = points_after(stage.paper, stage) if adopted else carried_points(stage.paper, stage)
    if not complete:
        carried = [public_text_on_its_way(row) for row in carried]
    texts = [
        row.text or format_html("<p>{}</p>", _("(gestrichen)")) for row in carried if not row.only_beside
    ]
    proposal = proposal_for(stage, route, stage.paper, texts)
    advises = stage.meaning == Consultation.Meaning.ADVISE
    return {
        "heading": _("Beschlussempfehlung") if adopted and advises else _("Beschlussvorschlag"),
        "own": proposal.own,
        "sentence": proposal.sentence or proposal.opening,
        "opening": proposal.opening if proposal.sentence else "",
        "points": [(number, text, False) for number, text in enumerate(proposal.points, start=1)],
        "numbered": len(proposal.points) > 1,
    }


def amendment_context(amendment: Amendment, ballot: Ballot | None, *, withheld: bool) -> Context:
    if amendment.point:
        target = _("zu Punkt %d") % amendment.point.position
    elif amendment.measure:
        target = _("zur Maßnahme %s") % amendment.measure
    else:
        target = _("neuer Punkt")
    return {
        "title": f"{amendment}: {target}",
        "mover": amendment.moved_by,
        "after": left_out() if amendment.after and withheld else amendment.after,
        "struck": not amendment.after,
        "state": str(amendment.get_state_display()),
        "ballot": ballot_context(ballot) if ballot else None,
    }


def about(ballot: Ballot) -> str:
    if ballot.kind == Ballot.Kind.POINT and ballot.point:
        return _("Punkt %d") % ballot.point.position
    if ballot.amendment:
        return _("Wortlaut nach %s") % ballot.amendment
    return _("ursprünglicher Wortlaut")


def ballot_context(ballot: Ballot) -> Context:
    said = ballot.result or (str(ballot.get_outcome_display()) if ballot.outcome else "")
    words = [_("einstimmig")] if ballot.unanimous and "einstimmig" not in said.lower() else []
    if ballot.counted:
        words.append(ballot.in_words)
    return {
        "result": said,
        "votes": ", ".join(words),
        "factions": [
            {
                "name": vote.faction.name,
                "counts": [
                    MISSING if number is None else number
                    for number in (vote.votes_for, vote.votes_against, vote.abstentions, vote.excluded)
                ],
            }
            for vote in ballot.faction_votes.all()
        ],
    }


def the_committees(meeting: Meeting) -> str:
    """`der Sozialausschuss und der Schulausschuss`."""
    return enumerated([committee.in_case(Case.NOMINATIVE) for committee in meeting.committees.all()])


def suggested_opening(meeting: Meeting) -> str:
    """An example for whoever writes the minutes; nothing is taken for granted."""
    names = capitalised(the_committees(meeting)) or _("Das Gremium")
    verb = _("sind") if meeting.committees.count() > 1 else _("ist")
    return _(
        "Zum Beispiel: „Der Vorsitz eröffnet die Sitzung und stellt fest, dass ordnungsgemäß eingeladen "
        "wurde. %(names)s %(verb)s beschlussfähig.“"
    ) % {"names": names, "verb": verb}
