"""The start page: what is waiting for the one who reads it."""

from __future__ import annotations

from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from council.permissions import seat_towns
from desk.waiting.lists import waiting_for
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality


@login_required
@require_safe
def start(request: HttpRequest, town: str | None = None) -> HttpResponse:
    """All towns of the user, or the one in the address."""
    towns = [town_or_404(request.user, town)] if town else list(Municipality.objects.visible_to(request.user))
    context = {
        "municipality": towns[0] if len(towns) == 1 else None,
        "towns": towns,
        "lists": waiting_for(signed_in(request), towns),
        "signing_towns": signed_in(request).access.towns_with(),
        "seat_towns": seat_towns(signed_in(request)),
    }
    return render(request, "desk/start.html", context)
