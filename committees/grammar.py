"""The articles of committees, so that a sentence about any of them is German."""

from __future__ import annotations

from enum import StrEnum

from django.db import models
from django.utils.translation import gettext_lazy as _


class Article(models.TextChoices):
    """The article of a noun in the nominative."""

    DER = "der", _("der")
    DIE = "die", _("die")
    DAS = "das", _("das")


class Case(StrEnum):
    NOMINATIVE = "nominative"
    GENITIVE = "genitive"
    DATIVE = "dative"
    ACCUSATIVE = "accusative"


_DECLENSION = {
    Article.DER: {Case.NOMINATIVE: "der", Case.GENITIVE: "des", Case.DATIVE: "dem", Case.ACCUSATIVE: "den"},
    Article.DIE: {Case.NOMINATIVE: "die", Case.GENITIVE: "der", Case.DATIVE: "der", Case.ACCUSATIVE: "die"},
    Article.DAS: {Case.NOMINATIVE: "das", Case.GENITIVE: "des", Case.DATIVE: "dem", Case.ACCUSATIVE: "das"},
}


def article(base: str, case: Case) -> str:
    """The definite article in a case: `article("der", Case.DATIVE)` is `dem`."""
    return _DECLENSION[Article(base)][case]


def capitalised(text: str) -> str:
    """Only the first letter raised: `str.capitalize` would lower the rest."""
    return text[:1].upper() + text[1:]


def enumerated(names: list[str]) -> str:
    """`a`, `a und b`, `a, b und c`."""
    return " und ".join(filter(None, [", ".join(names[:-1]), *names[-1:]]))
