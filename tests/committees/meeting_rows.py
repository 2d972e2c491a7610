"""A row of everything that a meeting leaves behind, for tests that look at every model."""

from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    CommitteeSeat,
    Consultation,
    Excerpt,
    Exclusion,
    Faction,
    FactionVote,
    MeasureDecision,
    Meeting,
    MeetingAttendance,
    MeetingFile,
    MeetingMinutes,
    MeetingNotice,
    MinutesSignature,
    ResolutionTask,
    ResolvedPoint,
    ResolvedVersion,
    TaskReport,
)
from concepts.models import ConceptVersion, Measure
from documents.models import IssuedFile
from municipalities.models import Institution, Municipality, Person, User


def meeting_rows(town: Municipality, by: User) -> Meeting:
    """The first meeting of the town's paper, with a row of each model that hangs on it; the minutes are a
    draft. The paper may be in any state: its text is not touched."""
    stages = Consultation.objects.filter(paper__municipality=town).order_by("pk")
    stage = stages.filter(meeting__isnull=False).first() or stages[0]
    meeting = stage.meeting or Meeting.objects.filter(municipality=town).earliest("pk")
    person = Person.objects.filter(municipality=town).earliest("pk")
    faction, _created = Faction.objects.get_or_create(municipality=town, name="Fraktion der Mitte")
    seat, _created = CommitteeSeat.objects.get_or_create(
        committee=stage.committee, person=person, defaults={"faction": faction}
    )
    item = AgendaItem.objects.filter(meeting=meeting).first() or AgendaItem.objects.create(
        meeting=meeting, position=1, number="1", title="Integrationskonzept"
    )
    MeetingFile.objects.create(
        meeting=meeting, kind="invitation", number=1, public=True, file=some_file(town, "einladung.pdf", by)
    )
    MeetingNotice.objects.create(
        meeting=meeting, person=person, kind="invitation", sequence=0, address="sitz@rat.example", sent_by=by
    )
    amendment = Amendment.objects.create(
        paper=stage.paper,
        consultation=stage,
        number=1,
        faction=faction,
        before="<p>alt</p>",
        after="<p>neu</p>",
    )
    ballot = Ballot.objects.create(consultation=stage, position=1, votes_for=3)
    Ballot.objects.create(consultation=stage, position=2, kind="amendment", amendment=amendment)
    FactionVote.objects.create(ballot=ballot, faction=faction, votes_for=3)
    present = MeetingAttendance.objects.create(meeting=meeting, seat=seat, name=str(person))
    Exclusion.objects.create(agenda_item=item, attendance=present)
    minutes = MeetingMinutes.objects.create(meeting=meeting)
    MinutesSignature.objects.create(minutes=minutes, position=1, function="Vorsitz", person=person)
    Excerpt.objects.create(agenda_item=item, file=some_file(town, "auszug.pdf", by))
    follow_up(stage, by)
    return meeting


def follow_up(stage: Consultation, by: User) -> ResolutionTask:
    """What a decision leads to."""
    town = stage.paper.municipality
    if measure := Measure.objects.filter(concept__municipality=town).first():
        MeasureDecision.objects.create(measure=measure, consultation=stage, kind="adopted")
    if version := ConceptVersion.objects.filter(concept__municipality=town).first():
        ResolvedVersion.objects.create(consultation=stage, version=version)
    point = ResolvedPoint.objects.create(consultation=stage, position=1, text="<p>Beschlossen.</p>")
    task = ResolutionTask.objects.create(
        paper=stage.paper,
        consultation=stage,
        resolved_point=point,
        title="Konzept veröffentlichen",
        institution=Institution.objects.filter(municipality=town).first(),
    )
    TaskReport.objects.create(task=task, state="open", text="<p>Begonnen.</p>", by=by)
    return task


def some_file(town: Municipality, name: str, by: User) -> IssuedFile:
    return IssuedFile.freeze(municipality=town, name=name, content=name.encode(), by=by)
