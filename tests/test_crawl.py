"""Everybody walks through the whole house: follows every link and sends every form that is shown to them.

No page breaks, no link is dead, nobody is shown what they are refused, nothing is loaded from anybody else.
"""

from __future__ import annotations

from collections.abc import Iterator
from io import BytesIO
from typing import Any

import pytest
from pypdf import PdfWriter
from pypdf.generic import NameObject, StreamObject

from documents import pdf
from municipalities.models import Municipality
from tests.crawling import House, Walk
from tests.pictures.pages import Shot
from tests.test_pages_accessible import pages
from tests.test_permissions import OPERATOR, OWN, STRANGER, everybody

pytestmark = [pytest.mark.django_db, pytest.mark.once]

WITH_A_LINK, INVITED = "mit Leselink aus der Verwaltung", "eingeladen"
ADMINISTRATION = "/verwaltung/"


def blank(document: pdf.PrintDocument) -> bytes:
    """As many empty sheets as are asked for: what PDFs look like is seen elsewhere, and takes its time."""
    html = pdf._skeleton(document, document.sections)
    writer, sheet = PdfWriter(), BytesIO()
    for _number in range(max(1, html.count('class="stamp"'))):
        page = writer.add_blank_page(595, 842)
        page[NameObject("/Contents")] = writer._add_object(StreamObject())
    writer.write(sheet)
    return sheet.getvalue()


def walks(house: House, shots: list[Shot], visitors: dict[str, Any]) -> Iterator[tuple[Walk, list[str]]]:
    """The administration of the whole installation is that of a town with more rows: one suffices."""
    for who, visitor in visitors.items():
        if who == OPERATOR:
            continue
        walk = Walk(who, house, avoiding=ADMINISTRATION if who == STRANGER else "")
        if visitor.is_authenticated:
            walk.client.force_login(visitor)
        yield walk, ["/"]
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
    house = House()
    visitors = everybody(towns[OWN])
    shots = list(pages())
    for walk, start in walks(house, shots, visitors):
        walk.read_from(*start)
        walk.send_all()
    assert not house.wrong, "\n".join(house.wrong)
