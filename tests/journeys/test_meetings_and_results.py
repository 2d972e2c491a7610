"""What the committees do with a paper, in the browser: from the agenda to the Beschlusskontrolle.

Leverkusen's nine stages: one committee amends a sentence and a measure, one defers and decides a week later,
one recommends another wording, one votes by factions with one befangen, the others are unanimous; the council
chooses, the minutes are signed, and the resolution becomes decisions about measures and tasks.
"""

from __future__ import annotations

import datetime
import re

import pytest
import time_machine
from django.core.management import call_command
from django.test import Client
from playwright.sync_api import Locator, Page, expect

from committees.models import (
    Committee,
    CommitteeSeat,
    Consultation,
    Faction,
    Meeting,
    Paper,
    ResolutionTask,
)
from concepts.models import Measure
from municipalities.models import Institution, Municipality, Person
from outbox.models import OutgoingMail
from tests.conftest import demo_user
from tests.documents.reading import in_reading_order, letters, pages
from tests.journeys.browsing import LogIn
from tests.reading import text_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

FACTIONS = {"Fraktion Soziale Stadt": 3, "Fraktion Stadt und Umwelt": 3, "Gruppe Freie Stimmen": 2}
SENTENCE = "Das Integrationskonzept wird als verbindlicher Rahmen bis Ende 2022 beschlossen."
MORE = "Zwei Plätze bleiben Alleinerziehenden vorbehalten."
OTHER = "Die Verwaltung berichtet den Ausschüssen zweimal im Jahr über die Umsetzung."
COMMENT = "Ein Bericht im Jahr ist mit dem Personal zu leisten, zwei sind es nicht."


def button(page: Page, name: str | re.Pattern[str]) -> Locator:
    return page.get_by_role("main").get_by_role("button", name=name, exact=isinstance(name, str))


def said(page: Page, sentence: str) -> None:
    expect(page.get_by_role("status").filter(has_text=sentence).first).to_be_visible()


def stage_of(paper: Paper, name: str) -> Consultation:
    """The last of this committee."""
    stages = paper.consultations.select_related("committee", "meeting", "agenda_item")
    found: Consultation = stages.filter(committee__name__contains=name).latest("position")
    return found


def place(page: Page, meeting: Meeting | None) -> None:
    """The stage that waits for the meeting gets its place on the agenda."""
    assert meeting is not None
    page.goto(f"{meeting.get_absolute_url()}tagesordnung/")
    waiting = page.get_by_role("region", name="Wartet auf einen Platz")
    waiting.get_by_role("button", name="Aufnehmen").click()
    expect(waiting).to_have_count(0)


def open_result(page: Page, stage: Consultation) -> None:
    assert stage.meeting is not None
    page.goto(f"{stage.meeting.get_absolute_url()}ergebnisse/")
    page.get_by_role("main").get_by_role("link", name=re.compile("^Ergebnis eintragen")).click()


def pick(page: Page, question: str, answer: str) -> None:
    page.get_by_role("group", name=question).get_by_role("radio", name=answer, exact=True).check()


def save_result(page: Page, word: str) -> None:
    button(page, "Speichern").click()
    said(page, f"„{word}“ ist eingetragen.")


def unanimous(page: Page, stage: Consultation) -> None:
    assert stage.meeting is not None
    page.goto(f"{stage.meeting.get_absolute_url()}ergebnisse/")
    button(page, re.compile("^einstimmig", re.IGNORECASE)).click()
    said(page, "ist eingetragen.")


def votes(page: Page, who: str, **numbers: int) -> None:
    labels = {"yes": "Ja", "no": "Nein", "held": "Enthaltungen", "excluded": "befangen"}
    for name, number in numbers.items():
        page.get_by_label(f"{who}: {labels[name]}", exact=True).fill(str(number))


