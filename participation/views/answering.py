"""The page behind the link of an invitation. It needs no login: the link is the way in.

Opening it changes nothing, because mail scanners open links; an answer is sent. Whether the invited one has
an account already changes nothing of what is shown.
"""

from __future__ import annotations

from typing import Any

from allauth.core import ratelimit
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from participation.actions.invitations import accept, decline
from participation.forms.invitations import AcceptForm
from participation.models import Invitation

LONGEST_TOKEN = 100
GONE, UNKNOWN = 410, 404


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    if not ratelimit.consume(request, action="invitation"):
        return ratelimit.respond_429(request)
    found = find(token)
    if found is None:
        return render(request, "participation/invitation_closed.html", {"why": "unknown"}, status=UNKNOWN)
    form = AcceptForm(initial={"name": found.name})
    invalid = False
    if request.method == "POST" and found.is_open:
        if request.POST.get("antwort") == "ablehnen":
            found = with_names(decline(invitation=found))
        else:
            form = AcceptForm(request.POST)
            if form.is_valid():
                found = with_names(accept(invitation=found, name=form.cleaned_data["name"]))
            invalid = not form.is_valid()
    return shown(request, found, form, 422 if invalid else 200)


def shown(request: HttpRequest, found: Invitation, form: AcceptForm, status: int) -> HttpResponse:
    """The page by what has become of the invitation."""
    context = {"invitation": found, "town": found.municipality, "what": found.group or found.process}
    if found.is_open:
        return render(request, "participation/invitation.html", {**context, "form": form}, status=status)
    if found.state == Invitation.State.ACCEPTED:
        return render(request, "participation/invitation_accepted.html", context)
    why = "expired" if found.is_expired else found.state
    status = 200 if found.state == Invitation.State.DECLINED else GONE
    return render(request, "participation/invitation_closed.html", {**context, "why": why}, status=status)


def find(token: str) -> Invitation | None:
    if len(token) > LONGEST_TOKEN or not token.isascii():
        return None
    return rows().by_token(token).first()


def with_names(invitation: Invitation) -> Invitation:
    found: Invitation = rows().get(pk=invitation.pk)
    return found


def rows() -> Any:
    return Invitation.objects.select_related(
        "municipality", "group__municipality", "process__municipality", "invited_by", "seat__institution"
    )
