"""Logging in: by password, by code, by one click in demo mode, and never by signing up."""

import os
import re
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any, ClassVar

import pytest
from django.conf import settings as django_settings
from django.contrib.auth import get_user
from django.contrib.sessions.models import Session
from django.core import mail
from django.core.mail.backends.base import BaseEmailBackend
from django.test import Client
from django.utils import timezone
from playwright.sync_api import Page, expect

from desk.outgoing import wait_until_sent
from municipalities.models import Municipality, Role, User
from tests.reading import html_of

LOGIN = "/anmelden/"
CODE = "/anmelden/code/"
ENTER_CODE = "/anmelden/code/eingeben/"
FORGOTTEN = "/passwort-vergessen/"


@pytest.fixture(autouse=True)
def no_mail_arrives_in_the_next_test() -> Iterator[None]:
    yield
    wait_until_sent()


def sent() -> list[mail.EmailMessage]:
    """The mails, once the postman is back."""
    wait_until_sent()
    return mail.outbox


def email_of(client: Client) -> str:
    """The e-mail address of who is logged in; nothing for nobody."""
    user: Any = get_user(client)  # type: ignore[arg-type]
    return user.email if user.is_authenticated else ""


def without_tokens(page: str) -> str:
    return re.sub(r'name="csrfmiddlewaretoken" value="[^"]+"', "", page)


# ---- Password


def test_password_logs_in(client: Client, editor: User, password: str) -> None:
    response = client.post(LOGIN, {"login": editor.email, "password": password})
    assert response.status_code == 302
    assert response["Location"] == "/"
    assert email_of(client) == editor.email


def test_capital_letters_in_the_address_do_not_matter(client: Client, editor: User, password: str) -> None:
    client.post(LOGIN, {"login": editor.email.upper(), "password": password})
    assert email_of(client) == editor.email


def test_wrong_password_and_unknown_address_read_the_same(client: Client, editor: User) -> None:
    wrong = client.post(LOGIN, {"login": editor.email, "password": "falsch"})
    unknown = client.post(LOGIN, {"login": "niemand@musterstadt.example", "password": "falsch"})
    assert "E-Mail-Adresse und Passwort passen nicht zusammen." in html_of(wrong)
    same = without_tokens(html_of(wrong)).replace(editor.email, "niemand@musterstadt.example")
    assert same == without_tokens(html_of(unknown))
    assert email_of(client) == ""


def test_five_wrong_passwords_close_one_account_but_not_the_town_hall(
    client: Client, editor: User, administrator: User, password: str
) -> None:
    for _attempt in range(5):
        client.post(LOGIN, {"login": editor.email, "password": "falsch"})
    closed = client.post(LOGIN, {"login": editor.email, "password": password})
    assert "Zu viele Versuche." in html_of(closed)
    assert email_of(client) == ""
    client.post(LOGIN, {"login": administrator.email, "password": password})
    assert email_of(client) == administrator.email


def test_a_whole_town_hall_may_open_the_login_at_once(client: Client, db: None) -> None:
    assert [client.get(LOGIN).status_code for _visit in range(60)] == [200] * 60


def test_inactive_account_stays_outside(client: Client, editor: User, password: str) -> None:
    User.objects.filter(pk=editor.pk).update(is_active=False)
    client.post(LOGIN, {"login": editor.email, "password": password})
    assert email_of(client) == ""


def test_login_leads_back_to_where_one_wanted(client: Client, editor: User, password: str) -> None:
    data = {"login": editor.email, "password": password}
    assert client.post(LOGIN, data | {"next": "/konto/passwort/"})["Location"] == "/konto/passwort/"
    client.logout()
    assert client.post(LOGIN, data | {"next": "https://fremd.example/"})["Location"] == "/"


# ---- The session


