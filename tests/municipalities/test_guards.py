"""The database itself keeps the towns apart: tried with raw SQL, as a shell or an import would write."""

import re
from collections.abc import Iterator
from typing import Any

import pytest
from django.apps import apps
from django.db import DatabaseError, IntegrityError, connection, models, transaction
from django.utils import timezone

from committees.actions.issuing import issue_stage
from committees.models import (
    AgendaItem,
    Assessment,
    CheckOverride,
    Consultation,
    IssuingOrder,
    IssuingRun,
    Meeting,
    Paper,
    PaperRelation,
    Recall,
)
from concepts.kinds import BY_MODEL
from concepts.models import Comment, Concept, Deletion, Opening, Suggestion
from concepts.models.talk import PARTS
from documents.models import IssuedFile
from municipalities.models import Institution, Municipality, User
from municipalities.ownership import OwnedModel
from participation.models import (
    Attendance,
    Event,
    EventNotice,
    EventReply,
    Group,
    Invitation,
    Phase,
    Process,
    ProcessModeration,
    ProposalSupport,
    Seat,
)
from tests.committees.factories import release, reopen
from tests.committees.meeting_rows import meeting_rows
from tests.committees.signers import countersigning_rows
from tests.council.rows import council_rows
from tests.documents.factories import make_picture
from tests.participation import proposing
from tests.participation.examples import document_of, event_of, minutes_of, override_of

pytestmark = pytest.mark.django_db

# What guards say where a row would go to another town, or where it may not be changed at all.
KEPT = re.compile("keeps its owner|frozen|two owners|cannot be changed|stays as it is|belongs to another")
OWNED = [model for model in apps.get_models() if issubclass(model, OwnedModel)]


def foreign_keys() -> Iterator[Any]:
    """Those that lead to something of a town, without the one that says whose the row is."""
    for model in OWNED:
        for field in model._meta.concrete_fields:
            related = field.related_model
            if field.name != model.municipality_path.split("__")[0] and related in OWNED:
                yield field


MANY_TO_MANY = [
    field for model in OWNED for field in model._meta.local_many_to_many if field.related_model in OWNED
]


def execute(sql: str, *values: Any) -> None:
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, values)


def first_of(model: type[models.Model], town: Municipality) -> models.Model | None:
    return model._base_manager.filter(**{model.municipality_path: town}).first()  # type: ignore[attr-defined]


@pytest.fixture
def here(towns: dict[str, Municipality]) -> Municipality:
    """Leverkusen, with a row of every model."""
    here = towns["leverkusen"]
    paper = reopen(Paper.objects.get(municipality=here))
    meeting = paper.consultations.all()[0].meeting
    AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Integrationskonzept")
    PaperRelation.objects.create(paper=paper, kind=PaperRelation.Kind.FOLLOWS, other_number="2014/0111")
    Assessment.objects.create(paper=paper, key="schnelluebersicht.klimaschutz", answer="no")
    by = User.objects.get(email="sitzungsdienst@leverkusen.example")
    issue_something(paper, by)
    overrule_something(paper, by)
    say_something(here, by)
    make_picture(here)
    invite_somebody(here, by)
    take_part(here, by)
    countersigning_rows(here)
    meeting_rows(here, by)
    council_rows(here, by)
    return here


def overrule_something(paper: Paper, by: User) -> None:
    CheckOverride.objects.create(
        paper=paper, code="summons_short", sentence="Zu spät.", reason="Eilt.", by=by
    )


def issue_something(like: Paper, by: User) -> None:
    """Another paper of the town that left the house, was called back and is asked for again."""
    paper = Paper.objects.create(
        municipality=like.municipality,
        paper_type=like.paper_type,
        layout=like.layout,
        subject="Förderbescheid",
    )
    committee = like.consultations.all()[0].committee
    stage = Consultation.objects.create(paper=paper, position=1, committee=committee, meaning="note")
    release(paper)
    issued = issue_stage(consultation=stage, by=by)
    Recall.objects.create(issued_paper=issued, reason="Falsche Sitzung", recalled_by=by)
    run = IssuingRun.objects.create(paper=paper, started_by=by)
    IssuingOrder.objects.create(run=run, consultation=stage, issued_paper=issued)


def invite_somebody(town: Municipality, by: User) -> None:
    group = Group.objects.filter(municipality=town, process__isnull=False)[0]
    Invitation.objects.create(
        municipality=town,
        group=group,
        email="a@verein.example",
        token_hash="0",
        expires_at=timezone.now(),
        invited_by=by,
    )
    ProcessModeration.objects.create(process=group.process, user=by)


