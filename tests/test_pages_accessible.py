"""Every page as a browser shows it: no complaint of axe, nothing that sticks out of a narrow window, nothing
in the console, no request to anybody else. All pages in one go, because a town takes a while to load."""

from collections.abc import Iterator
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from django.urls import resolve, reverse
from playwright.sync_api import ConsoleMessage, Page, Request, Response

from committees.actions.routing import move_stage
from committees.models import Committee, Consultation, Faction, Meeting, Paper
from concepts.actions.deleting import delete_part
from concepts.kinds import workbench_url
from concepts.models import AdditionalField, Goal, Measure
from municipalities.models import Institution, Municipality, Person, User
from participation.actions.invitations import Invited, accept, invite, withdraw
from participation.addresses import Address
from participation.models import MeasureProposal, Process, ProposalMeasure
from tests.axe import violations
from tests.concepts.editing import Editing
from tests.participation import proposing
from tests.participation.examples import document_of, event_of, minutes_of, override_of
from tests.pictures.pages import SHOWN, Shot, being_written, demo_user, held_and_planned, shots, to_come
from tests.test_permissions import FORMS, LOGIN_PAGES, PAGES
from tests.test_permissions_administration import pages_of as pages_of_model

Towns = dict[str, Municipality]

ADMINISTRATOR = "fachadministration"
# Django's own pages: its tables may be wider than a telephone, and its skip link leads to its own place.
ADMINISTRATION = "/verwaltung/"
# A sheet of paper shown in a frame: there is no portal around it, so nothing to tell apart by landmarks.
PREVIEW = "/vorschau/"
NOT_IN_A_FRAME = {"landmark-one-main", "region"}
# The search box that Django's administration puts over a long choice does not pass its label on.
DJANGOS_CHOICE = "select2"
HEAD = "[document.querySelectorAll('h1').length, document.documentElement.lang, document.title]"
# The same page under a second address: a user's only town, a town's only process.
SAME_PAGE = {"town", "process", "synopsis"}
# What is opened and is no page of its own.
NO_PAGES = dict.fromkeys(
    (
        *("committees:attachment", "committees:issued", "committees:stage_pdf", "committees:minutes_pdf"),
        *("committees:minutes_file", "committees:excerpt", "committees:pack", "committees:pack_complete"),
        *("committees:meeting_document", "committees:invitation_draft", "committees:write_pdf"),
        *("committees:task_list_pdf", "committees:task_list_csv", "concepts:pdf", "concepts:version_pdf"),
        *("concepts:synopsis_pdf", "council:link_pack", "council:link_file", "documents:picture"),
        *("participation:document", "participation:annex_pdf", "participation:annex_csv"),
        *("committees:town_calendar", "committees:committee_calendar", "committees:meeting_calendar"),
        *("participation:event_calendar", "council:calendar_feed", "council:worker"),
        *("municipalities:colours", "municipalities:logo"),
    ),
    "a file",
) | {
    "committees:progress": "a part of the page of issues",
}
LONG_WORD = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
"""As long as a line, and longer than a telephone is wide."""


def with_long_words() -> None:
    """In what people name and write: a page must not become wider for it."""
    process = Process.objects.filter(municipality__slug=SHOWN)[0]
    concept = process.concept
    assert concept is not None
    assert concept.predecessor is not None
    group = process.groups.exclude(seats=None)[0]
    seat = group.seats.filter(person__isnull=False, institution__isnull=False)[0]
    held, planned = held_and_planned()
    measures = concept.measures.all()
    proposals = MeasureProposal.objects.filter(process__municipality__slug="goettingen")
    of_proposals = Measure.objects.filter(proposal_ties__proposal__in=proposals).distinct()
    for row, *names in (
        (process, "title", "description"),
        *((phase, "title", "description") for phase in process.phases.all()),
        (group, "name", "mandate"),
        (seat.person, "name", "function"),
        (seat.institution, "name"),
        *((event, "title", "place", "reason", "summary") for event in (held, planned)),
        *((item, "title", "presenter", "text") for item in planned.agenda.all()),
        (concept.predecessor, "title"),
        (concept, "title", "subtitle"),
        (concept.chapters.all()[0], "title", "body"),
        *((part, "title", "situation") for part in concept.fields.all()),
        *((goal, "text") for goal in Goal.objects.filter(field__concept=concept)[:3]),
        *((measure, "title", "text", "target_groups", "origin") for measure in (*measures, *of_proposals)),
        *((asked, "label") for asked in AdditionalField.objects.filter(municipality__slug=SHOWN)),
        *((proposal, "german_title") for proposal in proposals),
    ):
        for name in names:
            most = getattr(row._meta.get_field(name), "max_length", None)
            setattr(row, name, f"{LONG_WORD} {getattr(row, name)}"[:most])
        row.save()
    with_long_names_in_the_council()


