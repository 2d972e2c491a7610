"""What later apps show on the pages of a concept, which must not know them.

The settings name functions by their dotted paths; each gets the request and the row, and gives HTML of its
own, or nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from django.conf import settings
from django.http import HttpRequest
from django.utils.module_loading import import_string
from django.utils.safestring import SafeString

from concepts.models import Measure

Region = Callable[[HttpRequest, Measure], SafeString]


@lru_cache
def load(path: str) -> Region:
    region: Region = import_string(path)
    return region


def measure_regions(request: HttpRequest, measure: Measure) -> list[SafeString]:
    """What is shown below a measure, in the order of the settings."""
    found = (load(path)(request, measure) for path in settings.MEASURE_REGIONS)
    return [html for html in found if html]
