"""The one way to a municipality for every page below its address."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest

from municipalities.models import Municipality, User
from municipalities.reader_rows import RowsByReader

TOWNS = RowsByReader(
    lambda user, slug: Municipality.objects.visible_to(user).filter(slug=slug).select_related("revision")
)


def town_or_404(user: Any, slug: str) -> Municipality:
    """The municipality if the user works there or sits in one of its bodies; Http404 otherwise."""
    for found in TOWNS.models(user, slug):
        return found
    raise Http404


def signed_in(request: HttpRequest) -> User:
    """The one who asks, in a view behind `login_required`."""
    assert isinstance(request.user, User), "the view lacks login_required"
    return request.user
