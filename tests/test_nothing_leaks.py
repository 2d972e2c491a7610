"""What is not public reaches nobody who may not read it, by whatever address they ask.

In every place that can be non-public stands a word with the same stem in it. Everybody opens every address
and sends every form; who may read it finds all the words, the others none: in pages, headers, names of files,
PDFs and what they know of themselves, tables, calendars and the subjects of mails. Whether an address answers
at all is asked in test_permissions.py and test_permissions_non_public.py.
"""

from __future__ import annotations

import datetime
import re
from collections.abc import Iterator
from io import BytesIO
from itertools import product
from typing import Any
from urllib.parse import unquote

import pytest
from django.contrib.auth.models import AnonymousUser
from django.db.models import Q
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
    Faction,
    IssuedPaper,
    MeasureDecision,
    Meeting,
    MeetingFile,
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
from council import urls as council_urls
from council.actions.keys import make_link
from council.actions.reading import mark_read
from council.models import FactionNote, IntendedVote, PaperQuestion
from council.states import state_of
from documents.models import IssuedFile, Picture
from fuzzydates.value import parse
from municipalities.models import Institution, Municipality, Person, User
from outbox.models import OutgoingMail
from participation.models import Process, ProcessModeration
from tests.crawling import HOST, as_data, filled, is_html, taken_back
from tests.crawling import said as something
from tests.documents.factories import picture_file
from tests.markup import Form, read
from tests.reading import text_of
from tests.test_permissions import demo_user

pytestmark = [pytest.mark.django_db, pytest.mark.once]

STEM = "zwetschge"
WORDS = {
    f"{STEM}n{where}"
    for where in (
        *("betreff", "absatz", "punkt", "grund", "anlage", "ergebnis", "bemerkung", "stimme", "antrag"),
        *("antragsgrund", "beschluss", "auftrag", "bericht", "hinweis", "top", "debatte", "aufgabe"),
        *("wortlaut", "frage", "antwort", "bild", "einladung", "absprache", "notiz", "votum"),
        "entfallen",
    )
}
# What only the faction may know, whatever the role.
OF_THE_FACTION = {f"{STEM}n{where}" for where in ("absprache", "notiz", "votum")}
TOWN = "leverkusen"
SENDERS = ("member of another committee", "former member", "another office", "another town", "nobody")
"""The others only look: to send takes its time, and what they would be told is asked of these."""
OPEN_AT_FIRST = "open at first"
# A form by its address and its fields.
Forms = dict[tuple[str, frozenset[str]], Form]
ANSWERS = (200, 204, 302, 303, 400, 403, 404, 405, 409, 410, 422)
MOST_BUTTONS = 2
LED_TO = " führt zu "
DAYS = datetime.timedelta(days=10)


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
def partly(town: Municipality, meeting: Meeting, request: pytest.FixtureRequest) -> Paper:
    """A public paper in which nearly everything that can be kept back is; with `OPEN_AT_FIRST` only after
    `close`."""
    public = getattr(request, "param", "") == OPEN_AT_FIRST
    paper = new_paper(town, number="2019/0100", subject="Anlaufstelle")
    known = Section.objects.filter(paper__municipality=town).values_list("key", flat=True)
    picture = picture_that_says(town, plain("bild"))
    body = f'{html("absatz")}<img src="{picture.get_absolute_url()}" alt="Plan">'
    Section.objects.create(paper=paper, key=known[0], body=body, public=public)
    ResolutionPoint.objects.create(paper=paper, position=1, text="<p>Die Stelle bleibt.</p>")
    secret = ResolutionPoint.objects.create(
        paper=paper, position=2, text=html("punkt"), reasons=html("grund"), public=public
    )
    measure = Measure.objects.filter(concept=paper.concept)[0]
    secret.measures.add(measure)
    file = IssuedFile.freeze(
        municipality=town,
        name=f"{plain('anlage')}.pdf",
        content=b"%PDF-1.4\n%%EOF",
        by=demo_user("sitzungsdienst", TOWN),
    )
    PaperAttachment.objects.create(paper=paper, position=1, title=plain("anlage"), file=file, public=public)
    release(paper)
    closed = Consultation.objects.create(
        paper=paper,
        position=1,
        committee=committee_of(town),
        meaning="advise",
        result=plain("ergebnis"),
        outcome="accepted",
        result_note=plain("bemerkung"),
        result_public=public,
    )
    Ballot.objects.create(consultation=closed, position=1, votes_for=77, votes_against=66)
    Consultation.objects.create(
        paper=paper,
        position=4,
        committee=committee_of(town),
        meaning="advise",
        treatment="" if public else "non_public",
        left_out=True,
        left_out_reason=plain("entfallen"),
    )
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
    # It was answered for everybody before the point was taken out.
    PaperQuestion.objects.create(
        paper=paper,
        passage="punkt-2",
        text=plain("frage"),
        asked_by=by,
        audience="public",
        answer=plain("antwort"),
        answered_by=by,
        answered_at=timezone.now(),
    )
    in_the_faction(paper, last)
    for stage in (closed, last):
        issue_stage(consultation=stage, by=by)
    return paper


