"""Uploaded pictures: judged by what is in them, turned upright, made no larger than needed, without metadata.

A photo says where and with what it was taken. None of that is kept: only the picture itself is drawn anew.
"""

from __future__ import annotations

import struct
import zlib
from dataclasses import dataclass
from io import BytesIO
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

MOST_BYTES = 10_000_000
MOST_PIXELS = 50_000_000  # the cameras of telephones
LONGEST_SIDE = 2000  # fills a printed page with 300 dots per inch
KINDS = ("PNG", "JPEG", "WEBP")
MEDIA_TYPES = {"PNG": "image/png", "JPEG": "image/jpeg"}
JPEG_QUALITY = 85
# What Pillow raises where a file is damaged or built to harm.
UNREADABLE = (
    *(ArithmeticError, EOFError, LookupError, OSError, struct.error, SyntaxError, TypeError, ValueError),
    zlib.error,
)


@dataclass(frozen=True)
class PreparedPicture:
    """`width` and `height` in pixels."""

    content: bytes
    media_type: str
    width: int
    height: int


def prepare(upload: Any) -> PreparedPicture:
    """The picture in an uploaded file as it is kept; ValidationError with a sentence otherwise."""
    if upload.size > MOST_BYTES:
        raise ValidationError(_("Das Bild ist größer als 10 MB. Bitte verkleinern Sie es."))
    try:
        with Image.open(upload, formats=KINDS) as image:
            _check_pixels(image)
            kind = image.format
            # A JPEG can be read smaller than it is: far less to hold in memory.
            image.draft("RGB", (LONGEST_SIDE, LONGEST_SIDE))
            return _drawn_anew(image, "JPEG" if kind == "JPEG" else "PNG", photo=kind != "PNG")
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise _too_many_pixels() from error
    except UNREADABLE as error:
        raise ValidationError(
            _(
                "Die Datei ist kein lesbares Bild. Bitte wählen Sie ein PNG, JPEG oder WebP. "
                "Bilder eines iPhones (HEIC) speichern Sie bitte vorher als JPEG."
            )
        ) from error


def _too_many_pixels() -> ValidationError:
    return ValidationError(
        _("Das Bild hat mehr als 50 Millionen Bildpunkte. Bitte verkleinern Sie es."), code="pixels"
    )


def _check_pixels(image: Image.Image) -> None:
    """Asked of the head of the file, before anything is unpacked."""
    if image.width * image.height > MOST_PIXELS:
        raise _too_many_pixels()


def _drawn_anew(image: Image.Image, kind: str, *, photo: bool) -> PreparedPicture:
    upright = ImageOps.exif_transpose(image)
    clear = upright.has_transparency_data
    mode = "RGBA" if clear else "RGB"
    drawn = upright if upright.mode == mode else upright.convert(mode)
    if photo and not clear:
        kind = "JPEG"
    drawn.thumbnail((LONGEST_SIDE, LONGEST_SIDE), Image.Resampling.LANCZOS)
    # A fresh canvas: what else the file carried (place, camera, comments, colour profile) stays behind.
    fresh = Image.new(drawn.mode, drawn.size)
    fresh.paste(drawn)
    file = BytesIO()
    if kind == "JPEG":
        fresh.save(file, kind, quality=JPEG_QUALITY, optimize=True)
    else:
        fresh.save(file, kind, optimize=True)
    return PreparedPicture(file.getvalue(), MEDIA_TYPES[kind], fresh.width, fresh.height)
