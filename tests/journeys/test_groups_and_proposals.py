"""A member comes by invitation: everything on a telephone, by keyboard only."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.core import mail
from django.test import Client
from playwright.sync_api import Browser, Page, expect

from desk.outgoing import wait_until_sent
from municipalities.models import Municipality, User
from outbox.actions import send_due
from participation.models import Group, Invitation, Process
from participation.permissions import is_member
from tests.concepts.factories import make_concept, make_member, make_town
from tests.journeys.browsing import press_on, tab_to

pytestmark = pytest.mark.django_db

MEMBER = "mira.sommer@verein.example"
TELEPHONE = {"width": 390, "height": 844}


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def process(town: Municipality) -> Process:
    concept = make_concept(town)
    return Process.objects.create(municipality=town, title="Integrationskonzept 2026", concept=concept)


@pytest.fixture
def group(town: Municipality, process: Process) -> Group:
    group = Group.objects.create(municipality=town, process=process, kind="working", name="AG Sprache")
    assert process.concept
    group.fields.add(process.concept.fields.all()[0])
    return group


@pytest.fixture
def telephone(browser: Browser, portal: str) -> Iterator[Page]:
    context = browser.new_context(base_url=portal, locale="de-DE", viewport=TELEPHONE, has_touch=True)
    yield context.new_page()
    context.close()


def write(page: Page, label: str, words: str) -> None:
    tab_to(page, page.get_by_label(label, exact=False).first)
    page.keyboard.press("Control+a")
    page.keyboard.type(words)


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


def test_a_member_is_invited_and_arrives(
    telephone: Page, portal: str, town: Municipality, process: Process, group: Group
) -> None:
    become_a_member(telephone, portal, group, make_member(town))
    user = User.objects.get(email=MEMBER)
    assert (user.name, is_member(user, process)) == ("Mira Sommer-Aydın", True)
    assert Invitation.objects.get(group=group).state == Invitation.State.ACCEPTED
    expect(telephone.get_by_role("cell", name="Mira Sommer-Aydın")).to_be_visible()
    assert fits(telephone)
    telephone.goto(f"/{town.slug}/beteiligung/")
    mine = telephone.get_by_role("region", name="Meine Gruppen")
    expect(mine.get_by_role("link", name=group.name)).to_be_visible()
    assert fits(telephone)
