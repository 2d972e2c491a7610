"""Puts a parsed text into good shape: from any tree of allowed elements to HTML that can be relied on."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from xml.etree.ElementTree import Element

from documents.richtext_tables import MOST_COLUMNS, Cell, write_table

INLINE = {"a", "em", "s", "strong", "sub", "sup", "span"}
FOOTNOTE = "footnote"
IN_CAPTION = frozenset({FOOTNOTE})
IN_HEADING = frozenset({FOOTNOTE, "strong"})  # bold as it is
HEADINGS = {"h3", "h4"}
BLOCKS = {"blockquote", "figure", "ol", "p", "table", "ul", "li"} | HEADINGS
TABLE_PARTS = {"tbody", "td", "tfoot", "th", "thead", "tr"}
# Understood on paste, then renamed to what a text may use. Headings are renamed by their rank in the text.
RENAMED = {
    "b": "strong",
    "i": "em",
    "strike": "s",
    **dict.fromkeys(("address", "article", "center", "dd", "div", "dt", "main", "pre", "section"), "p"),
}
PICTURE_ADDRESS = re.compile(r"/bilder/([1-9]\d{0,17})")
LIST_TYPES = {"A", "a", "I", "i"}
MOST_ROWS = 1000
MARKUP = re.compile("<[^>]*>|&nbsp;")
EDGES = re.compile(r"^(\s|<br>)+|(\s|<br>)+$")


def shape(body: Element) -> str:
    """Headings that skip no level, lists that consist of items, rectangular tables, figures."""
    _rank_headings(body)
    text = "".join(_blocks(body))
    # A text that begins with a subheading begins with a heading.
    heading = re.search("<h([34])>", text)
    if heading and heading[1] == "4":
        text = re.sub("(?s)<h4>(.*?)</h4>", r"<h3>\1</h3>", text, count=1)
    return text


def _rank_headings(body: Element) -> None:
    """The highest level used becomes a heading, those below it subheadings."""
    found = [(int(element.tag[1]), element) for element in body.iter() if re.fullmatch("h[1-6]", element.tag)]
    top = min([3, *(level for level, _element in found)])
    for level, element in found:
        element.tag = "h3" if level == top else "h4"


def _tag(element: Element) -> str:
    return RENAMED.get(element.tag, element.tag)


def _is_picture(element: Element) -> bool:
    return element.tag == "img" and PICTURE_ADDRESS.fullmatch(element.get("src", "")) is not None


def _is_figure(element: Element) -> bool:
    return _is_picture(element) or (element.tag == "figure" and any(map(_is_picture, element.iter())))


def _is_block(element: Element) -> bool:
    return _tag(element) in BLOCKS | TABLE_PARTS or _is_picture(element)


def _holds_blocks(element: Element) -> bool:
    return any(_is_block(inner) for inner in element.iter() if inner is not element)


def _says_something(html: str) -> bool:
    return "<img " in html or bool(MARKUP.sub("", html).strip())


def _pieces(element: Element) -> Iterator[Element | str]:
    """Text and children in their order."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _inline(piece: Element | str, barred: frozenset[str] = frozenset()) -> str:
    """Words with marks, each mark once; those that are `barred` leave only their words."""
    if isinstance(piece, str):
        return escape(piece, quote=False)
    tag = _tag(piece)
    if tag == "br":
        return "<br>"
    mark = _mark(piece, tag)
    content = "".join(_inline(inner, barred | {mark} if mark else barred) for inner in _pieces(piece))
    if not _says_something(content):
        return content
    if not mark or mark in barred:
        return f" {content} " if _is_block(piece) else content
    if mark == "a":
        return f'<a href="{escape(piece.get("href", ""))}" rel="noopener noreferrer">{content}</a>'
    return f'<span class="footnote">{content}</span>' if mark == FOOTNOTE else f"<{mark}>{content}</{mark}>"


def _mark(element: Element, tag: str) -> str:
    if tag == "span":
        return FOOTNOTE if element.get("class") == "footnote" else ""
    return "" if tag == "a" and not element.get("href") else tag if tag in INLINE else ""


def _paragraph(content: str) -> str:
    content = EDGES.sub("", content)
    return f"<p>{content}</p>" if _says_something(content) else ""


