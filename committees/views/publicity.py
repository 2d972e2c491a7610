"""The page of a paper on which is set who may read what of it."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from committees.actions.publicity import issued_publicly, set_publicity
from committees.forms.publicity import PublicityForm
from committees.getters import visible_papers
from committees.models import Paper
from committees.permissions import may_set_publicity
from committees.tabs import paper_context
from municipalities.getters import signed_in

PAGE = "oeffentlichkeit/"


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def publicity(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    _municipality, papers = visible_papers(request, town)
    parts = papers.select_related("layout", "municipality", "paper_type").prefetch_related("layout__blocks")
    paper: Paper = get_object_or_404(parts, pk=pk)
    if not may_set_publicity(request.user, paper):
        raise PermissionDenied
    form = PublicityForm(request.POST if request.method == "POST" else None, paper=paper)
    if request.method == "POST" and form.is_valid():
        try:
            set_publicity(
                paper=paper, typed=form.typed(), opened=form.cleaned_data["opened"], by=signed_in(request)
            )
        except ValidationError as error:
            form.add_error(None, error)
            form.count_as_opened_now()
        else:
            messages.success(request, _("Gespeichert ist, wer was lesen darf."))
            return redirect(paper.get_absolute_url() + PAGE)
    context = {
        **paper_context(request.user, paper, PAGE),
        "form": form,
        "issued_publicly": issued_publicly(paper),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "committees/publicity.html", context, status=status)
