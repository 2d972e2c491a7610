"""A town with a concept, a paper and a group; who works there, and somebody from another town."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from django.test import Client
from django.urls import reverse

from committees.models import Paper
from concepts.models import Concept
from municipalities.models import Municipality, Role, User
from tests.committees.factories import make_committee, make_paper, make_stage
from tests.concepts.factories import make_concept, make_member, make_town
from tests.search.reading import Page, read


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town()


@pytest.fixture
def other_town(db: None) -> Municipality:
    return make_town("Altstadt")


@pytest.fixture
def concept(town: Municipality) -> Concept:
    return make_concept(town)


@pytest.fixture
def paper(town: Municipality) -> Paper:
    paper = make_paper(town, "Der Rat beschließt das Integrationskonzept.", subject="Spielplatz am Weiher")
    make_stage(paper, make_committee(town, "Sozialausschuss"), "advise", day=4)
    return paper


@pytest.fixture
def editor(town: Municipality) -> User:
    return make_member(town)


@pytest.fixture
def stranger(other_town: Municipality) -> User:
    return make_member(other_town, "fachadministration@altstadt.example", Role.Kind.ADMINISTRATION)


@pytest.fixture
def search(client: Client, editor: User) -> Callable[..., Page]:
    """`search("Kurs", art="ziele")`: what the page says to the editor, or to whoever is given as `by`."""

    def ask(typed: str, by: User | None = None, **narrowed: str) -> Page:
        client.force_login(by or editor)
        response = client.get(reverse("search:results"), {"q": typed, **narrowed})
        assert response.status_code == 200
        return read(response.content.decode())

    return ask
