"""How somebody without a mouse gets about."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from municipalities.models import User

LogIn = Callable[[User], Page]
FARTHEST = 400  # stops of the Tab key; the longest form has fewer


def tab_to(page: Page, target: Locator) -> None:
    """Moves on with the Tab key until the target has the focus."""
    page.wait_for_load_state("load")  # the editors are in their places, so no focus is lost on the way
    target.wait_for()
    for _ in range(FARTHEST):
        if target.evaluate("element => element === document.activeElement"):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def press_on(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)
