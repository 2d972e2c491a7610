"""Rich text: cleaned by an allow-list and put into good shape before it is stored.

What is stored can stand on a page and in an accessible PDF as it is: headings do not skip a level, lists
consist of items, every table has heads and as many cells in each row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from html import escape
from typing import Any
from xml.etree.ElementTree import Element

import nh3
import tinyhtml5
from django.db import models

INLINE = {"a", "em", "strong", "sub", "sup", "span"}
HEADINGS = {"h3", "h4"}
BLOCKS = {"blockquote", "ol", "p", "table", "ul", "li"} | HEADINGS
TABLE_PARTS = {"tbody", "td", "tfoot", "th", "thead", "tr"}
# Understood on paste, then renamed to what a text may use.
RENAMED = {"b": "strong", "i": "em", "h1": "h3", "h2": "h3", "h5": "h4", "h6": "h4", "div": "p"}
TAGS = INLINE | BLOCKS | TABLE_PARTS | {"br"} | set(RENAMED)
DROPPED_WITH_CONTENT = {"script", "style", "svg", "math", "title", "iframe", "object", "template", "noscript"}
ATTRIBUTES = {"a": {"href"}, "th": {"scope"}}
CLASSES = {"span": {"footnote"}}
SCHEMES = {"http", "https", "mailto"}
FIRST_LEVEL = 3
BLANK_LINES = re.compile(r"\n\s*\n")
CONTROL = re.compile("[\\x00-\\x08\\x0b\\x0c\\x0e-\\x1f\\x7f-\\x9f\\ufdd0-\\ufdef\\ufffe\\uffff]")
MARKUP = re.compile("<[^>]*>|&nbsp;")


def clean(html: str) -> str:
    """The allowed part of `html`, in good shape. Cleaning twice changes nothing."""
    html = CONTROL.sub("", html)
    if "<" not in html:
        html = "".join(f"<p>{part}</p>" for part in BLANK_LINES.split(html))
    allowed = nh3.clean(
        html,
        tags=TAGS,
        clean_content_tags=DROPPED_WITH_CONTENT,
        attributes=ATTRIBUTES,
        allowed_classes=CLASSES,
        url_schemes=SCHEMES,
        url_relative="deny",
        link_rel=None,
    )
    text = "".join(_blocks(_parse(allowed)))
    # A text that begins with a subheading begins with a heading.
    return re.sub("<h4>(.*?)</h4>", r"<h3>\1</h3>", text, count=1) if _skips_level(text) else text


def _skips_level(text: str) -> bool:
    heading = re.search("<h([34])>", text)
    return heading is not None and heading[1] == "4"


def plain_text(html: str) -> str:
    """The words without the markup: for search, previews and spreadsheets."""
    spaced = re.sub(
        r"(?i)<(?:br|/p|/li|/h\d|/td|/th|/tr|/blockquote)\b[^>]*>", lambda tag: tag[0] + " ", html
    )
    bare = nh3.clean(spaced, tags=set(), clean_content_tags=DROPPED_WITH_CONTENT)
    return " ".join("".join(_parse(bare).itertext()).split())


def below(html: str, level: int) -> str:
    """The text with its headings renumbered to follow a heading of this level without a gap."""

    def shift(tag: re.Match[str]) -> str:
        return f"{tag[1]}h{min(6, int(tag[2]) - FIRST_LEVEL + level + 1)}>"

    return re.sub(r"(</?)h([34])>", shift, html)


class RichTextField(models.TextField):
    """HTML that is cleaned on every save."""

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:
        value = getattr(model_instance, self.attname)
        if value is not None:
            value = clean(value)
            setattr(model_instance, self.attname, value)
        return value


def _parse(html: str) -> Element:
    document = tinyhtml5.parse(f"<!doctype html><body>{html}", namespace_html_elements=False)
    body: Element = document.find("body")
    return body


def _tag(element: Element) -> str:
    return RENAMED.get(element.tag, element.tag)


def _has_words(html: str) -> bool:
    return bool(MARKUP.sub("", html).strip())


def _holds_blocks(element: Element) -> bool:
    return any(_tag(inner) in BLOCKS | TABLE_PARTS for inner in element.iter() if inner is not element)


def _pieces(element: Element) -> Iterator[Element | str]:
    """Text and children in their order."""
    if element.text:
        yield element.text
    for child in element:
        yield child
        if child.tail:
            yield child.tail


def _inline(piece: Element | str, footnotes: bool = True) -> str:
    """Words with marks."""
    if isinstance(piece, str):
        return escape(piece, quote=False)
    tag = _tag(piece)
    if tag == "br":
        return "<br>"
    is_footnote = piece.get("class") == "footnote"
    content = "".join(_inline(inner, footnotes and not is_footnote) for inner in _pieces(piece))
    if not _has_words(content):
        return content
    if tag == "a" and piece.get("href"):
        return f'<a href="{escape(piece.get("href", ""))}" rel="noopener noreferrer">{content}</a>'
    if tag == "span" and is_footnote and footnotes:
        return f'<span class="footnote">{content}</span>'
    if tag in INLINE - {"a", "span"}:
        return f"<{tag}>{content}</{tag}>"
    return content


def _paragraph(content: str) -> str:
    content = re.sub(r"^(\s|<br>)+|(\s|<br>)+$", "", content)
    return f"<p>{content}</p>" if _has_words(content) else ""


def _blocks(container: Element, within: str = "") -> Iterator[str]:
    """The container's content as a sequence of paragraphs, headings, lists and tables."""
    words = ""
    for piece in _pieces(container):
        is_block = not isinstance(piece, str) and (
            _tag(piece) in BLOCKS | TABLE_PARTS or _holds_blocks(piece)
        )
        if is_block:
            yield _paragraph(words)
            words = ""
            yield from _block(piece, within)  # type: ignore[arg-type]
        else:
            words += _inline(piece)
    yield _paragraph(words)