def with_long_names_in_the_council() -> None:
    """Committees, factions and meetings: most of the tables name several of them side by side."""
    town = Municipality.objects.get(slug=SHOWN)
    meetings = Meeting.objects.filter(municipality=town)
    people = Person.objects.filter(municipality=town)
    for rows, *names in (
        (Committee.objects.filter(municipality=town), "name", "genitive_name"),
        (Faction.objects.filter(municipality=town), "name"),
        (Institution.objects.filter(municipality=town), "name"),
        (people.filter(committee_seats__isnull=False).distinct(), "name", "function"),
        (meetings, "title", "place"),
        (Consultation.objects.filter(paper__municipality=town), "role"),
    ):
        for row in rows:
            for name in names:
                most = row._meta.get_field(name).max_length
                setattr(row, name, f"{LONG_WORD} {getattr(row, name)}"[:most])
            row.save()


def group_pages(process: Process) -> Iterator[Shot]:
    """The forms of a group, and the pages behind an invitation's link."""
    group = process.groups.exclude(seats=None)[0]
    start, seat = group.get_absolute_url(), group.seats.all()[0]
    yield Shot("group-edit", f"{start}bearbeiten/", "redaktion")
    yield Shot("group-delete", f"{start}loeschen/", "redaktion")
    yield Shot("seat-new", f"{start}plaetze/neu/", "redaktion")
    yield Shot("seat", f"{start}plaetze/{seat.pk}/", "redaktion")
    yield Shot("guides", f"{process.get_absolute_url()}begleitung/", "redaktion")
    tokens: list[str] = []

    def link_of(token: str) -> str:
        tokens.append(token)
        return token

    to, by = Invited(group=group), demo_user("redaktion")
    addresses = [Address(f"{name}@verein.example", "Eva Muster", 1) for name in ("a", "b", "c")]
    asked = invite(to=to, addresses=addresses, message="", by=by, link_of=link_of).sent
    accept(invitation=asked[1], name="Eva Muster")
    withdraw(invitation=asked[2], by=by)
    yield Shot("invitations", f"{start}einladungen/", "redaktion")
    for name, token, status in zip(("open", "accepted", "withdrawn"), tokens, (200, 200, 410), strict=True):
        yield Shot(f"invitation-{name}", reverse("participation:invitation", args=[token]), status=status)


