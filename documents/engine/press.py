"""What a process loads once to print, and laying out."""

import gc
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from hashlib import sha256
from importlib.resources import files
from pathlib import Path
from typing import Any, NamedTuple

import pyphen
from tinycss2.color5 import Color, parse_color
from weasyprint import CSS, HTML
from weasyprint.css import ColorProfile
from weasyprint.document import Page
from weasyprint.images import RasterImage
from weasyprint.pdf.fonts import Font
from weasyprint.text.fonts import FontConfiguration, get_pango_font_key
from weasyprint.urls import FatalURLFetchingError

from documents.engine.likeness import Likeness
from documents.engine.lines import Lines, blank
from documents.engine.memory import Memory
from documents.engine.sheets import SCALE, TOWN, Encoder, Painting, Recorder, Sheet
from documents.engine.styles import Styles
from documents.fetching import SCHEME, AppFetcher, ForbiddenAddress
from documents.typefaces import PRINT_FOLDER, REPLACEMENT, only_our_fonts, unsupported_characters

BASE_SHEET, FEET_SHEET = "print.css", "feet.css"

# WeasyPrint hyphenates with pyphen, whose own German patterns say "Facha-rbeitsgruppen", and load slowly.
GERMAN = Path(__file__).resolve().parent.parent / "hyphenation" / "de.dic"
pyphen.LANGUAGES.update({name: GERMAN for name in pyphen.LANGUAGES if name.split("_")[0] == "de"})
KEPT_PICTURES = 16
KEPT_SHEETS = 60  # and as many older ones: an edit is followed by the next one, in the same section


class KnownSheet(NamedTuple):
    sheet: Sheet
    witnesses: Mapping[int, Any]


