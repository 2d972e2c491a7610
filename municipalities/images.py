"""Uploaded pictures are judged by what is in them, not by their name."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from PIL import Image

MAX_BYTES = 500_000
MAX_PIXELS = 4_000_000


def check_logo(upload: Any) -> None:
    """A PNG or JPEG of at most 500 KB and four megapixels; ValidationError with a sentence otherwise."""
    stored = getattr(upload, "_committed", False)
    try:
        size, position = upload.size, upload.tell()
    except FileNotFoundError as error:
        # The stored picture, checked again with the rest of the form, is gone from the server.
        raise ValidationError(
            _("Die Datei des Bildes fehlt auf dem Server. Bitte laden Sie es noch einmal hoch.")
        ) from error
    if size > MAX_BYTES:
        raise ValidationError(_("Das Bild ist größer als 500 KB. Bitte verkleinern Sie es."))
    try:
        with Image.open(upload) as image:
            kind, (width, height) = image.format, image.size
    except (OSError, Image.DecompressionBombError, ValueError) as error:
        raise ValidationError(
            _("Die Datei ist kein lesbares Bild. Bitte wählen Sie ein PNG oder JPEG.")
        ) from error
    finally:
        upload.seek(position)
        if stored:  # opened by us
            upload.close()
    if kind not in {"PNG", "JPEG"}:
        raise ValidationError(_("Die Datei ist kein PNG oder JPEG, auch wenn ihr Name so endet."))
    if width * height > MAX_PIXELS:
        raise ValidationError(_("Das Bild hat mehr als vier Millionen Bildpunkte. Bitte verkleinern Sie es."))