def _block(element: Element, within: str) -> Iterator[str]:
    tag = _tag(element)
    if tag in HEADINGS and not _holds_blocks(element):
        content = "".join(_inline(piece, footnotes=False) for piece in _pieces(element)).strip()
        mark = "strong" if within else ""
        if _has_words(content):
            yield f"<p><{mark}>{content}</{mark}></p>" if within else f"<{tag}>{content}</{tag}>"
    elif tag in ("ul", "ol"):
        items = list(_items(element, within))
        if items:
            yield f"<{tag}>{''.join(f'<li>{item}</li>' for item in items)}</{tag}>"
    elif tag == "blockquote":
        content = "".join(_blocks(element, within or tag))
        if content:
            yield f"<blockquote>{content}</blockquote>"
    elif tag == "table" and not within:
        yield _table(element) or "".join(_blocks(element, within))
    else:
        yield from _blocks(element, within)


def _content(element: Element) -> str:
    """What stands in an item or a cell: bare words if that is all, else blocks."""
    blocks = [block for block in _blocks(element, _tag(element)) if block]
    if blocks and blocks[0].startswith("<p>") and all(block[:4] in ("<ul>", "<ol>") for block in blocks[1:]):
        blocks[0] = blocks[0].removeprefix("<p>").removesuffix("</p>")
    return "".join(blocks)


def _items(listing: Element, within: str) -> Iterator[str]:
    item = ""
    for piece in _pieces(listing):
        if isinstance(piece, str) or _tag(piece) not in BLOCKS:
            content = _inline(piece).strip()
        elif _tag(piece) == "li":
            content = _content(piece)
        elif _tag(piece) in ("ul", "ol"):
            # Word puts the inner list behind the item that it belongs to.
            item += "".join(_block(piece, within or "li"))
            continue
        else:
            content = _content(piece)
        if not _has_words(content):
            continue
        if item:
            yield item
        item = content
    if item:
        yield item


def _table(table: Element) -> str:
    """The table with heads, or nothing if there is no more than one row with words."""
    rows = [[cell for cell in row if cell.tag in ("td", "th")] for row in _rows(table)]
    cells = [[(cell.tag, _content(cell)) for cell in row] for row in rows]
    cells = [row for row in cells if any(_has_words(content) for _, content in row)]
    if len(cells) < 2:
        return ""
    width = max(map(len, cells))
    cells = [row + [("td", "")] * (width - len(row)) for row in cells]
    heads = 1 if not any(tag == "th" for row in cells for tag, _ in row) else 0
    while heads < len(cells) - 1 and all(tag == "th" for tag, content in cells[heads] if content):
        heads += 1
    head = "".join(_row([("th", content) for _, content in row], "col") for row in cells[:heads])
    body = "".join(_row(row, "row") for row in cells[heads:])
    return f"<table>{f'<thead>{head}</thead>' if head else ''}<tbody>{body}</tbody></table>"


def _rows(table: Element) -> list[Element]:
    """The table's own rows, not those of a table in one of its cells."""
    parts = [[child] if child.tag == "tr" else [row for row in child if row.tag == "tr"] for child in table]
    return [row for part in parts for row in part]


def _row(cells: list[tuple[str, str]], scope: str) -> str:
    row = ""
    for tag, content in cells:
        row += f'<th scope="{scope}">{content}</th>' if tag == "th" else f"<td>{content}</td>"
    return f"<tr>{row}</tr>"
