"""Prints to test: a Vorlage of a route, a concept with contents. And a chapter at the editor."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as portal_settings
from django.test import Client
from playwright.sync_api import Page

from concepts.models import Chapter
from documents import pdf
from documents.pdf import PrintDocument, Section
from tests.concepts.factories import make_concept, make_member, make_town

SENTENCE = (
    "Die Stadt fördert das Zusammenleben in den Stadtteilen durch verlässliche Sprachangebote, frühzeitige "
    "Bildungsbegleitung und die interkulturelle Öffnung ihrer Verwaltung. "
)
COMMITTEES = ["Integrationsrat", "Schulausschuss", "Sozialausschuss", "Rat der Stadt"]


def table(rows: int) -> str:
    body = "".join(
        f'<tr><th scope="row">Schritt {row}</th><td>{SENTENCE}</td><td class="number">{row} €</td></tr>'
        for row in range(rows)
    )
    heads = '<tr><th scope="col">Zeit</th><th scope="col">Inhalt</th><th scope="col">Kosten</th></tr>'
    return f"<table><thead>{heads}</thead><tbody>{body}</tbody></table>"


def cover(committee: str, extra: str = "") -> Section:
    rows = "".join(f"<tr><td>{name}</td><td>Beratung</td></tr>" for name in COMMITTEES)
    return Section(
        f'<h1>Vorlage 2017/1900</h1><p class="lead">{committee}</p><p>☒ öffentlich ☐ nicht öffentlich</p>'
        f'<table><thead><tr><th scope="col">Gremium</th><th scope="col">Zuständigkeit</th></tr></thead>'
        f"<tbody>{rows}</tbody></table>{extra}"
    )


BODY = Section(f"<h1>Sachdarstellung</h1><h2>Begründung</h2><p>{SENTENCE * 12}</p><h3>Zu 1)</h3>{table(24)}")


@pytest.fixture(autouse=True)
def nothing_laid_out_yet() -> Iterator[None]:
    pdf.clear_cache()
    yield
    pdf.clear_cache()


@pytest.fixture
def vorlage() -> Callable[..., PrintDocument]:
    def make(committee: str = "Integrationsrat", extra: str = "", **values: object) -> PrintDocument:
        settings: dict[str, object] = {
            "title": f"Vorlage 2017/1900 – {committee}",
            "number": "2017/1900",
            "running_title": "Integrationskonzept",
            "sections": (cover(committee, extra), BODY),
        }
        return PrintDocument(**{**settings, **values})  # type: ignore[arg-type]

    return make


@pytest.fixture
def concept() -> Callable[..., PrintDocument]:
    def make(chapters: int = 4, entries_each: int = 1) -> PrintDocument:
        entries = "".join(
            f'<li class="level-1"><a href="#feld-{chapter}">Handlungsfeld {chapter} '
            f'<span class="page-of" data-page-of="feld-{chapter}"></span></a></li>'
            for chapter in range(1, chapters + 1)
            for _ in range(entries_each)
        )
        fields = [
            Section(f'<h1 id="feld-{chapter}">Handlungsfeld {chapter}</h1><p>{SENTENCE * 22 * chapter}</p>')
            for chapter in range(1, chapters + 1)
        ]
        front = Section('<div style="padding: 40mm 25mm"><h1>Integrationskonzept</h1></div>', "cover")
        contents = Section(f'<h1>Inhalt</h1><ul class="contents">{entries}</ul>')
        return PrintDocument(title="Integrationskonzept", sections=(front, contents, *fields))

    return make


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
