"""Several PDFs as one: with bookmarks, page numbers through the whole, and the tags that each brings along.

The files themselves are taken as they are; nothing in them is laid out again. A file without tags (a scan,
something from elsewhere) stays without: a screen reader finds the others' text in order.
"""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from pypdf import PageObject, PdfReader, PdfWriter, Transformation
from pypdf.errors import PyPdfError
from pypdf.generic import (
    ArrayObject,
    BooleanObject,
    ContentStream,
    DecodedStreamObject,
    DictionaryObject,
    IndirectObject,
    NameObject,
    NullObject,
    NumberObject,
    TextStringObject,
)

from documents.pdf import PrintDocument, Section, render

MARKS = (b"BDC", b"BMC", b"EMC")
SHEET_HEIGHT = 841.89  # of A4 in points: what the page numbers are laid out on


class UnreadableFile(ValueError):
    """A file that cannot be joined to others; the message is its title."""


@dataclass(frozen=True)
class Part:
    """A file of the whole. `level` says how far its bookmark is set in; `content` is empty for a heading that
    leads to the next file."""

    title: str
    content: bytes = b""
    level: int = 0


def join(
    parts: Sequence[Part],
    *,
    title: str,
    author: str = "",
    place: Callable[[int, int], str] | None = None,
) -> bytes:
    """One PDF of all parts in order. `place` words the number of a page: it gets the page and how many there
    are, both counted from 1; without it no numbers are added. Raises UnreadableFile."""
    writer = PdfWriter()
    writer.pdf_header = "%PDF-1.7"
    whole = _Tree(writer)
    waiting: list[tuple[Part, int]] = []
    for part in parts:
        start = len(writer.pages)
        waiting.append((part, start))
        if part.content:
            _append(writer, whole, part)
    if not writer.pages:
        raise ValueError("nothing to join")
    if place is not None:
        _number(writer, place)
    _bookmarks(writer, waiting)
    whole.finish(title)
    _describe(writer, title, author, accessible=whole.complete)
    output = io.BytesIO()
    writer.write(output)
    return output.getvalue()


def _append(writer: PdfWriter, whole: _Tree, part: Part) -> None:
    try:
        reader = PdfReader(io.BytesIO(part.content))
        first = len(writer.pages)
        # Only the pages: bookmarks and names of the single files would be in each other's way.
        writer.append(reader, import_outline=False)
        pages = writer.pages[first:]
        _calm(pages)
        _resolve_links(reader, writer, pages)
        whole.take_over(reader, pages, part.title)
    except (PyPdfError, KeyError, AttributeError, TypeError, ValueError) as error:
        raise UnreadableFile(part.title) from error


def _calm(pages: Sequence[PageObject]) -> None:
    """What a foreign file would do by itself when a page is opened or a place touched."""
    for page in pages:
        page.pop("/AA", None)
        for reference in _get(page, "/Annots") or ():
            note = reference.get_object()
            note.pop("/AA", None)
            if "/A" in note and _get(note["/A"], "/S") not in ("/URI", "/GoTo"):
                del note["/A"]


# ---- Links -----------------------------------------------------------------------------------------------


def _resolve_links(reader: PdfReader, writer: PdfWriter, pages: Sequence[PageObject]) -> None:
    """Links by name get the place they mean: two files may call different places the same."""
    places = {
        str(name): (reader.get_destination_page_number(destination), destination)
        for name, destination in reader.named_destinations.items()
    }
    for page in pages:
        for reference in _get(page, "/Annots") or ():
            note = reference.get_object()
            named = note.get("/Dest")
            action = _get(note, "/A") or {}
            if named is None and action.get("/S") == "/GoTo":
                named = action.get("/D")
            if not isinstance(named, (str, bytes)):
                continue
            number, destination = places.get(str(named), (None, None))
            if number is None or destination is None or number >= len(pages):
                continue
            goal = ArrayObject([pages[number].indirect_reference, *_view(destination)])
            note.pop("/A", None)
            note[NameObject("/Dest")] = goal


def _view(destination: Any) -> list[Any]:
    """Where on its page it is."""
    kept = [destination.get(name, NullObject()) for name in ("/Left", "/Top")]
    return [NameObject("/XYZ"), *kept, NullObject()]


# ---- Tags ------------------------------------------------------------------------------------------------


