"""What a municipality gives to every page: its colours and its logo."""

from __future__ import annotations

from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.cache import cache_control
from django.views.decorators.http import require_safe

from municipalities.colours import TownColours
from municipalities.models import Municipality

A_YEAR = 365 * 24 * 3600


@require_safe
@cache_control(public=True, max_age=A_YEAR, immutable=True)
def colour_sheet(request: HttpRequest, colour: str) -> HttpResponse:
    """The style sheet of a town colour. It depends on nothing but its address, so it's kept for ever."""
    return HttpResponse(TownColours.of(f"#{colour}").as_css(), content_type="text/css; charset=utf-8")


@require_safe
@cache_control(public=True, max_age=3600)
def logo(request: HttpRequest, slug: str) -> FileResponse:
    """The town's logo, open to everyone: it stands on the login page as well."""
    municipality = get_object_or_404(Municipality, slug=slug)
    if not municipality.logo:
        raise Http404
    try:
        picture = municipality.logo.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    return FileResponse(picture)
