"""Who did it, and why, for the history."""

from __future__ import annotations

from typing import Any

from municipalities.models import User

LONGEST_REASON = 100
"""The column of the history takes no more."""


def sign(row: Any, *, by: User | None, reason: str = "") -> None:
    """What the history will say about the next save, or about the deletion, of this row."""
    row._history_user = by
    row._change_reason = reason[:LONGEST_REASON] or None