class _Tree:
    """The tags of all files under one root."""

    def __init__(self, writer: PdfWriter) -> None:
        self.writer = writer
        self.tops = ArrayObject()
        self.by_number: list[Any] = []
        self.next_number = 0
        self.roles = DictionaryObject()
        self.complete = True
        self.root = writer._add_object(DictionaryObject({NameObject("/Type"): NameObject("/StructTreeRoot")}))

    def take_over(self, reader: PdfReader, pages: Sequence[PageObject], title: str) -> None:
        catalog: Any = reader.trailer["/Root"]
        old = _get(catalog, "/StructTreeRoot")
        if not isinstance(old, DictionaryObject) or "/K" not in old:
            self.complete = False
            for page in pages:
                page.pop("/StructParents", None)
            return
        kids = old["/K"].get_object() if isinstance(old.raw_get("/K"), IndirectObject) else old["/K"]
        part = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Part"),
                NameObject("/T"): TextStringObject(title),
            }
        )
        reference = self.writer._add_object(part)
        tops = ArrayObject()
        for kid in kids if isinstance(kids, ArrayObject) else [old.raw_get("/K")]:
            copied = kid.clone(self.writer)  # the pages it names have been copied already
            copied.get_object()[NameObject("/P")] = reference
            copied.get_object()[NameObject("/S")] = NameObject("/Div")
            _mark_ids(copied.get_object(), f"{len(self.tops) + 1}-")
            tops.append(copied)
        part[NameObject("/K")] = tops
        self.tops.append(reference)
        for name, role in (_get(old, "/RoleMap") or {}).items():
            self.roles.setdefault(NameObject(name), NameObject(role))
        self._renumber(reader, old, pages)

    def _renumber(self, reader: PdfReader, old: DictionaryObject, pages: Sequence[PageObject]) -> None:
        """Each file counts its pages and links from 0; here they count on."""
        numbers = dict(_numbers(old["/ParentTree"].get_object())) if "/ParentTree" in old else {}
        offset = self.next_number
        for number, tags in sorted(numbers.items()):
            self.by_number += [NumberObject(number + offset), tags.clone(self.writer)]
        self.next_number = offset + max(numbers, default=-1) + 1
        for page, original in zip(pages, reader.pages, strict=True):
            if "/StructParents" in original:  # which is not copied along
                page[NameObject("/StructParents")] = NumberObject(_int(original, "/StructParents") + offset)
            for reference in _get(page, "/Annots") or ():
                note = reference.get_object()
                if "/StructParent" in note:
                    note[NameObject("/StructParent")] = NumberObject(_int(note, "/StructParent") + offset)

    def finish(self, title: str) -> None:
        """Hangs everything under one root, in the catalog."""
        catalog = self.writer.root_object
        document = DictionaryObject(
            {
                NameObject("/Type"): NameObject("/StructElem"),
                NameObject("/S"): NameObject("/Document"),
                NameObject("/P"): self.root,
                NameObject("/T"): TextStringObject(title),
                NameObject("/K"): self.tops,
            }
        )
        top = self.writer._add_object(document)
        for part in self.tops:
            part.get_object()[NameObject("/P")] = top
        root = self.root.get_object()
        assert isinstance(root, DictionaryObject)
        root[NameObject("/K")] = ArrayObject([top])
        tree = DictionaryObject({NameObject("/Nums"): ArrayObject(self.by_number)})
        root[NameObject("/ParentTree")] = self.writer._add_object(tree)
        root[NameObject("/ParentTreeNextKey")] = NumberObject(self.next_number)
        if self.roles:
            root[NameObject("/RoleMap")] = self.roles
        catalog[NameObject("/StructTreeRoot")] = self.root
        marked = DictionaryObject({NameObject("/Marked"): BooleanObject(True)})
        catalog[NameObject("/MarkInfo")] = marked


def _get(thing: Any, name: str) -> Any:
    """What stands there, followed to where it is; None where nothing does."""
    value = thing.get(name)
    return None if value is None else value.get_object()


