"""How somebody without a mouse gets about."""

from __future__ import annotations

from collections.abc import Callable

from playwright.sync_api import Locator, Page

from municipalities.models import User

LogIn = Callable[[User], Page]
FARTHEST = 400  # stops of the Tab key; the longest form has fewer
FOCUSED = "element => element === document.activeElement"
STOPS = "a[href], button, input, select, textarea, summary, [tabindex]"
STOPS_BETWEEN = """(element, stops) => {
    const follows = (one, other) => one.compareDocumentPosition(other) & Node.DOCUMENT_POSITION_FOLLOWING;
    return [...document.querySelectorAll(stops)]
        .filter(stop => follows(document.activeElement, stop) && follows(stop, element))
        .filter(stop => stop.tabIndex >= 0 && !stop.disabled && stop.checkVisibility())
        .filter(stop => stop.type !== "radio" || stop.checked).length;
}"""


def tab_to(page: Page, target: Locator) -> None:
    """Moves on with the Tab key until the target has the focus."""
    page.wait_for_load_state("load")  # the editors are in their places, so no focus is lost on the way
    target.wait_for()
    for _ in range(target.evaluate(STOPS_BETWEEN, STOPS)):  # a guess, so as not to ask after each
        page.keyboard.press("Tab")
    for _ in range(FARTHEST):
        if target.evaluate(FOCUSED):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"{target} cannot be reached by keyboard")


def press_on(page: Page, target: Locator, key: str = "Enter") -> None:
    tab_to(page, target)
    page.keyboard.press(key)
