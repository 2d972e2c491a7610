"""The first of all locks: whoever changes a paper, its route or its issues waits here for the others."""

from __future__ import annotations

from committees.models import Meeting, Paper


def lock_paper(pk: int) -> Paper:
    """The paper as it is now, held until the transaction ends. Everything else is locked after it, so that
    nobody waits for each other in a circle.

    SQLite has no row locks; there a transaction that writes begins IMMEDIATE and waits as a whole.
    """
    rows = Paper.objects.select_for_update(of=("self",)).select_related("municipality")
    found: Paper = rows.get(pk=pk)
    return found


def hold_meeting(pk: int) -> Meeting:
    """The meeting as it is now, held until the transaction ends. Papers are locked before it."""
    found: Meeting = Meeting.objects.select_for_update(of=("self",)).select_related("municipality").get(pk=pk)
    return found


def hold_with_papers(pk: int) -> Meeting:
    """And before it the papers that it deals with, so that nothing is recorded of them meanwhile."""
    papers = Paper.objects.filter(consultations__meeting=pk).order_by("pk").values_list("pk", flat=True)
    for paper in papers.distinct():
        lock_paper(paper)
    return hold_meeting(pk)
