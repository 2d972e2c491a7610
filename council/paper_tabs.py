"""The council's pages among a paper's tabs (settings.PAPER_TABS): read it, and see what is new in it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from committees.models import Paper
from committees.tabs import Group, Page, released
from council.permissions import seat_towns

READ, NEWS = "lesen", "neues"


def address_to_read(town: str, paper_pk: int) -> str:
    return reverse("council:paper", args=[town, paper_pk])


def reading_address(paper: Paper) -> str:
    return address_to_read(paper.municipality.slug, paper.pk)


def news_address(paper: Paper) -> str:
    return reverse("council:paper_changes", args=[paper.municipality.slug, paper.pk])


def towns_of_a_seat(user: Any, towns: Iterable[int]) -> frozenset[int]:
    """Those of these towns (ids) to which the user comes by a seat. Office and seat exclude each other in a
    town, so nobody else is asked for one."""
    no_office = frozenset(towns) - user.access.towns_with()
    return no_office & seat_towns(user) if no_office else no_office


def reads_first(user: Any, municipality_id: int) -> bool:
    return bool(towns_of_a_seat(user, [municipality_id]))


PAGES = [
    Page(Group.PAPER, READ, _("Lesen"), address=reading_address, first=reads_first),
    Page(Group.PAPER, NEWS, _("Was sich geändert hat"), released, address=news_address),
]