def move(page: Page, paper: Paper, stage: Consultation, target: str, words: str, measure: str = "") -> None:
    """An amendment in two steps: what it changes, and its wording."""
    page.goto(f"{paper.get_absolute_url()}aenderungen/")
    page.get_by_role("link", name="Änderungsantrag stellen").click()
    page.get_by_label("In welcher Beratung wird der Antrag gestellt?").select_option(str(stage.position))
    page.get_by_role("radio", name=re.compile(target)).check()
    if measure:
        page.get_by_label("Welche Maßnahme?").fill(measure)
    button(page, "Weiter zum Wortlaut").click()
    page.wait_for_load_state("load")  # the editor is in its place
    wording = page.get_by_role("textbox", name="Neuer Wortlaut", exact=True)
    wording.click()
    page.keyboard.press("Control+End" if measure else "Control+a")
    page.keyboard.type(f" {words}" if measure else words)
    if not measure:
        assert letters(wording.inner_text()) == letters(words)
    button(page, "Speichern").click()
    said(page, "Änderungsantrag")


@pytest.fixture
def paper(towns: dict[str, Municipality]) -> Paper:
    """Leverkusen's, on its way; the Finanzausschuss has eight seats."""
    town = towns["leverkusen"]
    committee = Committee.objects.get(municipality=town, short_name="FRA")
    committee.seats.all().delete()
    people = list(Person.objects.filter(municipality=town).order_by("pk"))
    for name, number in FACTIONS.items():
        faction = Faction.objects.get(municipality=town, name=name)
        for _ in range(number):
            CommitteeSeat.objects.create(committee=committee, person=people.pop(), faction=faction)
    found: Paper = Paper.objects.get(municipality=town, number="2017/1900")
    return found


def test_leverkusens_nine_stages_to_the_beschlusskontrolle(log_in: LogIn, paper: Paper) -> None:
    town = paper.municipality
    assert paper.concept is not None
    measure = Measure.objects.filter(concept=paper.concept).exclude(text="").earliest("field", "position")
    stages = list(paper.consultations.select_related("meeting"))
    assert len(stages) == 9

    # Three weeks before the first meeting: nine agendas, and one invitation leaves.
    with time_machine.travel(datetime.datetime(2017, 10, 30, 9, tzinfo=datetime.UTC)):
        page = log_in(demo_user("sitzungsdienst", town))
        for stage in stages:
            place(page, stage.meeting)
        school = stage_of(paper, "Schulausschuss")
        assert school.meeting is not None
        assert school.agenda_item is not None
        page.goto(f"{school.meeting.get_absolute_url()}einladung/")
        button(page, "Ausfertigen und versenden").click()
        said(page, "Die Einladung ist ausgefertigt.")
        assert school.meeting.files.filter(kind="invitation").exists()
        member = demo_user("ratsmitglied", town)
        assert "Schulausschuss" in OutgoingMail.objects.get(recipient=member.email).subject
    page = log_in(demo_user("sitzungsdienst", town))

    # The Integrationsrat amends a sentence and a measure.
    council_of_integration = stage_of(paper, "Integrationsrat")
    move(page, paper, council_of_integration, "Beschlusspunkt 1", SENTENCE)
    move(page, paper, council_of_integration, "Eine Maßnahme", MORE, measure.code or measure.title)
    open_result(page, council_of_integration)
    for one in range(2):
        decided = page.get_by_role("group", name="Was wurde aus diesem Antrag?").nth(one)
        decided.get_by_role("radio", name="angenommen", exact=True).check()
    pick(page, "Was kam heraus?", "geändert angenommen")
    votes(page, "Zusammen", yes=3, no=1)
    save_result(page, "mit Änderungen empfohlen")

    # The Kinder- und Jugendhilfeausschuss defers, and decides a week later.
    youth = stage_of(paper, "Jugendhilfe")
    page.goto(f"/{town.slug}/sitzungen/neu/")
    page.get_by_role("group", name="Gremien").get_by_label(str(youth.committee)).check()
    page.get_by_label("Datum").fill("2017-11-23")
    page.get_by_label("Beginn").fill("17:00")
    button(page, "Speichern").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Jugendhilfeausschusses")
    later = Meeting.objects.get(municipality=town, date="2017-11-23")
    open_result(page, youth)
    pick(page, "Was kam heraus?", "vertagt: dasselbe Gremium berät noch einmal")
    page.get_by_label("Wann berät das Gremium wieder?").select_option(str(later.pk))
    save_result(page, "vertagt")
    again = stage_of(paper, "Jugendhilfe")
    assert (again.position, again.comes_of) == (3, youth)
    assert again.date == datetime.date(2017, 11, 23)
    place(page, again.meeting)
    unanimous(page, again)

    # The Sozialausschuss recommends another wording; the administration comments on it.
    social = stage_of(paper, "Soziales")
    move(page, paper, social, "Beschlusspunkt 2", OTHER)
    page.get_by_role("textbox", name="Stellungnahme").fill(COMMENT)
    button(page, "Stellungnahme speichern").click()
    open_result(page, social)
    pick(page, "Was wurde aus diesem Antrag?", "angenommen als anderer Wortlaut, neben dem bisherigen")
    pick(page, "Was kam heraus?", "angenommen")
    page.get_by_label("Bemerkung").fill("Der Ausschuss bittet um einen zweiten Bericht im Jahr.")
    save_result(page, "empfohlen")

    # Four are unanimous; the Finanzausschuss votes by factions, one is befangen.
    for name in ("Schulausschuss", "Stadtbezirk I", "Stadtbezirk II", "Stadtbezirk III"):
        unanimous(page, next(one for one in stages if str(one.committee).endswith(name)))
    money = stage_of(paper, "Finanz")
    open_result(page, money)
    pick(page, "Was kam heraus?", "angenommen")
    votes(page, "Fraktion Soziale Stadt", yes=2, excluded=1)
    votes(page, "Fraktion Stadt und Umwelt", yes=2, no=1)
    votes(page, "Gruppe Freie Stimmen", yes=1, held=1)
    save_result(page, "empfohlen")
    assert money.ballots.get().votes_for == 5

    # What lies before the Rat has all of it.
    council = stage_of(paper, "Rat der Stadt")
    assert council.position == 10
    draft = page.request.get(f"{paper.get_absolute_url()}beratung/10/entwurf.pdf").body()
    check_the_councils_pdf(draft, paper, measure)

    # The Rat chooses the other wording.
    open_result(page, council)
    pick(page, "Punkt 2", "Wie von „Ausschuss für Soziales, Gesundheit und Senioren“ empfohlen")
    pick(page, "Was kam heraus?", "geändert angenommen")
    votes(page, "Zusammen", yes=4, no=2, held=1)
    save_result(page, "geändert beschlossen")
    resolved = council.resolved_points.order_by("position")
    assert [letters(row.text) for row in resolved] == [letters(f"<p>{one}</p>") for one in (SENTENCE, OTHER)]

    minutes_are_signed(page, school)
    after_the_decision(log_in, page, paper, measure)
    tasks_are_given(page, paper)


