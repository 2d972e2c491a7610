"""Planning a paper's route, and changing it while it runs."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.routing import (
    delete_stage,
    move_stage,
    save_as_template,
    save_stage,
    strike_stage,
    take_back_stage,
    take_over,
    why_fixed,
)
from committees.checks import findings_of
from committees.forms.routing import (
    MoveForm,
    ReasonForm,
    SaveTemplateForm,
    StageForm,
    StrikeForm,
    TakeOverForm,
)
from committees.getters import paper_or_404
from committees.models import Consultation, Paper
from committees.permissions import may_route
from committees.route_history import changes_of
from committees.stages import stages_of
from committees.tabs import paper_context
from municipalities.getters import signed_in

PAGE = "beratungsfolge/"
FORM_METHODS = ["GET", "HEAD", "POST"]


def routed_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    """With its stages; 403 for those who may only read it."""
    paper = paper_or_404(request, town, pk)
    if not may_route(request.user, paper):
        raise PermissionDenied
    return paper


def routed_stage(request: HttpRequest, town: str, pk: int, stage: int) -> tuple[Paper, Consultation]:
    paper = routed_paper(request, town, pk)
    stages = Consultation.objects.filter(paper=paper).select_related("committee", "meeting")
    found = get_object_or_404(stages.prefetch_related("joint_committees", "issues"), pk=stage)
    found.paper = paper
    return paper, found


def to_route(paper: Paper, stage: Consultation | None = None) -> HttpResponse:
    return redirect(f"{paper.get_absolute_url()}{PAGE}{f'#stufe-{stage.pk}' if stage else ''}")


@login_required
@require_safe
def route_page(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return show_route(request, routed_paper(request, town, pk))


def show_route(
    request: HttpRequest,
    paper: Paper,
    taking_over: TakeOverForm | None = None,
    saving: SaveTemplateForm | None = None,
) -> HttpResponse:
    stages = stages_of(paper.consultations.all())
    findings = [finding for finding in findings_of(paper) if not finding.overruled]
    rows = [
        {
            "stage": stage,
            "consultation": stage.consultation,
            "fixed": why_fixed(stage.consultation),
            "findings": [one for one in findings if one.stage == stage.consultation.pk],
        }
        for stage in stages
    ]
    sent = next((form for form in (taking_over, saving) if form is not None), None)
    context = {
        **paper_context(request.user, paper, PAGE),
        "stages": stages,
        "rows": rows,
        "errors": sum(finding.is_error for finding in findings),
        "warnings": sum(not finding.is_error for finding in findings),
        "whole": [one for one in findings if one.stage is None and one.where == PAGE],
        "taking_over": taking_over or TakeOverForm(paper=paper),
        "saving": saving or SaveTemplateForm(),
        "changes": changes_of(paper),
    }
    status = 422 if sent else 200
    return render(request, "committees/routing/route.html", context, status=status)


def stage_form_page(request: HttpRequest, paper: Paper, form: StageForm, title: str) -> HttpResponse:
    context = {
        **paper_context(request.user, paper, PAGE),
        "form": form,
        "title": title,
    }
    return render(
        request, "committees/routing/stage_form.html", context, status=422 if form.is_bound else 200
    )


@login_required
@require_http_methods(FORM_METHODS)
def stage_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = routed_paper(request, town, pk)
    return edit_stage(request, paper, Consultation(paper=paper), _("Stufe hinzufügen"))


@login_required
@require_http_methods(FORM_METHODS)
def stage_edit(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    paper, found = routed_stage(request, town, pk, stage)
    title = _("Stufe %(number)d ändern: %(name)s") % {
        "number": found.position,
        "name": found.committee_names(),
    }
    return edit_stage(request, paper, found, title)


def edit_stage(request: HttpRequest, paper: Paper, stage: Consultation, title: str) -> HttpResponse:
    had_item = stage.agenda_item_id is not None
    form = StageForm(request.POST if request.method == "POST" else None, instance=stage, paper=paper)
    if not form.is_bound or not form.is_valid():
        return stage_form_page(request, paper, form, title)
    data = form.cleaned_data
    try:
        saved = save_stage(
            form=form, by=signed_in(request), reason=data.get("reason", ""), place=data.get("place")
        )
    except ValidationError as error:
        add_errors(form, error)
        return stage_form_page(request, paper, form, title)
    if form.taken_over:
        messages.info(request, _("Von anderen geändert und übernommen: %s.") % ", ".join(form.taken_over))
    messages.success(request, _("Stufe „%s“ ist gespeichert.") % saved.committee_names())
    if had_item and saved.agenda_item_id is None:
        messages.info(request, _("Der Tagesordnungspunkt gehörte zur bisherigen Sitzung und ist entfernt."))
    return to_route(paper, saved)


def small_page(
    request: HttpRequest, paper: Paper, stage: Consultation, title: str, form: Any, button: str, **more: Any
) -> HttpResponse:
    """A heading, a hint, one or two fields and a button."""
    context = {
        **paper_context(request.user, paper, PAGE),
        "stage": stage,
        "title": title,
        "form": form,
        "button": button,
        **more,
    }
    status = 422 if form is None or form.is_bound else 200
    return render(request, "committees/routing/small_form.html", context, status=status)


@login_required
@require_http_methods(FORM_METHODS)
def stage_move(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    paper, found = routed_stage(request, town, pk, stage)
    bound = request.method == "POST"
    form = MoveForm(
        request.POST if bound else None,
        released=paper.released,
        most=len(paper.consultations.all()),
        initial={"place": request.GET.get("stelle") or found.position},
    )
    if bound and form.is_valid():
        try:
            moved = move_stage(
                stage=found,
                place=form.cleaned_data["place"],
                by=signed_in(request),
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            sentence = _("„%(name)s“ ist jetzt die %(place)d. Stufe.")
            messages.success(request, sentence % {"name": found.committee_names(), "place": moved.position})
            return to_route(paper, moved)
    return small_page(request, paper, found, _("Stufe verschieben"), form, _("Verschieben"))


@login_required
@require_http_methods(FORM_METHODS)
def stage_strike(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    paper, found = routed_stage(request, town, pk, stage)
    form = StrikeForm(
        request.POST if request.method == "POST" else None, initial={"reason": found.left_out_reason}
    )
    if form.is_bound and form.is_valid():
        try:
            strike_stage(stage=found, reason=form.cleaned_data["reason"], by=signed_in(request))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Die Beratung „%s“ entfällt.") % found.committee_names())
            return to_route(paper, found)
    hint = _("Die Stufe bleibt in der Beratungsfolge stehen, mit dem Vermerk „entfällt“ und dem Grund.")
    return small_page(request, paper, found, _("Beratung entfällt"), form, _("Streichen"), hint=hint)


@login_required
@require_http_methods(FORM_METHODS)
def stage_take_back(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    paper, found = routed_stage(request, town, pk, stage)
    form = ReasonForm(request.POST if request.method == "POST" else None, released=paper.released)
    if form.is_bound and form.is_valid():
        try:
            take_back_stage(stage=found, by=signed_in(request), reason=form.cleaned_data.get("reason", ""))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Die Beratung „%s“ findet statt.") % found.committee_names())
            return to_route(paper, found)
    hint = _("Gestrichen mit dem Grund: %s") % found.left_out_reason if found.left_out else ""
    title = _("Beratung wieder aufnehmen")
    return small_page(request, paper, found, title, form, _("Wieder aufnehmen"), hint=hint)


@login_required
@require_http_methods(FORM_METHODS)
def stage_delete(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    paper, found = routed_stage(request, town, pk, stage)
    form = ReasonForm(request.POST if request.method == "POST" else None, released=False)
    if form.is_bound and form.is_valid():
        name = found.committee_names()
        try:
            delete_stage(stage=found, by=signed_in(request))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Die Stufe „%s“ ist gelöscht.") % name)
            return to_route(paper)
    hint = _("Die Stufe verschwindet ganz. Soll zu lesen sein, warum sie entfällt, streichen Sie sie.")
    return small_page(request, paper, found, _("Stufe löschen"), form, _("Löschen"), hint=hint, danger=True)


# ---- Templates -------------------------------------------------------------------------------------------


@login_required
@require_POST
def template_take_over(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = routed_paper(request, town, pk)
    form = TakeOverForm(request.POST, paper=paper)
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            added = take_over(
                paper=paper,
                template=chosen["template"],
                by=signed_in(request),
                reason=chosen.get("reason", ""),
            )
        except ValidationError as error:
            add_errors(form, error)
        else:
            sentence = ngettext("%d Stufe ist übernommen.", "%d Stufen sind übernommen.", len(added))
            messages.success(request, sentence % len(added))
            return to_route(paper)
    return show_route(request, paper, taking_over=form)


@login_required
@require_POST
def template_save(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = routed_paper(request, town, pk)
    form = SaveTemplateForm(request.POST)
    if form.is_valid():
        try:
            saved = save_as_template(paper=paper, name=form.cleaned_data["name"], by=signed_in(request))
        except ValidationError as error:
            add_errors(form, error)
        else:
            messages.success(request, _("Das Muster „%s“ ist gespeichert.") % saved)
            return to_route(paper)
    return show_route(request, paper, saving=form)


def add_errors(form: Any, error: ValidationError) -> None:
    """To their fields, where the form has them."""
    found = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
    for name, sentences in found.items():
        for sentence in sentences:
            form.add_error(name if name in form.fields else None, sentence)
