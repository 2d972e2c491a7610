"""What word processors put on the clipboard, rewritten as plain HTML that says the same.

Word has no lists: it writes paragraphs with a level and a printed number or bullet. Footnotes are links to
paragraphs at the end. Word Online puts each item into a list of its own, LibreOffice and Google Docs write
proper lists. All of them wrap the words in styles, of which only bold, italic, raised, lowered and struck
through say something. The result is cleaned by the allow-list like any other text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from html import escape
from xml.etree.ElementTree import Element

import tinyhtml5

OFFICE = re.compile(
    r"""<[^<>]{1,3000}?(?:\bmso-|class=["']?Mso|urn:schemas-microsoft|\bSCXW|data-aria-level|sdfootnote|sdendnote"""
    r"""|docs-internal-guid)""",
    re.IGNORECASE,
)
KEPT = set(
    "a b blockquote caption em figure figcaption h1 h2 h3 h4 h5 h6 i img li ol p s strike strong sub sup "
    "table tbody td tfoot th thead tr ul".split()
)
KEPT_ATTRIBUTES = ("href", "src", "alt", "colspan", "rowspan", "start", "type")
PARAGRAPHS = {"p", "div", "h1", "h2", "h3", "h4", "h5", "h6"}
HEADINGS = {"h1", "h2", "h3", "h4", "h5", "h6"}
EMPHASIS = {"b", "strong", "i", "em"}
DROPPED = {"del", "head", "link", "meta", "script", "style", "title", "xml"}
# Contents with their page numbers, comments, and what the author has hidden or deleted.
DROPPED_CLASSES = re.compile(r"MsoToc|MsoComment|msoDel|\bEOP\b")
DROPPED_STYLES = re.compile(
    r"mso-element:\s*(?:comment|header|footer)|mso-list:\s*Ignore|mso-hide:\s*all|display:\s*none"
    r"|mso-comment-reference",
    re.IGNORECASE,
)
LIST = re.compile(r"mso-list:\s*(l\d+)\s+level(\d+)(?:\s+(lfo\d+))?", re.IGNORECASE)
PAGE_BREAK = re.compile("page-break-before|mso-break-type", re.IGNORECASE)
LIST_MARKER = re.compile(r"mso-list:\s*Ignore", re.IGNORECASE)
LIST_CLASS = re.compile(r"MsoList(?:Bullet|Number|Paragraph)\D*?(\d?)(?:Cxsp\w+)?$", re.IGNORECASE)
NAMED_CLASS = re.compile("Mso(Heading|Title|Quote|IntenseQuote)", re.IGNORECASE)
CLASS_TAGS = {"heading": "h6", "title": "h1", "quote": "blockquote", "intensequote": "blockquote"}
CONTINUED_CLASS = re.compile("MsoList", re.IGNORECASE)
LIST_FORMAT = re.compile(r"@list\s+(l\d+:level\d+)\b[^{}]{0,80}\{([^}]{0,2000})\}", re.IGNORECASE)
NUMBER_FORMAT = re.compile(r"mso-level-number-format:\s*([\w-]+)", re.IGNORECASE)
FORMATS = {"alpha-lower": "a", "alpha-upper": "A", "roman-lower": "i", "roman-upper": "I"}
NUMBERED = re.compile(r"[(]?(?:\d+[.)])*(\d+|[a-z]{1,6}(?=[.)]))[.)]*$", re.IGNORECASE)
BULLETS = {"bullet", "image"}
# Where a note is called, and the link back from the note.
CALL = re.compile(r"#(?:_?(ftn|edn|ftnt)|(sdfootnote|sdendnote))(\d+)(?:sym)?$")
BACK = re.compile(r"#(?:_?(ftn|edn|ftnt)_?ref|(sdfootnote|sdendnote))(\d+)(?:anc)?$")
NOTE_ID = re.compile(r"(?:ftn|edn|sdfootnote|sdendnote)\d+$")
COMMENT_LINK = re.compile(r"#_(?:msocom|msoanchor)")
BLOCK_TAG = re.compile(r"</?(?:p|h\d|ul|ol|li|blockquote|figure|figcaption|table|t[a-z]+)\b[^>]*>")
SPACE = re.compile(r"[ \t\r\n\f]+")
STYLES = (
    (re.compile(r"(?<![\w-])font-weight:\s*(?:bold|[6-9]00)", re.IGNORECASE), "strong"),
    (re.compile(r"(?<![\w-])font-style:\s*italic", re.IGNORECASE), "em"),
    (re.compile(r"(?<![\w-])vertical-align:\s*super", re.IGNORECASE), "sup"),
    (re.compile(r"(?<![\w-])vertical-align:\s*sub\b", re.IGNORECASE), "sub"),
    (re.compile(r"(?<![\w-])text-decoration(?:-line)?:[^;]*line-through", re.IGNORECASE), "s"),
)
PLAIN_STYLE = re.compile(r"(?<![\w-])font-(?:weight|style):\s*(?:normal|400)", re.IGNORECASE)


def is_from_office(html: str) -> bool:
    return OFFICE.search(html) is not None


def from_office(html: str) -> str:
    """HTML without styles: lists as lists, footnotes as `<span class="footnote">` where they are called."""
    document = tinyhtml5.parse(f"<!doctype html>{html}", namespace_html_elements=False)
    return _Rewriting(document.find("body"), dict(LIST_FORMAT.findall(html))).html


@dataclass(frozen=True)
class Item:
    """One item of a list, as the word processor says it."""

    level: int
    tag: str
    list_id: str
    kind: str = ""
    start: int = 1

    def begin(self) -> str:
        kind = f' type="{self.kind}"' if self.kind else ""
        start = f' start="{self.start}"' if self.start > 1 else ""
        return f"<{self.tag}{kind}{start}><li>"

    def end(self) -> str:
        return f"</li></{self.tag}>"

    def goes_on(self, other: Item) -> bool:
        """Whether the other is the next of the same list. Bullets are bullets, whatever list they name."""
        return self.tag == other.tag and (self.tag == "ul" or self.list_id == other.list_id)


class _Rewriting:
    def __init__(self, body: Element, formats: dict[str, str]) -> None:
        self.formats = {name.lower(): styles for name, styles in formats.items()}
        self.notes = _called_notes(body)
        self.parts_of_notes = set(self.notes.values())
        self.notes_of_heading: list[str] | None = None
        self.html = "".join(self.children(body))

    def children(self, container: Element) -> Iterator[str]:
        """The content of a block. Items that follow one another become lists inside each other."""
        open_items: list[Item] = []
        for piece in _pieces(container):
            if isinstance(piece, str):
                if open_items and not piece.strip():
                    continue
                yield from _close(open_items)
                yield escape(SPACE.sub(" ", piece), quote=False)
                continue
            if _is_dropped(piece) or piece in self.parts_of_notes:
                continue
            item = self.item_of(piece)
            if item:
                yield from _open(open_items, item)
                yield "".join(self.children(piece))
            elif open_items and _goes_on_with_item(piece):
                yield f"<p>{''.join(self.children(piece))}</p>"
            else:
                yield from _close(open_items)
                yield self.element(piece)
        yield from _close(open_items)

    def item_of(self, element: Element) -> Item | None:
        if element.tag == "li" and element.get("data-aria-level", "").isdecimal():
            return Item(
                level=int(element.get("data-aria-level", "1")),
                tag=element.get("list-tag", "ul"),
                list_id=element.get("data-listid", ""),
                start=_as_int(element.get("list-start")),
            )
        named = LIST.search(element.get("style", ""))
        if element.tag != "p" or not (named or _marker(element)):
            return None
        by_class = LIST_CLASS.search(element.get("class", ""))
        level = int(named[2]) if named else int((by_class and by_class[1]) or 1)
        known = self.formats.get(f"{named[1]}:level{level}".lower()) if named else None
        return _word_item(level, f"{named[1]} {named[3]}" if named else "", known, _marker(element))

    def element(self, element: Element) -> str:
        tag, style = _tag(element), element.get("style", "")
        if tag in HEADINGS:
            return self.heading(tag, element)
        if tag == "a" and (note := self.notes.pop(_key(CALL, element), None)) is not None:
            return self.note(note)
        if tag == "br":
            return "" if PAGE_BREAK.search(style) else "<br>"
        content = "".join(self.children(element))
        if tag in EMPHASIS and PLAIN_STYLE.search(style):
            return content
        if tag == "span" and element.get("class") == "footnote":
            return f'<span class="footnote">{content}</span>'
        if tag == "span":
            for pattern, mark in STYLES:
                if pattern.search(style):
                    content = f"<{mark}>{content}</{mark}>"
        if tag not in KEPT:
            return f"<p>{content}</p>" if tag == "div" else content
        attributes = "".join(
            f' {name}="{escape(element.get(name, ""))}"' for name in KEPT_ATTRIBUTES if element.get(name)
        )
        return f"<{tag}{attributes}>" if tag == "img" else f"<{tag}{attributes}>{content}</{tag}>"

    def heading(self, tag: str, element: Element) -> str:
        """Its printed number is part of it; a note that is called in it follows as a paragraph."""
        around, self.notes_of_heading = self.notes_of_heading, []
        number = _marker(element)
        content = (escape(number) + " " if number else "") + "".join(self.children(element))
        notes = "".join(f"<p>{note}</p>" for note in self.notes_of_heading)
        self.notes_of_heading = around
        return f"<{tag}>{content}</{tag}>{notes}"

    def note(self, note: Element) -> str:
        content = SPACE.sub(" ", BLOCK_TAG.sub(" ", "".join(self.children(note)))).strip()
        if self.notes_of_heading is not None:
            self.notes_of_heading.append(content)
            return ""
        return f'<span class="footnote">{content}</span>'


def _pieces(container: Element) -> Iterator[Element | str]:
    """Text and children in their order; a list of Word Online item by item, whatever it's wrapped in."""
    if container.text:
        yield container.text
    for child in container:
        if "ListContainerWrapper" in child.get("class", ""):
            yield from _pieces(child)
        elif child.tag in ("ul", "ol") and any(item.get("data-aria-level") for item in child):
            for item in child:
                item.set("list-tag", child.tag)
                item.set("list-start", child.get("start", ""))
            yield from _pieces(child)
        elif isinstance(child.tag, str):
            yield child
        if child.tail:
            yield child.tail


def _tag(element: Element) -> str:
    level = element.get("aria-level", "")
    if element.get("role") == "heading" and level.isdecimal():
        return f"h{min(6, max(1, int(level)))}"
    by_class = NAMED_CLASS.match(element.get("class", "")) if element.tag == "p" else None
    return CLASS_TAGS[by_class[1].lower()] if by_class else element.tag


def _is_dropped(element: Element) -> bool:
    style, classes = element.get("style", ""), element.get("class", "")
    return (
        element.tag in DROPPED
        or bool(style and DROPPED_STYLES.search(style))
        or bool(classes and DROPPED_CLASSES.search(classes))
        or (element.tag == "a" and bool(_key(BACK, element) or COMMENT_LINK.match(element.get("href", ""))))
    )


def _goes_on_with_item(element: Element) -> bool:
    """A paragraph in the style of a list but without a number: the second one of an item."""
    return element.tag == "p" and CONTINUED_CLASS.match(element.get("class", "")) is not None


def _marker(element: Element) -> str:
    """The printed number or bullet, which Word hides from those who know its lists."""
    for inner in element.iter():
        if inner is not element and LIST_MARKER.search(inner.get("style", "")):
            return "".join(inner.itertext()).replace("\xa0", " ").strip()
    return ""


def _word_item(level: int, list_id: str, known: str | None, marker: str) -> Item:
    number = NUMBERED.match(marker)
    counted = number[1] if number else ""
    named = NUMBER_FORMAT.search(known) if known is not None else None
    if known is not None and not (named and named[1] == "none"):
        if named and named[1] in BULLETS:
            return Item(level, "ul", list_id)
        kind = FORMATS.get(named[1], "") if named else ""
    elif counted:
        kind = _kind(counted)
    else:
        return Item(level, "ul", list_id)
    return Item(level, "ol", list_id, kind, _value(counted, kind))


def _kind(counted: str) -> str:
    """How a list counts, by its first number. A single "i" is taken for the first Roman one."""
    if counted.isdecimal():
        return ""
    roman = counted.lower() == "i" or (len(counted) > 1 and not counted.lower().strip("ivxlc"))
    letter = "i" if roman else "a"
    return letter.upper() if counted.isupper() else letter


def _value(counted: str, kind: str) -> int:
    if counted.isdecimal():
        return _as_int(counted)
    if kind in ("a", "A") and len(counted) == 1:
        return ord(counted.lower()) - ord("a") + 1
    return 1


def _as_int(text: str | None) -> int:
    return int(text) if text and re.fullmatch("[0-9]{1,4}", text) else 1


def _open(open_items: list[Item], item: Item) -> Iterator[str]:
    """Goes from the item before to this one, up or down the levels."""
    while open_items and open_items[-1].level > item.level:
        yield open_items.pop().end()
    if open_items and open_items[-1].level == item.level:
        if open_items[-1].goes_on(item):
            yield "</li><li>"
            return
        yield open_items.pop().end()
    open_items.append(item)
    yield item.begin()


def _close(open_items: list[Item]) -> Iterator[str]:
    while open_items:
        yield open_items.pop().end()


def _key(pattern: re.Pattern[str], link: Element) -> str:
    """Which note a link leads to or back from; empty if it is no such link."""
    found = pattern.match(link.get("href", ""))
    return f"{found[1] or found[2]}{found[3]}" if found else ""


def _called_notes(body: Element) -> dict[str, Element]:
    """Notes by their key: the part or else the paragraph with the link back. A note calls no other note."""
    parents = {child: parent for parent in body.iter() for child in parent}

    def within(element: Element) -> Iterator[Element]:
        while element in parents:
            yield element
            element = parents[element]

    notes = {}
    for link in body.iter("a"):
        if key := _key(BACK, link):
            around = list(within(link))
            paragraphs = [one for one in around if one.tag in PARAGRAPHS]
            parts = [one for one in around if NOTE_ID.match(one.get("id", ""))]
            for note in (parts or paragraphs)[:1]:
                notes[key] = note
    parts_of_notes = set(notes.values())
    called = {_key(CALL, link) for link in body.iter("a") if parts_of_notes.isdisjoint(within(link))}
    return {key: note for key, note in notes.items() if key in called}
