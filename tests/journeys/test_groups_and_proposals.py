"""A member comes by invitation and proposes a measure; it is asked about, answered, taken over in part,
published and read in the Anlage. On a telephone, and by keyboard only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from concepts.models import Measure
from desk.outgoing import wait_until_sent
from municipalities.models import User
from outbox.actions import send_due
from participation.models import Group, Invitation, MeasureProposal, Process
from participation.permissions import is_member
from tests.journeys.browsing import LogIn, press_on, tab_to
from tests.participation.proposing import field_of, make_process, make_staff

pytestmark = pytest.mark.django_db

MEMBER = "mira.sommer@verein.example"
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def process(db: None) -> Process:
    return make_process()


@pytest.fixture
def telephone(browser: Browser, portal: str) -> Iterator[Page]:
    context = browser.new_context(base_url=portal, locale="de-DE", viewport=TELEPHONE, has_touch=True)
    yield context.new_page()
    context.close()


def follow(page: Page, words: str) -> None:
    tab_to(page, page.get_by_role("link", name=words).first)
    page.keyboard.press("Enter")


def press(page: Page, words: str) -> None:
    tab_to(page, page.get_by_role("button", name=words).first)
    page.keyboard.press("Enter")


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label, exact=False).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


def choose(page: Page, label: str, words: str) -> None:
    """In a drop-down, by its first letters."""
    box = page.get_by_label(label, exact=False).first
    tab_to(page, box)
    page.keyboard.type(words)
    expect(box.locator("option:checked")).to_contain_text(words)


def tick(page: Page, words: str) -> None:
    """One of several: the arrow keys move among them."""
    wanted = page.get_by_role("radio", name=words, exact=True)
    group = page.locator("input[type=radio]").first
    name = wanted.get_attribute("name")
    group = page.locator(f"input[type=radio][name='{name}']")
    first = group.locator("xpath=self::*[@checked]")
    tab_to(page, first.first if first.count() else group.first)
    if not first.count():
        page.keyboard.press("Space")
    for _ in range(group.count()):
        if wanted.is_checked():
            return
        page.keyboard.press("ArrowDown")
    raise AssertionError(f"{words} cannot be chosen by keyboard")


def told(page: Page, words: str) -> None:
    expect(page.get_by_role("status").filter(has_text=words)).to_be_visible()


def fits(page: Page) -> bool:
    """Nothing sticks out of the telephone's screen."""
    wide: int = page.evaluate("document.documentElement.scrollWidth")
    return wide <= TELEPHONE["width"]


def newest_mail_to(address: str) -> str:
    wait_until_sent()
    found = [message for message in mail.outbox if message.to == [address]]
    return str(found[-1].body)


def become_a_member(page: Page, portal: str, group: Group, staff: User) -> None:
    """From the staff's invitation to the group's page, logged in."""
    office = Client(HTTP_HOST=portal.removeprefix("http://"))
    office.force_login(staff)
    people = {"people": f"Mira Sommer <{MEMBER}>", "role": "member"}
    assert office.post(f"{group.get_absolute_url()}einladungen/", people).status_code == 302
    assert send_due().sent == 1
    link = re.search(r"http://\S+/einladung/\S+", newest_mail_to(MEMBER))
    assert link

    page.goto(link[0])
    expect(page.get_by_role("heading", name="Einladung")).to_be_visible()
    expect(page.get_by_label("Ihr Name")).to_have_value("Mira Sommer")
    assert fits(page)
    write(page, "Ihr Name", "Mira Sommer-Aydın")
    press_on(page, page.get_by_role("button", name="Einladung annehmen"))
    expect(page.get_by_role("heading", name="Vielen Dank, Sie sind dabei")).to_be_visible()
    assert fits(page)
    press_on(page, page.get_by_role("button", name="Code anfordern"))

    code_field = page.get_by_label("Code aus der E-Mail")
    code_field.wait_for()
    code = re.search(r"\n\n(\S+)\n\nGeben Sie ihn", newest_mail_to(MEMBER))
    assert code
    write(page, "Code aus der E-Mail", code[1])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name=group.name, level=1)).to_be_visible()


