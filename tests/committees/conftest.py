"""The five towns, loaded and printed once for all tests of the PDFs."""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import pytest

from committees.models import Consultation, Paper
from committees.printing.contexts import stage_date
from committees.printing.render import file_name, render_route
from demo.loading import town_slugs
from municipalities.models import Municipality, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.documents.reading import in_reading_order, pages


@dataclass(frozen=True)
class PrintedStage:
    """What a reader of the PDF has to find in it, and the PDF."""

    town: str
    name: str
    committee: str
    date: str
    route: list[tuple[str, str]]  # name and date of each row
    position: int
    subject: str
    number: str
    pdf: bytes = field(repr=False)

    @property
    def text(self) -> str:
        """All pages, line breaks and spaces closed up."""
        return " ".join(" ".join(pages(self.pdf)).split())

    @cached_property
    def in_reading_order(self) -> str:
        return in_reading_order(self.pdf)

    @property
    def lines(self) -> list[str]:
        return [" ".join(line.split()) for page in pages(self.pdf) for line in page.splitlines()]


@pytest.fixture(scope="session")
def printed_stages(_towns_once: None, django_db_blocker: Any) -> list[PrintedStage]:
    """Every stage of the five routes, as a PDF."""
    printed: list[PrintedStage] = []
    with django_db_blocker.unblock():
        for slug in town_slugs():
            paper = Paper.objects.get(municipality__slug=slug)
            for stage, pdf in render_route(paper):
                printed.append(
                    PrintedStage(
                        town=slug,
                        name=file_name(stage),
                        committee=stage.committee_names(),
                        date=stage_date(stage),
                        route=[
                            (row.committee_names(), stage_date(row))
                            for row in stage.paper.consultations.all()
                        ],
                        position=stage.position,
                        subject=paper.subject,
                        number=paper.number,
                        pdf=pdf,
                    )
                )
    return printed


@pytest.fixture
def leverkusen(towns: dict[str, Municipality]) -> Paper:
    return Paper.objects.get(number="2017/1900", municipality=towns["leverkusen"])


@pytest.fixture
def stage() -> Consultation:
    paper = make_paper(make_town(), "Das Konzept wird beschlossen.", layout="kreis-mettmann")
    stage = make_stage(paper, make_committee(paper.municipality, "Sozialausschuss"), "decide", day=4)
    release(paper)
    return stage


@pytest.fixture
def clerk(stage: Consultation) -> User:
    return make_user(stage.paper.municipality, Role.Kind.COUNCIL_SERVICE)
