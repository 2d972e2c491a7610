"""Headers that neither Django nor django-csp sets."""

from __future__ import annotations

from collections.abc import Callable

from django.http import HttpRequest, HttpResponse

GetResponse = Callable[[HttpRequest], HttpResponse]

# The portal needs none of a browser's senses, and nobody else needs its pictures and scripts.
PERMISSIONS = ", ".join(f"{sense}=()" for sense in ("camera", "geolocation", "microphone", "payment", "usb"))

# What a page says depends on who asks: no proxy keeps it, and a browser asks before it shows it again.
KEPT_BY_NOBODY_ELSE = "private, no-cache"


def more_security_headers(get_response: GetResponse) -> GetResponse:
    def middleware(request: HttpRequest) -> HttpResponse:
        response = get_response(request)
        response.headers.setdefault("Permissions-Policy", PERMISSIONS)
        response.headers.setdefault("Cross-Origin-Resource-Policy", "same-origin")
        response.headers.setdefault("Cache-Control", KEPT_BY_NOBODY_ELSE)
        return response

    return middleware
