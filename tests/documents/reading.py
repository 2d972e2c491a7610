"""Reads a PDF as its readers do: pages as text, bookmarks, tags, fonts."""

import re
import subprocess
import tempfile
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

from pypdf import PdfReader

WORD = re.compile(r'<word xMin="(.*?)" yMin=".*?" xMax="(.*?)" yMax=".*?">(.*?)</word>')
Tag = tuple[str, dict[str, Any], list["Tag"]]


def pages(pdf: bytes) -> list[str]:
    """The text of each page, from poppler: what copying from a viewer and a screen reader give."""
    text = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    return text.removesuffix("\f").split("\f")


def in_reading_order(pdf: bytes) -> str:
    """What a screen reader reads: the text in the order of the tags, not in that of the page, as one line."""
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(pdf)
        file.flush()
        command = ["pdfinfo", "-struct-text", file.name]
        tree = subprocess.run(command, capture_output=True, check=True, timeout=60).stdout.decode()
    spans = re.findall(r'^ *"(.*)"$', tree, re.MULTILINE)
    return " ".join(" ".join(spans).split())


def as_painted(pdf: bytes) -> list[str]:
    """The text of each page in the order of painting, line by line: columns one after the other.

    For long documents, where `in_reading_order` takes a minute. The foot is the first line.
    """
    text = subprocess.run(
        ["pdftotext", "-raw", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    return text.removesuffix("\f").split("\f")


def joined(text: str) -> str:
    """Words that were divided at the end of a line, put together again."""
    return re.sub(r"(?<=[a-zäöüß])[-\u00ad\u2010]\s+(?=[a-zäöüß])(?!(?:und|bzw|bis|oder) )", "", text)


def letters(text: str) -> str:
    """The text without spaces and hyphens: the same however its lines were broken."""
    return re.sub(r"[\s\u00ad\u2010\u2011-]+", "", text)


def across(pdf: bytes) -> dict[str, tuple[float, float]]:
    """How far from the left the words of the first page begin and end, in points."""
    text = subprocess.run(
        ["pdftotext", "-bbox", "-l", "1", "-", "-"], input=pdf, capture_output=True, check=True, timeout=60
    ).stdout.decode()
    return {word: (float(left), float(right)) for left, right, word in WORD.findall(text)}


def fonts(pdf: bytes, folder: Path) -> list[str]:
    """One line of `pdffonts` for each font."""
    path = folder / "fonts.pdf"
    path.write_bytes(pdf)
    listing = subprocess.run(
        ["pdffonts", path], capture_output=True, check=True, text=True, timeout=60
    ).stdout
    return listing.splitlines()[2:]


def bookmarks(pdf: bytes) -> list[tuple[int, str, int]]:
    """Depth, title and page (from 1) of each bookmark."""
    reader = PdfReader(BytesIO(pdf))

    def walk(outline: list[Any], depth: int) -> Iterator[tuple[int, str, int]]:
        for item in outline:
            if isinstance(item, list):
                yield from walk(item, depth + 1)
            else:
                page = reader.get_destination_page_number(item)
                assert page is not None
                yield depth, str(item.title), page + 1

    return list(walk(reader.outline, 1))


def tags(pdf: bytes) -> list[Tag]:
    """The structure tree as (name, attributes, children)."""
    root: Any = PdfReader(BytesIO(pdf)).trailer["/Root"]
    return _children(root["/StructTreeRoot"])


def entries(reader: PdfReader) -> Iterator[dict[str, Any]]:
    """Every dictionary of the file, wherever it hangs: also what no page and no listing mentions."""
    size: Any = reader.trailer["/Size"]
    for number in range(1, size):
        found: Any = reader.get_object(number)
        if isinstance(found, dict):
            yield found


def _children(element: Any) -> list[Tag]:
    kids = element.get("/K", [])
    kids = kids.get_object() if hasattr(kids, "get_object") else kids
    found: list[Tag] = []
    for kid in kids if isinstance(kids, list) else [kids]:
        kid = kid.get_object()
        if isinstance(kid, dict) and "/S" in kid:
            found.append((str(kid["/S"]), dict(kid), _children(kid)))
    return found


def descendants(tree: list[Tag], name: str) -> Iterator[Tag]:
    for tag in tree:
        if tag[0] == name:
            yield tag
        yield from descendants(tag[2], name)


def tables_without_heads(pdf: bytes) -> int:
    """How many tables have no head cell at all. veraPDF does not notice them."""
    return sum(not any(descendants(table[2], "/TH")) for table in descendants(tags(pdf), "/Table"))
