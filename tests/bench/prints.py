"""How long PDFs take, against each other, against Chromium, and cold against warm."""

from __future__ import annotations

import io
import os
import re
import resource
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from importlib import import_module
from pathlib import Path
from string import ascii_lowercase

from django.conf import settings
from django.contrib.auth import BACKEND_SESSION_KEY, HASH_SESSION_KEY, SESSION_KEY
from playwright.sync_api import sync_playwright
from pypdf import PdfReader

from committees.actions.issuing_runs import issue_due, start_issuing
from committees.models import Paper, ResolutionPoint
from committees.models import Section as PaperSection
from committees.printing.render import render_route, render_stage, route_documents
from concepts.models import Concept, Measure
from concepts.printing import concept_document, render_concept
from documents.pdf import PrintDocument, Section, as_html, clear_cache, render, warm_up
from municipalities.models import User
from tests.bench.measuring import Report, ratio, seconds
from tests.committees.factories import release, reopen
from tests.conftest import CHROMIUM

ROUNDS = 9
NUMBER = "2017/1900"
CONCEPT = "integrationskonzept-2017"
PEAK_MEGABYTES = 300
MARGIN_BOXES = settings.BASE_DIR / "tests" / "documents" / "margin_boxes.css"  # Chromium's running foot
BETWEEN_TAGS = re.compile(r"(?<=>)[^<>]+(?=<)")
LAST_LETTER = re.compile(r"(?<!&)(?<!&#)\b(?!\w+;)(\w*)\w\b")  # but not of a character's name, &nbsp;


def leverkusen() -> Paper:
    return Paper.objects.get(number=NUMBER)


def nine_stages(paper: Paper, processes: int) -> None:
    assert sum(1 for _ in render_route(paper, processes=processes)) == 9


def nine_issues(paper: Paper, processes: int) -> None:
    """Ordered, printed, and frozen in the database, each time as a further issue."""
    by = User.objects.get(email="sitzungsdienst@leverkusen.example")
    start_issuing(paper=paper, stages=paper.consultations.all(), by=by, reason="Messung")
    assert issue_due(processes=processes) == 1


def measure_stages(report: Report) -> None:
    warm_up()
    paper = leverkusen()
    stage = paper.consultations.all()[8]
    for processes, limit in ((1, 4.0), (2, 3.0)):
        value = ratio(
            lambda n=processes: nine_stages(paper, n), lambda: render_stage(stage), ROUNDS, clear_cache
        )  # type: ignore[misc]
        report.add(f"nine stages / one full render, {processes} process(es)", value, limit)
        value = ratio(
            lambda n=processes: nine_issues(paper, n), lambda: render_stage(stage), ROUNDS, clear_cache
        )  # type: ignore[misc]
        report.add(f"nine stages issued / one full render, {processes} process(es)", value, limit)


def measure_chromium(report: Report) -> None:
    """Both warm: the same nine documents as Chromium prints them from the same HTML."""
    warm_up()
    paper = leverkusen()
    sheets = [*sorted((settings.BASE_DIR / "static" / "print").glob("*.css")), MARGIN_BOXES]
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        files = []
        for stage, document in route_documents(paper):
            file = Path(folder) / f"{stage.position}.html"
            file.write_text(as_html(document, [sheet.as_uri() for sheet in sheets]))
            files.append(file)
        root = ["--no-sandbox"] if os.geteuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=[*root, "--disable-gpu"])
        page = browser.new_page()

        def print_all() -> None:
            for file in files:
                page.goto(file.as_uri())
                page.pdf(format="A4", tagged=True, outline=True, prefer_css_page_size=True)

        value = ratio(lambda: nine_stages(paper, 1), print_all, ROUNDS, clear_cache)
        browser.close()
    report.add("nine stages / the same by Chromium", value, 0.9)


@contextmanager
def running_server() -> Iterator[int]:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
    command = [sys.executable, "-m", "gunicorn", "integration_portal.wsgi", "--bind", f"127.0.0.1:{port}"]
    server = subprocess.Popen(
        [*command, "--workers", "1", "--threads", "2", "--preload", "--log-level", "error"]
    )
    try:
        for _ in range(300):
            with socket.socket() as attempt:
                if attempt.connect_ex(("127.0.0.1", port)) == 0:
                    break
            time.sleep(0.1)
        yield port
    finally:
        server.terminate()
        server.wait(timeout=20)


def session_cookie() -> str:
    user = User.objects.get(email="sitzungsdienst@leverkusen.example")
    session = import_module(settings.SESSION_ENGINE).SessionStore()
    session[SESSION_KEY] = str(user.pk)
    session[BACKEND_SESSION_KEY] = settings.AUTHENTICATION_BACKENDS[0]
    session[HASH_SESSION_KEY] = user.get_session_auth_hash()
    session.create()
    return f"{settings.SESSION_COOKIE_NAME}={session.session_key}"