def pages() -> Iterator[Shot]:
    """What docs/pictures shows, and what is not worth a picture."""
    yield from shots()
    stage = Consultation.objects.filter(paper__municipality__slug=SHOWN, position=1).order_by("paper")[0]
    process = Process.objects.filter(municipality__slug=SHOWN)[0]
    yield Shot("town", reverse("desk:town", args=[SHOWN]), "moderation")
    yield Shot("start-member", reverse("desk:start"), "ratsmitglied")
    yield Shot("process", reverse("participation:process", args=[SHOWN, process.pk]), "moderation")
    yield from group_pages(process)
    yield Shot(
        "preview", reverse("committees:stage_preview", args=[SHOWN, stage.paper_id, 1]), "sitzungsdienst"
    )
    draft = being_written(stage.paper).get_absolute_url()
    yield Shot("writing-released", f"{stage.paper.get_absolute_url()}schreiben/", "redaktion")
    yield Shot("writing-preview", f"{draft}schreiben/vorschau/0/", "redaktion")
    yield Shot("draft-delete", f"{draft}loeschen/", "redaktion")
    yield Shot(
        "nothing-found", f"{reverse('committees:paper_list', args=[SHOWN])}?text=gibt-es-nicht", "redaktion"
    )
    yield Shot("search-nothing", f"{reverse('search:results')}?q=gibt+es+nicht+weltraum", "redaktion")
    yield Shot("search-mistake", f"{reverse('search:results')}?q=und&art=quatsch", "redaktion")
    yield Shot("picture-new", reverse("documents:picture_new"), "redaktion")
    yield Shot("not-found-logged-out", "/hier/ist/nichts/", status=404)
    yield Shot("refused", ADMINISTRATION + "login/", "redaktion", status=403)
    yield Shot("password-forgotten", reverse("account_reset_password"))
    yield Shot("password-forgotten-sent", reverse("account_reset_password_done"))
    yield Shot("password-link-too-old", reverse("account_reset_password_from_key", args=["abc", "alt"]))
    yield Shot("password-is-new", reverse("account_reset_password_from_key_done"))
    yield Shot("password-set", reverse("account_set_password"), "redaktion")
    yield Shot("account-locked", reverse("account_inactive"))
    yield Shot("account-new", reverse("account_signup"))
    yield Shot("logout", reverse("account_logout"), "redaktion")
    yield Shot("my-committees-none", reverse("council:committees", args=[SHOWN]), "redaktion")
    own = f"/{SHOWN}/rat/vorlagen/{stage.paper_id}/"
    yield Shot("questions", f"{own}fragen/", "ratsmitglied")
    yield Shot("changes-stage", f"{own}aenderungen/?seit=beratung", "ratsmitglied")
    yield Shot("changes-issue", f"{own}aenderungen/?seit=ausfertigung", "ratsmitglied")
    yield from amending_pages()
    yield from route_pages()
    yield from meeting_pages()
    yield from event_pages()
    yield from workbench_pages()
    yield from talk_pages()
    yield from proposal_pages()
    yield from history_pages()
    yield from administration_pages()
    concept = stage.paper.concept
    assert concept is not None
    yield Shot("synopsis-unknown", f"{concept.get_absolute_url()}vergleich/?von=99", "redaktion", status=404)
    yield Shot("synopsis-same", f"{concept.get_absolute_url()}vergleich/?von=1&mit=1", "redaktion")
    editing = Editing(concept, seed=1)  # at the end: the pages before show the towns as they are
    for way in editing.ways:
        way()
    yield Shot("synopsis", f"{concept.get_absolute_url()}vergleich/?von=1", "redaktion")


def amending_pages() -> Iterator[Shot]:
    """As `shots` has made them: 1 is accepted, 3 is open."""
    released = Paper.objects.get(municipality__slug=SHOWN, number="2017/1900")
    base = f"{released.get_absolute_url()}aenderungen/"
    yield Shot("amendments-of-reader", base, "ratsmitglied")
    yield Shot("amendment-accepted", f"{base}1/", "sitzungsdienst")
    yield Shot("amendment-edit", f"{base}3/bearbeiten/", "sitzungsdienst")
    yield Shot("amendment-delete", f"{base}3/loeschen/", "sitzungsdienst")


def route_pages() -> Iterator[Shot]:
    """Beside a draft's pages the small forms, and the route of a paper that is released."""
    planned = Paper.objects.get(municipality__slug=SHOWN, subject__startswith="Bericht über die Umsetzung")
    base, stage = f"{planned.get_absolute_url()}beratungsfolge/", planned.consultations.all()[0]
    struck = planned.consultations.get(left_out=True)
    yield Shot("route-add", f"{base}neu/", "sitzungsdienst")
    yield Shot("route-move", f"{base}{stage.pk}/verschieben/", "sitzungsdienst")
    yield Shot("route-delete", f"{base}{stage.pk}/loeschen/", "sitzungsdienst")
    yield Shot("route-take-back", f"{base}{struck.pk}/aufnehmen/", "sitzungsdienst")
    released = Paper.objects.get(municipality__slug=SHOWN, number="2017/1900")
    move_stage(
        stage=released.consultations.get(position=7), place=6, by=demo_user("sitzungsdienst"), reason="Tausch"
    )
    yield Shot("route-released", f"{released.get_absolute_url()}beratungsfolge/", "sitzungsdienst")
    yield Shot("checks-released", f"{released.get_absolute_url()}pruefung/", "mitzeichnung")


