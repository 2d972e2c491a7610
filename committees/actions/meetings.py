"""Meetings: planned, moved, called off, gone on with, and deleted as long as nothing hangs on them."""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from committees.actions.agenda import rows_of, settle
from committees.actions.inviting import notify_change
from committees.actions.leading import answered, check_leads, given, lock_with_papers, short
from committees.actions.minuted import check_open
from committees.agenda import in_order
from committees.models import AgendaItem, Consultation, Meeting, MeetingMinutes, MeetingNotice
from concepts.actions.signing import sign
from municipalities.models import User

LONGEST_TITLE = 200
WHEN = ("date", "start", "end", "place")
# What a calendar shows of a meeting.
TOLD = (*WHEN, "title", "cancelled")


@transaction.atomic
def save_meeting(*, form: Any, by: User) -> Meeting:
    """A meeting of the form `MeetingForm`."""
    meeting: Meeting = form.instance
    check_leads(by, meeting.municipality_id)
    if meeting.pk is not None:
        now = lock_with_papers(meeting.pk, by)
        check_open(now)
        check_committees(now, form.cleaned_data["committees"])
        for field in Meeting._meta.concrete_fields:
            if field.name not in form.fields:
                setattr(meeting, field.attname, getattr(now, field.attname))
        count_up(meeting, now)
    sign(meeting, by=by)
    saved: Meeting = form.save()
    settle(saved)
    return saved


def count_up(meeting: Meeting, before: Meeting) -> None:
    """Calendars take over what has a higher number."""
    if any(getattr(meeting, name) != getattr(before, name) for name in TOLD):
        meeting.sequence = before.sequence + 1


def check_committees(meeting: Meeting, committees: Any) -> None:
    """No stage stays in a meeting at which its committee does not sit."""
    sitting = set(committees)
    stages = meeting.consultations.select_related("committee").prefetch_related("joint_committees")
    missing = {str(one) for stage in stages for one in stage.committees() if one not in sitting}
    if missing:
        raise ValidationError(
            {
                "committees": _(
                    "In dieser Sitzung steht noch eine Beratung an von: %s. Bitte geben Sie ihr zuerst "
                    "einen anderen Termin."
                )
                % ", ".join(sorted(missing))
            }
        )


@transaction.atomic
def move_meeting(
    *,
    meeting: Meeting,
    date: datetime.date,
    start: datetime.time | None,
    end: datetime.time | None,
    place: str,
    reason: str,
    by: User,
) -> Meeting:
    """To another day, another hour or another place; who was invited is told."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    reason = given(reason, _("Bitte nennen Sie den Grund der Verlegung."))
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist abgesagt. Bitte legen Sie eine neue an."))
    if answered(meeting).exists():
        raise ValidationError(
            _("Zu dieser Sitzung sind schon Ergebnisse eingetragen. Sie hat also stattgefunden.")
        )
    new = {"date": date, "start": start, "end": end, "place": place}
    if all(getattr(meeting, name) == value for name, value in new.items()):
        raise ValidationError(_("Tag, Uhrzeit und Ort sind unverändert."))
    if date != meeting.date:
        check_day(meeting, date)
        meeting.moved_from = meeting.date
    meeting.reason = reason
    for name, value in new.items():
        setattr(meeting, name, value)
    meeting.sequence += 1
    sign(meeting, by=by, reason=short(_("verlegt: %s") % reason))
    meeting.save()
    notify_change(meeting=meeting, kind=MeetingNotice.Kind.MOVED, by=by)
    return meeting


def check_day(meeting: Meeting, date: datetime.date) -> None:
    if date < timezone.localdate() <= meeting.date:
        raise ValidationError({"date": _("Dieser Tag ist schon vorbei. Bitte prüfen Sie das Datum.")})
    twin = Meeting.objects.filter(municipality=meeting.municipality_id, title=meeting.title, date=date)
    if twin.exclude(pk=meeting.pk).exists():
        raise ValidationError({"date": _("Eine Sitzung mit dieser Bezeichnung gibt es an dem Tag schon.")})


@transaction.atomic
def cancel_meeting(*, meeting: Meeting, reason: str, by: User) -> Meeting:
    """It stays to be read. Its stages keep it until they get another day; who was invited is told."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    reason = given(reason, _("Bitte nennen Sie den Grund der Absage."))
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist schon abgesagt."))
    if answered(meeting).exists():
        raise ValidationError(
            _("Zu dieser Sitzung sind schon Ergebnisse eingetragen. Sie hat also stattgefunden.")
        )
    meeting.cancelled, meeting.reason = True, reason
    meeting.sequence += 1
    sign(meeting, by=by, reason=short(_("abgesagt: %s") % reason))
    meeting.save()
    notify_change(meeting=meeting, kind=MeetingNotice.Kind.CANCELLATION, by=by)
    return meeting