def take_part(town: Municipality, by: User) -> None:
    """An event with all that belongs to one, and proposals on each of their ways."""
    event, process = event_of(town), Process.objects.get(municipality=town)
    document_of(event)
    minutes_of(event)
    override = override_of(process)
    override.phase = process.phases.first()
    override.save()
    seat = Seat.objects.filter(group__events=event)[0]
    Attendance.objects.create(event=event, seat=seat, name=str(seat.person))
    EventReply.objects.create(event=event, person=seat.person, answer=EventReply.Answer.values[0])
    EventNotice.objects.create(
        event=event,
        person=seat.person,
        kind=EventNotice.Kind.values[0],
        sequence=1,
        address="a@verein.example",
    )
    proposal = proposing.propose(process, by, group=seat.group, event=event)
    proposing.remark(proposal, by)
    proposing.question(proposal, by)
    ProposalSupport.objects.create(proposal=proposal, author=by)
    proposing.taken_over(proposal, by)


def say_something(town: Municipality, by: User) -> None:
    """About each kind of part a comment and a suggestion; one part in the trash, one open."""
    concept = Concept.objects.filter(municipality=town, fields__isnull=False)[0]
    for name, model in PARTS.items():
        about: Any = {"concept": concept, "author": by, name: first_of(model, town)}
        Comment.objects.create(text="Wer leitet das?", **about)
        text_name = BY_MODEL[model].text_names[0]
        Suggestion.objects.create(text_name=text_name, wording="Anders", **about)
    Deletion.objects.create(concept=concept, kind="goal", row_id=1, label="Ein Ziel", rows=[])
    Opening.objects.create(concept=concept, kind="goal", row_id=1, user=by, seen_at=timezone.now())


@pytest.fixture
def there(towns: dict[str, Municipality]) -> Municipality:
    """Göttingen, with a row of every model that one can refer to."""
    there = towns["goettingen"]
    meeting = Meeting.objects.create(municipality=there, title="Sitzung des Rates", date="2008-11-07")
    AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Integrationskonzept")
    IssuedFile.freeze(municipality=there, name="a.pdf", content=b"a", by=None)
    by = User.objects.get(email="sitzungsdienst@goettingen.example")
    issue_something(reopen(Paper.objects.get(municipality=there)), by)
    countersigning_rows(there)
    meeting_rows(there, by)
    council_rows(there, by)
    return there


def refusal(sql: str, *values: Any) -> str:
    """What the database says against it; empty where it lets it through."""
    try:
        execute(sql, *values)
    except IntegrityError as error:
        return str(error)
    return ""


def test_no_foreign_key_leads_into_another_town(here: Municipality, there: Municipality) -> None:
    """All in one go: the two towns take longer to fill than the database to answer."""
    let_through = []
    for field in foreign_keys():
        row, stranger = first_of(field.model, here), first_of(field.related_model, there)
        if field.model in (Comment, Suggestion):  # about one part only, and always about the same kind
            row = field.model.objects.filter(**{f"{field.name}__isnull": False}).first()
        assert row is not None, field
        assert stranger is not None, field
        sql = f"UPDATE {row._meta.db_table} SET {field.column} = %s WHERE id = %s"
        if not KEPT.search(refusal(sql, stranger.pk, row.pk)):
            let_through.append(str(field))
    assert let_through == []


def test_nor_does_it_when_the_row_is_new(here: Municipality, there: Municipality) -> None:
    stranger = Institution.objects.filter(municipality=there)[0]
    with pytest.raises(IntegrityError, match="two owners"):
        execute(
            "INSERT INTO municipalities_institution (municipality_id, name, kind, sign, parent_id)"
            " VALUES (%s, 'Neues Amt', 'department', '', %s)",
            here.pk,
            stranger.pk,
        )


