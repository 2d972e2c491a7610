"""Sending a stage's Vorlage out of the house."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committees.actions.issuing import issue_stage
from committees.forms.issuing import IssueForm
from committees.getters import stage_or_404
from committees.models import IssuedPaper
from committees.permissions import may_issue
from committees.views.reading import file_response, stage_context
from municipalities.getters import signed_in, town_or_404


@login_required
@require_POST
def issue(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    municipality, found, consultation = stage_or_404(request, town, pk, position)
    if not may_issue(request.user, found):
        raise PermissionDenied
    form = IssueForm(request.POST, issued=len(consultation.issues.all()))
    if form.is_valid():
        try:
            issued_paper = issue_stage(
                consultation=consultation, by=signed_in(request), reason=form.cleaned_data.get("reason", "")
            )
        except ValidationError as error:
            # Without a field's name: the form has the field only if it knew of an earlier issue.
            form.add_error(None, error.messages)
        else:
            messages.success(
                request,
                _("%(number)d. Ausfertigung für „%(committee)s“ ist gespeichert.")
                % {"number": issued_paper.number, "committee": consultation.committee_names()},
            )
            return redirect("committees:stage", town, pk, position)
    context = stage_context(request, municipality, found, consultation, form)
    return render(request, "committees/stage.html", context, status=422)


@login_required
@require_safe
def issued(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The frozen bytes, for as long as the portal stands."""
    municipality = town_or_404(request.user, town)
    papers = IssuedPaper.objects.visible_to(request.user).in_town(municipality)
    found = get_object_or_404(papers.select_related("file"), pk=pk)
    return file_response(found.file)
