"""Rows that the addresses of council members are about, made when they are asked for; somebody else's."""

from __future__ import annotations

import datetime
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from committees.models import CommitteeSeat, Faction, IssuedPaper, Meeting, Paper
from council.actions.former_notes import token_for
from council.actions.keys import make_calendar_key, make_link
from council.models import FactionNote, FactionStaff, PaperQuestion, PrivateNote, Reminder
from council.secrets import seal
from municipalities.models import Municipality, Person, User


def faction_of(town: Municipality) -> Faction:
    """The council member's of the demo."""
    seats = CommitteeSeat.objects.filter(person__user__email=f"ratsmitglied@{town.slug}.example")
    return Faction.objects.get(pk=seats.exclude(faction=None).values("faction")[:1])


def coming(stage: Any) -> Any:
    """The stage, in a meeting that is still to come, with an item of its own on the agenda."""
    today = timezone.localdate()
    if stage.meeting is None or stage.meeting.date < today:
        meeting, _new = Meeting.objects.get_or_create(
            municipality=stage.paper.municipality,
            title="Kommende Sitzung",
            date=today + datetime.timedelta(days=10),
        )
        meeting.committees.set(stage.committees())
        stage.meeting, stage.agenda_item = meeting, None
        stage.save()
    return stage


def somebody() -> User:
    return User.objects.get_or_create(email="jemand@portal.example", defaults={"name": "Jemand"})[0]


def paper_of(town: Municipality) -> Paper:
    return Paper.objects.get(municipality=town, state=Paper.State.RELEASED)


def addresses_of_links(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def meeting() -> Meeting:
        """Of the stage whose PDF has left the house."""
        issued = IssuedPaper.objects.filter(consultation__paper=paper_of(town)).first()
        stage = (
            issued.consultation
            if issued
            else paper_of(town).consultations.exclude(meeting=None).earliest("pk")
        )
        assert stage.meeting is not None
        return stage.meeting

    def link() -> tuple[Any, str]:
        by = User.objects.get(email=f"sitzungsdienst@{town.slug}.example")
        return make_link(meeting=meeting(), by=by, holder="Presse", last_day=timezone.localdate())

    def link_row() -> list[Any]:
        row = link()[0]
        return [row.meeting_id, row.pk]

    def link_file() -> list[Any]:
        issued = IssuedPaper.objects.filter(consultation__paper=paper_of(town)).earliest("pk")
        stage = issued.consultation
        if stage.agenda_item is None:
            stage.agenda_item = stage.meeting.agenda.create(
                position=900, number="900", title=stage.paper.subject
            )
            stage.save()
        return [link()[1], issued.file_id]

    return {
        "council:links": lambda: [meeting().pk],
        "council:link_revoke": link_row,
        "council:link": lambda: [link()[1]],
        "council:link_pack": lambda: [link()[1]],
        "council:link_file": link_file,
        "council:meeting_offline": lambda: [meeting().pk],
        "council:calendar_feed": lambda: [make_calendar_key(by=somebody())],
    }


def addresses_of_council(town: Municipality) -> dict[str, Callable[[], list[Any]]]:
    def note() -> list[Any]:
        user, about = somebody(), paper_of(town)
        sealed = seal("Nachfragen.", user=user, paper_id=about.pk)
        row, _new = PrivateNote.objects.get_or_create(user=user, paper=about, defaults={"sealed": sealed})
        return [about.pk, row.pk]

    def former() -> list[Any]:
        return [token_for(somebody(), "frueher@portal.example")]

    def question() -> list[Any]:
        row, _new = PaperQuestion.objects.get_or_create(
            paper=paper_of(town), text="Was kostet das?", asked_by=somebody()
        )
        return [row.paper_id, row.pk]

    def reminder() -> list[Any]:
        row, _new = Reminder.objects.get_or_create(
            user=somebody(), paper=paper_of(town), day=timezone.localdate() + datetime.timedelta(days=5)
        )
        return [row.pk]

    def shared() -> list[Any]:
        faction = faction_of(town)
        row, _new = FactionNote.objects.get_or_create(
            faction=faction, paper=paper_of(town), text="Nachfragen.", author=somebody()
        )
        return [faction.pk, row.pk]

    def intended() -> list[Any]:
        faction = faction_of(town)
        committees = CommitteeSeat.objects.open().filter(faction=faction).values("committee")
        stages = paper_of(town).consultations.filter(committee__in=committees, left_out=False)
        return [faction.pk, coming(stages.earliest("position")).pk]

    def staff() -> list[Any]:
        person = Person.objects.filter(municipality=town, user=None).earliest("pk")
        return [FactionStaff.objects.get_or_create(faction=faction_of(town), person=person)[0].pk]

    of_paper = ("notes", "questions", "reminder_add")
    of_note = ("note_edit", "note_delete", "note_share")
    return {
        **{f"council:{name}": lambda: [paper_of(town).pk] for name in of_paper},
        **{f"council:{name}": note for name in of_note},
        "council:former_notes_taken": former,
        "council:question": question,
        "council:question_withdraw": question,
        "council:reminder_delete": reminder,
        "council:faction": lambda: [faction_of(town).pk],
        "council:intended_vote": intended,
        "council:faction_note_delete": shared,
        "council:staff_add": lambda: [faction_of(town).pk],
        "council:staff_remove": staff,
        **addresses_of_links(town),
    }