def close(paper: Paper) -> None:
    """What is kept back from the start in the other papers."""
    for row in (
        *paper.sections.all(),
        *paper.attachments.all(),
        paper.resolution_points.get(position=2),
    ):
        row.public = False
        row.save()
    for stage in paper.consultations.filter(position__in=(1, 4)):
        stage.result_public = stage.left_out
        stage.treatment = "non_public" if stage.left_out else ""
        stage.save()


def picture_that_says(town: Municipality, words: str) -> Picture:
    """Behind its last byte."""
    return Picture.objects.create(
        municipality=town,
        name="plan.png",
        media_type="image/png",
        content=picture_file() + words.encode(),
        width=60,
        height=40,
        sha256=words.encode().hex()[:64],
    )


def member_of(town: Municipality) -> CommitteeSeat:
    """The council member's seat in the committee that deals with it all; with a faction."""
    person = demo_user("ratsmitglied", TOWN).persons.get()
    faction = CommitteeSeat.objects.filter(person=person).exclude(faction=None)[0].faction
    seat, _new = CommitteeSeat.objects.update_or_create(
        committee=committee_of(town), person=person, span=None, defaults={"faction": faction}
    )
    return seat


def in_the_faction(paper: Paper, stage: Consultation) -> None:
    """What it prepares for a coming meeting; and a note at a non-public point."""
    seat, by = member_of(paper.municipality), demo_user("ratsmitglied", TOWN)
    coming = Meeting.objects.create(
        municipality=paper.municipality, title="Kommende", date=timezone.localdate() + DAYS
    )
    coming.committees.add(stage.committee)
    more = Consultation.objects.create(
        paper=paper, position=3, committee=stage.committee, meaning="decide", meeting=coming
    )
    FactionNote.objects.create(
        faction=seat.faction, paper=paper, passage="punkt-2", text=plain("notiz"), author=by
    )
    IntendedVote.objects.create(
        faction=seat.faction,
        paper=paper,
        consultation=more,
        vote="for",
        speaker=plain("votum"),
        remark=plain("absprache"),
        changed_by=by,
    )


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
        own_wording=html("wortlaut"),
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
    freeze_meeting_file(meeting, "invitation", f"{plain('einladung')}.pdf")
    return list(all_addresses(town, [partly, whole], meeting))


def freeze_meeting_file(meeting: Meeting, kind: str, name: str) -> None:
    by = demo_user("sitzungsdienst", TOWN)
    file = IssuedFile.freeze(municipality=meeting.municipality, name=name, content=b"%PDF-1.4\n%%EOF", by=by)
    MeetingFile.objects.create(meeting=meeting, kind=kind, number=1, public=False, file=file)


