"""The one way to a municipality for every page below its address."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from municipalities.models import Municipality, User


def town_or_404(user: Any, slug: str) -> Municipality:
    """The municipality if the user works there or sits in one of its bodies; Http404 otherwise."""
    return get_object_or_404(Municipality.objects.visible_to(user).select_related("revision"), slug=slug)


def signed_in(request: HttpRequest) -> User:
    """The one who asks, in a view behind `login_required`."""
    assert isinstance(request.user, User), "the view lacks login_required"
    return request.user
