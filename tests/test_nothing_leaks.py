"""What is not public reaches nobody who may not read it, by whatever address they ask.

In every place that can be non-public stands a word with the same stem in it. Everybody opens every address;
who may read it finds all the words, the others none: in pages, headers, names of files, PDFs and what they
know of themselves, tables, calendars and the subjects of mails.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.test import Client
from django.utils import timezone
from pypdf import PdfReader

from committees import urls
from committees.actions.issuing import issue_stage
from committees.actions.task_mails import tell_new
from committees.models import (
    AgendaItem,
    Amendment,
    Ballot,
    Committee,
    CommitteeSeat,
    Consultation,
    IssuedPaper,
    MeasureDecision,
    Meeting,
    MeetingMinutes,
    Paper,
    PaperAttachment,
    ResolutionPoint,
    ResolutionTask,
    ResolvedPoint,
    Section,
    TaskReport,
)
from concepts.models import Concept, Measure
from documents.models import IssuedFile
from municipalities.models import Institution, Municipality, Person, User
from outbox.models import OutgoingMail
from tests.reading import text_of
from tests.test_permissions import demo_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STEM = "zwetschge"
WORDS = {
    f"{STEM}n{where}"
    for where in (
        *("betreff", "absatz", "punkt", "grund", "anlage", "ergebnis", "bemerkung", "stimme", "antrag"),
        *("antragsgrund", "beschluss", "auftrag", "bericht", "hinweis", "top", "debatte", "aufgabe"),
    )
}
TOWN = "leverkusen"


def html(word: str) -> str:
    assert f"{STEM}n{word}" in WORDS
    return f"<p>{plain(word)}</p>"


def plain(word: str) -> str:
    assert f"{STEM}n{word}" in WORDS
    return f"{STEM}n{word}".capitalize()


@pytest.fixture
def town(towns: dict[str, Municipality]) -> Municipality:
    return towns[TOWN]


@pytest.fixture
def meeting(town: Municipality) -> Meeting:
    """It dealt with both papers; its minutes are signed."""
    found = Meeting.objects.create(municipality=town, title="3. Sitzung", date=datetime.date(2019, 3, 4))
    found.committees.add(committee_of(town))
    return found


def committee_of(town: Municipality) -> Committee:
    return Committee.objects.filter(municipality=town, consultations__isnull=False).order_by("pk")[0]


def new_paper(town: Municipality, **values: Any) -> Paper:
    like = Paper.objects.filter(municipality=town).order_by("pk")[0]
    return Paper.objects.create(
        municipality=town, paper_type=like.paper_type, layout=like.layout, concept=like.concept, **values
    )


def release(paper: Paper) -> None:
    Paper.objects.filter(pk=paper.pk).update(state=Paper.State.RELEASED)
    paper.refresh_from_db()


@pytest.fixture
def partly(town: Municipality, meeting: Meeting) -> Paper:
    """A public paper in which nearly everything can be kept back is."""
    paper = new_paper(town, number="2019/0100", subject="Anlaufstelle")
    known = Section.objects.filter(paper__municipality=town).values_list("key", flat=True)
    Section.objects.create(paper=paper, key=known[0], body=html("absatz"), public=False)
    ResolutionPoint.objects.create(paper=paper, position=1, text="<p>Die Stelle bleibt.</p>")
    secret = ResolutionPoint.objects.create(
        paper=paper, position=2, text=html("punkt"), reasons=html("grund"), public=False
    )
    measure = Measure.objects.filter(concept=paper.concept)[0]
    secret.measures.add(measure)
    file = IssuedFile.freeze(
        municipality=town,
        name=f"{plain('anlage')}.pdf",
        content=b"%PDF-1.4\n%%EOF",
        by=demo_user("sitzungsdienst", TOWN),
    )
    PaperAttachment.objects.create(paper=paper, position=1, title=plain("anlage"), file=file, public=False)
    release(paper)
    closed = Consultation.objects.create(
        paper=paper,
        position=1,
        committee=committee_of(town),
        meaning="advise",
        result=plain("ergebnis"),
        outcome="accepted",
        result_note=plain("bemerkung"),
        result_public=False,
    )
    Ballot.objects.create(consultation=closed, position=1, votes_for=77, votes_against=66)
    item = AgendaItem.objects.create(meeting=meeting, position=1, number="1", title="Anlaufstelle")
    last = Consultation.objects.create(
        paper=paper,
        position=2,
        committee=committee_of(town),
        meaning="decide",
        result="beschlossen",
        outcome="accepted",
        recorded_at=timezone.now(),
        meeting=meeting,
        agenda_item=item,
    )
    Ballot.objects.create(
        consultation=last, position=1, kind="point", point=secret, result=plain("stimme"), outcome="accepted"
    )
    Amendment.objects.create(
        paper=paper,
        consultation=last,
        number=1,
        point=secret,
        state="accepted",
        before=secret.text,
        after=html("antrag"),
        reason=plain("antragsgrund"),
        decided_order=1,
    )
    resolved = ResolvedPoint.objects.create(
        consultation=last, position=2, point=secret, text=html("beschluss")
    )
    MeasureDecision.objects.create(measure=measure, consultation=last, kind="adopted", note=plain("hinweis"))
    task = ResolutionTask.objects.create(
        paper=paper,
        consultation=last,
        resolved_point=resolved,
        title=plain("auftrag"),
        institution=other_office(town),
    )
    by = demo_user("sitzungsdienst", TOWN)
    TaskReport.objects.create(task=task, state="running", text=html("bericht"), by=by)
    for stage in (closed, last):
        issue_stage(consultation=stage, by=by)
    return paper


def other_office(town: Municipality) -> Institution:
    offices = demo_user("fachamt", TOWN).access.institutions
    return Institution.objects.filter(municipality=town).exclude(pk__in=offices)[0]


@pytest.fixture
def whole(town: Municipality, meeting: Meeting) -> Paper:
    """A paper that is non-public as a whole."""
    paper = new_paper(
        town,
        number="2019/0200",
        subject=plain("betreff"),
        public_subject="Angelegenheit eines Trägers",
        public=False,
        non_public_reason="Vertrag",
    )
    release(paper)
    item = AgendaItem.objects.create(
        meeting=meeting,
        position=2,
        number="2",
        title=plain("top"),
        public=False,
        public_title="Angelegenheit eines Trägers",
        discussion=html("debatte"),
    )
    stage = Consultation.objects.create(
        paper=paper,
        position=1,
        committee=committee_of(town),
        meaning="decide",
        meeting=meeting,
        agenda_item=item,
        outcome="accepted",
        treatment="non_public",
    )
    ResolutionTask.objects.create(
        paper=paper, consultation=stage, title=plain("aufgabe"), institution=other_office(town)
    )
    issue_stage(consultation=stage, by=demo_user("sitzungsdienst", TOWN))
    return paper


@pytest.fixture
def addresses(town: Municipality, partly: Paper, whole: Paper, meeting: Meeting) -> list[str]:
    by = demo_user("sitzungsdienst", TOWN)
    MeetingMinutes.objects.create(
        meeting=meeting, state="signed", agreed_on=datetime.date(2019, 3, 8), agreed_by=by
    )
    return list(all_addresses(town, [partly, whole], meeting))


def all_addresses(town: Municipality, papers: list[Paper], meeting: Meeting) -> Iterator[str]:
    """Every address of the committees' app with these rows in it, and those that tell of them elsewhere."""
    rows: dict[str, Any] = {
        "vorlagen": [paper.pk for paper in papers],
        "sitzungen": [meeting.pk],
        "gremien": [committee_of(town).pk],
        "beschlusskontrolle": ResolutionTask.objects.filter(paper__in=papers).values_list("pk", flat=True),
        "ausfertigungen": IssuedPaper.objects.filter(consultation__paper__in=papers).values_list(
            "pk", flat=True
        ),
    }
    stages = Consultation.objects.filter(paper__in=papers).values_list("pk", flat=True)
    parts: dict[str, Any] = {
        "position": [1, 2],
        "number": [1],
        "attachment": PaperAttachment.objects.filter(paper__in=papers).values_list("pk", flat=True),
        "stage": stages,
        "item": meeting.agenda.values_list("pk", flat=True),
    }
    for pattern in urls.urlpatterns:
        route = str(pattern.pattern).replace("<slug:town>", town.slug)
        kind = route.split("/")[1] if "/" in route else ""
        values = {"pk": rows.get(kind, []), **parts}
        names = re.findall(r"<int:(\w+)>", route)
        for chosen in product(*(values.get(name, []) for name in names)):
            address = route
            for name, value in zip(names, chosen, strict=True):
                address = address.replace(f"<int:{name}>", str(value))
            yield f"/{address}"
    for paper in papers:
        yield from (
            f"/{town.slug}/rat/vorlagen/{paper.pk}/{page}" for page in ("", "aenderungen/", "fragen/")
        )
    yield f"/{town.slug}/rat/"
    concept = Concept.objects.get(papers=papers[0])
    measure = MeasureDecision.objects.filter(consultation__paper__in=papers)[0].measure_id
    yield from ("/", f"/{town.slug}/", f"/suche/?q={STEM}", f"/suche/?q={plain('ergebnis')}")
    yield f"/{town.slug}/konzepte/{concept.slug}/massnahmen/{measure}/"
    yield f"/{town.slug}/vorlagen/?text={STEM}"


