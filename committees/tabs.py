"""What can be done with a paper, as tabs over each of its pages."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.models import Paper
from committees.permissions import (
    may_check,
    may_route,
    may_see_signing,
    may_set_publicity,
    may_write,
    prepares,
)


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


def everybody(user: Any, paper: Paper) -> bool:
    return True


def released(user: Any, paper: Paper) -> bool:
    return paper.released


def writes(user: Any, paper: Paper) -> bool:
    return prepares(user, paper) or may_write(user, paper)


# The address below the paper, what the tab is called, and who finds it there.
TABS: list[tuple[str, Any, Callable[[Any, Paper], bool]]] = [
    ("", _("Lesen"), everybody),
    ("schreiben/", _("Schreiben"), writes),
    ("oeffentlichkeit/", _("Öffentlichkeit"), may_set_publicity),
    ("beratungsfolge/", _("Beratungsfolge"), may_route),
    ("pruefung/", _("Prüfung"), may_check),
    ("mitzeichnung/", _("Mitzeichnung"), may_see_signing),
    ("ausfertigungen/", _("Ausfertigungen"), everybody),
    ("aenderungen/", _("Änderungen"), released),
    ("bezuege/", _("Bezüge"), everybody),
    ("beschluss/", _("Nach dem Beschluss"), released),
]


def paper_context(user: Any, paper: Paper, page: str = "") -> dict[str, Any]:
    """For `committees/paper_base.html`. `page` is the tab's address below the paper: „schreiben/“."""
    base = paper.get_absolute_url()
    found = [Tab(label, base + below, below == page) for below, label, may in TABS if may(user, paper)]
    return {
        "municipality": paper.municipality,
        "paper": paper,
        "paper_url": base,
        "tabs": found if len(found) > 1 else [],
    }
