"""Pages for what went wrong. Each says what happened and what to do."""

from __future__ import annotations

import logging

from django.core.exceptions import RequestDataTooBig
from django.http import HttpRequest, HttpResponse, HttpResponseServerError
from django.shortcuts import render
from django.template import loader
from django.views.decorators.csrf import requires_csrf_token

logger = logging.getLogger(__name__)

PLAIN_SERVER_ERROR = (
    '<!doctype html><html lang="de"><head><meta charset="utf-8"><title>Fehler</title></head><body>'
    "<h1>Auf dem Server ist ein Fehler aufgetreten</h1>"
    "<p>Bitte versuchen Sie es in einigen Minuten noch einmal.</p></body></html>"
)


def bad_request(request: HttpRequest, exception: Exception) -> HttpResponse:
    """Rendered without the request: it may be the very thing that can't be trusted."""
    if isinstance(exception, RequestDataTooBig):
        return HttpResponse(loader.render_to_string("413.html"), status=413)
    return HttpResponse(loader.render_to_string("400.html"), status=400)


@requires_csrf_token
def permission_denied(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "403.html", status=403)


@requires_csrf_token
def page_not_found(request: HttpRequest, exception: Exception) -> HttpResponse:
    return render(request, "404.html", status=404)


@requires_csrf_token
def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    return render(request, "403_csrf.html", status=403)


@requires_csrf_token
def too_many_requests(request: HttpRequest) -> HttpResponse:
    return render(request, "429.html", status=429)


def server_error(request: HttpRequest) -> HttpResponse:
    """Needs no database, no session and no user; when even the template fails, a plain sentence."""
    # Whatever it is: nothing may break the last page there is.
    try:
        return HttpResponseServerError(loader.render_to_string("500.html"))
    except Exception:
        logger.exception("500.html could not be rendered")
        return HttpResponseServerError(PLAIN_SERVER_ERROR)
