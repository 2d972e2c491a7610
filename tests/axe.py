"""What axe, the accessibility checker, has to say against a page."""

from __future__ import annotations

from typing import Any

from axe_playwright_python.base import AXE_SCRIPT
from playwright.sync_api import Page

# Of rules that are kept axe is not to describe each place; nor is it to fetch style sheets anew.
OPTIONS = {"resultTypes": ["violations"], "preload": False}


def violations(page: Page) -> list[dict[str, Any]]:
    page.evaluate(AXE_SCRIPT)
    broken: list[dict[str, Any]] = page.evaluate(
        "options => axe.run(options).then(result => result.violations)", OPTIONS
    )
    return broken
