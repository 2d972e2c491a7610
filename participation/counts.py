"""How many: exactly, about, or more than."""

from __future__ import annotations

from django.db import models
from django.utils.translation import gettext_lazy as _


class Accuracy(models.TextChoices):
    """How exactly a number of people is meant."""

    EXACT = "exact", _("genau")
    ABOUT = "about", _("ca.")
    MORE_THAN = "more_than", _("über")


class Basis(models.TextChoices):
    """What a number of people rests on."""

    LIST = "list", _("Teilnehmerliste")
    COUNT = "count", _("Zählung")
    ESTIMATE = "estimate", _("Schätzung")


def german_count(number: int | None, accuracy: str) -> str:
    """`ca. 40`, `über 50`, `17`; empty where nothing is known."""
    if number is None:
        return ""
    return str(number) if accuracy in ("", Accuracy.EXACT) else f"{Accuracy(accuracy).label} {number}"
