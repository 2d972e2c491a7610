"""The invitation to a meeting: its PDFs are frozen, and each member gets a mail with the appointment.

What is not public goes into no mail: the complete agenda is read in the portal, after logging in.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from django.conf import settings
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Max
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import hold_meeting
from committees.models import AgendaItem, CommitteeSeat, Meeting, MeetingFile, MeetingNotice
from committees.permissions import may_lead
from committees.printing.meetings import agenda_of, file_name, invitation_document
from concepts.actions.signing import sign
from documents.calendar_files import FILE_NAME, MEDIA_TYPE, Appointment, Method, calendar_file
from documents.models import IssuedFile
from documents.pdf import render
from municipalities.models import Person, User
from outbox.actions import Naming, post
from outbox.models import Wording

Kind = MeetingNotice.Kind
LONGEST_MESSAGE = 2000
SUBJECTS = {
    Kind.INVITATION: "Einladung: %s",
    Kind.SUPPLEMENT: "Nachtrag zur Tagesordnung: %s",
    Kind.MOVED: "Verlegt: %s",
    Kind.CANCELLATION: "Abgesagt: %s",
}


@dataclass
class Recipients:
    """Who sits in the meeting's committees on its day: can be written to, or not."""

    reachable: list[Person] = field(default_factory=list)
    without_address: list[Person] = field(default_factory=list)


def recipients_of(meeting: Meeting, *, deputies: bool = False) -> Recipients:
    """By name. Deputies are invited where somebody cannot come, so only if it is asked for."""
    seats = CommitteeSeat.objects.on(meeting.date).filter(committee__meetings=meeting)
    if not deputies:
        seats = seats.exclude(role=CommitteeSeat.Role.DEPUTY)
    persons = Person.objects.filter(pk__in=seats.values("person")).select_related("user").order_by("name")
    found = Recipients()
    for person in persons:
        reachable = person.user is not None and person.user.is_active
        (found.reachable if reachable else found.without_address).append(person)
    return found


def next_kind(meeting: Meeting) -> str:
    """What would leave the house now: the invitation, or a supplement to it."""
    newest = meeting.files.exclude(kind=MeetingFile.Kind.MINUTES).order_by("-pk").first()
    if newest is None:
        return MeetingFile.Kind.INVITATION
    added = AgendaItem.objects.filter(meeting=meeting, supplementary=True).exists()
    return MeetingFile.Kind.SUPPLEMENT if added else MeetingFile.Kind.INVITATION


@transaction.atomic
def invite(
    *, meeting: Meeting, by: User, seen: int | None = None, message: str = "", deputies: bool = False
) -> int:
    """Freezes the invitation (or the supplement) in both variants and mails it; how many mails.

    `seen` is how many files there were when the form was opened. Raises PermissionDenied, or ValidationError
    with a German sentence.
    """
    meeting = hold_meeting(meeting.pk)
    if not may_lead(by, meeting.municipality_id):
        raise PermissionDenied(_("Einladen dürfen nur der Sitzungsdienst und die Fachadministration."))
    check_can_be_invited(meeting)
    if len(message) > LONGEST_MESSAGE:
        raise ValidationError({"message": _("Bitte höchstens %d Zeichen.") % LONGEST_MESSAGE})
    if seen is not None and seen != meeting.files.count():
        raise ValidationError(
            _("Zu dieser Sitzung wurde gerade schon eingeladen. Bitte prüfen Sie die Liste unten.")
        )
    kind = next_kind(meeting)
    number = meeting.files.filter(kind=kind).aggregate(most=Max("number"))["most"] or 0
    if number:  # another state of the same: whoever got the last one gets this one too
        meeting.sequence += 1
        sign(meeting, by=by)
        meeting.save()
    label = str(MeetingFile.Kind(kind).label)
    public, _complete = [
        MeetingFile.objects.create(
            meeting=meeting,
            kind=kind,
            number=number + 1,
            public=not complete,
            file=IssuedFile.freeze(
                municipality=meeting.municipality,
                name=file_name(meeting, label, complete=complete),
                content=render(invitation_document(meeting, kind, complete=complete)),
                by=by,
            ),
        )
        for complete in (False, True)
    ]
    waiting = recipients_of(meeting, deputies=deputies).reachable
    return _mail(meeting, waiting, Kind(kind), message, by, public)