@pytest.fixture
def outsiders(town: Municipality) -> dict[str, Any]:
    member = User.objects.create_user("fremd@leverkusen.example", name="Fremdes Mitglied")
    person = Person.objects.create(municipality=town, name="Fremdes Mitglied", user=member)
    other = Committee.objects.create(
        municipality=town, name="Betriebsausschuss", article="der", kind=Committee.Kind.COMMITTEE
    )
    CommitteeSeat.objects.create(committee=other, person=person)
    former = User.objects.create_user("ehemals@leverkusen.example", name="Ehemaliges Mitglied")
    person = Person.objects.create(municipality=town, name="Ehemaliges Mitglied", user=former)
    CommitteeSeat.objects.create(committee=committee_of(town), person=person, span="2009–2014")
    return {
        "member of another committee": member,
        "former member": former,
        "another office": demo_user("fachamt", TOWN),
        "another town": demo_user("fachadministration", "bergkamen"),
        "nobody": AnonymousUser(),
    }


def opened(visitor: Any, addresses: list[str]) -> Iterator[tuple[str, str]]:
    """Each address with all that the answer says."""
    client = Client()
    if visitor.is_authenticated:
        client.force_login(visitor)
    for address in addresses:
        response: Any = client.get(address)
        assert response.status_code in (200, 302, 403, 404, 405), (address, response.status_code)
        # What was asked for comes back in the field and the title of the search.
        asked = address.partition("=")[2].casefold()
        yield address, re.sub(rf"{asked}\b", "", said(response)) if asked else said(response)


