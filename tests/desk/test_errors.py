"""What one reads when something went wrong, as in production: DEBUG is off in all tests."""

from collections.abc import Callable
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.template.loader import render_to_string
from django.test import Client
from playwright.sync_api import Page

from municipalities.models import User
from tests.reading import html_of

pytestmark = [pytest.mark.usefixtures("sample_pages"), pytest.mark.once]


@pytest.fixture
def calm_client() -> Client:
    """Shows what the visitor sees, where the usual client would raise the error."""
    return Client(raise_request_exception=False)


def test_debug_is_off() -> None:
    assert django_settings.DEBUG is False


def test_unknown_address(client: Client, db: None) -> None:
    answer = client.get("/gibt/es/nicht/")
    assert answer.status_code == 404
    assert "Diese Seite gibt es nicht" in html_of(answer)
    assert "Manche Seiten sehen Sie erst, wenn Sie angemeldet sind." in html_of(answer)


def test_unknown_address_for_somebody_logged_in(client: Client, editor: User) -> None:
    client.force_login(editor)
    answer = html_of(client.get("/gibt/es/nicht/"))
    assert "Gehört die Seite zu einer anderen Kommune, brauchen Sie dort eine Rolle." in answer
    assert editor.name in answer


def test_forbidden(client: Client, editor: User) -> None:
    client.force_login(editor)
    answer = client.get("/probe/verboten/")
    assert answer.status_code == 403
    assert "Dafür reicht Ihre Berechtigung nicht" in html_of(answer)
    assert "wenden Sie sich an die Fachadministration" in html_of(answer)


@pytest.mark.django_db
def test_bad_request(calm_client: Client) -> None:
    answer = calm_client.get("/probe/verdaechtig/")
    assert answer.status_code == 400
    assert "Diese Anfrage ist nicht verständlich" in html_of(answer)


@pytest.mark.django_db
def test_a_form_that_is_too_large(calm_client: Client, settings: Any) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000
    answer = calm_client.post("/probe/formular/", {"text": "x" * 2000})
    assert answer.status_code == 413
    assert "Das ist zu viel Text auf einmal" in html_of(answer)
    assert "Dort stehen Ihre Eingaben noch" in html_of(answer)


def test_foreign_host_name(calm_client: Client, db: None) -> None:
    answer = calm_client.get("/anmelden/", headers={"host": "fremd.example"})
    assert answer.status_code == 400
    assert "Diese Anfrage ist nicht verständlich" in html_of(answer)


def test_server_error_needs_no_database(calm_client: Client) -> None:
    """This test has no database: the page would fail if it asked for one."""
    answer = calm_client.get("/probe/kaputt/")
    assert answer.status_code == 500
    assert "Auf dem Server ist ein Fehler aufgetreten" in html_of(answer)
    assert "Das liegt nicht an Ihnen." in html_of(answer)
    assert "ZeroDivisionError" not in html_of(answer)


def test_server_error_survives_its_own_template(calm_client: Client, settings: Any) -> None:
    settings.TEMPLATES = [settings.TEMPLATES[0] | {"DIRS": [], "APP_DIRS": False}]
    answer = calm_client.get("/probe/kaputt/")
    assert answer.status_code == 500
    assert "Auf dem Server ist ein Fehler aufgetreten" in html_of(answer)


def test_expired_form(editor: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(editor)
    answer = strict.post("/konto/passwort/", {"oldpassword": "egal"})
    assert answer.status_code == 403
    assert "Das Formular ist abgelaufen" in html_of(answer)
    assert "Es wurde nichts gespeichert." in html_of(answer)


def test_too_many_requests(client: Client, editor: User, settings: Any) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"login": "1/m/ip"}
    client.post("/anmelden/", {"login": "x@y.example", "password": "z"})
    answer = client.post("/anmelden/", {"login": "x@y.example", "password": "z"})
    assert answer.status_code == 429
    assert "Zu viele Versuche in kurzer Zeit" in html_of(answer)


@pytest.mark.parametrize("template", ["400.html", "500.html"])
def test_pages_without_a_request(template: str) -> None:
    assert '<a class="p-button" href="/">Zur Startseite</a>' in render_to_string(template)


def test_error_pages_are_accessible(page: Page, portal: str, accessible: Callable[[Page], None]) -> None:
    for address in ("gibt/es/nicht/", "probe/verboten/", "probe/verdaechtig/", "probe/kaputt/"):
        page.goto(f"{portal}/{address}")
        accessible(page)