def _blocks(container: Element, within: str = "") -> Iterator[str]:
    """The container's content as a sequence of paragraphs, headings, lists, tables and figures."""
    words = ""
    for piece in _pieces(container):
        if not isinstance(piece, str) and (_is_block(piece) or _holds_blocks(piece)):
            yield _paragraph(words)
            words = ""
            yield from _block(piece, within)
        else:
            words += _inline(piece)
    yield _paragraph(words)


def _block(element: Element, within: str) -> Iterator[str]:
    tag = _tag(element)
    if _is_figure(element):
        yield from _figures(element)
    elif tag in HEADINGS and not _holds_blocks(element):
        content = "".join(_inline(piece, IN_HEADING) for piece in _pieces(element)).strip()
        if _says_something(content):
            yield f"<p><strong>{content}</strong></p>" if within else f"<{tag}>{content}</{tag}>"
    elif tag in ("ul", "ol"):
        items = [f"<li>{item}</li>" for item in _items(element, within)]
        if items:
            yield f"<{tag}{_numbering(element)}>{''.join(items)}</{tag}>"
    elif tag == "blockquote":
        content = "".join(_blocks(element, within or tag))
        if content:
            yield f"<blockquote>{content}</blockquote>"
    elif tag == "table" and not within:
        yield _table(element) or "".join(_blocks(element, within))
    else:
        yield from _blocks(element, within)


def _figures(element: Element) -> Iterator[str]:
    """A figure for each picture; whatever else stands there becomes the last one's caption."""
    pictures = [inner for inner in element.iter() if _is_picture(inner)]
    words = "".join(_inline(piece, IN_CAPTION) for piece in _pieces(element))
    caption = EDGES.sub("", re.sub(r"[ \t\n]+", " ", words))
    for picture in pictures:
        html = f'<img src="{picture.get("src")}" alt="{escape(_alternative(picture))}">'
        if picture is pictures[-1] and _says_something(caption):
            html += f"<figcaption>{caption}</figcaption>"
        yield f"<figure>{html}</figure>"


def _alternative(picture: Element) -> str:
    return " ".join(picture.get("alt", "").split())


def _numbering(listing: Element) -> str:
    """Where a numbered list goes on after an interruption, and whether it counts with letters."""
    if listing.tag != "ol":
        return ""
    kind, start = listing.get("type", ""), _number(listing.get("start"), most=9999)
    return (f' type="{kind}"' if kind in LIST_TYPES else "") + (f' start="{start}"' if start > 1 else "")


def _number(text: str | None, most: int) -> int:
    return min(int(text), most) if text and re.fullmatch("[1-9][0-9]{0,8}", text) else 1


def _content(element: Element) -> str:
    """What stands in an item or a cell: bare words if that is all, else blocks."""
    blocks = [block for block in _blocks(element, _tag(element)) if block]
    if blocks and blocks[0].startswith("<p>") and all(block[:3] in ("<ul", "<ol") for block in blocks[1:]):
        blocks[0] = blocks[0].removeprefix("<p>").removesuffix("</p>")
    return "".join(blocks)


def _items(listing: Element, within: str) -> Iterator[str]:
    item = ""
    for piece in _pieces(listing):
        if isinstance(piece, str) or not (_is_block(piece) or _holds_blocks(piece)):
            content = EDGES.sub("", _inline(piece))
        elif _tag(piece) in ("ul", "ol"):
            # Word puts the inner list behind the item that it belongs to.
            item += "".join(_block(piece, within or "li"))
            continue
        elif _is_figure(piece):
            content = "".join(_figures(piece))
        else:
            content = _content(piece)
        if not _says_something(content):
            continue
        if item:
            yield item
        item = content
    if item:
        yield item


def _table(table: Element) -> str:
    return write_table([[_cell(cell, in_head) for cell in row] for row, in_head in _rows(table)])


def _rows(table: Element) -> Iterator[tuple[list[Element], bool]]:
    """The cells of the table's own rows, not those of a table in one of its cells; whether they are heads."""
    for part in table:
        for row in [part] if part.tag == "tr" else [row for row in part if row.tag == "tr"]:
            yield [cell for cell in row if cell.tag in ("td", "th")], part.tag == "thead"


def _cell(cell: Element, in_head: bool) -> Cell:
    content = _content(cell)
    return Cell(
        tag="th" if in_head else cell.tag,
        content=content if _says_something(content) else "",
        columns=_number(cell.get("colspan"), most=MOST_COLUMNS + 1),
        rows=_number(cell.get("rowspan"), most=MOST_ROWS),
    )
