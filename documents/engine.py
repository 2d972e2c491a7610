"""The only module that touches WeasyPrint's private parts (hence its exact pin in pyproject.toml).

A document is laid out section by section; a section always begins on a new page, so its pages do not
depend on what stands before it. A laid-out section is painted once and the painting replayed, page by
page, into every document that contains it. What does depend on the whole document, the running foot
with "Seite x von y", comes from an empty frame document of as many pages.

There is one way only: a full render records and replays exactly like a cached one. So a cache hit
cannot change a byte, and `tests/documents/test_pdf.py` holds it to that.
"""

import copy
import gc
import re
import zlib
from collections import OrderedDict
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any

import pydyf
import pyphen
from weasyprint import CSS, HTML, Attachment
from weasyprint.css import ColorProfile
from weasyprint.document import Document, Page
from weasyprint.formatting_structure import boxes
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.metadata import DocumentMetadata
from weasyprint.pdf.stream import Stream
from weasyprint.text.fonts import FontConfiguration, get_pango_font_key
from weasyprint.urls import FatalURLFetchingError

from documents.fetching import SCHEME, AppFetcher, ForbiddenAddress
from documents.typefaces import PRINT_FOLDER, REPLACEMENT, only_our_fonts, unsupported_characters

BASE_SHEET, FRAME_SHEET = "print.css", "frame.css"
VARIANT = "pdf/a-3a"
INTENT = "screen"  # names the colour profile that PDF/A demands
SCALE = 0.75  # PDF points per CSS pixel
COMPRESSION = 6  # 9 takes half as long again for a hundredth of the size
KEPT_STREAMS = 400
ALPHA = re.compile(r"[aA][\d.e-]+")

# WeasyPrint hyphenates with pyphen, whose own German patterns say "Facha-rbeitsgruppen", and load slowly.
GERMAN = Path(__file__).resolve().parent / "hyphenation" / "de.dic"
pyphen.LANGUAGES.update({name: GERMAN for name in pyphen.LANGUAGES if name.split("_")[0] == "de"})

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


@contextmanager
def _no_collection(collect: bool = True) -> Iterator[None]:
    """Holds Python's cycle collector back, which otherwise walks all kept pages again and again.

    At the end it looks at the young objects only: that frees the cycles one layout leaves behind, and
    keeps a concept of 100 pages linear in time and small in memory.
    """
    enabled = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if collect:
            gc.collect(1)
        if enabled:
            gc.enable()


class Packer:
    """Compresses streams, and remembers those it has seen: pages and profiles recur in each stage's PDF."""

    def __init__(self) -> None:
        self.packed: OrderedDict[bytes, bytes] = OrderedDict()

    def pack(self, pdf: pydyf.PDF) -> None:
        for stream in pdf.objects:
            if isinstance(stream, pydyf.Stream) and stream.compress:
                stream.stream = [self._packed(b"\n".join(map(pydyf._to_bytes, stream.stream)))]
                stream.extra["Filter"] = "/FlateDecode"
                stream.compress = False

    def _packed(self, content: bytes) -> bytes:
        key = sha256(content).digest()
        if key not in self.packed:
            self.packed[key] = zlib.compress(content, COMPRESSION)
            while len(self.packed) > KEPT_STREAMS:
                self.packed.popitem(last=False)
        self.packed.move_to_end(key)
        return self.packed[key]


def _page_references(pdf: pydyf.PDF) -> tuple[bytes, ...]:
    kids = pdf.pages["Kids"]
    known: tuple[bytes, ...] = getattr(pdf, "_known_references", ())
    if len(known) * 3 != len(kids):
        known = pdf._known_references = tuple(f"{number} 0 R".encode() for number in kids[::3])
    return known


# pydyf writes the references of all pages anew for each tag of each page: quadratic in a long concept.
pydyf.PDF.page_references = property(_page_references)


