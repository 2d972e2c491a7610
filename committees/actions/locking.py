"""The first of all locks: whoever changes a paper, its route or its issues waits here for the others."""

from __future__ import annotations

from committees.models import Paper


def lock_paper(pk: int) -> Paper:
    """The paper as it is now, held until the transaction ends. Everything else is locked after it, so that
    nobody waits for each other in a circle.

    SQLite has no row locks; there a transaction that writes begins IMMEDIATE and waits as a whole.
    """
    rows = Paper.objects.select_for_update(of=("self",)).select_related("municipality")
    found: Paper = rows.get(pk=pk)
    return found
