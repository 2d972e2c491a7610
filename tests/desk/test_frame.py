"""The frame of every page: whose it is, where one is, where one can go; and its security headers."""

from collections.abc import Callable
from io import BytesIO
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as django_settings
from django.core.files.base import ContentFile
from django.test import Client
from PIL import Image
from playwright.sync_api import Page, expect
from pytest_django.asserts import assertContains, assertNotContains

from desk.navigation import item
from municipalities.models import Municipality, Role, User

pytestmark = [pytest.mark.usefixtures("sample_pages"), pytest.mark.once]


def test_page_shows_its_town(client: Client, town: Municipality) -> None:
    answer = client.get("/probe/musterstadt/")
    assertContains(answer, "Probe – Stadt Musterstadt – Integrationsportal")
    assertContains(answer, '<link rel="stylesheet" href="/farben/c8102e.css">', html=True)


def test_page_without_town_stays_neutral(client: Client, db: None) -> None:
    answer = client.get("/anmelden/")
    assertNotContains(answer, "/farben/")
    assertContains(answer, "Integrationskonzepte der Kommunen")


def test_colours_of_a_town(client: Client) -> None:
    answer = client.get("/farben/ffd500.css")
    assert answer["Content-Type"] == "text/css; charset=utf-8"
    assert "immutable" in answer["Cache-Control"]
    assertContains(answer, "--town-color: #ffd500;")
    assertContains(answer, "--town-on: #000000;")


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/farben/rot.css", "/farben/ffd50.css", "/farben/ffd500;}.css"])
def test_what_is_no_colour_is_not_found(client: Client, address: str) -> None:
    assert client.get(address).status_code == 404


def test_town_without_logo(client: Client, town: Municipality) -> None:
    assert client.get("/kommunen/musterstadt/logo").status_code == 404


def test_logo_is_served(client: Client, town: Municipality) -> None:
    picture = BytesIO()
    Image.new("RGB", (8, 8), "#c8102e").save(picture, "PNG")
    town.logo.save("wappen.png", ContentFile(picture.getvalue()))
    assertContains(client.get("/probe/musterstadt/"), 'src="/kommunen/musterstadt/logo"')
    answer: Any = client.get("/kommunen/musterstadt/logo")
    assert answer["Content-Type"] == "image/png"
    assert b"".join(answer.streaming_content).startswith(b"\x89PNG")


def test_only_who_has_several_towns_can_change(
    client: Client, editor: User, town: Municipality, other_town: Municipality
) -> None:
    client.force_login(editor)
    assertNotContains(client.get("/probe/musterstadt/"), "Kommune wechseln")
    Role.objects.create(user=editor, municipality=other_town, kind=Role.Kind.EDITING)
    answer = client.get("/probe/musterstadt/")
    assertContains(answer, "Kommune wechseln")
    assertContains(answer, "Kreis Musterkreis")


def test_administration_stands_in_the_navigation_of_those_who_may(
    client: Client, editor: User, administrator: User
) -> None:
    client.force_login(editor)
    assertNotContains(client.get("/probe/musterstadt/"), 'href="/verwaltung/"')
    client.force_login(administrator)
    assertContains(client.get("/probe/musterstadt/"), 'href="/verwaltung/"')


@pytest.mark.parametrize(
    ("path", "whole_branch", "current"),
    [
        ("/x/konzepte/", True, "page"),
        ("/x/konzepte/2017/", True, "true"),
        ("/x/vorlagen/", True, ""),
        ("/x/konzepte/2017/", False, ""),
    ],
)
def test_current_item(path: str, whole_branch: bool, current: str) -> None:
    assert item("Konzepte", "/x/konzepte/", path, whole_branch=whole_branch).current == current


@pytest.mark.parametrize("address", ["/anmelden/", "/gibt/es/nicht/", "/verwaltung/", "/probe/musterstadt/"])
def test_security_headers(client: Client, administrator: User, address: str) -> None:
    client.force_login(administrator)
    answer = client.get(address, follow=True)
    policy = answer["Content-Security-Policy"]
    assert "default-src 'none'" in policy
    assert "script-src 'self'" in policy
    assert "style-src 'self'" in policy
    assert "unsafe" not in policy
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert answer["Referrer-Policy"] == "same-origin"
    assert "camera=()" in answer["Permissions-Policy"]
    assert answer["Cross-Origin-Resource-Policy"] == "same-origin"


def session_of(user: User, portal: str) -> Any:
    """The cookie of somebody already logged in."""
    client = Client()
    client.force_login(user)
    return {"name": "sessionid", "value": client.cookies["sessionid"].value, "url": portal}


def test_administration_works_under_the_policy(page: Page, portal: str, administrator: User) -> None:
    """Chromium says in the console what the policy stopped; nothing may be stopped."""
    administrator.is_superuser = True
    administrator.save()
    page.context.add_cookies([session_of(administrator, portal)])
    complaints: list[str] = []
    page.on("console", lambda message: complaints.append(message.text) if message.type == "error" else None)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    page.goto(portal + "/verwaltung/")
    expect(page.locator("#content")).to_be_visible()
    assert page.evaluate("getComputedStyle(document.getElementById('header')).display") == "flex"
    assert complaints == []


def test_no_request_leaves_for_a_third_party(page: Page, portal: str, town: Municipality) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    page.goto(portal + "/probe/musterstadt/")
    page.wait_for_load_state("networkidle")
    assert any(address.endswith(".woff2") for address in asked)
    assert [address for address in asked if not address.startswith((portal, "data:"))] == []


@pytest.mark.parametrize("width", [1280, 390])  # its menu folds on a telephone
def test_frame_is_accessible(
    page: Page, portal: str, town: Municipality, accessible: Callable[[Page], None], width: int
) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    page.goto(portal + "/probe/musterstadt/")
    accessible(page)


def test_first_tab_leads_to_the_content(page: Page, portal: str, town: Municipality) -> None:
    page.goto(portal + "/probe/musterstadt/")
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Zum Inhalt springen")
    expect(skip).to_be_focused()
    expect(skip).to_be_in_viewport()
    page.keyboard.press("Enter")
    expect(page.locator("#inhalt")).to_be_focused()


def test_menu_folds_on_a_phone_without_script(
    browser: Any, portal: str, administrator: User, browser_context_args: dict[str, Any]
) -> None:
    context = browser.new_context(
        **browser_context_args | {"java_script_enabled": False, "viewport": {"width": 390, "height": 900}}
    )
    context.add_cookies([session_of(administrator, portal)])
    page = context.new_page()
    page.goto(portal + "/probe/musterstadt/")
    link = page.get_by_role("link", name="Verwaltung")
    expect(link).to_be_hidden()
    page.get_by_text("Menü", exact=True).click()
    expect(link).to_be_visible()
    context.close()


def test_vendored_style_sheet_asks_for_nothing_from_outside() -> None:
    folder = Path(django_settings.BASE_DIR) / "static/vendor/kern"
    style_sheet = (folder / "kern.min.css").read_text(encoding="utf-8")
    assert "@import" not in style_sheet
    assert "url(http" not in style_sheet
