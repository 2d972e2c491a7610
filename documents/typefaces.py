"""The typefaces of prints: those in static/print/fonts, and no others."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from fontTools.ttLib import TTFont

PRINT_FOLDER = Path(__file__).resolve().parent.parent / "static" / "print"
FONT_FOLDER = PRINT_FOLDER / "fonts"
REPLACEMENT = "□"
# White space and invisible format characters need no glyph.
INVISIBLE = {0x09, 0x0A, 0x0C, 0x0D, 0xAD, 0x200B, 0x200C, 0x200D, 0x2028, 0x2029, 0x2060, 0xFEFF}
FONTCONFIG = """<?xml version="1.0"?><!DOCTYPE fontconfig SYSTEM "urn:fontconfig:fonts.dtd">
<fontconfig><dir>{fonts}</dir><cachedir>{cache}</cachedir></fontconfig>"""


@contextmanager
def only_our_fonts() -> Iterator[None]:
    """Fontconfig reads this variable when a FontConfiguration is made, and only then.

    No font of the machine can get into a PDF, and the same input gives the same bytes everywhere.
    """
    with tempfile.TemporaryDirectory() as folder:
        config = Path(folder) / "fonts.conf"
        config.write_text(FONTCONFIG.format(fonts=FONT_FOLDER, cache=folder))
        before = os.environ.get("FONTCONFIG_FILE")
        os.environ["FONTCONFIG_FILE"] = str(config)
        try:
            yield
        finally:
            if before is None:
                del os.environ["FONTCONFIG_FILE"]
            else:
                os.environ["FONTCONFIG_FILE"] = before


def unsupported_characters() -> re.Pattern[str]:
    """Matches what a face of ours cannot show: it would become a .notdef glyph, which PDF/UA forbids."""
    faces = []
    for path in sorted(FONT_FOLDER.glob("*.ttf")):
        with TTFont(path, lazy=True) as font:
            faces.append(set(font.getBestCmap()))
    codes = sorted(set.intersection(*faces) | INVISIBLE)
    return re.compile("[^" + "".join(f"\\U{code:08x}" for code in codes) + "]")
