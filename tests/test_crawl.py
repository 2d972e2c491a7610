"""Everybody walks through the whole house: follows every link and sends every form that is shown to them.

No page breaks, no link is dead, nobody is shown what they are refused, nothing is loaded from anybody else,
and every address there is can be come to. `scripts/crawl` leaves no address out, and lets axe look at each.
"""

from __future__ import annotations

import datetime
import os
import re
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from io import BytesIO
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from committees.actions.issuing import issue_stage
from committees.models import Deputyship, HearingRule, Meeting, MeetingFile, Paper
from concepts.models import Concept, Measure
from council.actions.keys import make_calendar_key
from council.models import FactionStaff
from desk.outgoing import wait_until_sent
from documents import pdf
from municipalities.models import Municipality, Person, User
from participation.models import MeasureProposal, ProposalMeasure
from tests.committees.signers import countersigning_rows
from tests.council.examples import faction_of
from tests.crawling import House, Walk, route_of
from tests.participation import proposing
from tests.pictures.pages import Shot, to_come
from tests.test_pages_accessible import Watch, pages
from tests.test_permissions import (
    ACTIONS,
    FOREIGN,
    FORMS,
    LOGIN_PAGES,
    OPERATOR,
    OWN,
    PAGES,
    QUESTIONS,
    STRANGER,
    address_of,
    demo_user,
    everybody,
)
from tests.test_permissions_administration import MODELS, OTHER_PAGES, SPECIAL, USUAL, name_of, pages_of

pytestmark = [pytest.mark.django_db, pytest.mark.once]

EVERYTHING = "CRAWL_EVERYTHING" in os.environ
ADMINISTRATION = "/verwaltung/"
WITH_A_LINK, INVITED, FORGETFUL = "mit Leselink aus der Verwaltung", "eingeladen", "mit neuem Passwort"
STAFF, SIGNING_DEPUTY = "Mitarbeit einer Fraktion", "Vertretung einer Mitzeichnung"
# Of each other town who sees most and who reads; and for whom two of them hold more than the first one.
ELSEWHERE = {
    "bergisch-gladbach": ("ratsmitglied", "fachadministration"),
    "bergkamen": ("ratsmitglied",),  # the Fachadministration is STRANGER
    "goettingen": ("ratsmitglied", "fachadministration", "redaktion", "mitglied"),
    "kreis-mettmann": ("ratsmitglied", "fachadministration", "redaktion", "sitzungsdienst", "mitzeichnung"),
}
ROLES = {"ratsmitglied": "Ratsmitglied", "mitglied": "Gruppenmitglied"}
# Rows that pages lead to, and that neither the towns nor the pictures have.
FURTHER_ROWS = (
    *("committees:meeting_document", "documents:picture", "participation:process_restore"),
    *(
        "participation:proposal",
        "participation:minutes",
        "committees:excerpt",
        "committees:minutes_sign",
        "committees:check_withdraw",
    ),
)
# Addresses that no page leads to, and why.
NOT_LINKED = {
    "account_inactive": "Login sends there who is locked.",
    "account_reauthenticate": "allauth asks before what we do not offer.",
    "account_signup": "Says that nobody can sign up; allauth has the address.",
    "admin:login": "Sends on to the portal's own login.",
    "admin:password_change": "Django shows it to who has a password; ours is in the header.",
    "admin:password_change_done": "Follows on that.",
    "committees:signing_again": "No signature here is older than the text; see test_signing.py.",
    "council:worker": "The script of the pages for reading without a connection asks for it.",
}


@dataclass(frozen=True)
class Visitor:
    who: str
    user: Any = None
    role: str = ""
    town: str = OWN
    start: tuple[str, ...] = ("/",)
    further: tuple[str, ...] = ()
    """Pages in all kinds of states, to be looked at after those that can be come to from the start."""


def blank(document: pdf.PrintDocument) -> bytes:
    """As many empty sheets as are asked for: what PDFs look like is seen elsewhere, and takes its time."""
    html = pdf._skeleton(document, document.sections)
    writer, sheet = PdfWriter(), BytesIO()
    for _number in range(max(1, html.count('class="stamp"'))):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Contents")] = writer._add_object(StreamObject())
    writer.write(sheet)
    return sheet.getvalue()


