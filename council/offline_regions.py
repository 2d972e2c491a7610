"""At the end of each page of a paper or of a meeting (settings.PAPER_REGIONS, MEETING_REGIONS): who sits in a
committee keeps what is public of it for reading without a connection (docs/decisions/0024-offline.md)."""

from __future__ import annotations

from typing import Any

from django.template.loader import render_to_string
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from committees.models import Meeting, Paper
from council.offline import kept_meeting, kept_paper
from council.paper_tabs import reads_first


def paper_region(user: Any, paper: Paper) -> SafeString:
    """Any page of it keeps the one for reading."""
    if not reads_first(user, paper.municipality_id):
        return SafeString("")
    kept = kept_paper(user, paper, _("Vorlage ohne Verbindung lesbar"))
    return render_to_string("council/_offline.html", {"kept": kept})


def meeting_region(user: Any, meeting: Meeting) -> SafeString:
    if not reads_first(user, meeting.municipality_id):
        return SafeString("")
    return render_to_string("council/_offline.html", {"kept": kept_meeting(user, meeting)})
