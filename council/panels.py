"""Notes, marks, questions and reminders of one reader about one paper: for `council/_notes.html`.

`{% include "council/_notes.html" %}` shows it wherever `panel` is in the context. A page that shows it is the
reader's alone and must not be kept by anybody, also not for reading offline.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils import timezone

from committees.models import CommitteeSeat, Consultation, Faction, Paper
from council.forms.preparing import NoteForm, QuestionForm, ReminderForm
from council.models import FactionNote, PaperQuestion, PrivateNote, Reminder
from council.models.preparing import factions_of
from council.passages import passages_of, words_for
from council.permissions import may_answer, may_ask
from council.secrets import UnreadableNoteError, unseal

READING, NOTES = "lesen", "notizen"
"""The pages that show the panel; what is sent from it leads back there."""
REMINDED_BEFORE = datetime.timedelta(days=2)


@dataclass(frozen=True)
class OwnNote:
    row: PrivateNote
    place: str
    text: str = ""
    readable: bool = True

    @property
    def is_mark(self) -> bool:
        return self.row.kind == PrivateNote.Kind.MARK


@dataclass(frozen=True)
class SharedNote:
    row: FactionNote
    place: str
    own: bool


@dataclass(frozen=True)
class Question:
    row: PaperQuestion
    place: str
    own: bool
    asker: str
    """Whose question it is: told to who asked and to the house, to nobody else."""


def panel(user: Any, paper: Paper, page: str = READING, **forms: Any) -> dict[str, Any]:
    """In a constant number of queries. `forms` replaces the empty ones: `note`, `question`, `reminder`."""
    passages = passages_of(user, paper)
    base = f"/{paper.municipality.slug}/rat/vorlagen/{paper.pk}/"
    notes = own_notes(user, paper, passages)
    answers = may_answer(user, paper)
    return {
        "page": page,
        "base": base,
        "passages": passages,
        "notes": notes,
        "marked": {note.row.passage for note in notes if note.is_mark},
        "factions": factions_to_share_with(user, paper.municipality_id),
        "shared": shared_notes(user, paper, passages),
        "questions": questions_about(user, paper, passages, answers=answers),
        "reminders": list(Reminder.objects.filter(user=user, paper=paper, sent_at=None)),
        "may_ask": may_ask(user, paper),
        "may_answer": answers,
        "note_form": forms.get("note") or NoteForm(passages=passages, auto_id="notiz_%s"),
        "question_form": forms.get("question") or QuestionForm(passages=passages, auto_id="frage_%s"),
        "reminder_form": forms.get("reminder")
        or ReminderForm(auto_id="erinnerung_%s", initial={"day": day_to_remind(paper)}),
    }


def own_notes(user: Any, paper: Paper, passages: dict[str, str]) -> Sequence[OwnNote]:
    """In the order of the passages, the whole paper first."""
    order = {key: number for number, key in enumerate(passages)}
    found = [opened(row, passages) for row in PrivateNote.objects.filter(user=user, paper=paper)]
    found.sort(key=lambda note: (order.get(note.row.passage, len(order)), note.row.pk))
    return found


def opened(row: PrivateNote, passages: dict[str, str]) -> OwnNote:
    place = words_for(row.passage, passages)
    try:
        return OwnNote(row, place, unseal(row.sealed, user_id=row.user_id, paper_id=row.paper_id))
    except UnreadableNoteError:
        return OwnNote(row, place, readable=False)


def shared_notes(user: Any, paper: Paper, passages: dict[str, str]) -> Sequence[SharedNote]:
    rows = FactionNote.objects.filter(paper=paper, faction__in=factions_of(user))
    return [
        SharedNote(row, words_for(row.passage, passages), row.author_id == user.pk)
        for row in rows.select_related("author", "faction")
    ]


def questions_about(
    user: Any, paper: Paper, passages: dict[str, str], *, answers: bool
) -> Sequence[Question]:
    rows = PaperQuestion.objects.visible_to(user).filter(paper=paper)
    found = []
    for row in rows.select_related("asked_by", "answered_by").order_by("asked_at", "pk"):
        if row.passage and row.passage not in passages:
            continue  # about a passage that this reader does not see
        own = row.asked_by_id == user.pk
        asker = row.asked_by.name if answers and not own else ""
        found.append(Question(row, words_for(row.passage, passages), own, asker))
    return found


def factions_to_share_with(user: Any, municipality_id: int) -> Sequence[Faction]:
    """Those for which the user sits in a committee today."""
    seats = CommitteeSeat.objects.open().filter(person__user=user, faction__municipality=municipality_id)
    return list(Faction.objects.filter(pk__in=seats.values("faction")))


def day_to_remind(paper: Paper) -> datetime.date | None:
    """Two days before the next meeting that deals with it, if that is still to come."""
    today = timezone.localdate()
    stages = Consultation.objects.filter(
        paper=paper, left_out=False, meeting__date__gt=today + REMINDED_BEFORE, meeting__cancelled=False
    )
    day = stages.order_by("meeting__date").values_list("meeting__date", flat=True).first()
    return day - REMINDED_BEFORE if day else None