def meeting_pages() -> Iterator[Shot]:
    """The small forms, and what a route keeps from being deleted."""
    meeting, town = to_come(), Municipality.objects.get(slug=SHOWN)
    address, item = meeting.get_absolute_url(), meeting.agenda.all()[0]
    committee = meeting.committees.all()[0]
    base, seat = committee.get_absolute_url(), committee.seats.all()[0]
    yield Shot("committee-new", reverse("committees:committee_add", args=[SHOWN]), "sitzungsdienst")
    yield Shot("committee-edit", f"{base}bearbeiten/", "sitzungsdienst")
    yield Shot("committee-delete", f"{base}loeschen/", "sitzungsdienst")
    yield Shot("seat-edit", f"{base}sitze/{seat.pk}/", "sitzungsdienst")
    faction = town.factions.all()[0].pk
    yield Shot("faction-new", reverse("committees:faction_add", args=[SHOWN]), "sitzungsdienst")
    for name in ("edit", "delete"):
        of_faction = reverse(f"committees:faction_{name}", args=[SHOWN, faction])
        yield Shot(f"faction-{name}", of_faction, "sitzungsdienst")
    for page in ("bearbeiten", "verlegen", "absagen", "fortsetzen", "loeschen", "tagesordnung/neu"):
        yield Shot(f"meeting-{page.replace('/', '-')}", f"{address}{page}/", "sitzungsdienst")
    yield Shot("agenda-item", f"{address}tagesordnung/{item.pk}/", "sitzungsdienst")
    yield Shot("agenda-item-delete", f"{address}tagesordnung/{item.pk}/loeschen/", "sitzungsdienst")
    cancelled = Meeting.objects.create(
        municipality=town,
        title="Abgesagte Sitzung",
        date=meeting.date,
        cancelled=True,
        reason="Der Saal ist belegt.",
    )
    cancelled.committees.add(committee)
    yield Shot("meeting-cancelled", cancelled.get_absolute_url(), "sitzungsdienst")


def event_pages() -> Iterator[Shot]:
    held, planned = held_and_planned()
    own, process = planned.get_absolute_url(), planned.process.get_absolute_url()
    member = event_of(planned.process.municipality)  # with everything that can hang from it
    document_of(member), minutes_of(member), override_of(planned.process)
    yield Shot("event-of-member", member.get_absolute_url(), "mitglied")
    yield Shot("event-of-staff", member.get_absolute_url(), "redaktion")
    yield Shot("event-delete", f"{member.get_absolute_url()}loeschen/", "redaktion")
    yield Shot("event-delete-refused", f"{held.get_absolute_url()}loeschen/", "redaktion")
    yield Shot("event-cancel", f"{own}absagen/", "redaktion")
    yield Shot("event-document", f"{own}unterlagen/neu/", "redaktion")
    yield Shot("event-new", f"{process}veranstaltungen/neu/", "redaktion")
    yield Shot("minutes", f"{held.get_absolute_url()}niederschrift/1/", "mitglied")
    yield Shot("sheet-published", f"{held.get_absolute_url()}bogen/", "redaktion")
    yield Shot("process-form", f"{process}bearbeiten/", "redaktion")
    yield Shot("process-delete", f"{process}loeschen/", "redaktion")
    yield Shot("process-new", reverse("participation:process_new", args=[SHOWN]), "redaktion")