def test_a_session_that_has_run_out_is_none(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert client.get("/").status_code == 200
    Session.objects.update(expire_date=timezone.now() - timedelta(minutes=1))
    assert client.get("/")["Location"].startswith(LOGIN)


@pytest.mark.parametrize("key", ["erfunden", "x" * 32, "x\x00" * 16, "' OR 1=1 --", "ä" * 32, ""])
def test_a_made_up_session_is_none(client: Client, editor: User, key: str) -> None:
    # As a header: newer versions of Python refuse to write such a cookie themselves.
    cookie = f"{django_settings.SESSION_COOKIE_NAME}={key}"
    assert client.get("/", headers={"cookie": cookie})["Location"].startswith(LOGIN)


def test_logging_out_ends_the_session_for_every_copy_of_its_cookie(client: Client, editor: User) -> None:
    client.force_login(editor)
    copy = Client()
    copy.cookies[django_settings.SESSION_COOKIE_NAME] = client.session.session_key
    assert copy.get("/").status_code == 200
    client.post("/abmelden/")
    assert copy.get("/")["Location"].startswith(LOGIN)


def test_who_asks_is_read_as_the_database_has_them(client: Client, editor: User) -> None:
    client.force_login(editor)
    reader = client.get("/").wsgi_request.user
    for field in User._meta.concrete_fields:
        assert getattr(reader, field.attname) == getattr(User.objects.get(pk=editor.pk), field.attname)
    assert reader.is_active is True


# ---- Code by e-mail


def code_from(message: mail.EmailMessage) -> str:
    found = re.search(r"^([A-Z0-9]+-[A-Z0-9]+)$", str(message.body), re.MULTILINE)
    assert found, message.body
    return found[1]


def test_code_by_email_logs_in(client: Client, editor: User) -> None:
    assert client.post(CODE, {"email": editor.email})["Location"] == ENTER_CODE
    (message,) = sent()
    assert message.subject == "Integrationsportal: Ihr Anmeldecode"
    assert "hier ist Ihr Code für die Anmeldung" in message.body
    assert "Mit freundlichen Grüßen" in message.body
    assert message.body.rstrip().endswith("testserver")
    client.post(ENTER_CODE, {"code": code_from(message)})
    assert email_of(client) == editor.email


def test_wrong_code_says_so_and_does_not_log_in(client: Client, editor: User) -> None:
    client.post(CODE, {"email": editor.email})
    response = client.post(ENTER_CODE, {"code": "XXX-XXX"})
    assert "Dieser Code stimmt nicht." in html_of(response)
    assert email_of(client) == ""


def test_asking_for_a_code_does_not_tell_who_has_an_account(client: Client, editor: User) -> None:
    pages = []
    for address in (editor.email, "niemand@musterstadt.example"):
        stranger = Client()
        answer = stranger.post(CODE, {"email": address})
        assert answer["Location"] == ENTER_CODE
        pages.append(without_tokens(html_of(stranger.get(ENTER_CODE))).replace(address, "ADRESSE"))
    assert "Gehört zu ADRESSE ein Konto, ist der Code dorthin unterwegs." in pages[0]
    assert pages[0] == pages[1]
    assert [message.to for message in sent()] == [[editor.email]]


def test_a_wrong_code_does_not_tell_it_either(client: Client, editor: User) -> None:
    pages = []
    for address in (editor.email, "niemand@musterstadt.example"):
        stranger = Client()
        stranger.post(CODE, {"email": address})
        for _attempt in range(3):
            answer = stranger.post(ENTER_CODE, {"code": "XXX-XXX"})
            assert "Dieser Code stimmt nicht." in html_of(answer) or answer.status_code == 302
        again = stranger.post(ENTER_CODE, {"action": "resend"}, follow=True)
        pages.append((answer.status_code, without_tokens(html_of(again)).replace(address, "ADRESSE")))
    assert pages[0] == pages[1]
    assert {address for message in sent() for address in message.to} == {editor.email}


class SlowServer(BaseEmailBackend):
    """Takes a mail only when it is told to."""

    ready = threading.Event()
    taken: ClassVar[list[str]] = []

    def send_messages(self, messages: Any) -> int:
        assert self.ready.wait(20)
        self.taken.extend(address for message in messages for address in message.to)
        return len(messages)


def test_the_answer_does_not_wait_for_the_mail_server(client: Client, editor: User, settings: Any) -> None:
    """Else it would take longer for an address with an account."""
    settings.EMAIL_BACKEND = f"{__name__}.SlowServer"
    client.post(CODE, {"email": editor.email})
    client.post(FORGOTTEN, {"email": editor.email})
    assert SlowServer.taken == []
    SlowServer.ready.set()
    wait_until_sent()
    assert SlowServer.taken == [editor.email, editor.email]


class BrokenServer(BaseEmailBackend):
    def send_messages(self, messages: Any) -> int:
        raise ConnectionRefusedError("kein Mailserver")


def test_a_mail_server_that_is_down_is_logged_and_not_shown(
    client: Client, editor: User, settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    settings.EMAIL_BACKEND = f"{__name__}.BrokenServer"
    assert client.post(CODE, {"email": editor.email})["Location"] == ENTER_CODE
    wait_until_sent()
    assert "A mail could not be sent: Integrationsportal: Ihr Anmeldecode" in caplog.text


# ---- Forgotten and changed passwords


def test_forgotten_password_can_be_set_anew(client: Client, editor: User) -> None:
    answer = client.post(FORGOTTEN, {"email": editor.email}, follow=True)
    assert "Gehört zu dieser Adresse ein Konto" in html_of(answer)
    (message,) = sent()
    link = re.search(r"http://testserver(/\S+)", str(message.body))
    assert link, message.body
    form = client.get(link[1], follow=True)
    assert "Neues Passwort noch einmal" in html_of(form)
    address = form.redirect_chain[-1][0]
    different = client.post(address, {"password1": "Ein neues langes Wort", "password2": "ein anderes"})
    assert "Die beiden Passwörter sind verschieden." in html_of(different)
    new = "Ein neues langes Wort"
    done = client.post(address, {"password1": new, "password2": new}, follow=True)
    assert "Neues Passwort gespeichert" in html_of(done)
    client.post(LOGIN, {"login": editor.email, "password": new})
    assert email_of(client) == editor.email


def test_forgotten_password_does_not_tell_who_has_an_account(client: Client, editor: User) -> None:
    known = client.post(FORGOTTEN, {"email": editor.email}, follow=True)
    unknown = client.post(FORGOTTEN, {"email": "niemand@musterstadt.example"}, follow=True)
    assert without_tokens(html_of(known)) == without_tokens(html_of(unknown))
    assert [message.to for message in sent()] == [[editor.email]]


def test_used_link_says_so(client: Client, db: None) -> None:
    assert "Dieser Link ist nicht mehr gültig" in html_of(client.get("/passwort-vergessen/1-set-abc/"))


def test_password_is_changed_and_its_owner_told(client: Client, editor: User, password: str) -> None:
    client.force_login(editor)
    new = "Der Regen fällt auf Opladen"
    data = {"oldpassword": password, "password1": new, "password2": new}
    answer = client.post("/konto/passwort/", data, follow=False)
    assert answer.status_code == 302
    editor.refresh_from_db()
    assert editor.check_password(new)
    (message,) = sent()
    assert message.subject == "Integrationsportal: Ihr Passwort wurde geändert"
    assert "Waren Sie das nicht" in message.body


def test_short_password_is_refused_in_german(client: Client, editor: User, password: str) -> None:
    client.force_login(editor)
    data = {"oldpassword": password, "password1": "kurz", "password2": "kurz"}
    answer = html_of(client.post("/konto/passwort/", data))
    assert "mindestens 12 Zeichen" in answer
    editor.refresh_from_db()
    assert editor.check_password(password)


# ---- Signing up, logging out, administration


@pytest.mark.parametrize("method", ["get", "post"])
def test_nobody_signs_up(client: Client, db: None, method: str) -> None:
    data = {"email": "neu@musterstadt.example", "password1": "Ein langes Passwort hier"}
    answer = getattr(client, method)("/konto/neu/", data)
    assert "Konten richtet die Kommune ein" in html_of(answer)
    assert not User.objects.filter(email="neu@musterstadt.example").exists()


def test_logging_out_takes_a_button(client: Client, editor: User) -> None:
    client.force_login(editor)
    assert "Möchten Sie sich abmelden?" in html_of(client.get("/abmelden/"))
    assert email_of(client) == editor.email
    answer = client.post("/abmelden/", follow=True)
    assert "Sie sind abgemeldet." in html_of(answer)
    assert email_of(client) == ""


def test_administration_uses_the_same_login(client: Client, editor: User, administrator: User) -> None:
    assert client.get("/verwaltung/", follow=True).redirect_chain[-1][0].startswith("/anmelden/?next=")
    client.force_login(editor)
    refused = client.get("/verwaltung/", follow=True)
    assert refused.status_code == 403
    assert "Dafür reicht Ihre Berechtigung nicht" in html_of(refused)
    client.force_login(administrator)
    assert client.get("/verwaltung/").status_code == 200


# ---- Demo mode


@pytest.fixture
def demo_mode(settings: Any) -> None:
    settings.DEMO_MODE = True


@pytest.mark.usefixtures("demo_mode")
def test_one_click_logs_in(client: Client, demo_user: User) -> None:
    page = html_of(client.get(LOGIN))
    assert "Stadt Musterstadt" in page
    assert "Sitzungsdienst Musterstadt" in page
    answer = client.post(f"/anmelden/vorfuehrung/{demo_user.pk}/")
    assert answer["Location"] == "/"
    assert email_of(client) == demo_user.email


@pytest.mark.usefixtures("demo_mode")
def test_demo_logins_stand_under_each_of_their_towns(
    client: Client, demo_user: User, town: Municipality, other_town: Municipality
) -> None:
    Role.objects.create(user=demo_user, municipality=other_town, kind=Role.Kind.MODERATION)
    page = html_of(client.get(LOGIN))
    first, second = page.index("<h3>Kreis Musterkreis</h3>"), page.index("<h3>Stadt Musterstadt</h3>")
    assert "Moderation" in page[first:second]
    assert "Sitzungsdienst" in page[second:]


@pytest.mark.usefixtures("demo_mode")
def test_demo_login_refuses_everyone_else(client: Client, editor: User, demo_user: User) -> None:
    assert client.post(f"/anmelden/vorfuehrung/{editor.pk}/").status_code == 404
    assert client.post("/anmelden/vorfuehrung/999999/").status_code == 404
    assert client.get(f"/anmelden/vorfuehrung/{demo_user.pk}/").status_code == 404
    User.objects.filter(pk=demo_user.pk).update(is_active=False)
    assert client.post(f"/anmelden/vorfuehrung/{demo_user.pk}/").status_code == 404
    assert email_of(client) == ""
    assert editor.name not in html_of(client.get(LOGIN))


@pytest.mark.usefixtures("demo_mode")
def test_demo_login_asks_for_the_csrf_token(demo_user: User) -> None:
    strict = Client(enforce_csrf_checks=True)
    assert strict.post(f"/anmelden/vorfuehrung/{demo_user.pk}/").status_code == 403
    assert email_of(strict) == ""


@pytest.mark.usefixtures("demo_mode")
def test_demo_login_does_not_lead_to_foreign_pages(client: Client, demo_user: User) -> None:
    answer = client.post(f"/anmelden/vorfuehrung/{demo_user.pk}/", {"next": "//fremd.example/"})
    assert answer["Location"] == "/"


@pytest.mark.parametrize(("demo", "production"), [(False, False), (True, True)])
def test_without_demo_mode_there_is_no_demo_login(
    client: Client, demo_user: User, settings: Any, demo: bool, production: bool
) -> None:
    settings.DEMO_MODE, settings.PRODUCTION = demo, production
    assert client.post(f"/anmelden/vorfuehrung/{demo_user.pk}/").status_code == 404
    assert email_of(client) == ""


def test_login_page_in_production_names_no_demo_user(client: Client, demo_user: User) -> None:
    page = html_of(client.get(LOGIN))
    assert "Ohne Passwort ausprobieren" not in page
    assert demo_user.name not in page


@pytest.mark.once
def test_demo_mode_cannot_be_switched_on_in_production() -> None:
    environment = os.environ | {"PRODUCTION": "true", "DEMO_MODE": "true", "DEBUG": "false"}
    run = subprocess.run(
        [sys.executable, "-c", "import integration_portal.settings"],
        cwd=django_settings.BASE_DIR,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert run.returncode != 0
    assert "DEMO_MODE" in run.stderr


# ---- In the browser


@pytest.mark.usefixtures("demo_mode")
def test_login_pages_are_accessible(
    page: Page, portal: str, demo_user: User, accessible: Callable[[Page], None]
) -> None:
    for address in (LOGIN, CODE, FORGOTTEN, "/passwort-vergessen/gesendet/", "/konto/neu/"):
        page.goto(portal + address)
        accessible(page)
    page.goto(portal + LOGIN)
    page.get_by_role("button", name="Anmelden").click()
    expect(page.get_by_role("alert")).to_contain_text("Bitte prüfen Sie Ihre Eingaben")
    accessible(page)


def test_login_with_the_keyboard_and_without_script(
    browser: Any, portal: str, editor: User, password: str, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(**browser_context_args | {"java_script_enabled": False})
    page = context.new_page()
    page.goto(portal + LOGIN)
    page.get_by_label("E-Mail-Adresse").focus()
    page.keyboard.type(editor.email)
    page.keyboard.press("Tab")
    page.keyboard.type(password)
    with page.expect_navigation():
        page.keyboard.press("Enter")
    page.goto(portal + "/konto/passwort/")
    expect(page.get_by_role("heading", level=1)).to_have_text("Passwort ändern")
    context.close()
