"""Picture files, and pictures that a town has."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.core.files.uploadedfile import SimpleUploadedFile
from PIL import Image

from documents.models import Picture
from documents.pictures import prepare
from municipalities.models import Municipality, User


def picture_file(
    kind: str = "PNG", size: tuple[int, int] = (60, 40), mode: str = "RGB", **options: Any
) -> bytes:
    file = BytesIO()
    Image.new(mode, size).save(file, kind, **options)
    return file.getvalue()


def uploaded(content: bytes, name: str = "bild.png") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, content)


def make_picture(town: Municipality, by: User | None = None, **options: Any) -> Picture:
    prepared = prepare(uploaded(picture_file(**options)))
    picture: Picture = Picture.keep(prepared, municipality=town, name="fest.png", by=by)
    return picture
