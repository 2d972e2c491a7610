"""The words of a rich text, block by block: paragraphs, headings, items of lists, rows of tables."""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from html.parser import HTMLParser
from typing import NamedTuple

from django.utils.translation import gettext as _

from documents.richtext import DROPPED_WITH_CONTENT

# „18.12.2017“, „Bürger*innen“ and „KOMM-IN“ are one word; every other sign stands for itself.
WORD = re.compile(r"(\s*)(\w+(?:[.,:/*_’'‑–-]\w+)*|\S)")
INVISIBLE = dict.fromkeys(map(ord, "\u00ad\u200b\u2060\ufeff"))
PARAGRAPH, HEADING, ITEM, QUOTE, ROW = "paragraph", "heading", "item", "quote", "row"
LISTS = {"ul", "ol"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
BREAKS = {"p", "div", "blockquote", "figure", "figcaption", "table", "tr", "li"} | HEADINGS | LISTS
CELLS = {"td", "th"}
CELL_SIGN = "|"
FOOTNOTE = "footnote"


class Word(NamedTuple):
    """`text` begins with a space where one stood before it. `target` is what a link or picture shows."""

    text: str
    target: str = ""


@dataclass(frozen=True)
class Block:
    """`depth` counts the lists around an item, from 1."""

    shape: str
    words: tuple[Word, ...]
    depth: int = 0

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words).strip()


def blocks_of(html: str) -> list[Block]:
    """Blocks without words are left out. Cells of a row are parted by a bar."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    reader.handle_endtag("tr" if "tr" in reader.open else "p")  # whatever is still open
    return reader.blocks


def blocks_of_text(text: str) -> list[Block]:
    """Plain text: every line is a paragraph."""
    found = (words_of(line) for line in text.splitlines())
    return [Block(PARAGRAPH, words) for words in found if words]


def words_of(text: str) -> tuple[Word, ...]:
    return tuple(_words([(text, "")]))


def _words(pieces: list[tuple[str, str]]) -> Iterator[Word]:
    """A word may reach over several pieces: „<strong>Sprach</strong>kurs“."""
    pieces = [(text.translate(INVISIBLE), target) for text, target in pieces]
    starts, length = [], 0
    for text, _target in pieces:
        starts.append(length)
        length += len(text)
    for found in WORD.finditer("".join(text for text, _target in pieces)):
        space = " " if found[1] or found.start() == 0 else ""
        yield Word(space + found[2], pieces[bisect_right(starts, found.start(2)) - 1][1])


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.blocks: list[Block] = []
        self.pieces: list[tuple[str, str]] = []
        self.open: list[str] = []
        self.target = ""
        self.cells = 0
        self.ignored = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag in DROPPED_WITH_CONTENT:
            self.ignored += 1
        elif tag in CELLS:
            self.pieces.append((f" {CELL_SIGN} " if self.cells else "", ""))
            self.cells += 1
        elif tag in BREAKS:
            if tag == "tr":
                self.handle_endtag(tag)
                self.cells = 0
            self.end_block()
            self.open.append(tag)
        elif tag == "a":
            self.target = given.get("href", "")
        elif tag == "img":
            words = _("[Bild: %s]") % given["alt"] if given.get("alt") else _("[Bild]")
            self.pieces.append((f" {words} ", given.get("src", "")))
        elif tag == "br":
            self.pieces.append((" ", ""))
        elif tag == "span":
            footnote = "footnote" in given.get("class", "").split()
            self.open.append(FOOTNOTE if footnote else tag)
            self.pieces.append((" [" if footnote else "", ""))

    def handle_endtag(self, tag: str) -> None:
        if tag in DROPPED_WITH_CONTENT:
            self.ignored = max(0, self.ignored - 1)
        elif tag == "a":
            self.target = ""
        elif tag == "span" and self.open and self.open[-1] in (tag, FOOTNOTE):
            self.pieces.append(("]" if self.open.pop() == FOOTNOTE else "", ""))
        elif tag in BREAKS:
            while tag in self.open and self.open[-1] != tag:
                self.open.pop()
            self.end_block()
            if tag in self.open:
                self.open.pop()

    def handle_data(self, data: str) -> None:
        if not self.ignored:
            self.pieces.append((data, self.target))

    def end_block(self) -> None:
        if "tr" in self.open and self.open[-1] != "tr":
            self.pieces.append((" ", ""))  # paragraphs and lists in a cell belong to its row
            return
        words = tuple(_words(self.pieces))
        self.pieces = []
        if any(word.text.strip() != CELL_SIGN for word in words):
            depth = sum(tag in LISTS for tag in self.open)
            self.blocks.append(Block(self.shape(), words, depth))

    def shape(self) -> str:
        """What the innermost open element makes of the words."""
        for tag in reversed(self.open):
            if tag == "tr":
                return ROW
            if tag == "li":
                return ITEM
            if tag == "blockquote":
                return QUOTE
            if tag in HEADINGS:
                return HEADING
        return PARAGRAPH