def check_the_councils_pdf(pdf: bytes, paper: Paper, measure: Measure) -> None:
    text = letters(in_reading_order(pdf))
    for stage in paper.consultations.filter(position__lt=10).select_related("committee"):
        assert stage.result
        assert letters(str(stage.committee)) in text
        assert letters(stage.result) in text
    for words in (SENTENCE, MORE, OTHER, COMMENT, "Fraktion Soziale Stadt", "befangen", measure.title):
        assert letters(words) in text, words
    # Before and after stand side by side, and the proposal is the amended sentence.
    before, _, proposal = text.partition("Beschlussentwurf:DerRat")
    assert "derIntegrationsarbeitindergesamtenStadt" in before
    assert letters("eingefügt: bis Ende 2022") in before
    assert letters(SENTENCE) in proposal
    assert "derIntegrationsarbeitindergesamtenStadt" not in proposal
    assert letters("Der Ausschuss bittet um einen zweiten Bericht im Jahr.") in text


def minutes_are_signed(page: Page, stage: Consultation) -> None:
    """Drafted, agreed, signed by two; then the excerpt is there and nothing can be changed."""
    assert stage.meeting is not None
    below = f"{stage.meeting.get_absolute_url()}niederschrift/"
    excerpt = f"{below}auszug/{stage.agenda_item_id}/"
    page.goto(f"{stage.meeting.get_absolute_url()}anwesenheit/")
    button(page, "Alle, die noch offen sind, als anwesend speichern").click()
    page.goto(below)
    button(page, "Niederschrift beginnen").click()
    assert "erst aus der unterschriebenen Niederschrift" in page.request.get(excerpt).text()
    page.get_by_role("link", name="Festlegen, wer unterschreibt").click()
    page.get_by_label("Wer unterschreibt?").nth(1).select_option(index=2)
    button(page, "Speichern").click()
    expect(page.get_by_role("heading", name="Alles eingetragen")).to_be_visible()
    button(page, "Als abgestimmt eintragen").click()
    for _ in range(2):
        page.get_by_role("link", name=re.compile("^Unterschrift eintragen")).first.click()
        page.get_by_label("Unterschrieben am").fill("2017-12-01")
        button(page, "Unterschrift eintragen").click()
    expect(page.get_by_role("heading", name="Unterschriebene Niederschrift")).to_be_visible()
    pdf = page.request.get(excerpt)
    assert pdf.headers["content-type"] == "application/pdf"
    text = " ".join(" ".join(pages(pdf.body())).split())
    assert "einstimmig empfohlen" in text
    page.goto(f"{stage.meeting.get_absolute_url()}ergebnisse/{stage.agenda_item_id}/")
    expect(page.get_by_text("Die Niederschrift dieser Sitzung ist unterschrieben").first).to_be_visible()


