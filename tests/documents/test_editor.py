"""The editor for rich text, as somebody uses it who has no mouse, pastes from Word or uploads a picture."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Page

from concepts.models import Chapter
from tests.concepts.factories import make_concept, make_member, make_town

FIXTURES = Path(__file__).parent / "clipboard"


@pytest.fixture
def chapter(db: None) -> Chapter:
    concept = make_concept(make_town(), fields=1, measures=1)
    return Chapter.objects.create(concept=concept, title="Leitbild", body="<p>Anfang</p>", position=9)


@pytest.fixture
def wrong(page: Page) -> Iterator[list[str]]:
    """What the browser complains about: an empty list at the end of each test."""
    found: list[str] = []
    page.on("console", lambda message: found.append(message.text) if message.type != "log" else None)
    page.on("pageerror", lambda error: found.append(str(error)))
    yield found
    assert found == []


@pytest.fixture
def editor(page: Page, portal: str, chapter: Chapter, settings: Any, wrong: list[str]) -> Page:
    settings.ROOT_URLCONF = "tests.documents.sample_pages"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [Path(__file__).parent / "templates", *templates["DIRS"]]}]
    client = Client()
    client.force_login(make_member(chapter.concept.municipality))
    name = portal_settings.SESSION_COOKIE_NAME
    page.context.add_cookies([{"name": name, "value": client.cookies[name].value, "url": portal}])
    page.goto(f"{portal}/probe/kapitel/{chapter.pk}/")
    return page
