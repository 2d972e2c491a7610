"""Marks in the text of a page: where the words of a note stand, and the page with them highlighted.

A passage is an element with an id. Words are found in its text without regard to white space, so that what
somebody selected or typed is found across line breaks, paragraphs and emphasis. Nothing is parsed into a tree
and written anew: the page stays what it was, with `<mark>` around pieces of its text.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from html import unescape
from operator import itemgetter

from django.utils.html import format_html
from django.utils.safestring import SafeString

LONGEST_QUOTE = 2000
LONGEST_BEFORE = 40
TOKEN = re.compile(
    r"<!--.*?-->|<(?P<name>/?[a-zA-Z][\w-]*)(?:[^<>\"']|\"[^\"]*\"|'[^']*')*>|[^<]+", re.DOTALL
)
ENTITY = re.compile(r"&(?:#\d+|#[xX][\da-fA-F]+|\w+);")
SIGN = re.compile(rf"{ENTITY.pattern}|\S")
VOID = {"area", "base", "br", "col", "embed", "hr", "img", "input", "link", "meta", "source", "track", "wbr"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))


@dataclass(frozen=True)
class Note:
    """`quote` is what is highlighted, `before` what stood in front of it; without a quote the passage is."""

    pk: int
    passage: str
    quote: str
    before: str
    marked: bool
    words: str
    """What a screen reader says of the sign that leads to the note."""


@dataclass(frozen=True)
class Piece:
    """What stands between two tags: where in the page, as it is written there, and its visible signs."""

    start: int
    written: str
    signs: str

    def place_of(self, number: int) -> tuple[int, int]:
        """From where to where in the page the visible sign with this number is written."""
        for found in SIGN.finditer(self.written):
            number -= len(_signs(found[0]))
            if number < 0:
                return self.start + found.start(), self.start + found.end()
        raise IndexError


@dataclass(frozen=True)
class Passage:
    opening: tuple[int, int]
    """Where its tag stands in the page."""
    pieces: list[Piece]
    first: Piece | None
    """The first one outside of a heading."""
    links: list[tuple[int, int]]
    """From where to where the text is a link, in which another may not stand."""

    @cached_property
    def text(self) -> str:
        return "".join(piece.signs for piece in self.pieces)


def squeezed(text: str) -> str:
    """Without white space, soft hyphens and the like."""
    return "".join(text.translate(INVISIBLE).split())


def place_of(html: str, passages: Iterable[str], quote: str) -> str | None:
    """The first of these passages in which the words stand."""
    wanted = squeezed(quote)
    for key in passages:
        passage = _passage(html, key) if key else None
        if wanted and passage and wanted in passage.text:
            return key
    return None


def with_marks(html: str, notes: Iterable[Note], passages: Iterable[str]) -> tuple[SafeString, set[int]]:
    """The page with the notes' words highlighted, and which notes have a place in it.

    Words that are no longer in their passage are looked for in the others: points are moved and renumbered.
    """
    known: dict[str, Passage | None] = {}
    keys = [key for key in passages if key]

    def passage_called(key: str) -> Passage | None:
        if key not in known:
            known[key] = _passage(html, key)
        return known[key]

    inserted: list[tuple[int, int, str]] = []
    found, barred = set(), set()
    for note in notes:
        for key in [note.passage, *keys] if note.quote else [note.passage]:
            passage = passage_called(key) if key else None
            insertions = _insertions(passage, note) if passage else []
            if insertions:
                inserted += insertions
                found.add(note.pk)
                if note.marked and not note.quote and passage:
                    barred.add(passage.opening[1] - 1)
                break
    inserted += [(at, 2, " data-marked") for at in barred]  # a bar beside the whole passage
    return _with(html, inserted), found


# ---- Reading ---------------------------------------------------------------------------------------------


def _passage(html: str, key: str) -> Passage | None:
    opening = re.search(rf"<(\w+)\b[^<>]*\bid=\"{re.escape(key)}\"[^<>]*>", html)
    if opening is None:
        return None
    pieces: list[Piece] = []
    links: list[tuple[int, int]] = []
    first, linked = None, None
    open_tags = [opening[1].lower()]
    for token in TOKEN.finditer(html, opening.end()):
        name = (token["name"] or "").lower()
        if name.startswith("/"):
            open_tags.pop()
            if name == "/a" and linked is not None:
                links.append((linked, token.end()))
                linked = None
            if not open_tags:
                break
        elif name:
            if name not in VOID:
                open_tags.append(name)
            if name == "a":
                linked = token.start()
        elif not token[0].startswith("<!--") and (signs := _signs(token[0])):
            pieces.append(Piece(token.start(), token[0], signs))
            if first is None and not HEADINGS.intersection(open_tags):
                first = pieces[-1]
    return Passage(opening.span(), pieces, first, links)


def _signs(written: str) -> str:
    """The visible ones, each once: `&amp;` is one."""
    return squeezed(ENTITY.sub(lambda found: unescape(found[0]), written))


# ---- Marking ---------------------------------------------------------------------------------------------


def _insertions(passage: Passage, note: Note) -> list[tuple[int, int, str]]:
    """Where, in which order at the same place (what ends before what begins), and what."""
    sign = format_html(
        '<a class="n-ref" href="#notiz-{}"><span class="p-visually-hidden">{}</span></a>', note.pk, note.words
    )
    if not note.quote:
        if passage.first is None:
            return []
        start, _end = passage.first.place_of(0)
        return [(_outside(start, passage.links, before=True), 2, sign)]
    wanted = squeezed(note.quote)
    at = _nearest(passage.text, wanted, squeezed(note.before)) if wanted else -1
    if at < 0:
        return []
    found: list[tuple[int, int, str]] = []
    begin, end = at, at + len(wanted)
    for piece in passage.pieces:
        inside = range(max(begin, 0), min(end, len(piece.signs)))
        if inside:
            name = "" if found else format_html(' id="stelle-{}"', note.pk)
            found.append((piece.place_of(inside[0])[0], 2, format_html('<mark class="n-marked"{}>', name)))
            found.append((piece.place_of(inside[-1])[1], 0, "</mark>"))
        begin, end = begin - len(piece.signs), end - len(piece.signs)
    found.append((_outside(found[-1][0], passage.links, before=False), 1, sign))
    return found


def _outside(at: int, links: Iterable[tuple[int, int]], *, before: bool) -> int:
    for start, end in links:
        if start < at < end or (before and start < at <= end):
            return start if before else end
    return at


def _nearest(text: str, wanted: str, before: str) -> int:
    """Of several places the one with the most of the same words before it."""
    best, most = -1, -1
    at = text.find(wanted)
    while at >= 0:
        alike = _same_ending(text[max(0, at - len(before)) : at], before)
        if alike > most:
            best, most = at, alike
        at = text.find(wanted, at + 1)
    return best


def _same_ending(one: str, other: str) -> int:
    count = 0
    for mine, theirs in zip(reversed(one), reversed(other), strict=False):
        if mine != theirs:
            break
        count += 1
    return count


def _with(html: str, inserted: list[tuple[int, int, str]]) -> SafeString:
    """The page is our own; what is put in was escaped where it was made."""
    parts, last = [], 0
    for at, _rank, text in sorted(inserted, key=itemgetter(0, 1)):
        parts += [html[last:at], text]
        last = at
    return SafeString("".join([*parts, html[last:]]))
