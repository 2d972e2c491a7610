"""What is wrong with a paper or might be, and going on in spite of a warning."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from committees.actions.checking import overrule, withdraw_override
from committees.checks import Finding, findings_of
from committees.forms.checking import OverruleForm
from committees.getters import visible_papers
from committees.models import CheckOverride, Paper
from committees.permissions import may_check, may_route
from committees.tabs import paper_context
from municipalities.getters import signed_in

PAGE = "pruefung/"


def checked_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    """For the administration; 403 for those who may only read it."""
    _municipality, papers = visible_papers(request, town)
    paper: Paper = get_object_or_404(papers, pk=pk)
    if not may_check(request.user, paper):
        raise PermissionDenied
    return paper


@login_required
@require_safe
def checks(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return show_checks(request, checked_paper(request, town, pk))


def show_checks(request: HttpRequest, paper: Paper, sent: OverruleForm | None = None) -> HttpResponse:
    findings = findings_of(paper)
    key = (sent["code"].value(), sent["subject"].value()) if sent else None
    errors = [one for one in findings if one.is_error]
    open_ones = [one for one in findings if not one.is_error and not one.overruled]
    overruled = [one for one in findings if one.overruled]
    known = [one.key for one in (*open_ones, *overruled)]
    context = {
        **paper_context(request.user, paper, PAGE),
        "errors": errors,
        "warnings": [(one, _form_for(one, sent if one.key == key else None)) for one in open_ones],
        "overruled": [(one, _form_for(one, sent if one.key == key else None)) for one in overruled],
        "unplaced": sent if sent and key not in known else None,
        "record": CheckOverride.objects.filter(paper=paper).select_related("by").order_by("-pk"),
        "may_overrule": may_route(request.user, paper),
    }
    return render(request, "committees/routing/checks.html", context, status=422 if sent else 200)


def _form_for(finding: Finding, sent: OverruleForm | None) -> OverruleForm:
    """Several stand on one page, so each field has an id of its own."""
    if sent is not None:
        return sent
    return OverruleForm(
        initial={"code": finding.code, "subject": finding.subject},
        auto_id=f"id_%s_{finding.code}_{finding.subject}".replace(":", "_"),
    )


@login_required
@require_POST
def check_overrule(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return _record(request, town, pk, overrule, _("Der Hinweis ist mit Ihrem Grund hingenommen."))


@login_required
@require_POST
def check_withdraw(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return _record(request, town, pk, withdraw_override, _("Der Hinweis gilt wieder."))


def _record(request: HttpRequest, town: str, pk: int, action: Callable[..., Any], done: str) -> HttpResponse:
    paper = checked_paper(request, town, pk)
    if not may_route(request.user, paper):
        raise PermissionDenied
    form = OverruleForm(request.POST)
    if form.is_valid():
        try:
            action(paper=paper, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, done)
            return redirect(f"{paper.get_absolute_url()}{PAGE}")
    return show_checks(request, paper, form)
