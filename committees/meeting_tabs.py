"""What can be done with a meeting, as tabs over each of its pages."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext_lazy as _

from committees.models import Meeting
from committees.permissions import may_lead
from committees.regions import meeting_regions
from committees.tabs import Tab


def everybody(user: Any, municipality_id: int) -> bool:
    return True


# The address below the meeting, what the tab is called, and who finds it there.
TABS: list[tuple[str, Any, Callable[[Any, int], bool]]] = [
    ("", _("Überblick"), everybody),
    ("tagesordnung/", _("Tagesordnung"), may_lead),
    ("einladung/", _("Einladung"), everybody),
    ("ergebnisse/", _("Ergebnisse"), may_lead),
    ("anwesenheit/", _("Anwesenheit"), may_lead),
    ("niederschrift/", _("Niederschrift"), everybody),
    ("leselinks/", _("Leselinks"), may_lead),
]


def meeting_context(user: Any, meeting: Meeting, page: str = "") -> dict[str, Any]:
    """For `committees/meeting_base.html`. `page` is the tab's address below the meeting: „tagesordnung/“."""
    base = meeting.get_absolute_url()
    return {
        "municipality": meeting.municipality,
        "meeting": meeting,
        "meeting_committees": list(meeting.committees.all()),
        "meeting_url": base,
        "regions": lambda: meeting_regions(user, meeting),
        "may_lead": may_lead(user, meeting.municipality_id),
        "tabs": [
            Tab(label, base + below, below == page)
            for below, label, may in TABS
            if may(user, meeting.municipality_id)
        ],
    }
