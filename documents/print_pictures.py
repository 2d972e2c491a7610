"""Brings the pictures of rich text into prints, which load nothing but what is handed to them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from html import escape, unescape

from django.utils.translation import gettext as _

from documents.fetching import SCHEME
from documents.models import Picture
from documents.pdf import PrintDocument
from documents.richtext import PICTURE
from municipalities.models import Municipality

NAMES = {"image/png": "bild-{}.png", "image/jpeg": "bild-{}.jpg"}


def with_pictures(documents: Sequence[PrintDocument], municipality: Municipality) -> list[PrintDocument]:
    """The documents with the pictures of their texts, read in one query for all of them; none if there are
    no pictures. One that is gone, or another town's, is named by its alternative text."""
    wanted = {
        int(pk)
        for document in documents
        for section in document.sections
        for pk, _alternative in PICTURE.findall(section.html)
    }
    if not wanted:
        return list(documents)
    found = Picture.objects.in_town(municipality).filter(pk__in=wanted).only("media_type", "content")
    pictures = {picture.pk: picture for picture in found}
    return [_with(document, pictures) for document in documents]


def _with(document: PrintDocument, pictures: dict[int, Picture]) -> PrintDocument:
    images = dict(document.images)

    def put(tag: re.Match[str]) -> str:
        picture, alternative = pictures.get(int(tag[1])), unescape(tag[2])
        if picture is None:
            return f'<em class="missing">{escape(_("Bild fehlt: %s") % (alternative or "–"))}</em>'
        name = NAMES[picture.media_type].format(picture.pk)
        images[name] = bytes(picture.content)
        return f'<img src="{SCHEME}{name}" alt="{escape(alternative or _("Bild ohne Beschreibung"))}">'

    sections = [replace(section, html=PICTURE.sub(put, section.html)) for section in document.sections]
    return replace(document, sections=sections, images=images)