def after_the_decision(log_in: LogIn, clerk: Page, paper: Paper, measure: Measure) -> None:
    """The concept's text follows the resolution, its version is frozen, and each measure has its decision."""
    editor = log_in(demo_user("redaktion", paper.municipality))
    editor.goto(f"{paper.get_absolute_url()}beschluss/")
    editor.get_by_role("link", name="Beschlossene Fassung festhalten").click()
    expect(editor.get_by_role("heading", name=str(measure))).to_be_visible()
    button(editor, "Änderungen übernehmen und Fassung festhalten").click(timeout=60_000)
    expect(editor.get_by_text("festgehalten", exact=True)).to_be_visible(timeout=60_000)
    measure.refresh_from_db()
    assert MORE in measure.text
    assert stage_of(paper, "Rat der Stadt").resolved_version.version.concept == paper.concept
    clerk.goto(f"{paper.get_absolute_url()}beschluss/")
    clerk.get_by_role("link", name="Entscheidungen eintragen").click()
    button(clerk, re.compile("Entscheidungen übernehmen$")).click()
    expect(clerk.get_by_role("link", name="Entscheidungen ändern")).to_be_visible()
    assert measure.council_decisions.get().kind == "amended"
    assert not Measure.objects.filter(concept=paper.concept, council_decisions=None).exists()
    assert paper.concept is not None
    clerk.goto(f"{paper.concept.get_absolute_url()}massnahmen/{measure.pk}/")
    decided = clerk.get_by_role("region", name="Entscheidung des Rates und der Gremien")
    expect(decided).to_contain_text("Rat der Stadt Leverkusen, 18.12.2017")
    expect(decided).to_contain_text("2017/1900")


def tasks_are_given(page: Page, paper: Paper) -> None:
    """Each point becomes a task; the overdue one stands in the list, and its office has a mail."""
    town = paper.municipality
    office = demo_user("fachamt", town).persons.get(municipality=town).institution
    assert isinstance(office, Institution)
    page.goto(f"{paper.get_absolute_url()}beschluss/")
    page.get_by_role("link", name=re.compile("^Aufträge aus 2 Punkten")).click()
    days = ("2018-03-31", "2090-12-31")
    for number, day in enumerate(days):
        card = page.get_by_role("article").nth(number)
        card.get_by_label("zuständige Stelle").select_option(str(office.pk))
        card.get_by_label("Frist").fill(day)
    button(page, "Aufträge vergeben").click()
    said(page, "2 Aufträge sind vergeben.")
    assert ResolutionTask.objects.filter(paper=paper, institution=office).count() == 2
    page.goto(f"/{town.slug}/beschlusskontrolle/?stand=ueberfaellig")
    rows = page.get_by_role("main").get_by_role("row").filter(has_text="2017/1900")
    expect(rows).to_have_count(1)
    expect(rows).to_contain_text("31.03.2018")
    OutgoingMail.objects.all().delete()
    call_command("remind_tasks")
    mails = OutgoingMail.objects.filter(recipient=demo_user("fachamt", town).email)
    assert "31.03.2018" in mails.get().text


