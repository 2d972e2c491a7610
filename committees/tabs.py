"""What can be done with a paper, as tabs over each of its pages, in groups.

Later apps, which this one must not know, put pages of their own among them: the settings name their lists by
dotted paths (`PAPER_TABS`), as they do for the pages of a measure (concepts/regions.py).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum
from functools import lru_cache
from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
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
from committees.regions import paper_regions


class Group(Enum):
    """In the order in which they are shown; everybody sees those in which there is something for them."""

    PAPER = _("Vorlage")
    ROUTE = _("Beratung")
    WORK = _("Bearbeiten")


@dataclass(frozen=True)
class Tab:
    label: Any
    url: str
    current: bool


@dataclass(frozen=True)
class TabGroup:
    """`mark` is the id of its label on the page."""

    mark: str
    label: Any
    tabs: list[Tab]


def everybody(user: Any, paper: Paper) -> bool:
    return True


def released(user: Any, paper: Paper) -> bool:
    return paper.released


def writes(user: Any, paper: Paper) -> bool:
    return prepares(user, paper) or may_write(user, paper)


@dataclass(frozen=True)
class Page:
    """`key` is its address below the paper, unless `address` says another; `may` tells who finds it there,
    and `first` in which town (its id) a reader begins with it."""

    group: Group
    key: str
    label: Any
    may: Callable[[Any, Paper], bool] = everybody
    address: Callable[[Paper], str] | None = None
    first: Callable[[Any, int], bool] | None = None

    def url(self, paper: Paper) -> str:
        return self.address(paper) if self.address else paper.get_absolute_url() + self.key


PAGES = [
    Page(Group.PAPER, "", _("Überblick")),
    Page(Group.ROUTE, "beratungsfolge/", _("Beratungsfolge"), may_route),
    Page(Group.ROUTE, "aenderungen/", _("Änderungsanträge"), released),
    Page(Group.ROUTE, "ausfertigungen/", _("Ausfertigungen")),
    Page(Group.ROUTE, "bezuege/", _("Bezüge")),
    Page(Group.ROUTE, "beschluss/", _("Nach dem Beschluss"), released),
    Page(Group.WORK, "schreiben/", _("Schreiben"), writes),
    Page(Group.WORK, "pruefung/", _("Prüfung"), may_check),
    Page(Group.WORK, "mitzeichnung/", _("Mitzeichnung"), may_see_signing),
    Page(Group.WORK, "oeffentlichkeit/", _("Öffentlichkeit"), may_set_publicity),
]


@lru_cache(maxsize=1)
def pages() -> list[Page]:
    """Our own first, then those of later apps."""
    return [*PAGES, *(page for path in settings.PAPER_TABS for page in import_string(path))]


def first_page(user: Any, municipality_id: int) -> Page | None:
    """The page of a later app that the user begins with in this town; None for who begins with ours."""
    return next((one for one in pages() if one.first and one.first(user, municipality_id)), None)


def tab_groups(user: Any, paper: Paper, page: str) -> list[TabGroup]:
    open_to_user = [one for one in pages() if one.may(user, paper)]
    groups = [
        (
            group,
            [Tab(one.label, one.url(paper), one.key == page) for one in open_to_user if one.group is group],
        )
        for group in Group
    ]
    return [TabGroup(f"seiten-{group.name.lower()}", group.value, tabs) for group, tabs in groups if tabs]


def paper_context(user: Any, paper: Paper, page: str = "") -> dict[str, Any]:
    """For `committees/paper_base.html`. `page` is the tab's key: „schreiben/“."""
    groups = tab_groups(user, paper, page)
    return {
        "municipality": paper.municipality,
        "paper": paper,
        "paper_url": paper.get_absolute_url(),
        "tab_groups": groups,
        "regions": lambda: paper_regions(user, paper),
        "current_tab": next((tab.label for group in groups for tab in group.tabs if tab.current), ""),
    }
