"""What somebody keeps for themselves about a paper: notes, marks, reminders. No history says a word of it."""

from __future__ import annotations

import datetime

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Faction, Paper
from committees.openness import reads_all
from council.contents import Contents
from council.marking import LONGEST_QUOTE, place_of, squeezed
from council.models import FactionNote, PrivateNote, Reminder
from council.paper_page import body_of
from council.passages import passages_for, passages_of
from council.permissions import speaks_for
from municipalities.models import User

LONGEST_NOTE = 5000
LATEST_REMINDER = datetime.timedelta(days=2 * 366)


def write_note(
    *, paper: Paper, by: User, kind: str, passage: str, text: str, quote: str = "", before: str = ""
) -> PrivateNote:
    """A mark may be without words; with a `quote` only that is marked (`before`: what stands before it)."""
    passage = _check(paper, by, kind, passage, text, quote)
    contents = Contents(text, quote, before if quote else "")
    return PrivateNote.objects.create(
        user=by,
        paper=paper,
        kind=kind,
        passage=passage,
        sealed=contents.sealed(user=by, paper_id=paper.pk),
    )


def change_note(*, note: PrivateNote, by: User, passage: str, text: str, quote: str = "") -> None:
    """A quote that stays may have gone from the paper meanwhile; a new one must be there. Raises
    UnreadableNoteError for what cannot be opened: nothing is written over it."""
    if note.user_id != by.pk:
        raise PermissionDenied
    known = Contents.of(note.sealed, user=by, paper_id=note.paper_id)
    same = squeezed(known.quote) == squeezed(quote)
    note.passage = _check(note.paper, by, note.kind, passage, text, "" if same else quote)
    contents = Contents(text, quote, known.before if same else "")
    note.sealed = contents.sealed(user=by, paper_id=note.paper_id)
    note.save()


def _check(paper: Paper, by: User, kind: str, passage: str, text: str, quote: str) -> str:
    """Gives the passage in which the quote stands."""
    passages = passages_of(by, paper)
    if passage not in passages:
        raise ValidationError({"passage": _("Diese Stelle gibt es in der Vorlage nicht.")})
    if kind == PrivateNote.Kind.NOTE and not text:
        raise ValidationError({"text": _("Bitte schreiben Sie die Notiz.")})
    if len(text) > LONGEST_NOTE:
        raise ValidationError({"text": _("Die Notiz ist länger als %d Zeichen.") % LONGEST_NOTE})
    if not quote:
        return passage
    if len(quote) > LONGEST_QUOTE:
        raise ValidationError({"quote": _("Bitte markieren Sie höchstens %d Zeichen.") % LONGEST_QUOTE})
    body = body_of(paper, insider=reads_all(by, paper))
    found = place_of(body, [passage] if passage else passages, quote)
    if found is None:
        raise ValidationError(
            {
                "quote": _("Diese Wörter stehen so nicht in der Stelle. Bitte schreiben Sie sie genau ab.")
                if passage
                else _("Diese Wörter stehen so nicht in der Vorlage. Bitte schreiben Sie sie genau ab.")
            }
        )
    return found


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
    contents = Contents.of(note.sealed, user=by, paper_id=note.paper_id)
    if not contents.text:
        raise ValidationError(_("Eine Markierung ohne Text lässt sich nicht teilen."))
    text = contents.text
    if _everybodys(note.paper, contents.quote):
        text = f"„{contents.quote}“\n\n{text}"
    shared, _new = FactionNote.objects.get_or_create(
        faction=faction, paper=note.paper, passage=note.passage, text=text, author=by
    )
    return shared


def _everybodys(paper: Paper, quote: str) -> bool:
    """Who works for the faction without a seat gets no word of what is not public."""
    return bool(
        quote
        and place_of(body_of(paper, insider=False), passages_for(paper, insider=False), quote) is not None
    )


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
