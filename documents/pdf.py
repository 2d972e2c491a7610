"""HTML to PDF: accessible (PDF/UA-1), archivable (PDF/A-3a), the same bytes for the same input.

    document = PrintDocument(title="…", number="2017/1900", sections=(Section(cover, "cover"), Section(body)))
    pdf = render(document)

A document is a sequence of sections, each beginning on a new page. Sections are laid out one by one and
kept for a while, so the body that nine stages of a route share is laid out once, and a preview after an
edit lays out only what was changed. See docs/decisions/0001-pdf-engine.md.
"""

import os
import re
import tempfile
import threading
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from hashlib import sha256
from html import escape, unescape
from itertools import pairwise

from django.template.loader import render_to_string
from django.utils.text import Truncator
from django.utils.translation import gettext as _
from weasyprint import Attachment

from documents.engine.binding import bind
from documents.engine.press import Press
from documents.engine.sheets import Painting, Sheet
from documents.engine.writing import Packer
from documents.fetching import SCHEME

PAGE_KINDS = ("standard", "cover", "landscape")
DEFAULT_ACCENT = "#2044aa"  # KERN UX, action colour
KEPT_PAGES = 600  # of sections, and as many feet: a page takes about 60 kilobytes
MOST_PASSES = 4
LONGEST_FOOT = 140  # two lines between number and page
PAGE_OF = re.compile(r'<span class="page-of" data-page-of="([^"]*)"></span>')
BETWEEN_TAGS = re.compile(r">\s+<")  # the templates' indentation
ACCENT = re.compile(r"#[0-9a-fA-F]{6}")


class PrintError(Exception):
    """The document cannot be printed; the message says why."""


@dataclass(frozen=True)
class Section:
    """A part that begins on a new page. `page` names its paper: standard, cover (no margin), landscape."""

    html: str
    page: str = "standard"

    def __post_init__(self) -> None:
        if self.page not in PAGE_KINDS:
            raise ValueError(f"page must be one of {', '.join(PAGE_KINDS)}, not {self.page!r}")


@dataclass(frozen=True)
class AttachedFile:
    """A file inside the PDF (PDF/A-3). The date is given, as bytes must not depend on the clock."""

    name: str
    content: bytes
    description: str
    modified: datetime = datetime(2000, 1, 1, tzinfo=UTC)
    relationship: str = "Supplement"


@dataclass(frozen=True)
class PrintDocument:
    """`number` and `running_title` stand in the foot of each page, before "Seite x von y", and `mark` in the
    head of each page and among the keywords: for what must not be passed on by mistake."""

    title: str
    sections: Sequence[Section]
    number: str = ""
    running_title: str = ""
    lang: str = "de"
    author: str = ""
    subject: str = ""
    mark: str = ""
    accent: str = DEFAULT_ACCENT
    images: Mapping[str, bytes] = field(default_factory=dict)  # <img src="app:NAME">
    attachments: Sequence[AttachedFile] = ()

    def __post_init__(self) -> None:
        if not self.title.strip():
            raise ValueError("a document needs a title")
        if not self.sections:
            raise ValueError("a document needs at least one section")
        if not ACCENT.fullmatch(self.accent):
            raise ValueError(f"accent must be #rrggbb, not {self.accent!r}")