def _mark_ids(top: Any, mark: str) -> None:
    """Cells name their heads by ids, which two files may have in common."""
    waiting = [top]
    while waiting:
        element = waiting.pop()
        if "/ID" in element:
            element[NameObject("/ID")] = TextStringObject(f"{mark}{_text(element['/ID'])}")
        attributes = _get(element, "/A")
        for entry in attributes if isinstance(attributes, ArrayObject) else [attributes]:
            entry = entry.get_object() if entry is not None else None
            if isinstance(entry, DictionaryObject) and "/Headers" in entry:
                heads: Any = entry["/Headers"]
                names = [TextStringObject(f"{mark}{_text(name)}") for name in heads]
                entry[NameObject("/Headers")] = ArrayObject(names)
        kids = _get(element, "/K")
        for kid in kids if isinstance(kids, ArrayObject) else [kids]:
            child = kid.get_object() if kid is not None else None
            if isinstance(child, DictionaryObject) and "/S" in child:
                waiting.append(child)


def _int(thing: Any, name: str) -> int:
    return int(thing[name])


def _text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _numbers(tree: Any) -> list[tuple[int, Any]]:
    """The pairs of a number tree, however deep."""
    flat = list(_get(tree, "/Nums") or ())
    found = [(int(number), tags) for number, tags in zip(flat[::2], flat[1::2], strict=True)]
    for kid in _get(tree, "/Kids") or ():
        found += _numbers(kid.get_object())
    return found


# ---- Page numbers, bookmarks, what it is -----------------------------------------------------------------


def _number(writer: PdfWriter, place: Callable[[int, int], str]) -> None:
    """Laid over the pages as something that is no part of their text."""
    count = len(writer.pages)
    lines = "".join(f'<p class="stamp">{place(page, count)}</p>' for page in range(1, count + 1))
    stamps = PdfReader(io.BytesIO(render(PrintDocument(title="–", sections=[Section(lines, "cover")]))))
    for page, stamp in zip(writer.pages, stamps.pages, strict=True):
        _unmark(stamp)
        if page.rotation:
            page.transfer_rotation_to_content()
        box = page.cropbox
        move = Transformation().translate(float(box.left), float(box.top) - SHEET_HEIGHT)
        page.merge_transformed_page(stamp, move)


def _unmark(stamp: PageObject) -> None:
    """Its own tags do not come along, so its marks may not either: the whole of it is an artifact."""
    contents = stamp.get_contents()
    assert contents is not None
    stream = ContentStream(contents, stamp.pdf)
    stream.operations = [
        (
            [NameObject("/Artifact"), DictionaryObject({NameObject("/Type"): NameObject("/Pagination")})],
            b"BDC",
        ),
        *(operation for operation in stream.operations if operation[1] not in MARKS),
        ([], b"EMC"),
    ]
    stamp[NameObject("/Contents")] = stream
    for name in ("/Annots", "/StructParents"):
        stamp.pop(name, None)


def _bookmarks(writer: PdfWriter, parts: Sequence[tuple[Part, int]]) -> None:
    above: list[Any] = []
    for part, page in parts:
        level = min(part.level, len(above))
        del above[level:]
        place = min(page, len(writer.pages) - 1)
        parent = above[-1] if above else None
        above.append(writer.add_outline_item(title=part.title, page_number=place, parent=parent))


def _describe(writer: PdfWriter, title: str, author: str, *, accessible: bool) -> None:
    catalog = writer.root_object
    catalog[NameObject("/Lang")] = TextStringObject("de")
    catalog[NameObject("/PageMode")] = NameObject("/UseOutlines")
    catalog[NameObject("/ViewerPreferences")] = DictionaryObject(
        {NameObject("/DisplayDocTitle"): BooleanObject(True)}
    )
    writer.metadata = {"/Title": title, **({"/Author": author} if author else {})}
    packet = DecodedStreamObject()
    packet.set_data(_xmp(title, accessible=accessible))
    packet[NameObject("/Type")] = NameObject("/Metadata")
    packet[NameObject("/Subtype")] = NameObject("/XML")
    catalog[NameObject("/Metadata")] = writer._add_object(packet)


def _xmp(title: str, *, accessible: bool) -> bytes:
    """Only what holds tagged files alone says of itself that it is accessible."""
    claim = (
        '<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>'
        if accessible
        else ""
    )
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>'
        '<x:xmpmeta xmlns:x="adobe:ns:meta/"><rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">'
        '<rdf:Description rdf:about="" xmlns:dc="http://purl.org/dc/elements/1.1/">'
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{escape(title)}</rdf:li></rdf:Alt></dc:title>'
        f'</rdf:Description>{claim}</rdf:RDF></x:xmpmeta><?xpacket end="w"?>'
    ).encode()
