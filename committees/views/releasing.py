"""The release of a paper, and taking it back."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from committees.actions import releasing as actions
from committees.forms.signing import ReasonForm, take_errors
from committees.models import Paper
from committees.permissions import may_release
from committees.tabs import paper_context
from committees.views.signing import PAGE, form_page, signing_paper
from municipalities.getters import signed_in


def releasable(request: HttpRequest, town: str, pk: int) -> Paper:
    paper = signing_paper(request, town, pk)
    if not may_release(request.user, paper):
        raise PermissionDenied
    return paper


@login_required
@form_page
def release(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What is still missing, or the button."""
    paper = releasable(request, town, pk)
    refused: list[str] = []
    if request.method == "POST":
        try:
            released = actions.release_paper(paper=paper, by=signed_in(request))
        except ValidationError as error:
            refused = error.messages
            paper = releasable(request, town, pk)
        else:
            messages.success(request, _("Die Vorlage ist freigegeben. Ihre Nummer: %s.") % released.number)
            return redirect("committees:release", town, pk)
    return _page(request, paper, ReasonForm(), refused=refused, status=422 if refused else 200)


@login_required
@require_POST
def release_withdraw(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = releasable(request, town, pk)
    form = ReasonForm(request.POST)
    if form.is_valid():
        try:
            actions.withdraw_release(paper=paper, by=signed_in(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(
                request, _("Die Freigabe ist zurückgenommen. Die Vorlage lässt sich wieder bearbeiten.")
            )
            return redirect("committees:release", town, pk)
    return _page(request, paper, form, refused=[], status=422)


def _page(
    request: HttpRequest, paper: Paper, form: ReasonForm, *, refused: list[str], status: int
) -> HttpResponse:
    context = {
        **paper_context(request.user, paper, PAGE),
        "form": form,
        "refused": refused,
        "ready": None if paper.released else actions.readiness_of(paper),
        "why_it_stays": actions.why_it_stays(paper) if paper.released else "",
    }
    return render(request, "committees/signing/release.html", context, status=status)