def said(response: HttpResponse) -> str:
    headers = " ".join(map(str, response.headers.values()))
    body = response.getvalue() if hasattr(response, "getvalue") else response.content
    words = body.decode("utf-8", "ignore").casefold()
    if body.startswith(b"%PDF") and len(body) > 100:
        reader = PdfReader(BytesIO(body))
        pages = " ".join(page.extract_text() for page in reader.pages)
        title = reader.xmp_metadata.dc_title if reader.xmp_metadata else ""
        told = f"{pages} {reader.metadata} {title} {reader.outline}"
        words = f"{words} {told.replace(chr(10), ' ').casefold()}"
    return f"{headers.casefold()} {words}"


def words_in(text: str) -> set[str]:
    return {word for word in WORDS if re.search(rf"{word}\b", text)}


def test_nothing_leaks(addresses: list[str], outsiders: dict[str, Any]) -> None:
    leaks = [
        (who, address, words_in(text) or STEM)
        for who, visitor in outsiders.items()
        for address, text in opened(visitor, addresses)
        if STEM in text or "77 ja" in text
    ]
    assert leaks == []


def test_who_may_read_it_finds_it_all(addresses: list[str]) -> None:
    """Otherwise the test above would tell nothing."""
    found: set[str] = set()
    for address, text in opened(demo_user("sitzungsdienst", TOWN), addresses):
        if "=" not in address:
            found |= words_in(text)
    assert found == WORDS


def test_the_public_part_says_that_something_is_left_out(
    town: Municipality, addresses: list[str], outsiders: dict[str, Any], partly: Paper, meeting: Meeting
) -> None:
    client = Client()
    client.force_login(outsiders["former member"])
    page = text_of(client.get(partly.get_absolute_url()))
    assert "Die Stelle bleibt." in page
    assert "An dieser Stelle ist etwas nicht öffentlich." in page
    assert "Ergebnis nicht öffentlich" in page
    assert "Angelegenheit eines Trägers" in text_of(client.get(meeting.get_absolute_url()))


def test_a_paper_that_may_not_be_known_is_as_one_that_does_not_exist(
    whole: Paper, outsiders: dict[str, Any]
) -> None:
    client = Client()
    client.force_login(outsiders["another office"])
    hidden = client.get(whole.get_absolute_url())
    nothing = client.get(whole.get_absolute_url().replace(str(whole.pk), "987654"))
    assert hidden.status_code == nothing.status_code == 404
    assert text_of(hidden) == text_of(nothing)


def test_mails_name_it_by_its_public_subject_or_number(partly: Paper, whole: Paper) -> None:
    person = demo_user("fachamt", TOWN).persons.first()
    tasks = ResolutionTask.objects.filter(paper__in=[partly, whole])
    for task in tasks:
        task.person, task.institution = person, None
        task.save()
        tell_new([task])
    subjects = " ".join(OutgoingMail.objects.values_list("subject", flat=True)).casefold()
    assert STEM not in subjects
    assert "angelegenheit eines trägers" in subjects


def test_a_named_office_reads_what_is_not_public(whole: Paper, partly: Paper) -> None:
    reader = demo_user("fachamt", TOWN)
    client = Client()
    client.force_login(reader)
    for paper in (whole, partly):
        paper.reading_offices.set(reader.access.institutions)
    assert client.get(whole.get_absolute_url()).status_code == 200
    assert plain("punkt") in text_of(client.get(partly.get_absolute_url()))
    whole.reading_offices.clear()
    assert client.get(whole.get_absolute_url()).status_code == 404
