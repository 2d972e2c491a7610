"""The Beschlusskontrolle: the list, its PDF and table, and one task with its reports."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committees.actions import tasks as actions
from committees.forms.signing import take_errors
from committees.forms.tasks import ReportForm, TaskFilterForm, TaskForm
from committees.models import Paper, ResolutionTask
from committees.openness import keep_result_back, reads_all
from committees.permissions import may_lead, may_report
from committees.task_lists import grouped, in_order, list_csv, list_document, with_all
from committees.views.reading import pdf_response
from documents.pdf import render as print_pdf
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality

TASKS_PER_PAGE = 25
form_page = require_http_methods(["GET", "HEAD", "POST"])


def opened_list(request: HttpRequest, town: str) -> tuple[Municipality, TaskFilterForm, Any]:
    """The town's tasks that the reader may see, narrowed and in order."""
    municipality = town_or_404(request.user, town)
    visible = ResolutionTask.objects.visible_to(request.user).in_town(municipality)
    form = TaskFilterForm(request.GET, town=municipality, tasks=visible, user=signed_in(request))
    return municipality, form, in_order(with_all(form.narrow(visible)), form.by)


@login_required
@require_safe
def task_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality, form, tasks = opened_list(request, town)
    page = Paginator(tasks, TASKS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        "municipality": municipality,
        "form": form,
        "page_obj": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
        "groups": grouped(page, form.by),
        "query": _query(request),
    }
    return render(request, "committees/tasks/list.html", context)


def _query(request: HttpRequest) -> str:
    """What the list was narrowed to, for the addresses of its files."""
    asked = request.GET.copy()
    asked.pop("seite", None)
    return f"?{asked.urlencode()}" if asked else ""


@login_required
@require_safe
def task_list_pdf(request: HttpRequest, town: str) -> HttpResponse:
    municipality, form, tasks = opened_list(request, town)
    document = list_document(municipality, list(tasks), by=form.by, narrowed=form.in_words())
    response = pdf_response(print_pdf(document), _file_name(municipality, "pdf"))
    response["Cache-Control"] = "private, no-cache"
    return response


@login_required
@require_safe
def task_list_csv(request: HttpRequest, town: str) -> HttpResponse:
    municipality, _form, tasks = opened_list(request, town)
    papers = Paper.objects.visible_to(request.user).in_town(municipality)
    content = list_csv(tasks, readable=set(papers.values_list("pk", flat=True)))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    response["Content-Disposition"] = f'attachment; filename="{_file_name(municipality, "csv")}"'
    response["Cache-Control"] = "private, no-cache"
    return response


def _file_name(town: Municipality, ending: str) -> str:
    return f"{town.slug}_beschlusskontrolle_{timezone.localdate():%Y-%m-%d}.{ending}"


# ---- One task --------------------------------------------------------------------------------------------


def opened_task(request: HttpRequest, town: str, pk: int) -> ResolutionTask:
    municipality = town_or_404(request.user, town)
    visible = with_all(ResolutionTask.objects.visible_to(request.user).in_town(municipality))
    found: ResolutionTask = get_object_or_404(visible, pk=pk)
    return found


@login_required
@form_page
def task(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What is to be done and what was reported; the form for those whose task it is."""
    found = opened_task(request, town, pk)
    user = signed_in(request)
    reporting = may_report(user, found)
    if request.method == "POST" and not reporting:
        raise PermissionDenied
    reports = list(found.reports.all())
    newest = reports[0].pk if reports else 0
    form = None
    if reporting:
        data = request.POST if request.method == "POST" else None
        form = ReportForm(data, task=found, user=user, newest=newest)
    if form is not None and form.is_bound and form.is_valid():
        values = form.cleaned_data
        try:
            actions.report(
                task=found, state=values["state"], text=values["text"], by=user, seen=values["seen"] or 0
            )
        except ValidationError as error:
            take_errors(form, error)
            if getattr(error, "code", "") == actions.REPORTED_MEANWHILE:
                form.count_as_seen(newest)
        else:
            messages.success(request, _("Ihr Bericht ist gespeichert."))
            return redirect(found)
    if not reads_all(user, found.paper):
        keep_result_back(found.consultation)
    context = {
        "municipality": found.paper.municipality,
        "task": found,
        "reports": reports,
        "form": form,
        "changes": _put_off(found),
        "sees_paper": Paper.objects.visible_to(user).filter(pk=found.paper_id).exists(),
        "may_lead": may_lead(user, found.paper.municipality_id),
    }
    return render(
        request, "committees/tasks/task.html", context, status=422 if form and form.is_bound else 200
    )


def _put_off(found: ResolutionTask) -> list[dict[str, Any]]:
    """When somebody changed the deadline, and why; the newest first."""
    entries = list(found.history.select_related("history_user").order_by("history_id"))
    changed = [
        {"entry": after, "before": before.due, "after": after.due}
        for before, after in pairwise(entries)
        if before.due != after.due
    ]
    return changed[::-1]


@login_required
@form_page
def task_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = opened_task(request, town, pk)
    if not may_lead(request.user, found.paper.municipality_id):
        raise PermissionDenied
    form = TaskForm(
        request.POST if request.method == "POST" else None, instance=found, town=found.paper.municipality
    )
    if form.is_bound and form.is_valid():
        try:
            actions.save_task(form=form, by=signed_in(request), reason=form.cleaned_data["reason"])
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Der Auftrag ist gespeichert."))
            return redirect(found)
    context = {"municipality": found.paper.municipality, "task": found, "form": form}
    return render(request, "committees/tasks/edit.html", context, status=422 if form.is_bound else 200)
