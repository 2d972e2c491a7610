"""Makes the print fonts in static/print/fonts/ from Fira Sans (SIL Open Font License 1.1).

Run by hand when the fonts change: `scripts/print_fonts.py FOLDER_WITH_FIRA_WOFF2`; the folder is
`dist/fonts/fira-sans` of the npm package @kern-ux/native.

Fira Sans lacks the signs that council forms are made of (☐ ☒ ▼ and others). They are added here as real
glyphs, so that a ticked box is a character that pdftotext and a screen reader can read, not a drawing.
The family gets its own name: a "Fira Sans" installed on a server can then never slip in between.
"""

import argparse
from collections.abc import Callable
from math import cos, pi, sin
from pathlib import Path

from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont

FAMILY = "Fira Sans Portal"
STYLES = {
    "Regular": "Regular",
    "Italic": "Italic",
    "SemiBold": "SemiBold",
    "SemiBoldItalic": "SemiBold Italic",
}
TARGET = Path(__file__).resolve().parent.parent / "static" / "print" / "fonts"
# Latin with all its extensions, Greek, Cyrillic, and the signs of German office prose.
RANGES = [
    (0x20, 0x7E), (0xA0, 0x24F), (0x2B0, 0x2DD), (0x300, 0x36F), (0x370, 0x3FF), (0x400, 0x52F),
    (0x1E00, 0x1EFF), (0x2000, 0x206F), (0x2070, 0x209F), (0x20A0, 0x20BF), (0x2100, 0x215F),
    (0x2190, 0x21FF), (0x2200, 0x22FF), (0x25A0, 0x25FF),
]  # fmt: skip
FEATURES = ["kern", "mark", "mkmk", "ccmp", "locl", "liga", "lnum", "tnum", "pnum", "onum"]
ALIASES = {0x2010: 0x2D, 0x2011: 0x2D, 0x202F: 0xA0, 0x2007: 0xA0, 0x2009: 0xA0, 0x200A: 0xA0, 0x2212: 0x2013}

Draw = Callable[[TTGlyphPen, float, float], None]


def polygon(pen: TTGlyphPen, *points: tuple[float, float]) -> None:
    first, *rest = [(round(x), round(y)) for x, y in points]
    pen.moveTo(first)
    for point in rest:
        pen.lineTo(point)
    pen.closePath()


def bar(pen: TTGlyphPen, start: tuple[float, float], end: tuple[float, float], width: float) -> None:
    """A straight stroke from `start` to `end`."""
    (x1, y1), (x2, y2) = start, end
    length = ((x2 - x1) ** 2 + (y2 - y1) ** 2) ** 0.5
    dx, dy = (y2 - y1) / length * width / 2, (x2 - x1) / length * width / 2
    polygon(pen, (x1 - dx, y1 + dy), (x2 - dx, y2 + dy), (x2 + dx, y2 - dy), (x1 + dx, y1 - dy))


