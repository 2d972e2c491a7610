"""How often a result was recorded, by whom and why: the newest first."""

from __future__ import annotations

import datetime
from dataclasses import dataclass

from django.utils.translation import gettext as _

from committees.models import Consultation


@dataclass(frozen=True)
class Recording:
    at: datetime.datetime
    who: str
    result: str
    reason: str


def recordings_of(stage: Consultation) -> list[Recording]:
    """One for each time that somebody recorded a result, or removed it. One query."""
    entries = stage.history.select_related("history_user").order_by("history_date", "history_id")
    found: list[Recording] = []
    seen = None
    for entry in entries:
        if entry.recorded_at != seen:
            seen = entry.recorded_at
            found.append(
                Recording(
                    at=entry.history_date,
                    who=str(entry.history_user or _("nicht bekannt")),
                    result=entry.result or (entry.get_outcome_display() if entry.outcome else _("entfernt")),
                    reason=entry.history_change_reason or "",
                )
            )
    return found[::-1]
