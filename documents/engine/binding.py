"""One PDF of many sheets: A-3a and UA-1, the same bytes for the same sheets."""

import re
from collections.abc import Mapping, Sequence
from typing import Any

import pydyf
from weasyprint import DEFAULT_OPTIONS, Attachment
from weasyprint.css import ColorProfile
from weasyprint.document import Document
from weasyprint.formatting_structure.boxes import PageBox
from weasyprint.pdf import VARIANTS, generate_pdf
from weasyprint.pdf import fonts as weasyprint_fonts
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.pdf.stream import Stream
from weasyprint.text.ffi import ffi
from weasyprint.text.fonts import FontConfiguration

from documents.engine.press import no_collection, refusals_raised
from documents.engine.sheets import INTENT, Painting, Sheet
from documents.engine.writing import Packer, write
from documents.fetching import AppFetcher

VARIANT = "pdf/a-3a"
LENGTH = re.compile(r"\[\d+\]")

# PDF/A-3a is WeasyPrint's variant; that the file is PDF/UA-1 as well is said in its metadata, together
# with the description of that property which PDF/A demands for a foreign schema.
UA_METADATA = b"""\
<rdf:Description rdf:about="" xmlns:pdfuaid="http://www.aiim.org/pdfua/ns/id/" pdfuaid:part="1"/>\
<rdf:Description rdf:about="" xmlns:pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" \
xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#">\
<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">\
<pdfaSchema:schema>PDF/UA identification schema</pdfaSchema:schema>\
<pdfaSchema:namespaceURI>http://www.aiim.org/pdfua/ns/id/</pdfaSchema:namespaceURI>\
<pdfaSchema:prefix>pdfuaid</pdfaSchema:prefix>\
<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">\
<pdfaProperty:name>part</pdfaProperty:name><pdfaProperty:valueType>Integer</pdfaProperty:valueType>\
<pdfaProperty:category>internal</pdfaProperty:category>\
<pdfaProperty:description>Part of ISO 14289 this file conforms to</pdfaProperty:description>\
</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas></rdf:Description>\
</rdf:RDF>"""


class Foreign:
    """In the place of WeasyPrint's `ffi` where it picks the glyphs of a font. It names an array's type by its
    length, `hb_codepoint_t[87]`, and cffi takes milliseconds to understand each new name, and keeps it."""

    def __getattr__(self, name: str) -> Any:
        return getattr(ffi, name)

    def new(self, kind: str, *value: Any) -> Any:
        return ffi.new(LENGTH.sub("[]", kind) if value else kind, *value)


weasyprint_fonts.ffi = Foreign()


class Metadata(DocumentMetadata):
    def generate_rdf_metadata(self, *args: Any) -> bytes:
        metadata: bytes = super().generate_rdf_metadata(*args)
        return metadata.replace(b"</rdf:RDF>", UA_METADATA)


class Link:
    """A link of a page in one document; WeasyPrint writes down here what it has made of it."""

    def __init__(self, words: str) -> None:
        self.words = words
        self.link_annotation: pydyf.Dictionary | None = None


class BoundPage:
    """A sheet with its running foot, in the shape in which WeasyPrint's writer expects a page."""

    forms: Mapping[Any, Any] = {}
    _page_box = PageBox(None, None)  # empty: the sheet brings its tags along

    def __init__(self, sheet: Sheet, foot: Painting) -> None:
        self.width, self.height, self.bleed = sheet.width, sheet.height, sheet.bleed
        self.bookmarks, self.anchors = sheet.bookmarks, sheet.anchors
        self.links = [(*where, Link(words)) for *where, words in sheet.links]
        self.tags = sheet.tags
        self._sheet, self._foot = sheet, foot

    def paint(self, stream: Stream, scale: float) -> None:
        # The running foot is no part of the text: a screen reader must not read it on each page.
        kind = pydyf.Dictionary({"Type": "/Pagination"})
        pydyf.Stream.begin_marked_content(stream, "Artifact", kind)
        tags, stream._tags = stream._tags, None
        self._foot.replay(stream)
        stream._tags = tags
        stream.end_marked_content()
        if self._sheet.painting is not None:
            self._sheet.painting.replay(stream)
        elif self._sheet.page is not None:
            self._sheet.page.paint(stream, scale)
            tags.clear()

    def link_references(self) -> list[bytes | None]:
        """Completes the links that WeasyPrint has written; None for one whose goal is not in the document."""
        references: list[bytes | None] = []
        for *_, target, _rectangle, link in self.links:
            if link.link_annotation is None:
                references.append(None)
            else:
                link.link_annotation["Contents"] = pydyf.String(link.words or target)
                references.append(link.link_annotation.reference)
        return references


def bind(
    sheets: Sequence[Sheet],
    feet: Sequence[Painting],
    *,
    fonts: FontConfiguration,
    colours: ColorProfile,
    packer: Packer,
    metadata: Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """One PDF, A-3a and UA-1, of these pages in this order."""
    assert len(sheets) == len(feet), (len(sheets), len(feet))
    pages = [BoundPage(sheet, foot) for sheet, foot in zip(sheets, feet, strict=True)]
    fetcher = AppFetcher()
    document = Document(pages, Metadata(**metadata), fetcher, fonts, {INTENT: colours}, INTENT)
    options = {**DEFAULT_OPTIONS, **VARIANTS[VARIANT][1], "pdf_variant": VARIANT, "output_intent": INTENT}
    options["attachments"] = list(attachments)
    with no_collection(collect=False), refusals_raised(fetcher):
        pdf = generate_pdf(document, None, 1, **options)
        _add_tags(pdf, pages)
        return write(pdf, packer)


def _add_tags(pdf: pydyf.PDF, pages: Sequence[BoundPage]) -> None:
    """Hangs the tags of the pages into the empty tree that WeasyPrint has made."""

    def found(reference: bytes) -> Any:
        return pdf.objects[int(reference.split()[0])]

    root = found(pdf.catalog["StructTreeRoot"])
    document = found(root["K"][0])
    by_content = found(root["ParentTree"])["Nums"]
    by_content.clear()
    marks_of_links: list[tuple[bytes, pydyf.Dictionary]] = []
    for number, (page, reference) in enumerate(zip(pages, pdf.page_references, strict=True)):
        links = page.link_references()
        marks = page.tags.write(pdf, reference, document.reference, links)
        document["K"].extend(marks.top)
        by_content.extend((number, pydyf.Array(marks.content)))
        living = [link.link_annotation for *_, link in page.links if link.link_annotation is not None]
        marks_of_links.extend(zip(marks.links, living, strict=True))
    for number, (tag, link) in enumerate(marks_of_links, start=len(pages)):
        by_content.extend((number, tag))
        link["StructParent"] = number
