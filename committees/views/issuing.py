"""Sending a stage's Vorlage out of the house."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.issuing import call_back, issue_stage
from committees.actions.issuing_runs import start_issuing
from committees.forms.issuing import IssueForm, IssuingRunForm, RecallForm
from committees.getters import paper_or_404, stage_or_404
from committees.models import Consultation, IssuedPaper, IssuingOrder, IssuingRun, Paper
from committees.permissions import may_issue
from committees.tabs import paper_context
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


# ---- The whole route -------------------------------------------------------------------------------------


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def issues(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Every stage with its PDFs; those who may order what is missing."""
    found = paper_or_404(request, town, pk)
    allowed = may_issue(request.user, found) and found.released
    if request.method == "POST" and not allowed:
        raise PermissionDenied
    stages: list[Consultation] = list(found.consultations.all())
    to_print = [stage for stage in stages if not stage.left_out]
    missing = [stage for stage in to_print if valid_issue(stage) is None]
    data = request.POST if request.method == "POST" else None
    form = IssuingRunForm(data, stages=to_print, missing=missing) if allowed else None
    if data is not None and form and form.is_valid():
        try:
            start_issuing(
                paper=found, stages=form.chosen(), by=signed_in(request), reason=form.cleaned_data["reason"]
            )
        except ValidationError as error:
            form.add_error(None, error)
        else:
            return redirect("committees:issues", town, pk)
    context = {
        **paper_context(request.user, found, "ausfertigungen/"),
        "rows": [(stage, str(stage.pk), list(stage.issues.all())) for stage in stages],
        "form": form,
        "ticked": form.ticked() if form else set(),
        "missing": len(missing),
        "run": newest_run(found),
    }
    return render(request, "committees/issues.html", context, status=422 if data is not None else 200)


def valid_issue(stage: Consultation) -> IssuedPaper | None:
    """The newest PDF of the stage, unless it was called back."""
    issue: IssuedPaper | None = next(iter(stage.issues.all()), None)
    return issue if issue and not issue.called_back else None


def newest_run(paper: Paper) -> IssuingRun | None:
    orders = Prefetch(
        "orders",
        IssuingOrder.objects.select_related(
            "consultation__committee", "consultation__paper__municipality"
        ).prefetch_related("consultation__joint_committees"),
    )
    run: IssuingRun | None = paper.issuing_runs.prefetch_related(orders).first()
    return run


@login_required
@require_safe
def progress(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """How far the newest run has come: for the script that keeps the page up to date."""
    found = paper_or_404(request, town, pk)
    run = newest_run(found)
    context = {"municipality": found.municipality, "paper": found, "run": run}
    response = render(request, "committees/_issuing_progress.html", context)
    response["X-Finished"] = "no" if run and run.state != IssuingRun.State.DONE else "yes"
    return response


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def recall(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    issued_papers = IssuedPaper.objects.visible_to(request.user).in_town(municipality)
    found = get_object_or_404(
        issued_papers.select_related("consultation__paper__municipality", "consultation__committee", "file"),
        pk=pk,
    )
    paper = found.consultation.paper
    if not may_issue(request.user, paper):
        raise PermissionDenied
    form = RecallForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            call_back(issued_paper=found, by=signed_in(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(
                request, _("Die Ausfertigung ist zurückgerufen. Sie bleibt lesbar und gilt nicht mehr.")
            )
            return redirect("committees:issues", town, paper.pk)
    context = {**paper_context(request.user, paper, "ausfertigungen/"), "issue": found, "form": form}
    return render(request, "committees/recall.html", context, status=422 if request.method == "POST" else 200)
