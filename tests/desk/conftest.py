"""People and pages for the tests of the frame and the login."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.core.cache import cache
from playwright.sync_api import Page

from municipalities.models import Municipality, Role, User
from tests.axe import violations

PASSWORD = "Sieben Brücken über die Wupper"


@pytest.fixture
def password() -> str:
    return PASSWORD


@pytest.fixture
def sample_pages(settings: Any) -> None:
    """The house with some pages more, that only tests need."""
    settings.ROOT_URLCONF = "tests.desk.sample_pages"
    templates = settings.TEMPLATES[0]
    settings.TEMPLATES = [templates | {"DIRS": [Path(__file__).parent / "templates", *templates["DIRS"]]}]


@pytest.fixture(autouse=True)
def attempts_start_at_zero() -> None:
    cache.clear()


def make_town(name: str, colour: str) -> Municipality:
    short = name.rsplit(maxsplit=1)[-1]
    return Municipality.objects.create(
        name=name,
        short_name=short,
        slug=short.lower(),
        kind=Municipality.Kind.CITY,
        head_title="Der Bürgermeister",
        state_law=Municipality.StateLaw.GO_NRW,
        colour=colour,
    )


@pytest.fixture
def town(db: None) -> Municipality:
    return make_town("Stadt Musterstadt", "#c8102e")


@pytest.fixture
def other_town(db: None) -> Municipality:
    return make_town("Kreis Musterkreis", "#ffd500")


@pytest.fixture
def editor(town: Municipality) -> User:
    user = User.objects.create_user("redaktion@musterstadt.example", PASSWORD, name="Rita Redaktion")
    Role.objects.create(user=user, municipality=town, kind=Role.Kind.EDITING)
    return user


@pytest.fixture
def administrator(town: Municipality) -> User:
    user = User.objects.create_user("fach@musterstadt.example", PASSWORD, name="Frieda Fach")
    Role.objects.create(user=user, municipality=town, kind=Role.Kind.ADMINISTRATION)
    return user


@pytest.fixture
def demo_user(town: Municipality) -> User:
    user = User.objects.create_user(
        "vorfuehrung@musterstadt.example", name="Sitzungsdienst Musterstadt", is_demo=True
    )
    Role.objects.create(user=user, municipality=town, kind=Role.Kind.COUNCIL_SERVICE)
    return user


@pytest.fixture
def accessible() -> Callable[[Page], None]:
    """Fails with what axe found; also when the page sticks out of the window, this one or a narrower one."""

    def check(page: Page) -> None:
        found = violations(page)
        assert not found, [(rule["id"], [node["target"] for node in rule["nodes"]]) for rule in found]
        shown = page.viewport_size
        assert shown is not None
        for width in sorted({shown["width"], 390, 320}, reverse=True):
            page.set_viewport_size({"width": width, "height": shown["height"]})
            too_wide = page.evaluate(
                "document.documentElement.scrollWidth - document.documentElement.clientWidth"
            )
            assert too_wide <= 0, f"{page.url} ragt bei {width} um {too_wide} Pixel über das Fenster hinaus"
        page.set_viewport_size(shown)

    return check