class Press:
    """What a process loads once: fonts and style sheets."""

    def __init__(self) -> None:
        with only_our_fonts():
            self.fonts = FontConfiguration()
        # The apps add sheets of their own for their templates; print.css comes before them.
        names = [path.name for path in sorted(PRINT_FOLDER.glob("*.css"))]
        own = [name for name in names if name not in (BASE_SHEET, FRAME_SHEET)]
        self.styles = [self._sheet(name) for name in (BASE_SHEET, *own)]
        self.frame_styles = [self._sheet(BASE_SHEET), self._sheet(FRAME_SHEET)]
        self.unsupported = unsupported_characters()
        self.packer = Packer()
        self._programs: dict[Any, Font] = {}
        # WeasyPrint would open its sRGB profile anew for each document, and not close it.
        with (files("weasyprint.pdf") / "sRGB2014.icc").open("rb") as profile:
            self.colours = ColorProfile(profile, "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b"))
        assert self.colours.name  # read once before its content: reading it changes those bytes

    def _sheet(self, name: str) -> CSS:
        text = (PRINT_FOLDER / name).read_text(encoding="utf-8")
        return CSS(string=text, font_config=self.fonts, url_fetcher=AppFetcher())

    def add_font(self, fonts: dict[Any, Font], pango_font: Any) -> tuple[Font, float]:
        """A blank copy of the font among `fonts`; its program is read from the file once per process.

        The copies use its HarfBuzz face, which it holds a reference to; Pango may drop its own font.
        """
        key, description, size = get_pango_font_key(pango_font)
        if key not in self._programs:
            self._programs[key] = Font(pango_font, description, size)
        if key not in fonts:
            fonts[key] = _blank(self._programs[key])
        return fonts[key], size

    def parse(self, html: str, assets: Mapping[str, bytes] | None = None) -> HTML:
        # With a base, a relative address is refused like any other instead of failing in odd places.
        parsed = HTML(string=html, base_url=SCHEME, url_fetcher=AppFetcher(assets))
        for element in parsed.etree_element.iter():
            if element.tag == "ol" and element.get("start", "").isdecimal():  # WeasyPrint reads styles only
                element.set("style", f"counter-reset: list-item {int(element.get('start')) - 1}")
            if element.text and self.unsupported.search(element.text):
                element.text = self.unsupported.sub(REPLACEMENT, element.text)
            if element.tail and self.unsupported.search(element.tail):
                element.tail = self.unsupported.sub(REPLACEMENT, element.tail)
        return parsed

    def lay_out(self, html: str, assets: Mapping[str, bytes] | None = None) -> list["Sheet"]:
        """The pages of one section, painted, without running foot."""
        with _no_collection():
            parsed = self.parse(html, assets)
            return [self._sheet_of(page, parsed.url_fetcher) for page in self._pages(parsed, self.styles)]

    def frames(self, html: str) -> list["Painting"]:
        """The running feet of a whole document, from a document of empty pages."""
        parsed = self.parse(html)
        pages = self._pages(parsed, self.frame_styles)
        return [self._paint(page, parsed.url_fetcher, tagged=False)[1] for page in pages]

    def _pages(self, html: HTML, styles: list[CSS]) -> list[Page]:
        with _refusals_raised(html.url_fetcher):
            pages: list[Page] = html.render(font_config=self.fonts, stylesheets=styles).pages
        return pages

    def _sheet_of(self, page: Page, fetcher: AppFetcher) -> "Sheet":
        replayable, painting = self._paint(page, fetcher, tagged=True)
        # Everything inside a link inherits it; but only the link itself is tagged as one (PDF/UA 7.18.5).
        page.links = [link for link in page.links if link[-1].link]
        heads = []
        for box in page._page_box.descendants():
            if replayable and isinstance(box, boxes.TextBox):
                box.pango_layout = None  # painted; what is still needed of the boxes is their tree
            elif isinstance(box, boxes.TableCellBox) and box.element.tag == "th":
                heads.append(box)
        return Sheet(page, painting if replayable else None, heads)

    def _paint(self, page: Page, fetcher: AppFetcher, tagged: bool) -> tuple[bool, "Painting"]:
        recorder = Recorder(self, page, tagged)
        recorder.transform(d=-1, f=page.height * SCALE)
        start = len(recorder.stream)
        with _refusals_raised(fetcher):
            page.paint(recorder, SCALE)
        return recorder.replayable, recorder.painting(start)