def furnish(own: Municipality, mettmann: Municipality) -> dict[str, User]:
    """Who only comes with what the pages do not make for themselves."""
    countersigning_rows(own)
    HearingRule.objects.earliest("pk").save()  # what a migration has loaded has no history yet
    make_calendar_key(by=demo_user("ratsmitglied", OWN))
    staff, deputy = (
        User.objects.create_user(f"{name}@portal.example", name=name) for name in ("Mitarbeit", "Vertretung")
    )
    person = Person.objects.create(municipality=own, name=staff.name, user=staff)
    FactionStaff.objects.create(faction=faction_of(own), person=person)
    person = Person.objects.create(municipality=mettmann, name=deputy.name, user=deputy)
    signer = Person.objects.get(municipality=mettmann, user__email=f"mitzeichnung@{mettmann.slug}.example")
    Deputyship.objects.create(person=signer, deputy=person)
    return {STAFF: staff, SIGNING_DEPUTY: deputy}


def states_of(own: Municipality, shots: list[Shot]) -> dict[str, tuple[str, ...]]:
    """By the address of who is shown them."""
    found: dict[str, list[str]] = defaultdict(list)
    for shot in shots:
        name, _at, town = shot.who.partition("@")
        if shot.who and shot.status == 200 and not shot.address.startswith(ADMINISTRATION):
            found[f"{name}@{town or OWN}.example"].append(shot.address)
    document = MeetingFile.objects.filter(meeting__municipality=own, kind="invitation").latest("pk")
    found[f"sitzungsdienst@{OWN}.example"].append(f"{document.meeting.get_absolute_url()}einladung/")
    proposals = MeasureProposal.objects.filter(process__municipality__slug="goettingen")
    for name, proposal in (
        ("mitglied", proposals.filter(state=MeasureProposal.State.DRAFT).latest("pk")),
        ("redaktion", proposals.get(decision__kind="partly")),
    ):
        found[f"{name}@goettingen.example"].append(proposal.get_absolute_url())
    proposing.remark(
        proposals.filter(state=MeasureProposal.State.QUESTION)[0], demo_user("mitglied", "goettingen")
    )
    partly = proposals.get(decision__kind="partly")
    other = Measure.objects.filter(concept=partly.process.concept).exclude(proposal_ties__proposal=partly)[0]
    staff = demo_user("redaktion", "goettingen")
    ProposalMeasure.objects.create(proposal=partly, measure=other, tied_by=staff)
    before = to_come()
    after = Meeting.objects.create(
        municipality=own, title="Die nächste", date=before.date + datetime.timedelta(days=30)
    )
    after.committees.set(before.committees.all())
    found[f"sitzungsdienst@{OWN}.example"].append(f"{after.get_absolute_url()}tagesordnung/")
    concept = Concept.objects.filter(municipality=own, versions__isnull=False)[0]
    concept.subtitle = "Ein anderer Untertitel"
    concept.save()
    return defaultdict(tuple, {email: tuple(addresses) for email, addresses in found.items()})


def link_to_a_new_password() -> str:
    Client().post(reverse("account_reset_password"), {"email": demo_user("redaktion", OWN).email})
    wait_until_sent()
    (found,) = re.findall(r"https?://[^/]+(/\S+)", str(mail.outbox[-1].body))[:1]
    return str(found)


