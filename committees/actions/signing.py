"""Countersigning, as far as writing needs to know of it."""

from __future__ import annotations

from committees.models import Paper
from municipalities.models import User


def text_changed(*, paper: Paper, by: User) -> None:
    """A paper under signing was saved: whom that concerns is asked again."""