class _Workshop:
    """What a process keeps between two prints. Pango is not thread-safe: one print at a time."""

    def __init__(self) -> None:
        self.lock = threading.RLock()
        self.press: Press | None = None
        self.packer = Packer()
        self.sheets: OrderedDict[bytes, list[Sheet]] = OrderedDict()
        self.feet: OrderedDict[bytes, list[Painting]] = OrderedDict()

    def get_press(self) -> Press:
        if self.press is None:
            self.press = Press()
        return self.press

    def forget(self) -> None:
        if self.press is not None:
            self.press.forget()
        self.packer.packed.clear()
        self.sheets.clear()
        self.feet.clear()

    def forget_oldest(self) -> None:
        """After a print, not while it is made: a long one would lose its first sections to its last."""
        for kept in (self.sheets, self.feet):
            while sum(map(len, kept.values())) > KEPT_PAGES and len(kept) > 1:
                kept.popitem(last=False)

    def lay_out(self, document: PrintDocument, section: Section) -> list[Sheet]:
        html = _skeleton(document, [section])
        images = {name: content for name, content in document.images.items() if SCHEME + name in html}
        key = _digest(html, *(part for name in sorted(images) for part in (name, images[name])))
        if key not in self.sheets:
            self.sheets[key] = self.get_press().lay_out(html, images)
        self.sheets.move_to_end(key)
        return self.sheets[key]

    def set_feet(self, document: PrintDocument, kinds: Sequence[str]) -> list[Painting]:
        named = Truncator(document.running_title or document.title).chars(LONGEST_FOOT)
        number, title = escape(document.number), escape(named)
        same = f'<p class="foot-number">{number}</p><p class="foot-title">{title}</p>'
        if document.mark:
            same += f'<p class="head-mark">{escape(document.mark)}</p>'
        place = _("Seite %(page)d von %(pages)d")
        leaves = "".join(
            f'<div class="leaf leaf-{kind}">{same}'
            f'<p class="foot-page">{place % {"page": page, "pages": len(kinds)}}</p></div>'
            for page, kind in enumerate(kinds, start=1)
        )
        html = f'<html lang="{escape(document.lang)}"><body>{leaves}'
        key = _digest(html)
        if key not in self.feet:
            self.feet[key] = self.get_press().feet(html)
        self.feet.move_to_end(key)
        return self.feet[key]


_workshop = _Workshop()


def _digest(*parts: str | bytes) -> bytes:
    state = sha256()
    for part in parts:
        content = part.encode() if isinstance(part, str) else part
        state.update(len(content).to_bytes(8, "big") + content)
    return state.digest()


def _skeleton(document: PrintDocument, sections: Sequence[Section], stylesheets: Sequence[str] = ()) -> str:
    # The title is the whole document's and stands in its metadata: in a section's HTML it would only
    # keep equal sections of different documents apart.
    context = {
        "lang": document.lang,
        "accent": document.accent,
        "title": document.title if stylesheets else "",
        "sections": sections,
        "stylesheets": stylesheets,
    }
    return BETWEEN_TAGS.sub("> <", render_to_string("print/base.html", context))


def as_html(document: PrintDocument, stylesheets: Sequence[str]) -> str:
    """The whole document as one HTML page, for a preview in the browser."""
    return _skeleton(document, document.sections, stylesheets)


def warm_up() -> None:
    """Loads fonts, style sheets and the German hyphenation: call it when a server process starts."""
    sample = (
        '<h1>Probe</h1><p style="width: 2cm">Integrationskonzeptfortschreibung</p>'
        "<p><em>a</em><strong>b</strong></p>"
        '<table class="facts"><tr><th scope="row">Datum</th><td class="number">1</td></tr></table>'
        "<ul><li>ein Punkt</li></ul><ol><li>☐ ja ☒ nein</li></ol><h2>Darunter</h2><h3>Noch tiefer</h3>"
    )
    render(PrintDocument(title="Probe", sections=[Section(sample)]))


def clear_cache() -> None:
    """Forgets laid-out sections: the next print is a full one (for tests and measurements)."""
    with _workshop.lock:
        _workshop.forget()


def render(document: PrintDocument) -> bytes:
    """The PDF. Raises ForbiddenAddress if the HTML names anything that was not handed in."""
    with _workshop.lock:
        try:
            return _rendered(document)
        finally:
            _workshop.forget_oldest()


def _rendered(document: PrintDocument) -> bytes:
    sheets: list[Sheet] = []
    kinds: list[str] = []
    for section in _with_page_numbers(document):
        laid_out = _workshop.lay_out(document, section)
        sheets += laid_out
        kinds += [section.page] * len(laid_out)
    press = _workshop.get_press()
    return bind(
        sheets,
        _workshop.set_feet(document, kinds),
        fonts=press.fonts,
        colours=press.colours,
        packer=_workshop.packer,
        metadata={
            "title": document.title,
            "lang": document.lang,
            "authors": [document.author] if document.author else [],
            "description": document.subject or None,
            "keywords": [str(document.mark)] if document.mark else [],
        },
        attachments=[_attachment(attached) for attached in document.attachments],
    )