def measure_server(report: Report) -> None:
    """The first PDF after the server's start, against a process that renders one and ends."""
    paper = leverkusen()
    address = f"/{paper.municipality.slug}/vorlagen/{paper.pk}/beratung/9/entwurf.pdf"
    cookie = session_cookie()
    cold_code = (
        "import django; django.setup()\n"
        "from committees.models import Paper\n"
        "from committees.printing.render import render_stage\n"
        f"render_stage(Paper.objects.get(number='{NUMBER}').consultations.all()[8])\n"
    )
    cold, warm = [], []
    for _ in range(3):
        cold.append(seconds(lambda: subprocess.run([sys.executable, "-c", cold_code], check=True)))
        with running_server() as port:
            time.sleep(1)  # the worker has forked and waits
            request = urllib.request.Request(f"http://127.0.0.1:{port}{address}", headers={"Cookie": cookie})

            def fetch(request: urllib.request.Request = request) -> None:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    assert answer.read().startswith(b"%PDF-"), "not a PDF: is the login page answering?"

            warm.append(seconds(fetch))
    report.add(
        "first PDF of the server / a cold process", statistics.median(warm) / statistics.median(cold), 0.2
    )


def pages_of(section: Section) -> int:
    return len(PdfReader(io.BytesIO(render(PrintDocument(title="Messung", sections=[section])))).pages)


def ten_pages() -> list[Section]:
    """Whole chapters of the real concept, as many as come nearest to ten pages."""
    document = concept_document(Concept.objects.get(slug=CONCEPT))
    chosen: list[Section] = []
    count = 0
    for section in document.sections[2:]:
        pages = pages_of(section)
        if abs(count + pages - 10) < abs(count - 10):
            chosen.append(section)
            count += pages
    return chosen


def varied(section: Section, copy: int) -> Section:
    """The same with another letter at the end of each word and number."""
    letter = ascii_lowercase[copy]
    html = BETWEEN_TAGS.sub(lambda text: LAST_LETTER.sub(rf"\g<1>{letter}", text[0]), section.html)
    return Section(f"{html}<p>Fassung {copy}</p>", section.page)


def print_copies(sections: list[Section], copies: int) -> None:
    """No two copies have a line in common, so that nothing of one can serve for another."""
    copied = [varied(section, copy) for copy in range(copies) for section in sections]
    render(PrintDocument(title="Konzept", sections=copied))


def after_an_edit(
    row: Measure | PaperSection | ResolutionPoint, field: str, work: Callable[[], bytes]
) -> float:
    """Median time of a print after its text was changed, over that of a full one."""
    text = getattr(row, field)
    times = []
    for number in range(ROUNDS):
        clear_cache()
        full = seconds(work)
        setattr(row, field, f"{text}<p>Nachgetragen in der Fassung {number}.</p>")
        row.save()
        times.append((full, seconds(work)))
    setattr(row, field, text)
    row.save()
    return statistics.median(t for _, t in times) / statistics.median(t for t, _ in times)


def measure_edits(report: Report) -> None:
    warm_up()
    concept = Concept.objects.get(slug=CONCEPT)
    measure = concept.measures.exclude(text="").earliest("pk")
    value = after_an_edit(measure, "text", lambda: render_concept(concept))
    report.add("concept after an edit / full render", value, 0.25)
    paper = reopen(leverkusen())  # to be edited, it must not be released
    stage = paper.consultations.all()[8]
    point = paper.resolution_points.all()[0]
    value = after_an_edit(point, "text", lambda: render_stage(stage))
    report.add("Vorlage after an edit in its proposal / full", value, 0.45)
    section = paper.sections.get(key="begruendung")
    value = after_an_edit(section, "body", lambda: render_stage(stage))
    report.add("Vorlage after an edit in its body / full", value, 0.45)
    release(paper)


def measure_concept(report: Report) -> None:
    warm_up()
    sections = ten_pages()
    value = ratio(lambda: print_copies(sections, 10), lambda: print_copies(sections, 1), 3, clear_cache)
    report.add("concept of 100 pages / of 10 pages", value, 11)
    code = (
        "import django; django.setup()\n"
        "from tests.bench.prints import peak_megabytes, print_copies, ten_pages\n"
        "print_copies(ten_pages(), 10); print(peak_megabytes())\n"
    )
    result = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    report.add("peak memory of 100 pages / 300 MB", float(result.stdout) / PEAK_MEGABYTES, 1)


def peak_megabytes() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
