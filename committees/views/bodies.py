"""Committees, as they are read."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from committees.getters import committee_or_404
from committees.models import Committee
from committees.permissions import may_lead
from municipalities.getters import town_or_404


@login_required
@require_safe
def committee_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    context = {
        "municipality": municipality,
        "committees": Committee.objects.visible_to(request.user).in_town(municipality),
        "may_lead": may_lead(request.user, municipality.pk),
    }
    return render(request, "committees/bodies/list.html", context)


@login_required
@require_safe
def committee(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = committee_or_404(request, town, pk)
    context = {
        "municipality": found.municipality,
        "committee": found,
        "seats": found.seats.open().select_related("person", "faction"),
        "may_lead": may_lead(request.user, found.municipality_id),
    }
    return render(request, "committees/bodies/committee.html", context)
