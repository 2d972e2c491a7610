"""The pages of council members ask the database as often for much as for little."""

from __future__ import annotations

import datetime

import pytest
from django.core.cache import cache
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from django.utils import timezone

from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Committee,
    Consultation,
    Faction,
    FactionVote,
    IssuedPaper,
    Meeting,
    Paper,
    PaperAttachment,
    ResolutionPoint,
)
from council.actions.keys import make_link
from council.actions.reading import mark_read
from council.contents import Contents
from council.models import FactionNote, FactionStaff, IntendedVote, PaperQuestion, PrivateNote, Reminder
from documents.keeping import shelf
from documents.models import IssuedFile
from municipalities.models import Institution, Person, Role, User
from tests.committees.factories import make_user, release, reopen
from tests.council.preparing import Council, make_council

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FEW, MANY = 2, 5
STAGES = 22
# As it is made anew after a change, and as it is asked for again.
QUERIES = {
    "Meine Gremien": (37, 37),
    "Meine Gremien, nichts gelesen": (20, 20),
    "Vorlage, seit dem Lesen geändert": (47, 32),
    "Vorlage, noch nicht gelesen": (37, 19),
    "Änderungen, gelesen": (24, 24),
    "Änderungen, Beratung": (25, 25),
    "Änderungen, Ausfertigung": (29, 29),
    "Notizen der Vorlage": (34, 16),
    "Meine Notizen": (13, 13),
    "Erinnerungen": (8, 8),
    "Fraktion": (14, 14),
    "Fragen": (7, 7),
    "Fragen des Fachamts": (7, 7),
    "Link": (7, 7),
    "Start": (20, 20),
    "Start des Sitzungsdienstes": (23, 23),
}


@pytest.fixture
def council() -> Council:
    return make_council()


@pytest.fixture
def department(council: Council) -> User:
    """The papers are its own."""
    office = Institution.objects.create(municipality=council.town, name="Fachbereich 50", kind="department")
    user = make_user(council.town, Role.Kind.DEPARTMENT, name="Frida Fachamt")
    Person.objects.create(municipality=council.town, name=user.name, user=user, institution=office)
    reopen(council.paper)
    Paper.objects.filter(pk=council.paper.pk).update(department=office)
    release(council.paper)
    return user


def queries(client: Client, address: str) -> tuple[int, int]:
    """Of the page as it is made anew after a change, and of what is asked each time."""
    shelf.clear()
    cache.clear()
    found = []
    for _time in range(2):
        with CaptureQueriesContext(connection) as asked:
            assert client.get(address).status_code == 200, address
        found.append(len(asked))
    return found[0], found[1]


def another_paper(council: Council, name: str, number: int) -> Paper:
    """With so many points and attachments."""
    like = council.paper
    paper: Paper = Paper.objects.create(
        municipality=council.town,
        paper_type=like.paper_type,
        layout=like.layout,
        number=f"2025/{name}",
        subject=f"Vorlage {name}",
        department_id=Paper.objects.values_list("department", flat=True).get(pk=like.pk),
    )
    for position in range(1, number + 1):
        text = f"<p>Der Plan {position} wird beschlossen.</p>"
        ResolutionPoint.objects.create(paper=paper, position=position, text=text)
        PaperAttachment.objects.create(paper=paper, position=position, title=f"Anlage {position}")
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    return paper


def longer_route(council: Council, paper: Paper, length: int) -> None:
    """Stages in front that have voted and changed something, in committees that sit jointly."""
    point = paper.resolution_points.first()
    assert point is not None
    for position in range(paper.consultations.count() + 1, length + 1):
        meeting = Meeting.objects.create(
            municipality=council.town,
            title=f"Sitzung {paper.pk}.{position}",
            date=datetime.date(2024, 1, position),
        )
        meeting.committees.set([council.committee])
        stage = Consultation.objects.create(
            paper=paper,
            position=position,
            committee=council.committee,
            meeting=meeting,
            meaning="advise",
            result="empfohlen",
            outcome="accepted",
            recorded_at=timezone.now(),
        )
        stage.joint_committees.set(Committee.objects.filter(name="Jugendausschuss"))
        ballot = Ballot.objects.create(consultation=stage, position=1, votes_for=9)
        FactionVote.objects.create(ballot=ballot, faction=council.faction, votes_for=5)
        Ballot.objects.create(consultation=stage, position=2, kind="point", point=point, votes_for=9)
        change = Amendment.objects.create(
            paper=paper,
            consultation=stage,
            number=position,
            point=point,
            faction=council.faction,
            before=point.text,
            after=point.text + f"<p>Satz {position}.</p>",
            state="accepted",
            decided_order=position,
        )
        Ballot.objects.create(consultation=stage, position=3, kind="amendment", amendment=change, votes_for=9)
        content = f"%PDF-1.4 {paper.pk} {position}".encode()
        file = IssuedFile.freeze(municipality=council.town, name="v.pdf", content=content, by=council.service)
        IssuedPaper.objects.create(consultation=stage, number=1, public=True, file=file)


