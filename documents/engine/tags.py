"""The tags of a page: built once by WeasyPrint, then written into each document that contains the page."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import pydyf
from weasyprint.document import Page
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.tags import _build_box_tree

REFERENCE = b" 0 R"
# In the file that a page's tags are built in, this is the number of the page; then come the document, the
# links of the page, the tags.
PAGE = 3


class Written(pydyf.Object):
    """An object of a PDF that is bytes already."""

    data = b""

    def __init__(self, data: bytes) -> None:
        super().__init__()
        self.data = data


class Marks(NamedTuple):
    """References to the tags in a document: those on top, and by what they hold."""

    top: Sequence[bytes]
    content: Sequence[bytes]  # by the number of the marked content
    links: Sequence[bytes]  # in the order of the page's living links


@dataclass(frozen=True)
class TagTree:
    """The tags of one page, as bytes with gaps for numbers that differ from document to document.

    What belongs into a gap is said as a number in the file that the tags were built in, less PAGE.
    """

    elements: Sequence[tuple[bytes, Sequence[int]]]
    top: Sequence[int]
    content: Sequence[int]
    links: Sequence[tuple[int, int]]  # the tag, and the object by which it points to the link

    @classmethod
    def of(cls, page: Page, marked: dict[Any, dict[str, Any]]) -> "TagTree":
        """`marked` says which box has which marked content, and is used up."""
        file = pydyf.PDF()
        file.add_page(pydyf.Dictionary())
        document = pydyf.Dictionary({"S": "/Document"})
        links = [pydyf.Dictionary({"Type": "/Annot"}) for _ in page.links]
        for root in (document, *links):
            file.add_object(root)
        for (*_, box), link in zip(page.links, links, strict=True):
            box.link_annotation = link
        first = len(file.objects)
        content: dict[int, bytes] = {}
        of_links: list[tuple[bytes, pydyf.Dictionary]] = []
        built = _build_box_tree(page._page_box, document, file, 0, content, of_links, marked)
        top = [_number(element.reference) for element in built]
        assert not marked, "content without a tag"
        _complete(page, file)
        tags = {link.number: _number(tag) for tag, link in of_links}
        pointers = {
            _number(pointer["Obj"]) + PAGE: pointer.number - PAGE
            for pointer in file.objects[first:]
            if pointer.get("Type") == "/OBJR"
        }
        return cls(
            elements=[_with_gaps(element) for element in file.objects[first:]],
            top=top,
            content=[_number(content[number]) for number in sorted(content)],
            links=[(tags[link.number], pointers[link.number]) for link in links],
        )

    def write(self, pdf: pydyf.PDF, page: bytes, document: bytes, links: Sequence[bytes | None]) -> Marks:
        """Adds the tags to the PDF. Of `page`, `document` and `links` it needs the references; None is a
        link whose goal is not in this document: its tag stays, as plain text."""
        first = len(pdf.objects)
        references = [page, document, *(link or b"null" for link in links)]
        references += [b"%d 0 R" % (first + number) for number in range(len(self.elements))]
        written = list(references)
        for (_, pointer), link in zip(self.links, links, strict=True):
            if link is None:
                written[pointer] = b""
        for element, gaps in self.elements:
            pdf.add_object(Written(element % tuple([written[gap] for gap in gaps])))
        return Marks(
            top=[references[number] for number in self.top],
            content=[references[number] for number in self.content],
            links=[
                references[tag] for (tag, _), link in zip(self.links, links, strict=True) if link is not None
            ],
        )


def _number(reference: bytes) -> int:
    return int(reference.removesuffix(REFERENCE)) - PAGE


def _with_gaps(element: pydyf.Dictionary) -> tuple[bytes, tuple[int, ...]]:
    parts: list[bytes] = []
    gaps: list[int] = []
    _put(element, "", parts, gaps)
    return b"".join(parts), tuple(gaps)


def _put(value: Any, key: str, parts: list[bytes], gaps: list[int]) -> None:
    if isinstance(value, bytes) and value.endswith(REFERENCE):
        gaps.append(_number(value))
        parts.append(b"%b")
    elif isinstance(value, pydyf.Dictionary):
        parts.append(b"<<")
        for key, item in value.items():
            parts.append(b"/%b " % key.encode())
            _put(item, key, parts, gaps)
        parts.append(b">>")
    elif isinstance(value, pydyf.Array):
        parts.append(b"[")
        for item in value:
            _put(item, key, parts, gaps)
            parts.append(b" ")
        parts.append(b"]")
    elif key in ("ID", "Headers"):  # the name of a head cell begins with the number of its table
        table, place = value.string.split("-", 1)
        gaps.append(int(table) - PAGE)
        parts.append(b"(%%b %b)" % place.encode())
    else:
        parts.append(pydyf._to_bytes(value).replace(b"%", b"%%"))


def _complete(page: Page, file: pydyf.PDF) -> None:
    """Adds what WeasyPrint leaves out."""
    for box in page._page_box.descendants():
        if isinstance(box, boxes.TableCellBox) and box.element.tag == "th":
            box.mark["A"]["Scope"] = "/Row" if box.element.get("scope") == "row" else "/Column"
    for element in list(file.objects):
        if isinstance(element, dict) and element.get("S") == "/LI":
            _wrap_list_body(element, file)


def _wrap_list_body(item: pydyf.Dictionary, file: pydyf.PDF) -> None:
    """An item holds a label and a body; WeasyPrint hangs paragraphs directly below it."""
    kids = [file.objects[int(reference.split()[0])] for reference in item["K"]]
    if all(kid.get("S") in ("/Lbl", "/LBody") for kid in kids):
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
    file.add_object(body)
    content = [kid for kid in kids if kid.get("S") != "/Lbl"]
    for kid in content:
        kid["P"] = body.reference
        if kid.get("S") == "/LBody":
            kid["S"] = "/NonStruct"
    body["K"] = pydyf.Array([kid.reference for kid in content])
    item["K"] = pydyf.Array([kid.reference for kid in kids if kid.get("S") == "/Lbl"] + [body.reference])
