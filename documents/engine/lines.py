"""Lines of text that were broken or drawn before.

Both go through Pango and are most of the work on a text. The first pages of a route, the heads of a table,
the letters of a chart, the paragraphs around an edit are the same lines again: they are remembered by all
that they depend on. WeasyPrint is made to ask here first, for the fonts of our press only.
"""

import copy
from collections.abc import Mapping, Sequence
from operator import itemgetter
from typing import Any, NamedTuple, Protocol

import pydyf
from weasyprint.draw import text as drawing
from weasyprint.layout import inline, preferred
from weasyprint.matrix import Matrix
from weasyprint.pdf.fonts import Font
from weasyprint.pdf.stream import Stream
from weasyprint.text import line_break
from weasyprint.text.line_break import Layout

from documents.engine.memory import Memory

KEPT_LINES = 8000  # of each kind, and as many again that were not asked for lately; some 500 bytes each
LONGEST = 2000  # characters; the first lines of a longer paragraph are not kept, they would hold all of it

# What breaking and drawing ask of a style; tests/documents/test_lines.py compares it with WeasyPrint's code.
ASKED = (
    "direction", "font_feature_settings", "font_kerning", "font_language_override", "font_size",
    "font_stretch", "font_style", "font_variant_alternates", "font_variant_caps", "font_variant_east_asian",
    "font_variant_ligatures", "font_variant_numeric", "font_variant_position", "font_variation_settings",
    "font_weight", "hyphenate_character", "hyphenate_limit_chars", "hyphenate_limit_zone", "hyphens", "lang",
    "letter_spacing", "overflow_wrap", "tab_size", "white_space", "word_break", "word_spacing",
)  # fmt: skip
COLLECTIONS = ("font_family", "text_decoration_line")  # a list or a set, depending on where they come from

asked = itemgetter(*ASKED)
split_first_line = line_break.split_first_line
draw_first_line = drawing.draw_first_line


class FontCase(Protocol):
    """Hands out fonts; `Press` does."""

    def add_font(self, fonts: dict[Any, Font], pango_font: Any) -> tuple[Font, float]: ...


class Line(Layout):
    """A line as WeasyPrint keeps it between breaking and drawing; it wakes Pango up only if it must."""

    @classmethod
    def of(cls, layout: Layout) -> "Line":
        line = cls.__new__(cls)
        line.__dict__.update(layout.__dict__)
        return line

    def reactivate(self, style: Any) -> None:
        """Drawing a line that was drawn before needs nothing of Pango."""

    def wake(self, style: Any) -> None:
        super().reactivate(style)

    def deactivate(self) -> None:
        if "layout" in self.__dict__:
            super().deactivate()


class Broken(NamedTuple):
    line: Line
    measures: tuple[Any, ...]  # length, where to go on, width, height, baseline


class Drawn(NamedTuple):
    operations: Sequence[bytes | tuple[Any, float]]  # bytes as they stand, or font and size
    fonts: dict[Any, Font]


class Lines:
    """What one press remembers."""

    def __init__(self, case: FontCase) -> None:
        self.case = case
        self.broken: Memory[Broken] = Memory(KEPT_LINES)
        self.drawn: Memory[Drawn] = Memory(KEPT_LINES)
        self._looks: dict[Any, Any] = {}

    def clear(self) -> None:
        self.broken.clear()
        self.drawn.clear()
        self._looks.clear()

    def look(self, style: Any) -> Any:
        """What a style says about lines; the same object for the same."""
        look = (*asked(style), *(_plain(style[name]) for name in COLLECTIONS))
        return self._looks.setdefault(look, look)


def _plain(value: Any) -> Any:
    return value if isinstance(value, str) else tuple(sorted(value) if isinstance(value, set) else value)


def blank(font: Font) -> Font:
    """A copy of the font of which no glyph is in use."""
    fresh = copy.copy(font)
    fresh.widths, fresh.to_unicode, fresh.missing = {}, {}, {}
    return fresh


def merge(fonts: Mapping[Any, Font], into: dict[Any, Font]) -> None:
    """Adds the glyphs in use."""
    for key, font in fonts.items():
        known = into.setdefault(key, blank(font))
        for mine, theirs in ((font.widths, known.widths), (font.to_unicode, known.to_unicode)):
            for glyph, value in mine.items():
                theirs.setdefault(glyph, value)


class Pen(pydyf.Stream):
    """Draws one line apart from its page: what it writes depends on nothing but the line."""

    def __init__(self, case: FontCase, stream: Stream) -> None:
        super().__init__()
        self.fonts: dict[Any, Font] = {}
        self.ink_rect, self.logical_rect = stream.ink_rect, stream.logical_rect
        self._case = case

    def add_font(self, pango_font: Any) -> tuple[Font, float]:
        return self._case.add_font(self.fonts, pango_font)

    def set_font_size(self, font: Any, size: float) -> None:
        self.stream.append((font, size))

    def set_text_matrix(self, *values: float) -> None:
        """The place is the page's business."""


def remembered_split(
    text: str,
    style: Any,
    context: Any,
    max_width: float | None,
    justification_spacing: float,
    is_line_start: bool = True,
    minimum: bool = False,
) -> tuple[Any, ...]:
    """In the place of WeasyPrint's `split_first_line`."""
    arguments = max_width, justification_spacing, is_line_start, minimum
    lines: Lines | None = getattr(style.font_config, "lines", None)
    if lines is None or len(text) > LONGEST:
        return split_first_line(text, style, context, *arguments)
    key = (text, lines.look(style), *arguments)
    known = lines.broken.get(key)
    if known is None:
        layout, *measures = split_first_line(text, style, context, *arguments)
        known = Broken(Line.of(layout), tuple(measures))
        lines.broken.put(key, known)
    return (Line.of(known.line), *known.measures)


def remembered_drawing(
    stream: Stream, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Matrix
) -> list[Any]:
    """In the place of WeasyPrint's `draw_first_line`. Returns emojis to draw: our fonts have none."""
    lines: Lines | None = getattr(textbox.style.font_config, "lines", None)
    if lines is None or text_overflow == "ellipsis" or block_ellipsis != "none":
        return _draw_awake(stream, textbox, text_overflow, block_ellipsis, matrix)
    if not textbox.text.strip():
        return []
    layout = textbox.pango_layout
    key = (layout.text, lines.look(textbox.style), layout.justification_spacing)
    drawn = lines.drawn.get(key)
    if drawn is None:
        pen = Pen(lines.case, stream)
        _draw_awake(pen, textbox, text_overflow, block_ellipsis, matrix)
        if any(font.missing for font in pen.fonts.values()):
            return _draw_awake(stream, textbox, text_overflow, block_ellipsis, matrix)
        drawn = Drawn(pen.stream, pen.fonts)
        lines.drawn.put(key, drawn)
    merge(drawn.fonts, stream._fonts)
    stream.set_text_matrix(*matrix.values)
    for operation in drawn.operations:
        if isinstance(operation, bytes):
            stream.stream.append(operation)
        else:
            stream.set_font_size(*operation)
    return []


def _draw_awake(stream: Any, textbox: Any, text_overflow: str, block_ellipsis: Any, matrix: Matrix) -> Any:
    if isinstance(textbox.pango_layout, Line):
        textbox.pango_layout.wake(textbox.style)
    return draw_first_line(stream, textbox, text_overflow, block_ellipsis, matrix)


for module in (line_break, inline, preferred):
    module.split_first_line = remembered_split
drawing.draw_first_line = remembered_drawing