def frame(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    low, left, size = -0.06 * unit, 0.06 * unit, 0.78 * unit
    polygon(pen, (left, low), (left, low + size), (left + size, low + size), (left + size, low))
    inner = size - stroke
    polygon(
        pen, (left + stroke, low + stroke), (left + inner, low + stroke), (left + inner, low + inner),
        (left + stroke, low + inner),
    )  # fmt: skip


def crossed_frame(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    frame(pen, unit, stroke)
    low, left, size, gap = -0.06 * unit, 0.06 * unit, 0.78 * unit, 0.15 * unit
    bar(pen, (left + gap, low + gap), (left + size - gap, low + size - gap), stroke * 1.5)
    bar(pen, (left + gap, low + size - gap), (left + size - gap, low + gap), stroke * 1.5)


def tick(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    bar(pen, (0.16 * unit, 0.32 * unit), (0.38 * unit, 0.08 * unit), stroke * 1.5)
    bar(pen, (0.34 * unit, 0.06 * unit), (0.76 * unit, 0.64 * unit), stroke * 1.5)


def ticked_frame(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    frame(pen, unit, stroke)
    bar(pen, (0.22 * unit, 0.34 * unit), (0.4 * unit, 0.12 * unit), stroke * 1.5)
    bar(pen, (0.37 * unit, 0.11 * unit), (0.69 * unit, 0.56 * unit), stroke * 1.5)


def triangle_down(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    polygon(pen, (0.12 * unit, 0.55 * unit), (0.78 * unit, 0.55 * unit), (0.45 * unit, 0.02 * unit))


def triangle_right(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    polygon(pen, (0.2 * unit, 0.02 * unit), (0.2 * unit, 0.62 * unit), (0.72 * unit, 0.32 * unit))


def square(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    polygon(pen, (0.12 * unit, 0), (0.12 * unit, 0.66 * unit), (0.78 * unit, 0.66 * unit), (0.78 * unit, 0))


def disc(pen: TTGlyphPen, radius: float, unit: float, backwards: bool = False) -> None:
    corners = [(cos(pi * part / 20), -sin(pi * part / 20)) for part in range(40)]
    centre = (0.45 * unit, 0.33 * unit)
    points = [(centre[0] + radius * x, centre[1] + radius * y) for x, y in corners]
    polygon(pen, *(points[::-1] if backwards else points))


def big_disc(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    disc(pen, 0.33 * unit, unit)


def ring(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    disc(pen, 0.33 * unit, unit)
    disc(pen, 0.33 * unit - stroke, unit, backwards=True)


def small_ring(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    disc(pen, 0.16 * unit, unit)
    disc(pen, 0.16 * unit - stroke, unit, backwards=True)


def small_square(pen: TTGlyphPen, unit: float, stroke: float) -> None:
    low, high = 0.2 * unit, 0.46 * unit
    left, right = 0.32 * unit, 0.58 * unit
    polygon(pen, (left, low), (left, high), (right, high), (right, low))


SIGNS: dict[str, Draw] = {
    "☐": frame, "☒": crossed_frame, "☑": ticked_frame, "□": frame, "■": square, "✓": tick, "✔": tick,
    "●": big_disc, "○": ring, "◦": small_ring, "▪": small_square,
    "▼": triangle_down, "▶": triangle_right, "▸": triangle_right,
}  # fmt: skip


def build(source: Path, style: str, name: str) -> Path:
    font = TTFont(source / f"FiraSans-{style}.woff2", recalcTimestamp=False)
    font.flavor = None
    options = Options(
        layout_features=FEATURES,
        name_IDs=[0, 1, 2, 3, 4, 5, 6, 13, 14, 16, 17],
        hinting=False,
        notdef_outline=True,
        glyph_names=False,
        recalc_timestamp=False,
    )
    subsetter = Subsetter(options)
    subsetter.populate(unicodes=[code for low, high in RANGES for code in range(low, high + 1)])
    subsetter.subset(font)

    unit = font["head"].unitsPerEm
    stroke = unit * (0.085 if "SemiBold" in style else 0.06)
    tables = [table.cmap for table in font["cmap"].tables if table.isUnicode()]
    order = font.getGlyphOrder()
    for sign, draw in SIGNS.items():
        glyph_name = f"uni{ord(sign):04X}"
        if any(ord(sign) in cmap for cmap in tables):
            continue
        pen = TTGlyphPen(None)
        draw(pen, unit, stroke)
        order.append(glyph_name)
        font["glyf"].glyphs[glyph_name] = pen.glyph()
        font["hmtx"].metrics[glyph_name] = (round(0.9 * unit), 0)
        font["glyf"].glyphs[glyph_name].recalcBounds(font["glyf"])
        font["hmtx"].metrics[glyph_name] = (round(0.9 * unit), font["glyf"].glyphs[glyph_name].xMin)
        for cmap in tables:
            cmap[ord(sign)] = glyph_name
    font.setGlyphOrder(order)
    font["glyf"].glyphOrder = order
    font["maxp"].numGlyphs = len(order)
    for code, same_as in ALIASES.items():
        for cmap in tables:
            cmap.setdefault(code, cmap[same_as])

    post_script = f"{FAMILY} {name}".replace(" ", "")
    for record in font["name"].names:
        full = f"{FAMILY} {name}"
        values = {1: FAMILY, 2: name, 3: post_script, 4: full, 6: post_script, 16: FAMILY, 17: name}
        if record.nameID in values:
            record.string = values[record.nameID]
    font["OS/2"].usWeightClass = 600 if "SemiBold" in style else 400
    target = TARGET / f"FiraSansPortal-{style}.ttf"
    font.save(target)
    return target


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("source", type=Path, help="folder with FiraSans-*.woff2")
    source = parser.parse_args().source
    for style, name in STYLES.items():
        target = build(source, style, name)
        print(f"{target.name}: {target.stat().st_size // 1024} KB")


if __name__ == "__main__":
    main()
