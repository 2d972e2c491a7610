"""Notes, marks, questions and reminders of one reader about one paper: for `council/_notes.html`.

`{% include "council/_notes.html" %}` shows it wherever `panel` is in the context. A page that shows it is the
reader's alone and must not be kept by anybody, also not for reading offline.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.db.models import prefetch_related_objects
from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from committees.models import Consultation, Faction, Paper
from committees.openness import read_whole, reads_all
from council.contents import Contents
from council.forms.preparing import NoteForm, QuestionForm, ReminderForm
from council.marking import Note, place_of, with_marks
from council.models import FactionNote, IntendedVote, PaperQuestion, PrivateNote, Reminder
from council.models.preparing import factions_of, factions_with_seat, in_open_passage
from council.paper_page import body_of
from council.paper_tabs import reading_address
from council.passages import kept_passages, passages_for, with_passages, words_for
from council.permissions import may_answer, may_ask
from council.secrets import UnreadableNoteError
from municipalities.models import Municipality
from municipalities.reader_rows import RowsByReader
from municipalities.rows import RowsById

READING, NOTES = "lesen", "notizen"
"""The pages that show the panel; what is sent from it leads back there."""
REMINDED_BEFORE = datetime.timedelta(days=2)


def _votes(user: Any, paper: int) -> Any:
    coming = Consultation.objects.texts_visible_to(user).filter(paper=paper, outcome="", result="")
    rows = IntendedVote.objects.filter(faction__in=factions_of(user), consultation__in=coming)
    return rows.select_related("faction", "consultation__committee").order_by("consultation__position", "pk")


OWN = RowsById(lambda user, paper: PrivateNote.objects.filter(user=user, paper=paper))
REMINDERS = RowsById(lambda user, paper: Reminder.objects.filter(user=user, paper=paper, sent_at=None))
COMING_DAYS = RowsById(
    lambda paper: (
        Consultation.objects.filter(paper=paper, left_out=False, meeting__cancelled=False)
        .order_by("meeting__date")
        .values_list("meeting__date")
    )
)
SHARED = RowsByReader(
    lambda user, paper: (
        FactionNote.objects.filter(in_open_passage(user), paper=paper, faction__in=factions_of(user))
        .select_related("author", "faction")
        .order_by("written_at", "pk")
    )
)
VOTES = RowsByReader(_votes)
QUESTIONS = RowsByReader(
    lambda user, paper: (
        PaperQuestion.objects.visible_to(user)
        .filter(paper=paper)
        .select_related("asked_by", "answered_by")
        .order_by("asked_at", "pk")
    )
)
SEATED = RowsByReader(lambda user, town: factions_with_seat(user).filter(municipality=town))


@dataclass(frozen=True)
class OwnNote:
    row: PrivateNote
    place: str
    text: str = ""
    quote: str = ""
    before: str = ""
    readable: bool = True
    found: bool = False
    """Whether its place is in the text that is shown."""
    whole: bool = True
    """Whether the reader may still read all of the paper, and so also a quote that is no longer in it."""

    @property
    def is_mark(self) -> bool:
        return self.row.kind == PrivateNote.Kind.MARK

    @property
    def shown_quote(self) -> str:
        return self.quote if self.found or self.whole else ""

    @property
    def changed(self) -> bool:
        """Its words have gone, or what they were in."""
        return not self.found and bool(self.quote or (self.row.passage and not self.place))

    @property
    def anchor(self) -> str:
        """Where it is on the reading page, if it is there."""
        if not self.found:
            return ""
        return f"#stelle-{self.row.pk}" if self.quote else f"#{self.row.passage}"


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


def panel(
    user: Any, paper: Paper, page: str = READING, *, insider: bool | None = None, **forms: Any
) -> dict[str, Any]:
    """In a constant number of queries. `forms` replaces the empty ones: `note`, `question`, `reminder`.

    Whether the reader is an `insider` (`openness.reads_all`) is asked for where it is not yet known.
    `marked_text` then says which notes have their place in the text."""
    whole = reads_all(user, paper) if insider is None else insider
    passages = kept_passages(paper, insider=whole)
    base = reading_address(paper)
    notes = own_notes(user, paper, passages, whole=whole)
    note_form = forms.get("note") or NoteForm(passages=passages, auto_id="notiz_%s")
    answers = may_answer(user, paper)
    return {
        "page": page,
        "base": base,
        "passages": passages,
        "whole": whole,
        "notes": notes,
        "factions": SEATED.models(user, paper.municipality_id),
        "shared": shared_notes(user, paper, passages),
        "votes": intended_votes(user, paper),
        "questions": questions_about(user, paper, passages, answers=answers),
        "reminders": REMINDERS.models(user.pk, paper.pk),
        "may_ask": may_ask(user, paper),
        "may_answer": answers,
        "note_form": note_form.beside_the_text() if page == READING else note_form,
        "question_form": forms.get("question") or QuestionForm(passages=passages, auto_id="frage_%s"),
        "reminder_form": forms.get("reminder")
        or ReminderForm(auto_id="erinnerung_%s", initial={"day": day_to_remind(paper)}),
    }


def marked_text(panel: dict[str, Any], body: str) -> SafeString:
    """The paper's text with the reader's places highlighted, each with a link to its note."""
    notes = [note for note in panel["notes"] if note.readable]
    text, found = with_marks(body, [_to_mark(note) for note in notes], panel["passages"])
    panel["notes"] = [replace(note, found=note.row.pk in found) for note in panel["notes"]]
    return text


def _to_mark(note: OwnNote) -> Note:
    words = _("Ihre Markierung") if note.is_mark and not note.text else _("Ihre Notiz zu dieser Stelle")
    return Note(note.row.pk, note.row.passage, note.quote, note.before, note.is_mark, words)


def own_notes(user: Any, paper: Paper, passages: dict[str, str], *, whole: bool) -> Sequence[OwnNote]:
    """In the order of the passages, the whole paper first."""
    order = {key: number for number, key in enumerate(passages)}
    found = [opened(user, row, passages, whole=whole) for row in OWN.models(user.pk, paper.pk)]
    found.sort(key=lambda note: (order.get(note.row.passage, len(order)), note.row.pk))
    return found


def opened(user: Any, row: PrivateNote, passages: dict[str, str], *, whole: bool) -> OwnNote:
    place = words_for(row.passage, passages)
    try:
        contents = Contents.of(row.sealed, user=user, paper_id=row.paper_id)
    except UnreadableNoteError:
        return OwnNote(row, place, readable=False)
    return OwnNote(row, place, contents.text, contents.quote, contents.before, whole=whole)


def notes_everywhere(user: Any, municipality: Municipality) -> list[tuple[Paper, Sequence[OwnNote]]]:
    """By paper, what was written last first. In a constant number of queries, unless there are quotes that
    the reader may perhaps not read any more: then the paper's text is asked."""
    rows = (
        PrivateNote.objects.visible_to(user)
        .in_town(municipality)
        .select_related("paper__layout", "paper__paper_type", "paper__revision", "paper__concept__revision")
        .order_by("-written_at", "-pk")
    )
    by_paper: dict[int, list[PrivateNote]] = {}
    papers: dict[int, Paper] = {}
    for row in rows:
        row.paper = papers.setdefault(row.paper_id, row.paper)
        by_paper.setdefault(row.paper_id, []).append(row)
    prefetch_related_objects(list(papers.values()), *with_passages())
    read = read_whole(user, papers.values())
    found: list[tuple[Paper, Sequence[OwnNote]]] = []
    for pk, paper in papers.items():
        paper.municipality = municipality
        passages = passages_for(paper, insider=pk in read)
        notes = [opened(user, row, passages, whole=pk in read) for row in by_paper[pk]]
        found.append((paper, [_with_found(note, paper, passages) for note in notes]))
    return found


