"""On the page of a measure: the proposals that it came of."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.safestring import SafeString

from concepts.models import Measure
from participation.models import Decision, MeasureProposal, ProposalMeasure


def origin_region(request: HttpRequest, measure: Measure) -> SafeString:
    """Proposals whose decision the reader may know; linked for who may read the proposal itself."""
    ties = ProposalMeasure.objects.filter(
        measure=measure, proposal__decision__in=Decision.objects.visible_to(request.user)
    ).select_related("proposal__group", "proposal__decision", "proposal__process__municipality")
    if not ties:
        return SafeString("")
    readable = set(
        MeasureProposal.objects.visible_to(request.user)
        .filter(pk__in=[tie.proposal_id for tie in ties])
        .values_list("pk", flat=True)
    )
    context = {"ties": [(tie, tie.proposal_id in readable) for tie in ties]}
    return SafeString(render_to_string("participation/origin.html", context))