def all_addresses(town: Municipality, papers: list[Paper], meeting: Meeting) -> Iterator[str]:
    """Every address of the committees' and of the council's app with these rows in it, and those that tell of
    them elsewhere."""
    of_papers = {"paper__in": papers}
    stages = Consultation.objects.filter(**of_papers)
    parts: dict[str, Any] = {
        "vorlagen/pk": papers,
        "sitzungen/pk": Meeting.objects.filter(Q(pk=meeting.pk) | Q(consultations__in=stages)).distinct(),
        "gremien/pk": [committee_of(town)],
        "fraktionen/pk": Faction.objects.filter(municipality=town),
        "fraktion/pk": Faction.objects.filter(municipality=town),
        "beschlusskontrolle/pk": ResolutionTask.objects.filter(**of_papers),
        "ausfertigungen/pk": IssuedPaper.objects.filter(consultation__in=stages),
        "sitzungsunterlagen/pk": MeetingFile.objects.filter(meeting=meeting),
        "file": MeetingFile.objects.filter(meeting=meeting),
        "attachment": PaperAttachment.objects.filter(**of_papers),
        "stage": stages,
        "item": meeting.agenda.all(),
        "question": PaperQuestion.objects.filter(**of_papers),
        "note": FactionNote.objects.filter(**of_papers),
    }
    values = {name: [row.pk for row in rows] for name, rows in parts.items()}
    values |= {"position": [1, 2], "number": [1]}
    for pattern in (*urls.urlpatterns, *council_urls.urlpatterns):
        route = str(pattern.pattern).replace("<slug:town>", town.slug)
        names = re.findall(r"(?:(\w+)/)?<(?:int|str):(\w+)>", route)
        keys = [f"{before}/pk" if name == "pk" else name for before, name in names]
        for chosen in product(*(values.get(key, []) for key in keys)):
            address = route
            for value in chosen:
                address = re.sub(r"<\w+:\w+>", str(value), address, count=1)
            yield f"/{address}"
    concept = Concept.objects.get(papers=papers[0])
    measure = MeasureDecision.objects.filter(consultation__paper__in=papers)[0].measure_id
    base = f"/{town.slug}/konzepte/{concept.slug}/"
    yield from (
        *("/", f"/{town.slug}/", f"/suche/?q={STEM}", f"/suche/?q={plain('ergebnis')}"),
        *(base, f"{base}massnahmen/{measure}/", f"{base}werkstatt/", f"/{town.slug}/vorlagen/?text={STEM}"),
        *(f"/bilder/{pk}" for pk in Picture.objects.filter(municipality=town).values_list("pk", flat=True)),
    )


def addresses_by_link(meeting: Meeting, *, complete: bool) -> list[str]:
    """What a link opens, and all files of the town asked of it."""
    by, today = demo_user("sitzungsdienst", TOWN), timezone.localdate()
    _link, token = make_link(meeting=meeting, by=by, holder="Presse", last_day=today, complete=complete)
    files = IssuedFile.objects.filter(municipality=meeting.municipality).values_list("pk", flat=True)
    base = f"/lesen/{token}/"
    return [base, f"{base}mappe.pdf", *(f"{base}dateien/{pk}/" for pk in files)]


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
    coming = User.objects.create_user("kommend@leverkusen.example", name="Künftiges Mitglied")
    person = Person.objects.create(municipality=town, name="Künftiges Mitglied", user=coming)
    CommitteeSeat.objects.create(committee=committee_of(town), person=person, span="ab 01.01.2090")
    stood_in = User.objects.create_user("vertrat@leverkusen.example", name="Frühere Vertretung")
    person = Person.objects.create(municipality=town, name="Frühere Vertretung", user=stood_in)
    CommitteeSeat.objects.create(
        committee=committee_of(town),
        person=person,
        role="deputy",
        deputy_for=member_of(town),
        span="2009–2014",
    )
    guide = User.objects.create_user("institut@extern.example", name="Institut")
    process = Process.objects.filter(municipality=town).earliest("pk")
    ProcessModeration.objects.create(process=process, user=guide)
    return {
        "member of another committee": member,
        "former member": former,
        "another office": demo_user("fachamt", TOWN),
        "another town": demo_user("fachadministration", "bergkamen"),
        "future member": coming,
        "former deputy": stood_in,
        "external guide": guide,
        "moderation": demo_user("moderation", TOWN),
        "member of a group": demo_user("mitglied", TOWN),
        "operator": User.objects.create_superuser("betrieb@portal.example", name="Betrieb"),
        "nobody": AnonymousUser(),
    }


def client_of(visitor: Any) -> Client:
    client = Client()
    if visitor.is_authenticated:
        client.force_login(visitor)
    return client


def opened(
    visitor: Any, addresses: list[str], method: str = "get", forms: Forms | None = None
) -> Iterator[tuple[str, str]]:
    """Each address with all that the answer says. `forms` collects what it offers to send."""
    client = client_of(visitor)
    for address in addresses:
        response: Any = getattr(client, method)(address)
        assert response.status_code in ANSWERS, (address, response.status_code)
        if forms is not None and is_html(response):
            note_forms(forms, address, response.content.decode())
        # What was asked for comes back in the field and the title of the search.
        asked = address.partition("=")[2].casefold()
        yield address, re.sub(rf"{asked}\b", "", said(response)) if asked else said(response)


def note_forms(forms: Forms, address: str, page: str) -> None:
    """Those that change something. One that several pages offer counts once."""
    for form in read(f"{HOST}{address}", page).forms:
        if form.method == "post" and form.can_be_sent and not form.action.endswith("/abmelden/"):
            names = frozenset(control.name for control in form.controls)
            forms.setdefault((form.action, names), form)