def note_of(user: Any, row: PrivateNote) -> OwnNote:
    whole = reads_all(user, row.paper)
    passages = passages_for(row.paper, insider=whole)
    return _with_found(opened(user, row, passages, whole=whole), row.paper, passages)


def _with_found(note: OwnNote, paper: Paper, passages: dict[str, str]) -> OwnNote:
    """Looked for only where it decides whether the quote is shown."""
    if not note.quote or note.whole:
        return note
    body = body_of(paper, insider=False)
    return replace(note, found=place_of(body, passages, note.quote) is not None)


def shared_notes(user: Any, paper: Paper, passages: dict[str, str]) -> Sequence[SharedNote]:
    rows = SHARED.models(user, paper.pk)
    return [SharedNote(row, words_for(row.passage, passages), row.author_id == user.pk) for row in rows]


def intended_votes(user: Any, paper: Paper) -> Sequence[IntendedVote]:
    """What the reader's factions mean to do at the stages that are still to come."""
    return VOTES.models(user, paper.pk)


def questions_about(
    user: Any, paper: Paper, passages: dict[str, str], *, answers: bool
) -> Sequence[Question]:
    found = []
    for row in QUESTIONS.models(user, paper.pk):
        if row.passage and row.passage not in passages:
            continue  # about a passage that this reader does not see
        own = row.asked_by_id == user.pk
        asker = row.asked_by.name if answers and not own else ""
        found.append(Question(row, words_for(row.passage, passages), own, asker))
    return found


def factions_to_share_with(user: Any, municipality_id: int) -> Sequence[Faction]:
    """Those for which the user sits in a committee today."""
    return SEATED.models(user, municipality_id)


def day_to_remind(paper: Paper) -> datetime.date | None:
    """Two days before the next meeting that deals with it, if that is still to come."""
    today = timezone.localdate()
    for (day,) in COMING_DAYS.rows(paper.pk):
        if day > today + REMINDED_BEFORE:
            return day - REMINDED_BEFORE
    return None