@contextmanager
def _refusals_raised(fetcher: AppFetcher) -> Iterator[None]:
    """Makes an ordinary exception of a refusal, also of one that the drawing of an SVG has swallowed."""
    try:
        yield
    except FatalURLFetchingError as error:
        raise ForbiddenAddress(str(error)) from error
    if fetcher.refused:
        raise ForbiddenAddress(f"Not a registered image: {fetcher.refused[0]}")


def _blank(font: Font) -> Font:
    fresh = copy.copy(font)
    fresh.widths, fresh.to_unicode, fresh.missing = {}, {}, {}
    return fresh


@dataclass(frozen=True)
class Painting:
    """What painting one page wrote, kept so that it can be written again into another document."""

    tokens: bytes
    tags: dict[Any, dict[str, Any]]
    fonts: dict[Any, Font]
    alphas: dict[str, pydyf.Dictionary]
    images: dict[str, dict[str, Any]]

    def replay(self, stream: Stream) -> None:
        if stream._tags is not None:
            assert not stream._tags, "marked content is numbered from 0 on each page"
            stream._tags.update(self.tags)
        for key, font in self.fonts.items():
            known = stream._fonts.setdefault(key, _blank(font))
            for mine, theirs in ((font.widths, known.widths), (font.to_unicode, known.to_unicode)):
                for glyph, value in mine.items():
                    theirs.setdefault(glyph, value)
        for name, alpha in self.alphas.items():
            stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(alpha))
        for image in self.images.values():
            for ratio in sorted(image["dpi_ratios"]):
                stream.add_image(image["image"], image["interpolate"], ratio)
        stream.stream.append(self.tokens)


class Recorder(Stream):
    """A stream of its own to paint one page into."""

    def __init__(self, press: Press, page: Page, tagged: bool) -> None:
        bleed = page.bleed
        rectangle = (
            -bleed["left"], -bleed["top"],
            page.width + bleed["left"] + bleed["right"], page.height + bleed["top"] + bleed["bottom"],
        )  # fmt: skip
        names = ("ExtGState", "XObject", "Pattern", "Shading")
        resources = pydyf.Dictionary({name: pydyf.Dictionary() for name in names})
        resources["ColorSpace"] = pydyf.Dictionary()
        super().__init__({}, rectangle, resources, {}, {} if tagged else None, {}, INTENT)
        self._press = press

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        return self._press.add_font(self._fonts, pango_font)

    def clone(self, **kwargs: Any) -> Stream:
        # Only groups, patterns and soft masks clone the stream: they are numbered per document.
        self._resources["Pattern"]["cloned"] = True
        return super().clone(**kwargs)

    @property
    def replayable(self) -> bool:
        """Whether the painting names nothing that is numbered per document."""
        resources = self._resources
        return (
            not resources["Pattern"]
            and not resources["Shading"]
            and set(resources["XObject"]) == set(self._images)
            and all(ALPHA.fullmatch(name) for name in resources["ExtGState"])
            and not any(font.missing for font in self._fonts.values())
        )

    def painting(self, start: int) -> Painting:
        tokens = pydyf.Stream(self.stream[start:]).data.split(b"stream\n", 1)[1].removesuffix(b"\nendstream")
        return Painting(tokens, self._tags or {}, self._fonts, self._resources["ExtGState"], self._images)


@dataclass(frozen=True)
class Sheet:
    """A page of a section. Without painting if it must be painted afresh in each document."""

    page: Page
    painting: Painting | None
    heads: Sequence[boxes.TableCellBox]