def _attachment(attached: AttachedFile) -> Attachment:
    return Attachment(
        string=attached.content,
        name=attached.name,
        description=attached.description,
        created=attached.modified,
        modified=attached.modified,
        relationship=attached.relationship,
    )


def _with_page_numbers(document: PrintDocument) -> list[Section]:
    """Fills in the pages that a contents page names.

    Numbers can change how many pages the contents take, and that the numbers: so until nothing moves.
    """
    sections = list(document.sections)
    referring = [index for index, section in enumerate(sections) if PAGE_OF.search(section.html)]
    if not referring:
        return sections
    pages: dict[str, int] = {}
    for _pass in range(MOST_PASSES):
        for index in referring:
            sections[index] = _numbered(document.sections[index], pages)
        before, pages = pages, _pages_of_anchors(document, sections)
        if pages == before:
            break
    return sections


def _numbered(section: Section, pages: Mapping[str, int]) -> Section:
    def number(reference: re.Match[str]) -> str:
        return f'<span class="page-of">{pages.get(unescape(reference[1])) or "–"}</span>'

    return Section(PAGE_OF.sub(number, section.html), section.page)


def _pages_of_anchors(document: PrintDocument, sections: Sequence[Section]) -> dict[str, int]:
    pages: dict[str, int] = {}
    number = 0
    for section in sections:
        for sheet in _workshop.lay_out(document, section):
            number += 1
            for anchor in sheet.anchors:
                pages.setdefault(anchor, number)
    return pages


def render_many(documents: Sequence[PrintDocument], *, processes: int = 1) -> Iterator[bytes]:
    """The PDFs one after the other, in order; sections they share are laid out once.

    With more processes the rest is divided among forks of this one, which inherit what is laid out.
    """
    shares = _shares(len(documents), processes)
    if len(shares) > 1:
        _lay_out_shared(documents)
    forks = [_Fork([documents[index] for index in share]) for share in shares[1:]]
    for index in shares[0] if shares else ():
        yield render(documents[index])
    for fork in forks:
        yield from fork.results()


def _shares(count: int, processes: int) -> list[range]:
    """Runs of equal length; an odd one out goes to the first, which need not wait for a fork."""
    processes = max(1, min(processes, count))
    bounds = [-(-count * part // processes) for part in range(processes + 1)]
    return [range(start, end) for start, end in pairwise(bounds) if end > start]


def _lay_out_shared(documents: Sequence[PrintDocument]) -> None:
    seen: set[tuple[str, Section]] = set()
    with _workshop.lock:
        for document in documents:
            for section in document.sections:
                if (document.lang, section) in seen and not PAGE_OF.search(section.html):
                    _workshop.lay_out(document, section)
                seen.add((document.lang, section))


class _Fork:
    """A child process that prints some documents into an unnamed file and leaves."""

    def __init__(self, documents: Sequence[PrintDocument]) -> None:
        self.count = len(documents)
        self.file = tempfile.TemporaryFile()  # noqa: SIM115 - closed after the child has filled it
        with _workshop.lock:  # no other thread is inside Pango while the process is copied
            self.pid = os.fork()
        if self.pid == 0:
            status = 1
            try:
                for document in documents:
                    pdf = render(document)
                    self.file.write(len(pdf).to_bytes(8, "big") + pdf)
                self.file.flush()
                status = 0
            finally:
                os._exit(status)  # neither the parent's exit handlers nor its database connections

    def results(self) -> list[bytes]:
        _pid, status = os.waitpid(self.pid, 0)
        with self.file:
            if status != 0:
                raise PrintError("Ein Druckprozess ist abgebrochen.")
            self.file.seek(0)
            return [self.file.read(int.from_bytes(self.file.read(8), "big")) for _ in range(self.count)]
