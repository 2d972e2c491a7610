"""Uploaded files of an event: what they are is read from their content."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from documents.pictures import prepare

MOST_BYTES = 10_000_000
PDF = "application/pdf"
ENDINGS = {PDF: ".pdf", "image/png": ".png", "image/jpeg": ".jpg"}
ACCEPT = "application/pdf,image/png,image/jpeg,image/webp"
LONGEST_STEM = 120
IN_NO_NAME = re.compile(r"[\x00-\x1f\x7f/\\<>:\"|?*]+")


@dataclass(frozen=True)
class Upload:
    """`name` ends as the content demands."""

    name: str
    media_type: str
    content: bytes


def read_upload(file: Any) -> Upload:
    """A PDF as it is, a picture drawn anew without place and camera; ValidationError with a sentence
    otherwise."""
    if file.size > MOST_BYTES:
        raise ValidationError(_("Die Datei ist größer als 10 MB. Bitte verkleinern Sie sie."))
    head = file.read(1024)
    file.seek(0)
    if b"%PDF-" in head:
        content = file.read()
        if b"%%EOF" not in content[-2048:]:
            raise ValidationError(_("Das PDF ist unvollständig. Bitte laden Sie es noch einmal hoch."))
        return Upload(_name(file.name, PDF), PDF, content)
    try:
        picture = prepare(file)
    except ValidationError as error:
        if error.code == "pixels":
            raise
        raise ValidationError(
            _("Die Datei ist weder ein PDF noch ein lesbares Bild (PNG, JPEG oder WebP). "
              "Texte und Tabellen speichern Sie bitte vorher als PDF.")
        ) from error  # fmt: skip
    return Upload(_name(file.name, picture.media_type), picture.media_type, picture.content)


def _name(name: str, media_type: str) -> str:
    stem = IN_NO_NAME.sub(" ", PurePath(name).stem).strip(" .")[:LONGEST_STEM]
    return (stem or "Unterlage") + ENDINGS[media_type]
