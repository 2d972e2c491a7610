"""A row of everything that council members leave behind, for tests that look at every model."""

import datetime

from django.utils import timezone

from committees.models import Consultation, Faction, Meeting, Paper
from council.models import (
    FactionNote,
    FactionStaff,
    IntendedVote,
    LinkUse,
    MeetingLink,
    PaperQuestion,
    PrivateNote,
    ReadMark,
    Reminder,
)
from municipalities.models import Municipality, Person, User


def council_rows(town: Municipality, by: User) -> None:
    """About the town's first paper and meeting; `by` is a user of the town."""
    paper = Paper.objects.filter(municipality=town).earliest("pk")
    stage = Consultation.objects.filter(paper=paper).earliest("position")
    meeting = stage.meeting or Meeting.objects.filter(municipality=town).earliest("pk")
    faction, _created = Faction.objects.get_or_create(municipality=town, name="Fraktion der Mitte")
    person = Person.objects.filter(municipality=town).earliest("pk")
    ReadMark.objects.create(user=by, paper=paper, read_at=timezone.now())
    PrivateNote.objects.create(user=by, paper=paper, sealed=b"nichts")
    Reminder.objects.create(user=by, paper=paper, day=timezone.localdate())
    link = MeetingLink.objects.create(
        meeting=meeting,
        holder="Presse",
        token_hash=f"{town.pk:064d}",
        expires_at=timezone.now() + datetime.timedelta(days=7),
        made_by=by,
    )
    LinkUse.objects.create(link=link, what="Mappe")
    FactionStaff.objects.create(faction=faction, person=person)
    FactionNote.objects.create(faction=faction, paper=paper, text="Nachfragen.", author=by)
    IntendedVote.objects.create(faction=faction, paper=paper, consultation=stage, changed_by=by)
    PaperQuestion.objects.create(paper=paper, text="Was kostet das?", asked_by=by)
