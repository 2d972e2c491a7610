"""Browsers that are logged in."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from django.conf import settings
from django.test import Client
from playwright.sync_api import Browser, Page, ViewportSize

from municipalities.models import User
from tests.journeys.browsing import LogIn


@pytest.fixture
def viewport() -> ViewportSize:
    """A desk; a file about telephones says so."""
    return {"width": 1280, "height": 900}


@pytest.fixture
def log_in(browser: Browser, portal: str, viewport: ViewportSize) -> Iterator[LogIn]:
    """A browser of one's own, logged in; closed at the end, as it goes on asking who else is here."""
    contexts = []

    def log_in(user: User) -> Page:
        client = Client()
        client.force_login(user)
        context = browser.new_context(
            base_url=portal, locale="de-DE", viewport=viewport, reduced_motion="reduce"
        )
        contexts.append(context)
        cookie = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": cookie, "url": portal}])
        return context.new_page()

    yield log_in
    for context in contexts:
        context.close()
