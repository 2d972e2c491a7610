"""A page of a section, laid out and painted: what is kept of it."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pydyf
from tinycss2.color5 import Color
from weasyprint.document import Page
from weasyprint.images import RasterImage
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream

from documents.engine.lines import FontCase, merge
from documents.engine.tags import TagTree
from documents.fetching import ForbiddenAddress

INTENT = "screen"  # names the colour profile that PDF/A demands
SCALE = 0.75  # PDF points per CSS pixel
TOWN = "--town"  # by this name the town's colour stands in styles, so that all towns can share them
ALPHA = re.compile(r"[aA][\d.e-]+")


class Encoder:
    """Encodes a raster image for PDF once, and not for each document anew."""

    def __init__(self, image: RasterImage) -> None:
        self._encode = image.get_x_object
        self._encoded: dict[tuple[bool, float], pydyf.Stream] = {}

    def __call__(self, interpolate: bool, dpi_ratio: float) -> pydyf.Stream:
        key = interpolate, dpi_ratio
        if key not in self._encoded:
            self._encoded[key] = self._encode(interpolate, dpi_ratio)
        return _copy(self._encoded[key])


def _copy(encoded: pydyf.Stream) -> pydyf.Stream:
    """To be numbered in a document; in place of the mask WeasyPrint puts the number of the mask."""
    fresh = pydyf.Stream(encoded.stream, pydyf.Dictionary(encoded.extra))
    if "SMask" in fresh.extra:
        fresh.extra["SMask"] = _copy(fresh.extra["SMask"])
    return fresh


@dataclass(frozen=True)
class Painting:
    """What painting one page wrote, kept so that it can be written again into another document."""

    tokens: bytes
    fonts: Mapping[Any, Font]
    alphas: Mapping[str, pydyf.Dictionary]
    images: Mapping[str, Mapping[str, Any]]

    def replay(self, stream: Stream) -> None:
        merge(self.fonts, stream._fonts)
        for name, alpha in self.alphas.items():
            stream._resources["ExtGState"].setdefault(name, pydyf.Dictionary(alpha))
        for image in self.images.values():
            for ratio in sorted(image["dpi_ratios"]):
                stream.add_image(image["image"], image["interpolate"], ratio)
        stream.stream.append(self.tokens)


class Recorder(Stream):
    """A stream of its own to paint one page into."""

    def __init__(
        self, case: FontCase, page: Page, *, tagged: bool = False, town: Color | None = None
    ) -> None:
        bleed = page.bleed
        rectangle = (
            -bleed["left"], -bleed["top"],
            page.width + bleed["left"] + bleed["right"], page.height + bleed["top"] + bleed["bottom"],
        )  # fmt: skip
        names = ("ExtGState", "XObject", "Pattern", "Shading")
        resources = pydyf.Dictionary({name: pydyf.Dictionary() for name in names})
        resources["ColorSpace"] = pydyf.Dictionary()
        super().__init__({}, rectangle, resources, {}, {} if tagged else None, {}, INTENT)
        self._case, self._town = case, town
        self._alpha = [1.0]
        self.transform(d=-1, f=page.height * SCALE)
        self._start = len(self.stream)

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        return self._case.add_font(self._fonts, pango_font)

    def set_color(self, color: Color, stroke: bool = False) -> None:
        super().set_color(self._town if color.space == TOWN and self._town else color, stroke)

    def push_state(self) -> None:
        super().push_state()
        self._alpha.append(self._alpha[-1])

    def pop_state(self) -> None:
        super().pop_state()
        self._alpha.pop()

    def set_alpha(self, alpha: float, stroke: bool = False, fill: bool | None = None) -> None:
        super().set_alpha(alpha, stroke, fill)
        self._alpha[-1] = min(self._alpha[-1], alpha)

    def add_group(self, x: float, y: float, width: float, height: float) -> "Group":
        return Group(self, (x, y, x + width, y + height))

    def draw_x_object(self, reference: Any) -> None:
        """Also of a group: opaque, it looks the same without being one. WeasyPrint makes a group of each
        text of a chart that does not begin where it is placed."""
        if isinstance(reference, Group):
            if self._alpha[-1] < 1:
                self._numbered()
            self.stream += [b"q", *reference.stream, b"Q"]
        else:
            super().draw_x_object(reference)

    def clone(self, **kwargs: Any) -> Stream:
        # Only patterns and soft masks clone the stream: they are numbered per document.
        self._numbered()
        return super().clone(**kwargs)

    def _numbered(self) -> None:
        self._resources["Pattern"]["numbered"] = True

    @property
    def marked_boxes(self) -> dict[Any, dict[str, Any]]:
        """The boxes whose content is marked, to be tagged."""
        return self._tags

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

    def painting(self) -> Painting:
        tokens = pydyf.Stream(self.stream[self._start :]).data
        return Painting(
            tokens=tokens.split(b"stream\n", 1)[1].removesuffix(b"\nendstream"),
            fonts=self._fonts,
            alphas=self._resources["ExtGState"],
            images=self._images,
        )


class Group(Recorder):
    """What WeasyPrint wants to draw as a whole, on a page that is being recorded."""

    def __init__(self, around: Recorder, box: tuple[float, float, float, float]) -> None:
        Stream.__init__(
            self, around._fonts, around.page_rectangle, around._resources, around._images, around._tags, {},
            INTENT, extra={"BBox": pydyf.Array(box)},
        )  # fmt: skip
        self.id = self  # by which WeasyPrint draws it
        self._case, self._town = around._case, around._town
        self._alpha = [1.0]


@dataclass(frozen=True)
class Sheet:
    """What is needed of a page to bind it. A page without painting is kept whole, to be painted afresh in
    each document."""

    width: float
    height: float
    bleed: Mapping[str, float]
    bookmarks: Sequence[Any]
    anchors: Mapping[str, Any]
    links: Sequence[tuple[str, str, Any, str]]
    """Kind, goal, place, and what it says."""
    tags: TagTree
    painting: Painting | None
    page: Page | None

    @classmethod
    def of(cls, page: Page, recorder: Recorder) -> "Sheet":
        # Everything inside a link inherits it; but only the link itself is tagged as one (PDF/UA 7.18.5).
        page.links = [link for link in page.links if link[-1].link]
        for kind, target, *_ in page.links:
            if kind == "attachment":
                raise ForbiddenAddress(f"Not a registered image: {target[:200]}")
        return cls(
            width=page.width,
            height=page.height,
            bleed=page.bleed,
            bookmarks=page.bookmarks,
            anchors=page.anchors,
            links=[(kind, target, rectangle, _words(box)) for kind, target, rectangle, box in page.links],
            tags=TagTree.of(page, dict(recorder.marked_boxes)),
            painting=recorder.painting() if recorder.replayable else None,
            page=None if recorder.replayable else page,
        )


def _words(box: Any) -> str:
    """A link's alternative text is what it says, not the name of its goal."""
    return box.element.get("title") or " ".join("".join(box.element.itertext()).split())
