"""What later apps show at the end of each page of a paper or of a meeting, which must not know them.

As on the page of a measure (concepts/regions.py): the settings name functions by their dotted paths; each
gets the reader and the row, and gives HTML of its own, or nothing.
"""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from committees.models import Meeting, Paper


def paper_regions(user: Any, paper: Paper) -> list[SafeString]:
    return [import_string(path)(user, paper) for path in settings.PAPER_REGIONS]


def meeting_regions(user: Any, meeting: Meeting) -> list[SafeString]:
    return [import_string(path)(user, meeting) for path in settings.MEETING_REGIONS]