@contextmanager
def no_collection(collect: bool = True) -> Iterator[None]:
    """Holds Python's cycle collector back, which otherwise walks all boxes again and again.

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


@contextmanager
def refusals_raised(fetcher: AppFetcher) -> Iterator[None]:
    """Makes an ordinary exception of a refusal, also of one that the drawing of an SVG has swallowed."""
    try:
        yield
    except FatalURLFetchingError as error:
        raise ForbiddenAddress(str(error)) from error
    if fetcher.refused:
        raise ForbiddenAddress(f"Not a registered image: {fetcher.refused[0]}")


class Press:
    """Fonts, style sheets, and pictures it has seen."""

    def __init__(self) -> None:
        with only_our_fonts():
            self.fonts = FontConfiguration()
        self.lines = self.fonts.lines = Lines(self)
        self.fonts.styles = Styles()
        # The apps add sheets of their own for their templates; print.css comes before them.
        names = [path.name for path in sorted(PRINT_FOLDER.glob("*.css"))]
        own = [name for name in names if name not in (BASE_SHEET, FEET_SHEET)]
        self.styles = [self._sheet(BASE_SHEET, *own)]
        self.feet_styles = [self._sheet(BASE_SHEET, FEET_SHEET)]
        self.unsupported = unsupported_characters()
        self._programs: dict[Any, Font] = {}
        self._pictures: OrderedDict[bytes, Any] = OrderedDict()
        self._known_sheets: Memory[KnownSheet] = Memory(KEPT_SHEETS)
        # WeasyPrint would open its sRGB profile anew for each document, and not close it.
        with (files("weasyprint.pdf") / "sRGB2014.icc").open("rb") as profile:
            self.colours = ColorProfile(profile, "sRGB2014.icc", "relative-colorimetric", ("r", "g", "b"))
        assert self.colours.name  # read once before its content: reading it changes those bytes

    def _sheet(self, *names: str) -> CSS:
        """One of several: WeasyPrint asks each sheet about each element."""
        text = "\n".join((PRINT_FOLDER / name).read_text(encoding="utf-8") for name in names)
        return CSS(string=text, font_config=self.fonts, url_fetcher=AppFetcher())

    def add_font(self, fonts: dict[Any, Font], pango_font: Any) -> tuple[Font, float]:
        """A blank copy of the font among `fonts`; its program is read from the file once per process.

        The copies use its HarfBuzz face, which it holds a reference to; Pango may drop its own font.
        """
        key, description, size = get_pango_font_key(pango_font)
        if key not in self._programs:
            self._programs[key] = Font(pango_font, description, size)
        if key not in fonts:
            fonts[key] = blank(self._programs[key])
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

    def lay_out(self, html: str, assets: Mapping[str, bytes] | None = None) -> list[Sheet]:
        """The pages of one section, painted, without running foot."""
        with no_collection():
            return self._sheets(html, assets or {})

    def _sheets(self, html: str, assets: Mapping[str, bytes]) -> list[Sheet]:
        parsed = self.parse(html, assets)
        sheets = self._painted_sheets(parsed, assets, _take_town_colour(parsed))
        if any(sheet.page for sheet in sheets):  # to be painted afresh, by a stream that knows no town
            sheets = self._painted_sheets(self.parse(html, assets), assets, None)
        return sheets

    def _painted_sheets(self, html: HTML, assets: Mapping[str, bytes], town: Color | None) -> list[Sheet]:
        with self._pictures_of(assets) as pictures:
            pages = self._pages(html, self.styles, pictures)
        return [self._sheet_of(page, html.url_fetcher, town) for page in pages]

    def _sheet_of(self, page: Page, fetcher: AppFetcher, town: Color | None) -> Sheet:
        """Painted and tagged, unless one that looks the same was."""
        likeness = Likeness(page, town)
        if known := self._known_sheets.get(likeness.digest):
            return known.sheet
        sheet = Sheet.of(page, self._painted(page, fetcher, tagged=True, town=town))
        if sheet.page is None:
            self._known_sheets.put(likeness.digest, KnownSheet(sheet, likeness.witnesses))
        return sheet

    def forget(self) -> None:
        self.lines.clear()
        self._known_sheets.clear()

    @contextmanager
    def _pictures_of(self, assets: Mapping[str, bytes]) -> Iterator[dict[str, Any]]:
        """By address, as WeasyPrint keeps them in one rendering: those known, then also those it has read."""
        digests = {SCHEME + name: sha256(content).digest() for name, content in assets.items()}
        known = {url: self._pictures[digest] for url, digest in digests.items() if digest in self._pictures}
        read = dict(known)
        yield read
        for url, digest in digests.items():
            if isinstance(picture := read.get(url), RasterImage):
                if url not in known:
                    picture.get_x_object = Encoder(picture)
                self._pictures[digest] = picture
                self._pictures.move_to_end(digest)
        while len(self._pictures) > KEPT_PICTURES:
            self._pictures.popitem(last=False)

    def feet(self, html: str) -> list[Painting]:
        """The running feet of a whole document, from a document of empty pages."""
        with no_collection():
            parsed = self.parse(html)
            pages = self._pages(parsed, self.feet_styles, {})
            return [self._painted(page, parsed.url_fetcher).painting() for page in pages]

    def _pages(self, html: HTML, styles: list[CSS], pictures: dict[str, Any]) -> list[Page]:
        with refusals_raised(html.url_fetcher):
            pages: list[Page] = html.render(font_config=self.fonts, stylesheets=styles, cache=pictures).pages
        return pages

    def _painted(self, page: Page, fetcher: AppFetcher, **how: Any) -> Recorder:
        recorder = Recorder(self, page, **how)
        with refusals_raised(fetcher):
            page.paint(recorder, SCALE)
        return recorder


def _take_town_colour(html: HTML) -> Color | None:
    """Puts a name in the place of the colour that the root gives to --town."""
    root = html.etree_element
    style = root.get("style", "")
    if not style.startswith(f"{TOWN}:"):
        return None
    root.set("style", f"{TOWN}: color({TOWN} 0 0 0)")
    return parse_color(style.removeprefix(f"{TOWN}:").strip())
