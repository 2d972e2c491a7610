"""What the pages of council members are about, as far as the reader may see it."""

from __future__ import annotations

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from committees.models import Faction, Paper
from council.models.preparing import factions_of
from municipalities.getters import town_or_404


def readable_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    municipality = town_or_404(request.user, town)
    papers = Paper.objects.visible_to(request.user).in_town(municipality)
    related = ("layout", "paper_type", "author__user", "revision", "concept__revision")
    found: Paper = get_object_or_404(papers.select_related(*related), pk=pk)
    found.municipality = municipality
    return found


def own_faction(request: HttpRequest, town: str, pk: int) -> Faction:
    """Nobody else knows that it has a page."""
    municipality = town_or_404(request.user, town)
    factions = Faction.objects.in_town(municipality).filter(pk__in=factions_of(request.user))
    found: Faction = get_object_or_404(factions, pk=pk)
    found.municipality = municipality
    return found
