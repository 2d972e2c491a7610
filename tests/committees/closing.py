"""Taking something out of the public, as the page „Öffentlichkeit“ does it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from committees.actions.publicity import Kept, publicity_of, set_publicity
from committees.models import Paper
from municipalities.models import User


def close(paper: Paper, by: User, **changed: Any) -> None:
    """The whole paper where nothing else is named."""
    paper.refresh_from_db()
    stored = publicity_of(paper)
    typed = replace(stored, **(changed or {"paper": Kept(public=False, reason="Vertrag")}))
    set_publicity(paper=paper, typed=typed, opened=stored.mark, by=by)