def test_from_the_invitation_to_the_anlage(
    telephone: Page, portal: str, process: Process, log_in: LogIn
) -> None:
    staff, group = make_staff(process), process.groups.get()
    become_a_member(telephone, portal, group, staff)
    user = User.objects.get(email=MEMBER)
    assert (user.name, is_member(user, process)) == ("Mira Sommer-Aydın", True)
    assert Invitation.objects.get(group=group).state == Invitation.State.ACCEPTED
    expect(telephone.get_by_role("cell", name="Mira Sommer-Aydın")).to_be_visible()
    assert fits(telephone)
    telephone.goto(f"/{process.municipality.slug}/beteiligung/")
    mine = telephone.get_by_role("region", name="Meine Gruppen")
    expect(mine.get_by_role("link", name=group.name)).to_be_visible()
    assert fits(telephone)

    # Written in a few fields; what is typed survives a page that is closed by mistake.
    telephone.goto(process.get_absolute_url())
    follow(telephone, "Vorschläge lesen und schreiben")
    follow(telephone, "Maßnahme vorschlagen")
    write(telephone, "Was soll getan werden?", "Ein Sprachcafé am Samstag")
    telephone.wait_for_timeout(600)
    telephone.reload()
    press(telephone, "Eingaben wieder einsetzen")
    expect(telephone.get_by_label("Was soll getan werden?").first).to_have_value("Ein Sprachcafé am Samstag")
    write(telephone, "Wie soll das gehen", "Jede Woche zwei Stunden, mit Fahrdienst.")
    choose(telephone, "Zu welchem Thema", str(field_of(process))[:3])
    tick(telephone, "Ja, das würde ich oder würden wir selbst umsetzen")
    press(telephone, "Einreichen")
    told(telephone, "Ihr Vorschlag ist eingereicht")
    proposal = MeasureProposal.objects.get(process=process)
    assert (proposal.title, proposal.carry_out, proposal.state) == (
        "Ein Sprachcafé am Samstag",
        "yes",
        "submitted",
    )

    # The staff ask back; the answer comes from the telephone.
    office = log_in(staff)
    office.goto(process.get_absolute_url())
    follow(office, "Vorschläge lesen und schreiben")
    follow(office, "Bearbeitung")
    follow(office, "Ein Sprachcafé am Samstag")
    press(office, "In Prüfung nehmen")
    told(office, "in Prüfung")
    follow(office, "Rückfrage stellen")
    write(office, "Ihre Rückfrage", "In welchem Stadtteil?")
    press(office, "Rückfrage stellen")
    told(office, "Ihre Rückfrage ist gestellt")
    assert send_due().sent == 1
    address = re.search(r"http\S+/vorschlaege/\d+/", newest_mail_to(MEMBER))
    assert address is not None
    telephone.goto(address[0])
    follow(telephone, "Antworten")
    write(telephone, "Ihre Antwort", "In der Nordstadt.")
    press(telephone, "Antwort senden")
    told(telephone, "Ihre Antwort ist gespeichert")

    # Taken over in part, into a new measure.
    office.reload()
    expect(office.get_by_text("In der Nordstadt.")).to_be_visible()
    follow(office, "In das Konzept übernehmen")
    tick(office, "teilweise übernommen")
    write(office, "Was daraus wurde", "ohne Fahrdienst")
    write(office, "Öffentliche Begründung", "Für einen Fahrdienst fehlen die Mittel.")
    press(office, "Übernehmen")
    told(office, "verbunden")
    measure = Measure.objects.get(concept=process.concept, title="Ein Sprachcafé am Samstag")
    telephone.goto(proposal.get_absolute_url())
    expect(telephone.get_by_text("Der Vorschlag wird geprüft.")).to_be_visible()

    # Published after a look, and read in the Anlage.
    follow(office, "Zur Arbeitsliste")
    follow(office, "Entscheidungen veröffentlichen")
    expect(office.get_by_text("Für einen Fahrdienst fehlen die Mittel.")).to_be_visible()
    press(office, "1 Entscheidung veröffentlichen")
    told(office, "1 Entscheidung ist veröffentlicht")
    telephone.goto(process.get_absolute_url())
    follow(telephone, "Was aus Vorschlägen wurde")
    row = telephone.get_by_role("row").filter(has_text="Ein Sprachcafé am Samstag")
    expect(row).to_contain_text("teilweise übernommen")
    expect(row).to_contain_text("Für einen Fahrdienst fehlen die Mittel.")
    tab_to(telephone, row.get_by_role("link", name=str(measure)).last)  # the proposal is called the same
    telephone.keyboard.press("Enter")
    expect(telephone.get_by_role("heading", name="Ein Sprachcafé am Samstag")).to_be_visible()
    expect(telephone.get_by_text("Aus Vorschlägen der Beteiligung")).to_be_visible()
    assert fits(telephone)