def workbench_pages() -> Iterator[Shot]:
    measure = Measure.objects.filter(concept__municipality__slug=SHOWN, concept__versions__isnull=False)[1]
    concept, field = measure.concept, measure.field
    base, own = workbench_url(concept), workbench_url(concept, measure)
    indicator, chapter = concept.indicators.all()[0], concept.chapters.all()[0]
    delete_part(part=concept.measures.filter(resolution_points=None).reverse()[0], by=None, reason="doppelt")
    yield Shot("new-concept", reverse("concepts:new", args=[SHOWN]), "redaktion")
    yield Shot("trash", f"{base}papierkorb/", "redaktion")
    yield Shot("concept-settings", f"{base}angaben/", "redaktion")
    yield Shot("field-form", workbench_url(concept, field), "redaktion")
    yield Shot("indicator-form", workbench_url(concept, indicator), "redaktion")
    yield Shot("chapter-form", workbench_url(concept, chapter), "redaktion")
    yield Shot("new-measure", f"{base}massnahmen/neu/?feld={field.pk}", "redaktion")
    yield Shot("part-to-read", workbench_url(concept, field), "ratsmitglied")
    for page in ("verschieben/", "teilen/", "zusammenfuehren/", "loeschen/"):
        yield Shot(f"measure-{page.rstrip('/')}", f"{own}{page}", "redaktion")
    yield Shot("field-delete", f"{workbench_url(concept, field)}loeschen/", "redaktion")


def talk_pages() -> Iterator[Shot]:
    field = AdditionalField.objects.filter(municipality__slug=SHOWN, kind="choice")[0]
    measure = Measure.objects.filter(concept__municipality__slug=SHOWN, comments=None).order_by("-pk")[0]
    talk = workbench_url(measure.concept, measure, "kommentare/")
    yield Shot("comments-none", talk, "ratsmitglied")
    yield Shot("suggest", f"{talk}vorschlagen/beschreibung/", "ratsmitglied")
    yield Shot("suggest-title", f"{talk}vorschlagen/titel/", "ratsmitglied")
    yield Shot("start-told", reverse("desk:start"), "ratsmitglied")
    yield Shot("start-editor", reverse("desk:start"), "redaktion")
    yield Shot("additional-field-new", reverse("concepts:additional_field_add", args=[SHOWN]), ADMINISTRATOR)
    yield Shot(
        "additional-field", reverse("concepts:additional_field", args=[SHOWN, field.pk]), ADMINISTRATOR
    )


def proposal_pages() -> Iterator[Shot]:
    """What a member and the staff open besides what is pictured."""
    town = "goettingen"
    process = Process.objects.get(municipality__slug=town)
    waiting = MeasureProposal.objects.get(process=process, state=MeasureProposal.State.REVIEW)
    other = MeasureProposal.objects.filter(process=process, language="tr")[0]
    measure = ProposalMeasure.objects.filter(proposal__process=process)[0].measure

    def of(name: str, *pks: int) -> str:
        return reverse(f"participation:{name}", args=[town, *pks])

    question = proposing.question(waiting, User.objects.get(email=f"redaktion@{town}.example"))
    draft = proposing.draft(process, User.objects.get(email=f"mitglied@{town}.example"), "Angefangen")
    yield Shot("proposal-answer", of("proposal_answer", waiting.pk, question.pk), f"mitglied@{town}")
    yield Shot("proposal-draft", of("proposal_edit", draft.pk), f"mitglied@{town}")
    yield Shot("proposal-withdraw", of("proposal_withdraw", waiting.pk), f"mitglied@{town}")
    yield Shot("proposal-waiting", of("proposal", waiting.pk), f"mitglied@{town}")
    yield Shot("proposal-slip", of("proposal_new", process.pk) + "?", f"redaktion@{town}")
    yield Shot("proposal-turkish", of("proposal", other.pk), f"redaktion@{town}")
    yield Shot("proposals-none", of("proposals", process.pk) + "?suche=gibtesnicht", f"moderation@{town}")
    for page in ("wording", "ask", "decide", "merge", "split"):
        yield Shot(f"proposal-{page}", of(f"proposal_{page}", waiting.pk), f"redaktion@{town}")
    yield Shot("annex-inside", of("annex", process.pk) + "?stand=intern", f"redaktion@{town}")
    concept = measure.concept.slug
    yield Shot(
        "measure-origin", reverse("concepts:measure", args=[town, concept, measure.pk]), f"mitglied@{town}"
    )