# ---- Two more towns, through the same pages without a browser ---------------------------------------------


def act(client: Client, address: str, **form: str) -> str:
    """Sends the form, and gives the page that follows."""
    response = client.post(address, form, follow=True)
    assert response.status_code == 200
    return text_of(response)


def result_address(stage: Consultation) -> str:
    stage.refresh_from_db()
    assert stage.meeting is not None
    return f"{stage.meeting.get_absolute_url()}ergebnisse/{stage.agenda_item_id}/"


def in_a_meeting(client: Client, stage: Consultation) -> Consultation:
    """On the agenda, if it has no place there yet."""
    assert stage.meeting is not None
    if stage.agenda_item is None:
        act(client, f"{stage.meeting.get_absolute_url()}tagesordnung/aufnehmen/", beratung=str(stage.pk))
    return stage


def test_mettmanns_three_stages(client: Client, towns: dict[str, Municipality]) -> None:
    town = towns["kreis-mettmann"]
    client.force_login(demo_user("sitzungsdienst", town))
    paper = Paper.objects.get(municipality=town)
    first, second, last = (
        in_a_meeting(client, stage) for stage in paper.consultations.select_related("meeting", "agenda_item")
    )
    assert "einstimmig empfohlen" in act(client, result_address(first), schnell="1", opened="")
    votes = {"outcome": "accepted", "opened": "", "ganz-votes_for": "3", "ganz-votes_against": "1"}
    assert "3 Ja, 1 Nein" in act(client, result_address(second), **votes)

    pdf = client.get(f"{paper.get_absolute_url()}beratung/3/entwurf.pdf").getvalue()  # type: ignore[attr-defined]
    text = letters(in_reading_order(pdf))
    for words in ("Bisherige Beratungsergebnisse", "einstimmig empfohlen", "3 Ja, 1 Nein"):
        assert letters(words) in text

    assert "einstimmig beschlossen" in act(client, result_address(last), schnell="1", opened="")
    assert last.resolved_points.get().text == paper.resolution_points.get().text
    page = text_of(client.get(f"{paper.get_absolute_url()}beschluss/"))
    assert "Beschluss: Kreistag, 22.06.2015" in page
    assert "Auftrag aus 1 Punkt vergeben" in page
    # What is decided is not written again.
    client.force_login(demo_user("redaktion", town))
    assert "ist freigegeben" in text_of(client.get(f"{paper.get_absolute_url()}schreiben/"))


def test_bergisch_gladbachs_two_presentations(client: Client, towns: dict[str, Municipality]) -> None:
    town = towns["bergisch-gladbach"]
    client.force_login(demo_user("sitzungsdienst", town))
    paper = Paper.objects.get(municipality=town)
    first, last = (
        in_a_meeting(client, stage) for stage in paper.consultations.select_related("meeting", "agenda_item")
    )
    asked = {"outcome": "noted", "opened": "", "note": "Der Ausschuss bittet um einen Bericht im Herbst."}
    assert "zur Kenntnis genommen" in act(client, result_address(first), **asked)
    pdf = client.get(f"{paper.get_absolute_url()}beratung/2/entwurf.pdf").getvalue()  # type: ignore[attr-defined]
    assert letters("Der Ausschuss bittet um einen Bericht im Herbst.") in letters(in_reading_order(pdf))
    assert "zur Kenntnis genommen" in act(client, result_address(last), schnell="1", opened="")
    assert not last.ballots.exists()

    # Nothing is decided; what was asked for on the way becomes a task all the same.
    after = f"{paper.get_absolute_url()}beschluss/"
    assert "Zu dieser Vorlage gehört kein Beschluss" in text_of(client.get(after))
    task = {"consultation": str(first.pk), "title": "Im Herbst berichten", "due": "2008-10-01"}
    office = str(Institution.objects.filter(municipality=town, kind="department").earliest("pk").pk)
    assert "Im Herbst berichten" in act(client, f"{after}auftrag/", institution=office, **task)
    overdue = text_of(client.get(f"/{town.slug}/beschlusskontrolle/?stand=ueberfaellig"))
    assert "Im Herbst berichten" in overdue