def coming(council: Council, paper: Paper, meeting: Meeting | None, number: int) -> None:
    """One more stage: on the agenda of the meeting, or of one of its own; with what the faction intends."""
    if meeting is None:
        day = timezone.localdate() + datetime.timedelta(days=number)
        meeting = Meeting.objects.create(municipality=council.town, title=f"Kommende {number}", date=day)
        meeting.committees.set([council.committee])
    place = meeting.agenda.count() + 10
    closed = AgendaItem(meeting=meeting, position=place + 1, number=f"{place}", title="Vertrag", public=False)
    closed.save()
    stage = Consultation.objects.create(
        paper=paper,
        position=90 + paper.consultations.filter(position__gte=90).count(),
        committee=council.committee,
        meeting=meeting,
        meaning="decide",
        agenda_item=AgendaItem.objects.create(
            meeting=meeting, position=place, number=f"{place}", title=paper.subject
        ),
    )
    IntendedVote.objects.create(
        faction=council.faction, paper=paper, consultation=stage, changed_by=council.member
    )


def prepared(council: Council, paper: Paper, number: int) -> None:
    """So many notes of each kind, reminders, questions with and without an answer."""
    known = paper.questions.count()
    for n in range(known, known + number):
        place = "punkt-1" if n % 2 else ""
        sealed = Contents(f"Notiz {n}").sealed(user=council.member, paper_id=paper.pk)
        PrivateNote.objects.create(user=council.member, paper=paper, passage=place, sealed=sealed)
        FactionNote.objects.create(
            faction=council.faction, paper=paper, passage=place, text="Notiz", author=council.colleague
        )
        day = timezone.localdate() + datetime.timedelta(days=n + 1)
        Reminder.objects.create(user=council.member, paper=paper, day=day)
        Reminder.objects.create(
            user=council.member, paper=paper, day=day.replace(year=2024), sent_at=timezone.now()
        )
        PaperQuestion.objects.create(paper=paper, text=f"Frage {n}", passage=place, asked_by=council.member)
        PaperQuestion.objects.create(
            paper=paper,
            text=f"Antwort {n}",
            asked_by=council.colleague,
            audience="public",
            answer="Nichts.",
            answered_by=council.service,
            answered_at=timezone.now(),
        )


def members(council: Council, number: int) -> None:
    for n in range(number):
        person = Person.objects.create(municipality=council.town, name=f"Person {n} von {number}")
        FactionStaff.objects.create(faction=council.faction, person=person)
        Faction.objects.create(municipality=council.town, name=f"Liste {n} von {number}")


def pages(council: Council, department: User, token: str) -> dict[str, tuple[User | None, str]]:
    rat, member = f"/{council.town.slug}/rat/", council.member
    return {
        "Meine Gremien": (member, rat),
        "Meine Gremien, nichts gelesen": (council.colleague, rat),
        "Vorlage, seit dem Lesen geändert": (member, council.base),
        "Vorlage, noch nicht gelesen": (council.colleague, council.base),
        "Änderungen, gelesen": (member, f"{council.base}aenderungen/?seit=gelesen"),
        "Änderungen, Beratung": (member, f"{council.base}aenderungen/?seit=beratung"),
        "Änderungen, Ausfertigung": (member, f"{council.base}aenderungen/?seit=ausfertigung"),
        "Notizen der Vorlage": (member, f"{council.base}notizen/"),
        "Meine Notizen": (member, f"{rat}notizen/"),
        "Erinnerungen": (member, f"{rat}erinnerungen/"),
        "Fraktion": (member, f"{rat}fraktion/{council.faction.pk}/"),
        "Fragen": (council.service, f"{rat}fragen/"),
        "Fragen des Fachamts": (department, f"{rat}fragen/"),
        "Link": (None, f"/lesen/{token}/"),
        "Start": (member, "/"),
        "Start des Sitzungsdienstes": (council.service, "/"),
    }


def fill(council: Council, first: int, number: int, length: int) -> None:
    """So many papers more, each with as many rows of each kind; the route of the council's own paper gets so
    long."""
    members(council, number)
    others = [another_paper(council, f"{first}-{n}", number) for n in range(1, number)]
    for n, paper in enumerate([council.paper, *others], first):
        read = Paper.objects.get(pk=paper.pk)
        mark_read(paper=read, user=council.member, seen=str(getattr(read, "revision", "0")))
        longer_route(council, paper, length if paper == council.paper else 3)
        prepared(council, paper, number)
        coming(council, paper, council.meeting, n)
        coming(council, paper, None, n)


def test_queries_do_not_grow(council: Council, department: User) -> None:
    _link, token = make_link(
        meeting=council.meeting,
        by=council.service,
        holder="Presse",
        last_day=timezone.localdate(),
        complete=True,
    )
    Committee.objects.create(
        municipality=council.town, name="Jugendausschuss", article="der", kind=Committee.Kind.COMMITTEE
    )
    for first, number, length in ((1, FEW, 4), (20, MANY, STAGES)):
        fill(council, first, number, length)
        found = {}
        for name, (user, address) in pages(council, department, token).items():
            client = Client()
            if user is not None:
                client.force_login(user)
            found[name] = queries(client, address)
        assert found == QUERIES, number