def who_walks(towns: dict[str, Municipality]) -> Iterator[Visitor]:
    own = towns[OWN]
    known = everybody(own)
    paper = Paper.objects.get(municipality=own)
    issue_stage(consultation=paper.consultations.get(position=1), by=demo_user("sitzungsdienst", OWN))
    reading = address_of("council:link_file", own).partition("dateien/")[0]
    for name in FURTHER_ROWS:
        address_of(name, own)
    shots = list(pages())
    more = furnish(own, towns["kreis-mettmann"])
    further = states_of(own, shots)
    for who, user in known.items():
        role = "Fachadministration" if who in (OPERATOR, STRANGER) else who
        town = FOREIGN if who == STRANGER else OWN
        yield Visitor(who, user, role, town, further=further[getattr(user, "email", "")])
    yield Visitor(STAFF, more[STAFF])
    yield Visitor(SIGNING_DEPUTY, more[SIGNING_DEPUTY], "Vertretung", "kreis-mettmann")
    for town, names in ELSEWHERE.items():
        for name in names:
            role = ROLES.get(name, name.capitalize())
            user = demo_user(name, town)
            yield Visitor(f"{role} in {town}", user, role, town, further=further[user.email])
    for who, way, further in ((WITH_A_LINK, "/lesen/", reading), (INVITED, "/einladung/", "")):
        start = [shot.address for shot in shots if shot.address.startswith(way) and shot.status == 200]
        yield Visitor(who, start=(*start, *([further] if further else [])))
    yield Visitor(FORGETFUL, start=(link_to_a_new_password(),))


def walk_of(visitor: Visitor, house: House) -> Walk:
    """The administration of each town is the same, but for its rows: one and the operator's suffice."""
    avoiding = "" if visitor.role == visitor.who or visitor.who == OPERATOR else ADMINISTRATION
    walk = Walk(visitor.who, house, role=visitor.role, town=visitor.town, avoiding=avoiding)
    if visitor.user is not None and visitor.user.is_authenticated:
        walk.client.force_login(visitor.user)
    return walk


def every_name() -> set[str]:
    """But those of the administration that are refused to everybody."""
    of_models = {
        name_of(model, page)
        for model in MODELS
        for page in pages_of(model)
        if "200" in SPECIAL.get(model, USUAL)[page]
    }
    administration = {f"admin:{name}" for name in of_models | OTHER_PAGES}
    return {*PAGES, *ACTIONS, *FORMS, *QUESTIONS, *LOGIN_PAGES, *administration}


@pytest.fixture
def shown(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.DEMO_MODE, settings.PRODUCTION = True, False
    monkeypatch.setattr(pdf, "_rendered", blank)


def test_everybody_walks_through_the_whole_house(towns: dict[str, Municipality], shown: None) -> None:
    house = House()
    for visitor in who_walks(towns):
        walk = walk_of(visitor, house)
        walk.read_from(*visitor.start)
        walk.read_from(*visitor.further)
        walk.send_all()
    assert not house.wrong, "\n".join(house.wrong)
    assert sorted(every_name() - house.reached.keys()) == sorted(NOT_LINKED)


@pytest.mark.skipif(not EVERYTHING, reason="takes an hour: scripts/crawl")
def test_everybody_walks_without_leaving_anything_out(
    towns: dict[str, Municipality], portal: str, page: Page, shown: None
) -> None:
    house, watch = House(everything=True), Watch(page, portal)
    chosen = [who for who in os.environ.get("CRAWL_VISITORS", "").split("|") if who]
    looked_at: set[tuple[str, str]] = set()
    for visitor in who_walks(towns):
        if chosen and visitor.who not in chosen:
            continue
        walk, began = walk_of(visitor, house), time.monotonic()
        before = (house.addresses, house.forms, house.requests, len(looked_at))
        walk.read_from(*visitor.start)
        walk.read_from(*visitor.further)
        watch.be(walk.client)
        for address, shape in walk.shown.items():
            look = (route_of(address), shape)
            if look not in looked_at:
                looked_at.add(look)
                watch.look_at(f"{visitor.who}: {walk.short(address)}", walk.short(address))
        walk.send_all()
        after = (house.addresses, house.forms, house.requests, len(looked_at))
        words = ("Adressen", "Formulare", "Anfragen", "Seiten vor axe")
        told = [f"{now - then} {word}" for now, then, word in zip(after, before, words, strict=True)]
        sys.stdout.write(f"{visitor.who}: {', '.join(told)}, {time.monotonic() - began:.0f} s\n")
        sys.stdout.writelines(f"  {found}\n" for found in (*house.wrong, *watch.wrong))
        sys.stdout.flush()
        house.told += house.wrong + watch.wrong
        house.wrong, watch.wrong = [], []
    assert not house.told, "\n".join(house.told)
