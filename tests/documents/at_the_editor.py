"""What one does at the editor."""

from typing import Any

from playwright.sync_api import Page

from concepts.models import Chapter
from tests.axe import violations

FOCUSED = "document.activeElement.textContent.trim()"


def text(page: Page) -> Any:
    return page.get_by_role("textbox", name="Text", exact=True)


# The browser tells the editor of a moved cursor with the next picture that it draws.
DRAWN = "new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"


def press(page: Page, *keys: str) -> None:
    for key in keys:
        page.keyboard.press(key)
        page.evaluate(DRAWN)


def choose(page: Page, label: str) -> None:
    """Presses a button of the toolbar with the keyboard alone."""
    press(page, "Alt+F10", "Home")
    for _ in range(30):
        if page.evaluate(FOCUSED).endswith(label):
            press(page, "Enter")
            return
        press(page, "ArrowRight")
    raise AssertionError(f"no button {label}")


def saved(page: Page, chapter: Chapter) -> str:
    page.get_by_role("button", name="Speichern").click()
    page.wait_for_load_state()
    chapter.refresh_from_db()
    return chapter.body


def complaints(page: Page) -> list[str]:
    return [f"{rule['id']}: {[node['target'] for node in rule['nodes']]}" for rule in violations(page)]


def paste(page: Page, html: str, plain: str = "") -> None:
    """As if the keys for pasting were pressed while this was on the clipboard."""
    text(page).evaluate(
        """(field, [html, plain]) => {
            const data = new DataTransfer();
            data.setData("text/html", html);
            data.setData("text/plain", plain);
            const more = { clipboardData: data, bubbles: true, cancelable: true };
            field.dispatchEvent(new ClipboardEvent("paste", more));
        }""",
        [html, plain],
    )