def history_pages() -> Iterator[Shot]:
    measure = Measure.objects.filter(concept__municipality__slug=SHOWN, concept__versions__isnull=False)[0]
    whole = f"{workbench_url(measure.concept)}verlauf/"
    own = workbench_url(measure.concept, measure, "verlauf/")
    made, concept = measure.history.last(), measure.concept.history.last()
    measure.title, measure.span = "Ein anderer Titel", None
    measure.save()
    yield Shot("concept-history", whole, "redaktion")
    yield Shot("concept-history-refused", f"{whole}?seit=gestern", "redaktion")
    yield Shot("concept-since", f"{whole}?seit=01.01.2000&ansicht=zusammenfassung", "redaktion")
    yield Shot("measure-history", own, "redaktion")
    yield Shot("measure-stand", f"{own}measure-{made.pk}/", "redaktion")
    yield Shot("concept-stand", f"{whole}concept-{concept.pk}/", "redaktion")
    goal = Goal.objects.create(field=measure.field, position=99, text="Ein Ziel, das verworfen wurde")
    gone = workbench_url(measure.concept, goal, "verlauf/")
    goal.delete()
    yield Shot("goal-history-gone", gone, "redaktion")


def administration_pages() -> Iterator[Shot]:
    """One page of each kind: they are made of the same parts for every model."""
    measure = Measure.objects.filter(concept__municipality__slug=SHOWN)[0]
    entry = measure.history.latest().pk
    for kind, arguments in (
        *(("changelist", []), ("add", []), ("change", [measure.pk]), ("delete", [measure.pk])),
        *(("history", [measure.pk]), ("simple_history", [measure.pk, entry])),
    ):
        address = reverse(f"admin:concepts_measure_{kind}", args=arguments)
        yield Shot(f"administration-{kind}", address, ADMINISTRATOR)
    for name, arguments in (
        ("app_list", ["concepts"]),
        ("password_change", []),
        ("password_change_done", []),
    ):
        yield Shot(f"administration-{name}", reverse(f"admin:{name}", args=arguments), ADMINISTRATOR)


class Watch:
    """A browser window that notes what is wrong with each page it opens."""

    def __init__(self, page: Page, portal: str) -> None:
        self.page, self.portal = page, portal
        self.wrong: list[str] = []
        self.titles: dict[str, set[str]] = {}
        self.name = ""
        page.on("console", self.console)
        page.on("pageerror", lambda error: self.note(f"Skriptfehler: {error}"))
        page.on("request", self.request)
        page.on("response", self.response)

    def note(self, what: str) -> None:
        self.wrong.append(f"{self.name}: {what}")

    def console(self, message: ConsoleMessage) -> None:
        # Of its history django-simple-history asks for a line less by an inline style; it is refused.
        if ADMINISTRATION in self.page.url and "inline style" in message.text:
            return
        # An error page is told to the console as well; it is the page we asked for.
        if message.type in ("error", "warning") and "status of 4" not in message.text:
            self.note(f"Konsole: {message.text}")

    def request(self, request: Request) -> None:
        if not request.url.startswith((f"{self.portal}/", "data:")):
            self.note(f"fremde Adresse: {request.url}")

    def response(self, response: Response) -> None:
        if response.status >= 400 and response.request.resource_type != "document":
            self.note(f"fehlt: {response.url}")

    def open(self, shot: Shot) -> None:
        self.name = shot.name
        self.become(shot.who)
        response = self.page.goto(f"{self.portal}{shot.address}", wait_until="load")
        if response is None or response.status != shot.status:
            self.note(f"antwortet mit {response and response.status}")

    def become(self, who: str) -> None:
        client = Client()
        if who:
            role, _at, town = who.partition("@")
            client.force_login(User.objects.get(email=f"{role}@{town or SHOWN}.example"))
        self.be(client)

    def be(self, client: Client) -> None:
        """With whatever session the client has."""
        self.page.context.clear_cookies()
        if session := client.cookies.get(portal_settings.SESSION_COOKIE_NAME):
            cookie = {"name": session.key, "value": session.value, "url": self.portal}
            self.page.context.add_cookies([cookie])

    def look_at(self, name: str, address: str) -> None:
        """As whoever it is already."""
        self.name = name
        self.page.goto(f"{self.portal}{address}", wait_until="load")
        self.axe()

    def axe(self) -> None:
        for rule in violations(self.page):
            if PREVIEW in self.page.url and rule["id"] in NOT_IN_A_FRAME:
                continue
            places = [str(node["target"]) for node in rule["nodes"]]
            if ADMINISTRATION in self.page.url:
                places = [place for place in places if DJANGOS_CHOICE not in place]
            if places:
                self.note(f"axe {rule['id']}: {places[:3]}")

    def head(self) -> None:
        headings, language, title = self.page.evaluate(HEAD)
        if headings != 1:
            self.note(f"{headings} Überschriften h1")
        if language != "de":
            self.note("keine deutsche Sprachangabe")
        if self.name not in SAME_PAGE:
            address = self.page.url.partition("?")[0]  # the concept and what was found in it are one page
            self.titles.setdefault(title, set()).add(address)

    def width(self) -> None:
        too_wide = self.page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if too_wide > 0:
            self.note(f"ragt bei {self.page.viewport_size} um {too_wide} Pixel hinaus")

    def skip_link(self) -> None:
        self.page.keyboard.press("Tab")
        if self.page.evaluate("document.activeElement.textContent.trim()") != "Zum Inhalt springen":
            self.note("die erste Station der Tabulatortaste ist nicht der Sprunglink")
        self.page.keyboard.press("Enter")
        if self.page.evaluate("document.activeElement.id") != "inhalt":
            self.note("der Sprunglink führt nicht zum Inhalt")


