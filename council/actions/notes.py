"""What somebody keeps for themselves about a paper: notes, marks, reminders. No history says a word of it."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Faction, Paper
from council.models import FactionNote, PrivateNote, Reminder
from council.passages import passages_of
from council.permissions import speaks_for
from council.secrets import seal, unseal
from municipalities.models import User

LONGEST_NOTE = 5000
LATEST_REMINDER = datetime.timedelta(days=2 * 366)


def write_note(*, paper: Paper, by: User, kind: str, passage: str, text: str) -> PrivateNote:
    """A mark may be without words."""
    _check(paper, by, kind, passage, text)
    return PrivateNote.objects.create(
        user=by, paper=paper, kind=kind, passage=passage, sealed=seal(text, user_id=by.pk, paper_id=paper.pk)
    )


def change_note(*, note: PrivateNote, by: User, passage: str, text: str) -> None:
    if note.user_id != by.pk:
        raise PermissionDenied
    _check(note.paper, by, note.kind, passage, text)
    note.passage, note.sealed = passage, seal(text, user_id=by.pk, paper_id=note.paper_id)
    note.save()


def _check(paper: Paper, by: User, kind: str, passage: str, text: str) -> None:
    if passage not in passages_of(by, paper):
        raise ValidationError({"passage": _("Diese Stelle gibt es in der Vorlage nicht.")})
    if kind == PrivateNote.Kind.NOTE and not text:
        raise ValidationError({"text": _("Bitte schreiben Sie die Notiz.")})
    if len(text) > LONGEST_NOTE:
        raise ValidationError({"text": _("Die Notiz ist länger als %d Zeichen.") % LONGEST_NOTE})


def delete_note(*, note: PrivateNote, by: User) -> None:
    """At once and for good: of a private note nothing is kept."""
    if note.user_id != by.pk:
        raise PermissionDenied
    note.delete()


@transaction.atomic
def share_note(*, note: PrivateNote, faction: Faction, by: User) -> FactionNote:
    """The faction gets a copy of what it says now; the note itself stays private."""
    if note.user_id != by.pk or not speaks_for(by, faction):
        raise PermissionDenied
    text = unseal(note.sealed, user_id=note.user_id, paper_id=note.paper_id)
    if not text:
        raise ValidationError(_("Eine Markierung ohne Text lässt sich nicht teilen."))
    shared, _new = FactionNote.objects.get_or_create(
        faction=faction, paper=note.paper, passage=note.passage, text=text, author=by
    )
    return shared


def take_back(*, note: FactionNote, by: User) -> None:
    """Who shared it; the faction then no longer reads it."""
    if note.author_id != by.pk:
        raise PermissionDenied
    note.delete()


def ask_to_be_reminded(*, paper: Paper, by: User, day: datetime.date) -> Reminder:
    """Once for a day, however often it is asked for."""
    today = timezone.localdate()
    if day <= today:
        raise ValidationError({"day": _("Bitte wählen Sie einen Tag nach dem heutigen.")})
    if day > today + LATEST_REMINDER:
        raise ValidationError({"day": _("Bitte wählen Sie einen Tag in den nächsten zwei Jahren.")})
    reminder, _new = Reminder.objects.get_or_create(user=by, paper=paper, day=day)
    return reminder


def forget_reminder(*, reminder: Reminder, by: User) -> None:
    if reminder.user_id != by.pk:
        raise PermissionDenied
    reminder.delete()
