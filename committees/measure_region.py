"""On the page of a measure: what the council has decided about it."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from committees.models import MeasureDecision
from concepts.models import Measure


def decision_region(request: HttpRequest, measure: Measure) -> SafeString:
    """Of the papers that the reader may open, the newest first."""
    rows = list(
        MeasureDecision.objects.visible_to(request.user)
        .filter(measure=measure)
        .select_related(
            "consultation__paper__municipality", "consultation__committee", "consultation__meeting"
        )
        .prefetch_related("consultation__joint_committees")
        .order_by("-consultation__meeting__date", "-pk")
    )
    if not rows:
        return SafeString("")
    return SafeString(render_to_string("committees/after/_measure.html", {"rows": rows}))
