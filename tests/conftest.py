"""What every test may use. Rows belong into the conftest.py of the folder that tests them."""

import os
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from typing import Any

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.test import Client

from demo.loading import load_town, town_slugs
from documents.keeping import shelf
from municipalities.models import Municipality, User
from tests.copies import IN_MEMORY, TABLES, TOWNS, fill, server
from tests.serving import serving

# Debian's: a browser of Playwright's own is not installed. The one without windows takes a third less time.
BROWSERS = "/usr/bin/chromium-headless-shell", "/usr/bin/chromium"
CHROMIUM = os.environ.get("CHROMIUM") or next(filter(os.path.exists, BROWSERS), BROWSERS[-1])
# Chromium's sandbox does not run as root; the rest keeps it from calling anybody but the tests' server.
CHROMIUM_FLAGS = [
    *(["--no-sandbox"] if os.geteuid() == 0 else []),
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-dev-shm-usage",
    "--disable-gpu",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
]
# Playwright runs an event loop in the thread of the test; the tests' queries are none of its business.
os.environ.setdefault("DJANGO_ALLOW_ASYNC_UNSAFE", "true")


@pytest.hookimpl(tryfirst=True)  # before -m chooses
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "page" in getattr(item, "fixturenames", ()) or "browser" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.browser)
        # The browser sees the database through the same views; one journey goes through both.
        if item.get_closest_marker("browser") and item.path.name != "test_main_job.py":
            item.add_marker(pytest.mark.once)
        if item.get_closest_marker("once") and "sqlite" not in settings.DATABASES["default"]["ENGINE"]:
            item.add_marker(pytest.mark.skip(reason="does not depend on the database; ran on SQLite"))
    # The files that drive a browser take longest: begun last, they would leave the other core idle.
    slow = {item.path for item in items if item.get_closest_marker("browser")}
    items.sort(key=lambda item: item.path not in slow)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args: dict[str, Any]) -> dict[str, Any]:
    return {**browser_type_launch_args, "executable_path": CHROMIUM, "args": CHROMIUM_FLAGS}


@pytest.fixture(scope="session")
def browser_context_args(browser_context_args: dict[str, Any]) -> dict[str, Any]:
    return {
        **browser_context_args,
        "locale": "de-DE",
        "timezone_id": "Europe/Berlin",
        "viewport": {"width": 1280, "height": 900},
        "reduced_motion": "reduce",
    }


@pytest.fixture(autouse=True)
def kept_pages_are_forgotten() -> None:
    """A test's changes are rolled back, and with them the counters that tell one state from another."""
    shelf.clear()


@pytest.fixture(scope="session")
def django_db_modify_db_settings(
    django_db_modify_db_settings: None, django_test_environment: None, django_db_blocker: Any
) -> Iterator[None]:
    """Before pytest-django makes the database: it finds one that is migrated already."""

    if server is None:
        yield
        return
    database = connection.settings_dict
    database["NAME"] = database["TEST"]["NAME"] = server.name_for_tests(database)
    # A database in memory lasts as long as one connection to it is open.
    with closing(sqlite3.connect(IN_MEMORY, uri=True)):
        with django_db_blocker.unblock():
            fill("tables", TABLES, lambda: call_command("migrate", verbosity=0), anew=True)
        yield


@pytest.fixture(scope="session")
def _towns_once(django_db_setup: None, django_db_blocker: Any) -> None:
    """The five towns, committed once for all tests of this process: loading them takes a while."""

    def load_towns() -> None:
        for slug in town_slugs():
            load_town(slug)

    with django_db_blocker.unblock():
        fill("towns", TOWNS, load_towns)


@pytest.fixture
def towns(_towns_once: None, db: None) -> dict[str, Municipality]:
    """The five towns by slug. What a test changes is rolled back."""
    return {town.slug: town for town in Municipality.objects.filter(slug__in=town_slugs())}


@pytest.fixture
def portal(db: None) -> Iterator[str]:
    """The address of a server that shares the test's transaction."""
    with serving() as address:
        yield address


@pytest.fixture
def login_as(client: Client) -> Callable[..., Client]:
    """`login_as("redaktion", town)`: the town's demo user of that name, logged in."""

    def login(name: str, town: Municipality) -> Client:
        client.force_login(demo_user(name, town))
        return client

    return login


def demo_user(name: str, town: Municipality) -> User:
    return User.objects.get(email=f"{name}@{town.slug}.example")
