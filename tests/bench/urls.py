"""The program's addresses, and an empty page behind the same middleware."""

from django.http import HttpRequest, HttpResponse
from django.urls import path

from integration_portal.urls import (
    handler400,
    handler403,
    handler404,
    handler500,
)
from integration_portal.urls import (
    urlpatterns as program_urls,
)

__all__ = ["handler400", "handler403", "handler404", "handler500", "urlpatterns"]


def empty(request: HttpRequest) -> HttpResponse:
    return HttpResponse("")


urlpatterns = [path("leere-seite/", empty), *program_urls]
