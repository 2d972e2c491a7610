"""Takes the pictures of docs/pictures: `python -m tests.pictures [name …]`, started by scripts/pictures."""

from __future__ import annotations

import io
import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import django

# Playwright runs an event loop in this thread; our own queries are none of its business.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
django.setup()

from django.conf import settings  # noqa: E402 - after setup, as everything that imports models
from django.core.servers.basehttp import ThreadedWSGIServer  # noqa: E402
from django.core.wsgi import get_wsgi_application  # noqa: E402
from django.test.testcases import QuietWSGIRequestHandler  # noqa: E402
from django.urls import reverse  # noqa: E402
from PIL import Image  # noqa: E402
from playwright.sync_api import Browser, Page, Response, sync_playwright  # noqa: E402

from committees.printing.render import render_stage  # noqa: E402
from tests.conftest import CHROMIUM, CHROMIUM_FLAGS  # noqa: E402
from tests.pictures.pages import SHOWN, Shot, demo_user, first_stages, shots  # noqa: E402

FOLDER = settings.BASE_DIR / "docs" / "pictures"
WIDTHS = (1280, 390)
MOST_PIXELS_HIGH = 2000
COLOURS = 128
FORM_DPI = 80


@contextmanager
def server() -> Iterator[str]:
    """The program on a free port; yields its address."""
    running = ThreadedWSGIServer(("127.0.0.1", 0), QuietWSGIRequestHandler)
    running.daemon_threads = True
    running.set_app(get_wsgi_application())
    threading.Thread(target=running.serve_forever, daemon=True).start()
    try:
        yield f"http://127.0.0.1:{running.server_port}"
    finally:
        running.shutdown()


def save(picture: bytes, path: Path) -> None:
    """As a small file: few colours, and no endless page."""
    image = Image.open(io.BytesIO(picture)).convert("RGB")
    image = image.crop((0, 0, image.width, min(image.height, MOST_PIXELS_HIGH)))
    image.quantize(COLOURS, dither=Image.Dither.NONE).save(path, optimize=True)
    sys.stdout.write(f"{path.relative_to(settings.BASE_DIR)}  {path.stat().st_size // 1024} kB\n")


class Visitors:
    """The browsers of the demo users, each logged in once by the button on the login page."""

    def __init__(self, browser: Browser, address: str) -> None:
        self.browser = browser
        self.address = address
        self.pages: dict[tuple[str, int], Page] = {}

    def page(self, who: str, width: int) -> Page:
        """`who` is `role` or `role@town`, or empty for somebody who is not logged in."""
        if (who, width) not in self.pages:
            context = self.browser.new_context(
                base_url=self.address,
                locale="de-DE",
                timezone_id="Europe/Berlin",
                viewport={"width": width, "height": 900},
            )
            page = self.pages[who, width] = context.new_page()
            page.on("response", no_hole)
            if who:
                role, _at, town = who.partition("@")
                page.goto(reverse("account_login"))
                page.locator(f"form[action$='/{demo_user(role, town or SHOWN).pk}/'] button").click()
                page.wait_for_url("**/")
        return self.pages[who, width]


def no_hole(answer: Response) -> None:
    """A logo or a style sheet that is not there would spoil the picture quietly."""
    if answer.status >= 400 and answer.request.resource_type != "document":
        sys.stderr.write(f"{answer.url} fehlt ({answer.status}).\n")


def take(visitors: Visitors, shot: Shot) -> None:
    for width in WIDTHS:
        page = visitors.page(shot.who, width)
        response = page.goto(shot.address, wait_until="networkidle")
        if response is None or response.status != shot.status:
            sys.exit(f"{shot.address} antwortet nicht mit {shot.status}: so gibt es kein Bild.")
        save(page.screenshot(full_page=True), FOLDER / f"{shot.name}-{width}.png")


def take_forms() -> None:
    for town, stage in first_stages():
        command = ["pdftoppm", "-png", "-r", str(FORM_DPI), "-singlefile", "-"]
        printed = subprocess.run(command, input=render_stage(stage), capture_output=True, check=True)
        save(printed.stdout, FOLDER / f"vorlage-{town}.png")


def main(wanted: list[str]) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)

    def asked_for(name: str) -> bool:
        return not wanted or any(name.startswith(start) for start in wanted)

    chosen = [shot for shot in shots() if asked_for(shot.name)]
    with server() as address, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=CHROMIUM_FLAGS)
        visitors = Visitors(browser, address)
        for shot in chosen:
            take(visitors, shot)
        browser.close()
    if asked_for("vorlage"):
        take_forms()


main(sys.argv[1:])
