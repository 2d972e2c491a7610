"""Files that are uploaded to stay as they are: judged by what is in them, not by their name."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import PurePath
from typing import Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _
from pypdf import PdfReader
from pypdf.errors import PyPdfError

from documents.models import LONGEST_NAME
from documents.pictures import UNREADABLE, prepare

PDF = "application/pdf"
HEAD = 1024  # readers look for a PDF's mark in as many bytes
PICTURES = {"image/png": ".png", "image/jpeg": ".jpg"}
PICTURE_MARKS = (b"\x89PNG", b"\xff\xd8\xff", b"RIFF")
# What pypdf raises where a file is damaged or built to harm.
BROKEN = (*UNREADABLE, PyPdfError, AssertionError, AttributeError, NotImplementedError, RecursionError)


@dataclass(frozen=True)
class CheckedFile:
    name: str
    content: bytes
    media_type: str


def check_upload(upload: Any) -> CheckedFile:
    """The PDF as it was sent, or the picture drawn anew; ValidationError with a sentence otherwise."""
    most = settings.LARGEST_UPLOAD
    if upload.size > most:
        raise ValidationError(
            _(
                "Die Datei ist %(size)d MB groß, möglich sind %(most)d MB. Bitte verkleinern Sie sie oder "
                "teilen Sie sie auf mehrere Anlagen auf."
            ),
            params={"size": -(-upload.size // 1_000_000), "most": most // 1_000_000},
        )
    head = upload.read(HEAD)
    upload.seek(0)
    if b"%PDF-" in head:
        _check_pdf(upload)
        upload.seek(0)
        return CheckedFile(_name(upload.name, ".pdf"), upload.read(), PDF)
    if head.startswith(PICTURE_MARKS):
        picture = prepare(upload)
        name = _name(upload.name, PICTURES[picture.media_type])
        return CheckedFile(name, picture.content, picture.media_type)
    raise ValidationError(
        _(
            "Die Datei ist weder ein PDF noch ein Bild (PNG, JPEG, WebP). "
            "Bitte speichern Sie sie als PDF und wählen Sie dieses aus."
        )
    )


def _check_pdf(upload: Any) -> None:
    try:
        reader = PdfReader(upload)
        protected = reader.is_encrypted
        # The first and the last page: whatever was cut off or overwritten shows there.
        pages = 0 if protected else len(reader.pages)
        for number in {0, pages - 1} if pages else ():
            reader.pages[number].get_contents()
    except BROKEN as error:
        raise _broken() from error
    if protected:
        raise ValidationError(
            _(
                "Das PDF ist mit einem Kennwort oder gegen Kopieren geschützt; nicht alle könnten es lesen. "
                "Bitte speichern Sie es ohne Schutz und wählen Sie es noch einmal aus."
            )
        )
    if not pages:
        raise _broken()


def _broken() -> ValidationError:
    return ValidationError(
        _(
            "Das PDF ist beschädigt und lässt sich nicht öffnen. "
            "Bitte erzeugen Sie es neu und wählen Sie es noch einmal aus."
        )
    )


def _name(name: str, suffix: str) -> str:
    """The file's own name with the suffix of what is in it."""
    stem = PurePath(name.replace("\\", "/")).stem.replace("\x00", "") or "anlage"
    return stem[: LONGEST_NAME - len(suffix)] + suffix
