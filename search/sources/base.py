"""A thing that can be found, before its words are worked out."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from django.db import models
from django.utils.text import capfirst

from documents.richtext import RichTextField
from search.models import Kind

PLACE_SEPARATOR = " › "
MOST_ROWS = 100_000
"""No concept has as many rows of a kind: positions are small numbers."""


@dataclass(frozen=True)
class Source:
    """`rich` holds HTML, `plain` text, both as they are stored; `position` orders the hits of a kind.

    `holder` is what the entry belongs to, as in Container: ("concept", 12).
    """

    kind: Kind
    number: int
    town: int
    holder: tuple[str, int]
    position: int
    label: str
    title: str
    place: str
    address: str
    rich: tuple[str, ...] = ()
    plain: tuple[str, ...] = ()

    def digest(self, rules: int) -> str:
        """Differs wherever an entry made of this would."""
        return hashlib.sha256(repr((rules, self)).encode()).hexdigest()


@cache
def text_fields(model: type[models.Model], leave_out: tuple[str, ...]) -> tuple[list[str], list[str]]:
    """The names of the model's fields with rich text and with plain text: also of those added tomorrow.

    A choice is no text of a person, an address part neither.
    """
    rich, plain = [], []
    for field in model._meta.concrete_fields:
        if field.name in leave_out or field.choices or isinstance(field, models.SlugField):
            continue
        if isinstance(field, RichTextField):
            rich.append(field.name)
        elif isinstance(field, (models.CharField, models.TextField)):
            plain.append(field.name)
    return rich, plain


def texts_of(row: models.Model, *leave_out: str, more: Iterable[Any] = ()) -> dict[str, tuple[str, ...]]:
    """What a person wrote into the row, for `Source`; `more` are plain texts from elsewhere, or None."""
    rich, plain = text_fields(type(row), leave_out)
    written = [getattr(row, name) for name in plain]
    return {
        "rich": tuple(text for name in rich if (text := getattr(row, name))),
        "plain": tuple(str(text) for text in (*written, *more) if text),
    }


def label_of(value: Any) -> str:
    return str(capfirst(str(value)))


def place(*steps: Any) -> str:
    """„Integrationskonzept › A Sprache“."""
    return PLACE_SEPARATOR.join(str(step) for step in steps if step)
