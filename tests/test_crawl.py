"""Everybody walks through the whole house: follows every link and sends every form that is shown to them.

No page breaks, no link is dead, nobody is shown what they are refused, nothing is loaded from anybody else;
and every address of the portal is reached by somebody.
"""

from __future__ import annotations

import os
import time
from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from django.test import Client
from django.urls import get_resolver, resolve
from django.utils import timezone
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from committees.models import CommitteeSeat, Deputyship
from council.models import FactionStaff
from documents import pdf
from municipalities.models import Municipality, Person, User
from tests.crawling import House, Walk
from tests.pictures.pages import Shot
from tests.test_pages_accessible import pages
from tests.test_permissions import OPERATOR, OWN, STRANGER, all_addresses, demo_user, everybody

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WITH_A_LINK, INVITED = "mit Leselink", "eingeladen"
DEPUTY, STAFF = "Vertretung", "Mitarbeit einer Fraktion"
# Where countersigning, minutes, proposals and what a faction prepares have come furthest.
IN_OTHER_TOWNS = {
    "kreis-mettmann": ("mitzeichnung", "redaktion", "sitzungsdienst", "ratsmitglied"),
    "goettingen": ("mitglied", "redaktion"),
}
ADMINISTRATION = "/verwaltung/"
# Addresses that no page leads to.
NOT_LINKED: dict[str, str] = {}


def blank(document: pdf.PrintDocument) -> bytes:
    """As many empty sheets as are asked for: what PDFs look like is seen elsewhere, and takes its time."""
    html = pdf._skeleton(document, document.sections)
    writer, sheet = PdfWriter(), BytesIO()
    for _number in range(max(1, html.count('class="stamp"'))):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Contents")] = writer._add_object(StreamObject())
    writer.write(sheet)
    return sheet.getvalue()


def more_visitors() -> Iterator[tuple[str, User]]:
    for town, roles in IN_OTHER_TOWNS.items():
        for role in roles:
            yield f"{role}@{town}", demo_user(role, town)
    town = Municipality.objects.get(slug="kreis-mettmann")
    for who in (DEPUTY, STAFF):
        user = User.objects.create_user(f"{who.split()[0].lower()}@{town.slug}.example", name=who)
        Person.objects.create(municipality=town, name=who, user=user)
        yield who, user
    deputy, staff = Person.objects.get(name=DEPUTY), Person.objects.get(name=STAFF)
    signer = demo_user("mitzeichnung", town.slug).persons.get(municipality=town)
    Deputyship.objects.create(person=signer, deputy=deputy, first_day=timezone.localdate())
    seat = CommitteeSeat.objects.filter(person__user=demo_user("ratsmitglied", town.slug), faction__isnull=False)[0]
    FactionStaff.objects.create(faction=seat.faction, person=staff)


def walks(house: House, shots: list[Shot], visitors: dict[str, Any]) -> Iterator[tuple[Walk, list[str]]]:
    for who, visitor in visitors.items():
        walk = Walk(who, house, avoiding=ADMINISTRATION if who == STRANGER else "")
        if visitor.is_authenticated:
            walk.client.force_login(visitor)
        yield walk, [ADMINISTRATION] if who == OPERATOR else ["/"]
    for who, way in ((WITH_A_LINK, "/lesen/"), (INVITED, "/einladung/")):
        yield (
            Walk(who, house),
            [shot.address for shot in shots if shot.address.startswith(way) and shot.status == 200],
        )


def test_everybody_walks_through_the_whole_house(
    towns: dict[str, Municipality], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.DEMO_MODE, settings.PRODUCTION = True, False
    monkeypatch.setattr(pdf, "_rendered", blank)
    begun = time.monotonic()
    house = House()
    visitors = everybody(towns[OWN])
    shots = list(pages())
    visitors |= dict(more_visitors())
    print("scene", time.monotonic() - begun, len(shots))
    for walk, start in walks(house, shots, visitors):
        a, n = time.monotonic(), house.requests
        walk.read_from(*start)
        b, m = time.monotonic(), house.requests
        walk.send_all()
        c = time.monotonic()
        print(f"{walk.who:40} GET {m - n:5} {b - a:6.1f}s  POST {house.requests - m:5} {c - b:6.1f}s forms {len(walk.forms)} names {len(walk.opened)}", flush=True)
    everything = {name for name in all_addresses(get_resolver()) if not name.startswith("admin:")}
    seen_by_axe = {resolve(s.address.partition("?")[0]).view_name for s in shots if s.status == 200}
    if os.environ.get("CRAWL_OUT"):
        import json, pathlib
        pathlib.Path(os.environ["CRAWL_OUT"]).write_text(json.dumps({"wrong": house.wrong, "unreached": sorted(everything - set(house.reached) - set(NOT_LINKED)), "noaxe": sorted(k for k in house.pages if resolve(house.pages[k][1].removeprefix("http://testserver").partition("?")[0]).view_name not in seen_by_axe), "pages": house.pages}, indent=1, ensure_ascii=False))
    assert not house.wrong, "\n".join(house.wrong)