def check_can_be_invited(meeting: Meeting) -> None:
    if meeting.cancelled:
        raise ValidationError(_("Diese Sitzung ist abgesagt. Dazu wird nicht mehr eingeladen."))
    if meeting.date < timezone.localdate():
        raise ValidationError(_("Diese Sitzung ist schon vorbei. Dazu wird nicht mehr eingeladen."))
    if not meeting.agenda.filter(taken_off=False).exists():
        raise ValidationError(
            _("Die Tagesordnung ist noch leer. Bitte tragen Sie zuerst ein, worum es geht.")
        )


@transaction.atomic
def notify_change(*, meeting: Meeting, kind: MeetingNotice.Kind, by: User) -> int:
    """Tells all who were invited that the meeting was moved or cancelled; how many mails.

    For `MOVED` and `CANCELLATION`, after `sequence` has grown.
    """
    invited = meeting.notices.filter(kind__in=(Kind.INVITATION, Kind.SUPPLEMENT)).values("person")
    persons = Person.objects.filter(pk__in=invited, user__is_active=True).select_related("user")
    return _mail(meeting, persons.order_by("name"), kind, meeting.reason, by)


def _mail(
    meeting: Meeting,
    persons: Iterable[Person],
    kind: MeetingNotice.Kind,
    message: str,
    by: User,
    file: MeetingFile | None = None,
) -> int:
    """`file`: the public invitation that goes with it."""
    method = Method.CANCEL if kind == Kind.CANCELLATION else Method.PUBLISH
    calendar = (FILE_NAME, meeting_file(meeting, method), f"{MEDIA_TYPE}; method={method}")
    agenda = [item for item in agenda_of(meeting, complete=False) if item.public]
    context = {
        "meeting": meeting,
        "municipality": meeting.municipality,
        "kind": kind,
        "message": message,
        "address": address_of(meeting),
    }
    pdf = [(file.file.name, bytes(file.file.content), "application/pdf")] if file else []
    subject = " ".join((_(SUBJECTS[kind]) % meeting).split())
    sent = 0
    for person in persons:
        assert person.user is not None
        _notice, new = MeetingNotice.objects.get_or_create(
            meeting=meeting,
            person=person,
            kind=kind,
            sequence=meeting.sequence,
            defaults={"address": person.user.email, "sent_by": by},
        )
        if not new:
            continue
        context["person"] = person
        listing = render_to_string("committees/mails/meeting.txt", {**context, "agenda": agenda})
        post(
            key=f"meeting-{meeting.pk}-{kind}-{meeting.sequence}-{person.pk}",
            to=person.user.email,
            subject=subject,
            text=render_to_string("committees/mails/meeting.txt", context),
            attachments=[calendar],
            naming=Naming([*agenda, file], Wording(subject, listing, tuple(pdf))) if file else None,
        )
        sent += 1
    return sent


def address_of(meeting: Meeting) -> str:
    return settings.PORTAL_URL + meeting.get_absolute_url()


def appointment_of(meeting: Meeting) -> Appointment:
    """What stands in calendars: never what is on the agenda."""
    return Appointment(
        name=f"sitzung-{meeting.pk}",
        title=meeting.title,
        first=meeting.date,
        last=meeting.date,
        start=meeting.start,
        end=meeting.end,
        place=meeting.place,
        url=address_of(meeting),
        sequence=meeting.sequence,
        cancelled=meeting.cancelled,
    )


def meeting_file(meeting: Meeting, method: Method = Method.PUBLISH) -> bytes:
    return calendar_file([appointment_of(meeting)], organiser=meeting.municipality.name, method=method)