@pytest.mark.parametrize("field", MANY_TO_MANY, ids=str)
def test_no_row_of_a_many_to_many_table_ties_two_towns(
    field: Any, here: Municipality, there: Municipality
) -> None:
    row, stranger = first_of(field.model, here), first_of(field.related_model, there)
    native = first_of(field.related_model, here)
    assert row
    assert stranger
    assert native
    table = field.m2m_db_table()
    columns = f"{field.m2m_column_name()}, {field.m2m_reverse_name()}"
    insert = f"INSERT INTO {table} ({columns}) VALUES (%s, %s)"
    with pytest.raises(IntegrityError, match="two owners"):
        execute(insert, row.pk, stranger.pk)
    execute(f"DELETE FROM {table} WHERE {field.m2m_column_name()} = %s", row.pk)
    execute(insert, row.pk, native.pk)
    with pytest.raises(IntegrityError, match="two owners"):
        execute(f"UPDATE {table} SET {field.m2m_reverse_name()} = %s", stranger.pk)


def test_the_many_to_many_tables_are_those_we_know() -> None:
    """Should one be added, the test above tries it; should Django name one otherwise, this tells."""
    assert {str(field) for field in MANY_TO_MANY} >= {
        "committees.Consultation.joint_committees",
        "committees.Meeting.committees",
        "committees.ResolutionPoint.measures",
        "concepts.Measure.goals",
        "concepts.Measure.partners",
        "participation.Event.groups",
        "participation.Group.fields",
    }


def test_no_row_moves_to_another_town(here: Municipality, there: Municipality) -> None:
    let_through = []
    for model in OWNED:
        row = first_of(model, here)
        home = model._meta.get_field(model.municipality_path.split("__")[0])
        goal = there if home.related_model is Municipality else first_of(home.related_model, there)
        assert row is not None, model
        assert goal is not None, model
        sql = f"UPDATE {row._meta.db_table} SET {home.column} = %s WHERE id = %s"
        if not KEPT.search(refusal(sql, goal.pk, row.pk)):
            let_through.append(model.__name__)
    assert let_through == []


def test_within_a_town_rows_are_tied_as_ever(here: Municipality) -> None:
    office, other = Institution.objects.filter(municipality=here)[:2]
    execute("UPDATE municipalities_institution SET parent_id = %s WHERE id = %s", other.pk, office.pk)
    office.refresh_from_db()
    assert office.parent == other


# ---- The same parent -------------------------------------------------------------------------------------


@pytest.fixture
def stage(here: Municipality) -> Consultation:
    """The first stage of Leverkusen's paper, with its agenda item."""
    stage = Consultation.objects.get(paper__municipality=here, position=1, meeting__isnull=False)
    stage.agenda_item = AgendaItem.objects.get(meeting=stage.meeting)
    stage.save()
    return stage


def test_an_agenda_item_belongs_to_its_stages_meeting(stage: Consultation) -> None:
    other = Meeting.objects.filter(municipality=stage.paper.municipality).exclude(pk=stage.meeting_id)[0]
    for meeting in (other.pk, None):
        with pytest.raises(DatabaseError, match="agenda_item belongs to another meeting"):
            execute("UPDATE committees_consultation SET meeting_id = %s WHERE id = %s", meeting, stage.pk)
    item = AgendaItem.objects.create(meeting=other, position=1, number="1", title="Anderes")
    with pytest.raises(DatabaseError, match="agenda_item belongs to another meeting"):
        execute("UPDATE committees_consultation SET agenda_item_id = %s WHERE id = %s", item.pk, stage.pk)
    with pytest.raises(DatabaseError, match="meeting cannot be changed"):
        execute("UPDATE committees_agendaitem SET meeting_id = %s", other.pk)


def test_a_phase_belongs_to_its_events_process(here: Municipality) -> None:
    event = Event.objects.filter(process__municipality=here, phase__isnull=False)[0]
    other = Process.objects.create(municipality=here, title="Zweiter Prozess")
    phase = Phase.objects.create(process=other, position=1, title="Anfang", span="2018")
    with pytest.raises(DatabaseError, match="phase belongs to another process"):
        execute("UPDATE participation_event SET phase_id = %s WHERE id = %s", phase.pk, event.pk)
    with pytest.raises(DatabaseError, match="process cannot be changed"):
        execute("UPDATE participation_phase SET process_id = %s WHERE id = %s", other.pk, event.phase_id)


def test_frozen_rows_stay(here: Municipality) -> None:
    assert Concept.objects.filter(municipality=here, versions__isnull=False).exists()
    for table, column in (
        ("documents_issuedfile", "name"),
        ("committees_issuedpaper", "reason"),
        ("concepts_conceptversion", "name"),
    ):
        with pytest.raises(DatabaseError, match="frozen rows cannot be changed"):
            execute(f"UPDATE {table} SET {column} = 'x'")