@pytest.fixture
def watch(towns: Towns, portal: str, page: Page, settings: Any) -> Watch:
    settings.DEMO_MODE, settings.PRODUCTION = True, False
    return Watch(page, portal)


@pytest.mark.once
def test_every_page_of_the_matrix_is_among_them(towns: Towns) -> None:
    """Of Django's administration one page of each kind."""
    shown = {resolve(shot.address.partition("?")[0]).view_name for shot in pages() if shot.status == 200}
    opened = {name for name, answers in PAGES.items() if "200" in answers.values()}
    opened |= {name for name, (opening, _sending) in FORMS.items() if "200" in opening.values()}
    opened |= {name for name, answers in LOGIN_PAGES.items() if "200" in answers}
    opened |= {f"admin:concepts_measure_{kind}" for kind in pages_of_model(Measure)}
    opened |= {f"admin:{name}" for name in ("index", "app_list", "password_change", "password_change_done")}
    assert sorted(opened - shown - NO_PAGES.keys()) == []


@pytest.mark.once
def test_every_page_on_a_desk_and_on_a_telephone(watch: Watch) -> None:
    """Each page is opened once and then made narrower: that costs half of opening it again."""
    with_long_words()
    for shot in pages():
        watch.page.set_viewport_size({"width": 1280, "height": 900})
        watch.open(shot)
        watch.head()
        watch.axe()
        watch.width()
        administration = shot.address.startswith(ADMINISTRATION)
        if not administration and PREVIEW not in shot.address:
            watch.skip_link()
        watch.page.set_viewport_size({"width": 390, "height": 844})
        if not administration:
            watch.width()
            watch.page.set_viewport_size({"width": 320, "height": 640})
            watch.width()
    assert not watch.wrong, "\n".join(watch.wrong)
    assert [titled for titled in watch.titles.items() if len(titled[1]) > 1] == []


def test_the_page_checks_find_what_is_wrong(watch: Watch) -> None:
    """The checks themselves: on a page that has everything they look for."""
    watch.open(Shot("spoilt", reverse("account_login")))
    watch.page.evaluate(
        """() => {
            document.body.innerHTML = '<h1>Eins</h1><h1>Zwei</h1><p style="color: red">rot</p>' +
                '<img src="/nirgends.png"><pre>' + 'x'.repeat(1000) + '</pre>';
            document.documentElement.lang = 'en';
            console.error('Fehler');
        }"""
    )
    watch.page.wait_for_timeout(100)
    for check in (watch.head, watch.axe, watch.width, watch.skip_link):
        check()
    watch.page.goto(watch.portal.replace("localhost", "127.0.0.1"))
    found = "\n".join(watch.wrong)
    for what in (
        "2 Überschriften h1",
        "keine deutsche Sprachangabe",
        "axe image-alt",
        "ragt bei",
        "Sprunglink",
        "Konsole: Fehler",
        "fehlt: ",
        "Content Security Policy",
        "fremde Adresse: http://127.0.0.1",
    ):
        assert what in found