def filled_in(form: Form) -> dict[str, list[Any]]:
    """As somebody who knows nothing would: without the words that stood there for who may read them."""
    for control in form.controls:
        if STEM in control.value.casefold():
            control.value = ""
    return as_data(filled(form, something))


def answers_to(visitor: Any, forms: Forms) -> Iterator[tuple[str, str]]:
    """What comes back when the forms are sent, and the page that it leads to. What is done is taken back."""
    client = client_of(visitor)
    for form in forms.values():
        for button in form.buttons[:MOST_BUTTONS] or [None]:
            address = ((button.action if button else "") or form.action).removeprefix(HOST)
            pressed = {button.name: [button.value]} if button and button.name else {}
            with taken_back(client):
                response: Any = client.post(address, {**filled_in(form), **pressed})
                assert response.status_code in ANSWERS, (address, response.status_code)
                yield f"{address} {sorted(pressed)}", said(response)
                for _hop in range(2):
                    if response.status_code == 302:
                        response = client.get(response["Location"])
                        yield f"{address}{LED_TO}{response.request['PATH_INFO']}", said(response)


def said(response: HttpResponse) -> str:
    """Headers (where to go on, the name of a file, the tag), body, and what a PDF knows of itself."""
    headers = unquote(" ".join(map(str, response.headers.values())))
    body = response.getvalue() if hasattr(response, "getvalue") else response.content
    words = body.decode("utf-8", "ignore")
    if body.startswith(b"%PDF") and len(body) > 100:
        words = f"{words} {told_by_pdf(PdfReader(BytesIO(body)))}"
    return f"{headers} {words}".casefold()


def told_by_pdf(reader: PdfReader) -> str:
    pages = " ".join(page.extract_text() for page in reader.pages)
    links = [
        annotation.get_object().get("/Contents", "")
        for page in reader.pages
        for annotation in page.get("/Annots") or ()
    ]
    about = reader.root_object.get("/Metadata")
    xmp = about.get_object().get_data().decode() if about is not None else ""
    files = list(reader.attachments)
    told = f"{pages} {reader.metadata} {xmp} {reader.outline} {links} {files} {reader.named_destinations}"
    return told.replace("\n", " ")


def words_in(text: str) -> set[str]:
    return {word for word in WORDS if re.search(rf"{word}\b", text)}


def leaks(who: str, answers: Iterator[tuple[str, str]]) -> list[Any]:
    return [
        (who, address, words_in(text) or STEM) for address, text in answers if STEM in text or "77 ja" in text
    ]


def test_who_may_read_it_finds_it_all_and_nobody_else_anything(
    addresses: list[str], outsiders: dict[str, Any]
) -> None:
    """Who may read it finds all the words: otherwise it would tell nothing that others find none. What is the
    faction's own, its members alone find."""
    forms: Forms = {}
    for name, words in (("sitzungsdienst", WORDS - OF_THE_FACTION), ("ratsmitglied", WORDS)):
        pages = opened(demo_user(name, TOWN), addresses, forms=forms)
        assert {word for address, text in pages if "=" not in address for word in words_in(text)} == words
    found, done = [], []
    for who, visitor in outsiders.items():
        own: Forms = {}
        found += leaks(who, opened(visitor, addresses, forms=own))
        if who not in SENDERS:
            continue
        # Sent empty, most of them refuse; what a form says then is asked as well.
        found += leaks(f"{who} sends nothing", opened(visitor, addresses, "post"))
        answers = list(answers_to(visitor, {**forms, **own}))
        found += leaks(f"{who} sends", iter(answers))
        done += [address for address, _text in answers if LED_TO in address and visitor.is_authenticated]
    assert found == []
    # Some of it is open to them, and was done.
    for name in ("fragen", "erinnern", "gelesen"):
        assert any(f"/{name}/{LED_TO}" in address for address in done), name


@pytest.mark.parametrize("partly", [OPEN_AT_FIRST], indirect=True)
def test_what_was_open_is_closed_everywhere_and_for_good(
    partly: Paper, addresses: list[str], outsiders: dict[str, Any]
) -> None:
    """They have read it, and it was issued, when all of it was still open."""
    readers = {who: outsiders[who] for who in ("member of another committee", "former member")}
    before: set[str] = set()
    for visitor in readers.values():
        assert mark_read(paper=partly, user=visitor, seen=state_of(partly, visitor)["revision"])
        before |= {word for _address, text in opened(visitor, addresses) for word in words_in(text)}
    assert {f"{STEM}n{where}" for where in ("absatz", "punkt", "anlage", "ergebnis", "antrag")} <= before
    close(partly)
    assert [
        found for who, visitor in readers.items() for found in leaks(who, opened(visitor, addresses))
    ] == []