@transaction.atomic
def revive_meeting(*, meeting: Meeting, by: User) -> Meeting:
    """What was called off takes place after all."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    if not meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist nicht abgesagt."))
    meeting.cancelled, meeting.reason = False, ""
    meeting.sequence += 1
    sign(meeting, by=by, reason=_("findet doch statt"))
    meeting.save()
    return meeting


@transaction.atomic
def continue_meeting(
    *,
    meeting: Meeting,
    date: datetime.date,
    start: datetime.time | None,
    place: str,
    items: Sequence[AgendaItem],
    by: User,
) -> Meeting:
    """What was broken off goes on another day. The chosen items come along under their numbers; in the first
    meeting they stay, and say where they are dealt with."""
    meeting = lock_with_papers(meeting.pk, by)
    check_open(meeting)
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist abgesagt; sie hat nicht begonnen."))
    if Meeting.objects.filter(continues=meeting).exists():
        raise ValidationError(_("Diese Sitzung hat schon eine Fortsetzung."))
    if date < meeting.date:
        raise ValidationError({"date": _("Die Fortsetzung liegt nicht vor der Sitzung.")})
    title = _("Fortsetzung: %s") % meeting.title
    if len(title) > LONGEST_TITLE:
        title = meeting.title
    new = Meeting(
        municipality=meeting.municipality,
        title=title,
        date=date,
        start=start,
        place=place,
        continues=meeting,
        own_numbers=True,
    )
    try:
        new.validate_constraints()
    except ValidationError as error:
        raise ValidationError({"date": error.messages}) from error
    sign(new, by=by, reason=short(_("Fortsetzung von %s") % meeting))
    new.save()
    new.committees.set(meeting.committees.all())
    carry_on(meeting, new, {item.pk for item in items}, by)
    return new


def carry_on(meeting: Meeting, new: Meeting, chosen: set[int], by: User) -> None:
    copies: dict[int, AgendaItem] = {}
    note = format_html("<p>{}</p>", _("Wird in der Fortsetzung am %s beraten.") % f"{new.date:%d.%m.%Y}")
    for item in in_order(rows_of(meeting)):
        if item.pk not in chosen:
            continue
        stage = Consultation.objects.filter(agenda_item=item).first()
        if stage is not None and stage.is_over:
            raise ValidationError(_("Zu „%s“ ist schon ein Ergebnis eingetragen.") % item.title)
        copy = AgendaItem(
            meeting=new,
            position=len(copies) + 1,
            number=item.number,
            title=item.title,
            public=item.public,
            parent=copies.get(item.parent_id or 0),
        )
        sign(copy, by=by, reason=short(_("aus %s") % meeting))
        copy.save()
        copies[item.pk] = copy
        if stage is not None:
            stage.meeting, stage.agenda_item = new, copy
            sign(stage, by=by, reason=_("kommt in die Fortsetzung der Sitzung"))
            stage.save()
        if not item.discussion:
            item.discussion = note
            sign(item, by=by, reason=_("kommt in die Fortsetzung der Sitzung"))
            item.save()
    settle(new)


def holding(meeting: Meeting) -> list[str]:
    """Why the meeting cannot be deleted, a sentence each; empty if it can."""
    sentences = []
    stages = meeting.consultations.select_related("paper")
    if stages:
        papers = sorted({str(stage.paper.number or stage.paper.subject) for stage in stages})
        sentence = ngettext(
            "In dieser Sitzung steht %(number)d Beratung an (%(papers)s). Geben Sie ihr zuerst einen anderen "
            "Termin, oder sagen Sie die Sitzung ab.",
            "In dieser Sitzung stehen %(number)d Beratungen an (%(papers)s). Geben Sie ihnen zuerst einen "
            "anderen Termin, oder sagen Sie die Sitzung ab.",
            len(stages),
        )
        sentences.append(sentence % {"number": len(stages), "papers": ", ".join(papers)})
    if meeting.files.exists() or meeting.notices.exists():
        sentences.append(_("Zu dieser Sitzung ist schon eingeladen. Sie lässt sich nur noch absagen."))
    if Meeting.objects.filter(continues=meeting).exists():
        sentences.append(_("Eine andere Sitzung setzt diese fort."))
    if meeting.attendance.exists() or MeetingMinutes.objects.filter(meeting=meeting).exists():
        sentences.append(_("Zu dieser Sitzung gibt es schon Anwesenheit oder eine Niederschrift."))
    return sentences


@transaction.atomic
def delete_meeting(*, meeting: Meeting, by: User) -> None:
    """Raises ValidationError with the sentences where something hangs on it."""
    meeting = lock_with_papers(meeting.pk, by)
    if sentences := holding(meeting):
        raise ValidationError(sentences)
    sign(meeting, by=by, reason=_("Sitzung gelöscht"))
    meeting.delete()
