"""What may be read without a connection: public content only (docs/decisions/0024-offline.md)."""

from __future__ import annotations

from django.http import HttpResponse
from django.utils.crypto import salted_hmac

from municipalities.models import User

MARK = "X-Offline"


def marked_public(response: HttpResponse) -> HttpResponse:
    """The worker keeps nothing that does not say this."""
    response[MARK] = "public"
    return response


def reader_key(user: User) -> str:
    """Tells the worker that somebody else reads now, without saying who."""
    return salted_hmac("council.offline", str(user.pk)).hexdigest()[:16]