def test_a_link_tells_nothing_but_its_meetings_public_part(addresses: list[str], meeting: Meeting) -> None:
    """Nor does a complete one, of another meeting."""
    nobody = AnonymousUser()
    other = Meeting.objects.create(municipality=meeting.municipality, title="Andere", date=meeting.date)
    public = addresses_by_link(meeting, complete=False)
    assert leaks("public link", opened(nobody, public)) == []
    assert leaks("link elsewhere", opened(nobody, addresses_by_link(other, complete=True))) == []
    found: set[str] = set()
    for _address, text in opened(nobody, addresses_by_link(meeting, complete=True)):
        found |= words_in(text)
    assert {f"{STEM}n{where}" for where in ("top", "punkt", "anlage", "absatz", "betreff")} <= found
    # The link opened nothing else.
    client = client_of(nobody)
    client.get(public[0])
    for address in (meeting.get_absolute_url(), f"{meeting.get_absolute_url()}mappe.pdf"):
        assert client.get(address)["Location"].startswith("/anmelden/")


def test_what_may_be_kept_on_a_telephone_tells_nothing_to_anybody(
    addresses: list[str], partly: Paper, whole: Paper, meeting: Meeting
) -> None:
    """Also not to who may read it all: it lies there for whoever holds the telephone."""
    reading, stays = f"/{TOWN}/rat/vorlagen", meeting.get_absolute_url()
    asked = [one for one in addresses if one.endswith(("ohne-verbindung/", ".pdf"))]
    asked.append(f"{reading}/{partly.pk}/aenderungen/ohne-verbindung/?seit=ausfertigung")
    for who in ("ratsmitglied", "sitzungsdienst"):
        client, found, kept = client_of(demo_user(who, TOWN)), [], set()
        for address in asked:
            answer: Any = client.get(address)
            if answer.headers.get("X-Offline"):
                kept.add(address)
                found.append((address, said(answer)))
        assert leaks(who, iter(found)) == []
        assert kept > {
            f"{reading}/{partly.pk}/ohne-verbindung/",
            f"{reading}/{partly.pk}/aenderungen/ohne-verbindung/",
            f"{stays}ohne-verbindung/",
            f"{stays}mappe.pdf",
        }
        assert not any(address.startswith(f"{reading}/{whole.pk}/") for address in kept)


def test_who_stands_in_for_a_seat_reads_what_its_holder_reads(
    town: Municipality, addresses: list[str], whole: Paper, partly: Paper
) -> None:
    """And no longer once the time is over."""
    deputy = User.objects.create_user("vertretung@leverkusen.example", name="Vertretung")
    person = Person.objects.create(municipality=town, name="Vertretung", user=deputy)
    seat = CommitteeSeat.objects.create(
        committee=committee_of(town), person=person, role="deputy", deputy_for=member_of(town)
    )
    pages = [whole.get_absolute_url(), partly.get_absolute_url()]

    def read(by: User) -> set[str]:
        return {word for _address, text in opened(by, pages) for word in words_in(text)}

    assert {f"{STEM}n{where}" for where in ("betreff", "punkt", "ergebnis")} <= read(deputy)
    assert read(deputy) == read(demo_user("ratsmitglied", TOWN))
    seat.span = parse("2009–2014")
    seat.save()
    assert read(deputy) == set()


def test_somebody_elses_tag_opens_nothing(addresses: list[str], outsiders: dict[str, Any]) -> None:
    """`304` would say that there is something, and which."""
    inside, outside = client_of(demo_user("sitzungsdienst", TOWN)), client_of(outsiders["another office"])
    for address in addresses:
        tag = inside.get(address).headers.get("ETag")
        if tag and outside.get(address).headers.get("ETag") != tag:
            answer = outside.get(address, headers={"If-None-Match": tag})
            assert answer.status_code != 304, address


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
    said = " ".join(f"{mail.wording.subject} {mail.wording.text}" for mail in OutgoingMail.objects.all())
    assert STEM not in said.casefold()
    assert "Angelegenheit eines Trägers" in said


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
