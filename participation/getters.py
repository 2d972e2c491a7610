"""The one way from an address to a row: fetches and authorises, 404 otherwise."""

from __future__ import annotations

from typing import Any

from django.shortcuts import get_object_or_404

from participation.models import MeasureProposal, Process


def process_or_404(user: Any, town: str, pk: int) -> Process:
    rows = Process.objects.visible_to(user).select_related("municipality", "concept__municipality")
    return get_object_or_404(rows, municipality__slug=town, pk=pk)


def proposal_or_404(user: Any, town: str, pk: int) -> MeasureProposal:
    """A draft is found by who writes it alone, and what is submitted by the members of its process."""
    rows = MeasureProposal.objects.visible_to(user).with_all()
    return get_object_or_404(rows, process__municipality__slug=town, pk=pk)
