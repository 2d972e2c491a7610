"""The way of the Niederschrift: drafted, agreed, signed; with the last signature everything stands fast."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.attending import check_not_agreed
from committees.actions.leading import lock_with_papers
from committees.actions.locking import hold_with_papers
from committees.actions.minuted import check_open
from committees.attendance import State as Presence
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    CommitteeSeat,
    Consultation,
    Excerpt,
    Exclusion,
    FactionVote,
    Meeting,
    MeetingAttendance,
    MeetingFile,
    MeetingMinutes,
    MinutesSignature,
    ResolvedPoint,
)
from committees.models.route import RESULT_FIELDS
from committees.permissions import may_sign_line
from committees.printing.minutes import excerpt_name, file_name, render_excerpt, render_minutes
from committees.printing.minutes_contents import MinutesContents
from committees.printing.minutes_wording import has_non_public, tells_non_public
from concepts.actions.signing import sign
from documents.models import IssuedFile
from municipalities.models import Person, User

State = MeetingMinutes.State
CHAIR = "vorsitz"
MORNING = datetime.time(6)
LEADING = (CommitteeSeat.Role.CHAIR, CommitteeSeat.Role.VICE_CHAIR)


@dataclass(frozen=True)
class Missing:
    """Something that has to be done first, and where (below the meeting's address, or elsewhere)."""

    sentence: str
    where: str = ""


# ---- Beginning and writing -------------------------------------------------------------------------------


@transaction.atomic
def begin_minutes(*, meeting: Meeting, by: User) -> MeetingMinutes:
    """A draft with a line for each who is to sign. Two at once: the second finds the first one's."""
    meeting = lock_with_papers(meeting.pk, by)
    found = MeetingMinutes.objects.filter(meeting=meeting).first()
    if found is not None:
        return found
    if meeting.cancelled:
        raise ValidationError(
            _("Diese Sitzung ist abgesagt. Eine Niederschrift gibt es nur, wenn sie stattfindet.")
        )
    minutes = MeetingMinutes(meeting=meeting)
    sign(minutes, by=by)
    minutes.save()
    for position, (function, person) in enumerate(planned_signers(meeting), start=1):
        line = MinutesSignature(minutes=minutes, position=position, function=function, person=person)
        sign(line, by=by)
        line.save()
    return minutes


def planned_signers(meeting: Meeting) -> list[tuple[str, Person | None]]:
    """As the committees say it; in a joint meeting each chair signs, and every other function once."""
    committees = list(meeting.committees.all())
    found: dict[str, Person | None] = {}
    for committee in committees:
        for line in committee.minutes_signers.splitlines():
            function = line.strip()[:100]
            if not function:
                continue
            if function.lower().startswith(CHAIR):
                title = f"{function} ({committee.name})"[:100] if len(committees) > 1 else function
                found[title] = chair_of(meeting, committee.pk)
            else:
                found.setdefault(function, None)
    return list(found.items())


def chair_of(meeting: Meeting, committee_id: int) -> Person | None:
    """Who has led the meeting: the chair, or the vice chair where the chair is missing."""
    seats = CommitteeSeat.objects.on(meeting.date).filter(committee=committee_id)
    chairs = list(seats.filter(role__in=LEADING).select_related("person"))
    chairs.sort(key=lambda seat: (LEADING.index(CommitteeSeat.Role(seat.role)), seat.pk))
    missing = set(meeting.attendance.exclude(state=Presence.PRESENT).values_list("seat", flat=True))
    there = [seat for seat in chairs if seat.pk not in missing]
    return there[0].person if there else None


@transaction.atomic
def save_minutes(*, form: Any, by: User) -> MeetingMinutes:
    """When it was opened and closed, and what was said then."""
    minutes: MeetingMinutes = form.instance
    meeting = lock_with_papers(minutes.meeting_id, by)
    _check_draft(meeting)
    opened, closed = minutes.opened_at, minutes.closed_at
    if opened and closed and MORNING <= closed <= opened:  # before the morning it is the next day
        raise ValidationError({"closed_at": _("Das Ende liegt nicht nach der Eröffnung.")})
    sign(minutes, by=by)
    saved: MeetingMinutes = form.save()
    return saved


@transaction.atomic
def save_discussion(*, form: Any, by: User) -> AgendaItem:
    """What was said to one item."""
    item: AgendaItem = form.instance
    meeting = lock_with_papers(item.meeting_id, by)
    _check_draft(meeting)
    sign(item, by=by)
    saved: AgendaItem = form.save()
    return saved


@transaction.atomic
def plan_signatures(*, meeting: Meeting, lines: Sequence[tuple[str, Person | None]], by: User) -> None:
    """Who signs, in which function, in this order. Nobody who has signed is left out or moved."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    minutes = _minutes_of(meeting)
    if minutes.signatures.filter(signed_at__isnull=False).exists():
        raise ValidationError(
            _(
                "Eine Unterschrift ist schon eingetragen. Um zu ändern, wer unterschreibt, setzen Sie die "
                "Niederschrift zurück auf den Entwurf."
            )
        )
    if not lines:
        raise ValidationError(_("Bitte nennen Sie wenigstens eine Funktion, die unterschreibt."))
    old = {row.position: row for row in minutes.signatures.all()}
    for position, (function, person) in enumerate(lines, start=1):
        row = old.pop(position, None) or MinutesSignature(minutes=minutes, position=position)
        if row.pk and (row.function, row.person) == (function, person):
            continue
        row.function, row.person = function, person
        row.clean_fields(exclude=["minutes"])
        sign(row, by=by)
        row.save()
    for row in old.values():
        sign(row, by=by)
        row.delete()


# ---- What is missing -------------------------------------------------------------------------------------


def missing_before_agreement(meeting: Meeting) -> list[Missing]:
    """With the signatures nothing of the meeting can be recorded any more: so it must be there before."""
    found = []
    if meeting.date > timezone.localdate():
        found.append(Missing(_("Die Sitzung ist erst am %s.") % f"{meeting.date:%d.%m.%Y}"))
    if meeting.cancelled:
        found.append(Missing(_("Die Sitzung ist abgesagt.")))
    if not meeting.attendance.filter(state=Presence.PRESENT).exists():
        sentence = _("Es ist noch nicht eingetragen, wer da war.")
        found.append(Missing(sentence, "anwesenheit/"))
    stages = (
        Consultation.objects.filter(meeting=meeting, left_out=False)
        .exclude(agenda_item__taken_off=True)
        .select_related("agenda_item", "paper")
        .order_by("agenda_item__position", "pk")
    )
    for stage in stages:
        if stage.is_over:
            continue
        if stage.agenda_item is None:
            sentence = _(
                "Die Vorlage „%s“ ist für diese Sitzung vorgesehen, steht aber nicht auf der Tagesordnung."
            )
            found.append(Missing(sentence % stage.paper.subject, "tagesordnung/"))
        else:
            sentence = _("%(item)s: Das Ergebnis fehlt noch (%(title)s).")
            found.append(
                Missing(
                    sentence % {"item": stage.agenda_item, "title": stage.agenda_item.title}, "ergebnisse/"
                )
            )
    moved = Amendment.objects.filter(consultation__meeting=meeting, state=Amendment.State.MOVED)
    for amendment in moved.select_related("paper").order_by("paper", "number"):
        sentence = _("%(amendment)s zur Vorlage „%(paper)s“ ist noch nicht entschieden.")
        found.append(
            Missing(sentence % {"amendment": amendment, "paper": amendment.paper.subject}, "ergebnisse/")
        )
    return found


# ---- Agreed, and back ------------------------------------------------------------------------------------


@transaction.atomic
def agree_minutes(*, meeting: Meeting, by: User) -> MeetingMinutes:
    """From now on it is what will be signed; the seats read it."""
    meeting = lock_with_papers(meeting.pk, by)
    minutes = _minutes_of(meeting)
    if minutes.state != State.DRAFT:
        raise ValidationError(_("Die Niederschrift ist schon abgestimmt."))
    if missing := missing_before_agreement(meeting):
        raise ValidationError([one.sentence for one in missing])
    if not minutes.signatures.exists():
        raise ValidationError(_("Bitte nennen Sie zuerst, wer die Niederschrift unterschreibt."))
    minutes.state, minutes.agreed_on, minutes.agreed_by = State.AGREED, timezone.localdate(), by
    sign(minutes, by=by, reason=_("abgestimmt"))
    minutes.save()
    return minutes


@transaction.atomic
def back_to_draft(*, meeting: Meeting, by: User, reason: str = "") -> MeetingMinutes:
    """To put something right. Signatures that were given are void then: they were given to another text."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    minutes = _minutes_of(meeting)
    if minutes.state != State.AGREED:
        raise ValidationError(_("Die Niederschrift ist noch ein Entwurf."))
    given = list(minutes.signatures.filter(signed_at__isnull=False))
    reason = reason.strip()
    if given and not reason:
        raise ValidationError(
            {"reason": _("Es ist schon unterschrieben. Bitte nennen Sie den Grund der Berichtigung.")}
        )
    why = _("zurück auf den Entwurf: %s") % reason if reason else _("zurück auf den Entwurf")
    for line in given:
        line.signed_at = line.signed_by = None
        sign(line, by=by, reason=why)
        line.save()
    minutes.state, minutes.agreed_on, minutes.agreed_by = State.DRAFT, None, None
    sign(minutes, by=by, reason=why)
    minutes.save()
    return minutes


# ---- Signing ---------------------------------------------------------------------------------------------


@transaction.atomic
def sign_minutes(*, line: MinutesSignature, by: User, on: datetime.date | None = None) -> MeetingMinutes:
    """`on` is the day on the paper; else now. With the last line everything is frozen: PDFs, excerpts, and
    what the meeting did. All or nothing."""
    meeting = hold_with_papers(line.minutes.meeting_id)
    line = MinutesSignature.objects.select_related("person", "minutes__meeting").get(pk=line.pk)
    if not may_sign_line(by, line):
        raise PermissionDenied
    minutes = line.minutes
    minutes.meeting = meeting
    _check_can_be_signed(minutes, line)
    line.signed_at, line.signed_by = _moment(meeting, on), by
    sign(line, by=by, reason=_("unterschrieben"))
    line.save()
    if not minutes.signatures.filter(signed_at=None).exists():
        _freeze(minutes, by)
    return minutes


def _check_can_be_signed(minutes: MeetingMinutes, line: MinutesSignature) -> None:
    check_open(minutes.meeting)
    if minutes.state != State.AGREED:
        raise ValidationError(
            _("Unterschrieben wird erst, was abgestimmt ist. Diese Niederschrift ist noch ein Entwurf.")
        )
    if line.signed_at is not None:
        raise ValidationError(_("Diese Unterschrift ist schon eingetragen."))
    if line.person is None:
        raise ValidationError(
            _("Für „%s“ ist niemand benannt. Bitte tragen Sie zuerst ein, wer unterschreibt.") % line.function
        )
    if missing := missing_before_agreement(minutes.meeting):
        raise ValidationError([one.sentence for one in missing])
    if changed := changed_since_agreement(minutes):
        raise ValidationError(
            _(
                "Seit die Niederschrift abgestimmt ist, hat sich etwas geändert: %s. Bitte setzen Sie sie "
                "zurück auf den Entwurf und stimmen Sie sie neu ab."
            )
            % ", ".join(changed)
        )


def _moment(meeting: Meeting, on: datetime.date | None) -> datetime.datetime:
    now = timezone.now()
    if on is None or on == timezone.localdate():
        return now
    if on > timezone.localdate():
        raise ValidationError({"on": _("Dieser Tag ist noch nicht gekommen.")})
    if on < meeting.date:
        raise ValidationError({"on": _("Vor der Sitzung kann die Niederschrift nicht unterschrieben sein.")})
    return timezone.make_aware(datetime.datetime.combine(on, datetime.time(12)))


def changed_since_agreement(minutes: MeetingMinutes) -> list[str]:
    """What of it is not as it was agreed, in words: the history knows."""
    agreed = minutes.history.filter(state=State.AGREED).order_by("history_date").last()
    if agreed is None:
        return []
    since, meeting = agreed.history_date, minutes.meeting_id
    items = list(AgendaItem.objects.filter(meeting=meeting).values_list("pk", flat=True))
    stages = list(Consultation.objects.filter(meeting=meeting).values_list("pk", flat=True))
    ballots = list(Ballot.history.filter(consultation_id__in=stages).values_list("id", flat=True).distinct())
    watched = [
        (_("die Sitzung"), Meeting.history.filter(id=meeting)),
        (_("die Tagesordnung"), AgendaItem.history.filter(meeting_id=meeting)),
        (_("die Anwesenheit"), MeetingAttendance.history.filter(meeting_id=meeting)),
        (_("Befangenheiten"), Exclusion.history.filter(agenda_item_id__in=items)),
        (_("Abstimmungen"), Ballot.history.filter(consultation_id__in=stages)),
        (_("Stimmen der Fraktionen"), FactionVote.history.filter(ballot_id__in=ballots)),
        (_("Änderungsanträge"), Amendment.history.filter(consultation_id__in=stages)),
        (_("Beschlusstexte"), ResolvedPoint.history.filter(consultation_id__in=stages)),
    ]
    changed = [name for name, rows in watched if rows.filter(history_date__gt=since).exists()]
    if any(_result_changed(stage, since) for stage in stages):
        changed.append(_("Ergebnisse"))
    return changed


def _result_changed(stage: int, since: datetime.datetime) -> bool:
    """A stage moves in its route without the minutes saying anything else."""
    names = (*RESULT_FIELDS, "meeting_id", "agenda_item_id")
    rows = Consultation.history.filter(id=stage).order_by("history_date", "history_id")
    before = rows.filter(history_date__lte=since).values(*names).last()
    return any(row != before for row in rows.filter(history_date__gt=since).values(*names))


def _freeze(minutes: MeetingMinutes, by: User) -> None:
    """The PDFs say "unterschrieben", so they are made as if it were already; then it is."""
    meeting = minutes.meeting
    minutes.state = State.SIGNED
    for complete in (False, True):
        contents = MinutesContents.of(meeting, complete=complete, minutes=minutes)
        if complete and not has_non_public(contents):
            break  # the public one says it all
        file = IssuedFile.freeze(
            municipality=meeting.municipality,
            name=file_name(meeting, complete=complete),
            content=render_minutes(contents),
            by=by,
        )
        MeetingFile.objects.create(
            meeting=meeting, kind=MeetingFile.Kind.MINUTES, number=1, public=not complete, file=file
        )
    whole = MinutesContents.of(meeting, complete=True, minutes=minutes)
    for item in whole.items:
        if item.taken_off:
            continue
        variants = [whole.as_public()] if item.public else []
        if tells_non_public(whole, item):
            variants.append(whole)
        for contents in variants:
            file = IssuedFile.freeze(
                municipality=meeting.municipality,
                name=excerpt_name(meeting, item, complete=contents.complete),
                content=render_excerpt(contents, item),
                by=by,
            )
            Excerpt.objects.create(agenda_item=item, public=not contents.complete, file=file)
    sign(minutes, by=by, reason=_("unterschrieben"))
    minutes.save()


def _check_draft(meeting: Meeting) -> None:
    check_open(meeting)
    check_not_agreed(meeting)


def _minutes_of(meeting: Meeting) -> MeetingMinutes:
    found = MeetingMinutes.objects.select_for_update().filter(meeting=meeting).first()
    if found is None:
        raise ValidationError(_("Die Niederschrift ist noch nicht begonnen."))
    minutes: MeetingMinutes = found
    return minutes
