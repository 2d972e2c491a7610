"""Writing a paper: one form for all it says, saved at once; two who write; rows; what is typed as a sheet."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from committees.models import Assessment, Paper, PaperRelation, PaperType
from committees.printing.contents import PaperContents
from committees.printing.render import page_of, printed_stage, render_stage, stage_html
from concepts.models import Measure
from municipalities.models import Institution, Municipality, Person, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release, reopen

pytestmark = pytest.mark.django_db

TAGS = re.compile(r"<[^>]*>")


def text_of(response: Any) -> str:
    html = response.content.decode().partition('<main id="inhalt"')[2].partition("</main>")[0]
    return " ".join(TAGS.sub(" ", html).split())


def address_of(paper: Paper, below: str = "schreiben/") -> str:
    return f"{paper.get_absolute_url()}{below}"


def filled(client: Client, address: str, **changes: Any) -> dict[str, Any]:
    """What a browser would send: the opened form with some fields changed."""
    form = client.get(address).context["form"]
    data: dict[str, Any] = {}
    for bound in form:
        value = bound.value()
        if value is None or value is False or value == "":
            continue
        data[bound.html_name] = value if isinstance(value, (list, tuple)) else str(value)
    return data | changes


def save(client: Client, paper: Paper, **changes: Any) -> Any:
    address = address_of(paper)
    return client.post(address, filled(client, address, **changes), follow=True)


@pytest.fixture
def town() -> Municipality:
    return make_town()


@pytest.fixture
def paper(town: Municipality) -> Paper:
    return make_paper(town, "<p>Das Konzept wird beschlossen.</p>", number="", subject="Integrationskonzept")


@pytest.fixture
def writer(town: Municipality, client: Client) -> Client:
    client.force_login(make_user(town, Role.Kind.EDITING, name="Rita Redaktion"))
    return client


@pytest.fixture
def colleague(town: Municipality) -> Client:
    client = Client()
    client.force_login(make_user(town, Role.Kind.EDITING, name="Karl Kollege"))
    return client


def test_the_whole_of_a_town_is_opened_and_saved_unchanged(
    towns: dict[str, Municipality], login_as: Callable[..., Client]
) -> None:
    """What the five towns' papers say comes back from their form as it was, and nothing is written."""
    for town in towns.values():
        paper = reopen(Paper.objects.get(municipality=town))
        client = login_as("redaktion", town)
        before = [render_stage(stage) for stage in paper.consultations.filter(left_out=False)[:1]]
        entries = {name: getattr(paper, name).model.history.count() for name in ("sections", "resolution_points")}
        answer = save(client, paper)
        assert "Die Vorlage ist gespeichert." in text_of(answer), (town, text_of(answer)[:2000])
        assert before == [render_stage(stage) for stage in paper.consultations.filter(left_out=False)[:1]]
        assert entries == {
            name: getattr(paper, name).model.history.count() for name in ("sections", "resolution_points")
        }
