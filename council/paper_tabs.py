"""The council's pages among a paper's tabs (settings.PAPER_TABS): read it, and see what is new in it."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from committees.models import Paper
from committees.tabs import Group, Page, released

READ, NEWS = "lesen", "neues"


def address_to_read(town: str, paper_pk: int) -> str:
    return f"/{town}/rat/vorlagen/{paper_pk}/"


def reading_address(paper: Paper) -> str:
    return address_to_read(paper.municipality.slug, paper.pk)


def news_address(paper: Paper) -> str:
    return f"{reading_address(paper)}aenderungen/"


PAGES = [
    Page(Group.PAPER, READ, _("Lesen"), address=reading_address),
    Page(Group.PAPER, NEWS, _("Was sich geändert hat"), released, address=news_address),
]
