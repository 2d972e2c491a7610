"""The Anlage „Umgang mit den Vorschlägen“: what it tells, to print and to calculate with."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.text import slugify
from django.utils.translation import gettext as _

from documents.file_names import UMLAUTS
from documents.pdf import PrintDocument, Section, render
from documents.typefaces import unsupported_characters
from municipalities.colours import TownColours
from participation.models import MeasureProposal, Process
from participation.ways import Book, Chapter, Row

LOGO = "logo"
BOM = "\ufeff"
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n")


def file_name(process: Process, ending: str, *, inside: bool) -> str:
    """Safe in a header and on any disk."""
    words = f"{process.municipality.slug}_umgang-mit-vorschlaegen_{slugify(process.title.translate(UMLAUTS))}"
    return f"{words[:120]}{'_intern' if inside else ''}.{ending}"


def render_annex(process: Process, book: Book) -> bytes:
    """The PDF, on sheets across. `book` says what the reader may know."""
    return render(annex_document(process, book))


def annex_document(process: Process, book: Book) -> PrintDocument:
    town = process.municipality
    logo, colours = town.logo_content(), TownColours.of(town.colour)
    title = _("Umgang mit den Vorschlägen")
    if book.inside:
        title += _(" (interner Stand)")
    context = {
        "process": process,
        "municipality": town,
        "title": title,
        "chapters": [
            (chapter.title, [(row, PrintedWords(row.proposal)) for row in chapter.rows])
            for chapter in book.chapters()
        ],
        "counts": book.counts(),
        "inside": book.inside,
        "has_logo": bool(logo),
        "colours": colours,
    }
    return PrintDocument(
        title=f"{title} – {process.title} – {town.name}",
        running_title=f"{title} – {process.title}",
        number=town.short_name,
        author=town.name,
        subject=process.title,
        accent=colours.ink,
        images={LOGO: logo} if logo else {},
        sections=[Section(render_to_string("print/participation/proposals.html", context), "landscape")],
    )


unsupported = cache(unsupported_characters)


def is_printable(text: str) -> bool:
    """Whether the typefaces of prints have its letters; else there would be empty boxes."""
    return not any(sign.isalpha() for sign in unsupported().findall(text))


@dataclass(frozen=True)
class PrintedWords:
    """A proposal's words on paper: what the typefaces lack is named, and stands in the portal."""

    proposal: MeasureProposal

    @property
    def language(self) -> str:
        """Without its own name for itself where that cannot be printed: `Arabisch`."""
        name = str(self.proposal.get_language_display())
        return name if is_printable(name) else name.partition("(")[2].rstrip(")")

    @property
    def has_original(self) -> bool:
        return is_printable(self.proposal.title + self.proposal.text)

    @property
    def title(self) -> str:
        title = str(self.proposal)
        return title if is_printable(title) else _("Vorschlag auf %s") % self.language

    @property
    def note(self) -> str:
        return _(
            "Der Wortlaut auf %s lässt sich hier nicht drucken. Er steht im Portal beim Vorschlag %s."
        ) % (self.language, self.proposal.code)


# ---- CSV -------------------------------------------------------------------------------------------------


def annex_csv(book: Book) -> bytes:
    """UTF-8 with a byte order mark, semicolons: as a German spreadsheet opens it by a double click."""
    out = io.StringIO()
    writer = csv.writer(out, delimiter=";", lineterminator="\r\n")
    writer.writerow(list(columns()))
    for chapter in book.chapters():
        for row in chapter.rows:
            writer.writerow([harmless(cell) for cell in cells(chapter, row)])
    return (BOM + out.getvalue()).encode()


def columns() -> Iterable[str]:
    return (
        _("Nummer"),
        _("Handlungsfeld"),
        _("Ziel"),
        _("Titel"),
        _("Wortlaut"),
        _("Sprache"),
        _("deutsche Fassung"),
        _("vorgeschlagen von"),
        _("eingereicht am"),
        _("Entscheidung"),
        _("Begründung"),
        _("entschieden von"),
        _("entschieden am"),
        _("veröffentlicht"),
        _("Maßnahmen"),
        _("Hinweise"),
    )


def cells(chapter: Chapter, row: Row) -> Iterable[str]:
    proposal, decision = row.proposal, row.decision
    yield proposal.code
    yield chapter.title
    yield str(proposal.goal or "")
    yield proposal.title_in_german
    yield f"{proposal.title}\n{proposal.text}"
    yield str(proposal.get_language_display())
    yield proposal.german_text
    yield proposal.from_whom
    yield f"{timezone.localtime(proposal.submitted_at):%d.%m.%Y}" if proposal.submitted_at else ""
    yield row.word
    yield row.reason
    yield row.by_whom
    yield f"{decision.decided_on:%d.%m.%Y}" if decision else ""
    yield (_("ja") if decision.is_published else _("nein")) if decision else ""
    yield " | ".join(measure_words(row))
    yield " | ".join(row.hints)


def measure_words(row: Row) -> Iterable[str]:
    for tie in row.measures:
        yield f"{tie.measure}: {tie.outcome}" if tie.outcome else str(tie.measure)


def harmless(cell: str) -> str:
    """A spreadsheet takes a cell that begins so for a formula; an apostrophe in front makes it a text."""
    return f"'{cell}" if cell.lstrip(" \u00a0").startswith(FORMULA) or cell.startswith(FORMULA) else cell