class BoundPage:
    """A sheet with its running foot, in the shape in which WeasyPrint's writer expects a page."""

    def __init__(self, sheet: Sheet, frame: Painting) -> None:
        page = sheet.page
        self.width, self.height, self.bleed, self.forms = page.width, page.height, page.bleed, page.forms
        self.bookmarks, self.links, self.anchors = page.bookmarks, page.links, page.anchors
        self._page_box, self.heads = page._page_box, sheet.heads
        self._sheet, self._frame = sheet, frame

    def paint(self, stream: Stream, scale: float) -> None:
        # The running foot is no part of the text: a screen reader must not read it on each page.
        kind = pydyf.Dictionary({"Type": "/Pagination"})
        pydyf.Stream.begin_marked_content(stream, "Artifact", kind)
        tags, stream._tags = stream._tags, None
        self._frame.replay(stream)
        stream._tags = tags
        stream.end_marked_content()
        if self._sheet.painting is None:
            self._sheet.page.paint(stream, scale)
        else:
            self._sheet.painting.replay(stream)


class Metadata(DocumentMetadata):
    def generate_rdf_metadata(self, *args: Any) -> bytes:
        metadata: bytes = super().generate_rdf_metadata(*args)
        return metadata.replace(b"</rdf:RDF>", UA_METADATA)


def _complete_tags(document: Document, pdf: pydyf.PDF) -> None:
    """Adds to the tags what WeasyPrint leaves out."""
    for page in document.pages:
        for head in page.heads:
            head.mark["A"]["Scope"] = "/Row" if head.element.get("scope") == "row" else "/Column"
        for _kind, target, _rectangle, box in page.links:
            if box.link_annotation:  # its alternative text is what the link says, not the anchor's name
                words = box.element.get("title") or " ".join("".join(box.element.itertext()).split())
                box.link_annotation["Contents"] = pydyf.String(words or target)
    for element in list(pdf.objects):
        if isinstance(element, dict) and element.get("S") == "/LI":
            _wrap_list_body(element, pdf)


def _wrap_list_body(item: pydyf.Dictionary, pdf: pydyf.PDF) -> None:
    """An item holds a label and a body; WeasyPrint hangs paragraphs directly below it."""
    kids = [pdf.objects[int(reference.split()[0])] for reference in item["K"]]
    if all(kid.get("S") in ("/Lbl", "/LBody") for kid in kids):
        return
    body = pydyf.Dictionary({"Type": "/StructElem", "S": "/LBody", "Pg": item["Pg"], "P": item.reference})
    pdf.add_object(body)
    content = [kid for kid in kids if kid.get("S") != "/Lbl"]
    for kid in content:
        kid["P"] = body.reference
        if kid.get("S") == "/LBody":
            kid["S"] = "/NonStruct"
    body["K"] = pydyf.Array([kid.reference for kid in content])
    item["K"] = pydyf.Array([kid.reference for kid in kids if kid.get("S") == "/Lbl"] + [body.reference])


def bind(
    press: Press,
    sheets: Sequence[Sheet],
    frames: Sequence[Painting],
    *,
    metadata: Mapping[str, Any],
    attachments: Sequence[Attachment] = (),
) -> bytes:
    """One PDF, A-3a and UA-1, of these pages in this order."""
    assert len(sheets) == len(frames), (len(sheets), len(frames))
    pages = [BoundPage(sheet, frame) for sheet, frame in zip(sheets, frames, strict=True)]
    for page in pages:
        for *_, box in page.links:
            box.link_annotation = None  # left over from the document it was bound into before
    fetcher = AppFetcher()
    document = Document(pages, Metadata(**metadata), fetcher, press.fonts, {INTENT: press.colours}, INTENT)

    def finish(document: Document, pdf: pydyf.PDF) -> None:
        _complete_tags(document, pdf)
        press.packer.pack(pdf)

    with _no_collection(collect=False), _refusals_raised(fetcher):
        pdf: bytes = document.write_pdf(
            pdf_variant=VARIANT,
            output_intent=INTENT,
            finisher=finish,
            attachments=list(attachments),
        )
    return pdf
