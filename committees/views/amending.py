"""The paper's tab „Änderungen“: what committees and factions want changed, and what became of it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any
from urllib.parse import urlencode

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.amending import (
    comment_amendment,
    decide_amendment,
    delete_amendment,
    edit_amendment,
    made_of,
    move_amendment,
    text_for,
    text_now,
    why_closed,
)
from committees.carrying import (
    Carried,
    CarriedMeasure,
    CarriedPoint,
    amendments_of,
    carried_measures,
    carried_points,
    points_after,
)
from committees.forms.amending import (
    MEASURE,
    AmendmentForm,
    CommentForm,
    DecisionForm,
    TargetForm,
    target_of,
)
from committees.forms.signing import take_errors
from committees.getters import paper_or_404
from committees.models import Amendment, Consultation, Paper
from committees.permissions import may_comment_amendments, may_lead
from committees.printing.amended import heading_of, row_of, synopsis_of
from committees.tabs import paper_context
from concepts.models import Measure
from municipalities.getters import signed_in

PAGE = "aenderungen/"
FORM_METHODS = ["GET", "HEAD", "POST"]


def amended_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    """With its route and its amendments."""
    paper = paper_or_404(request, town, pk)
    stages = {stage.pk: stage for stage in paper.consultations.all()}
    for amendment in amendments_of(paper):
        amendment.consultation = stages[amendment.consultation_id]
    return paper


def led_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    paper = amended_paper(request, town, pk)
    if not may_lead(request.user, paper.municipality_id):
        raise PermissionDenied
    return paper


def amendment_or_404(paper: Paper, number: int) -> Amendment:
    for amendment in amendments_of(paper):
        if amendment.number == number:
            return amendment
    raise Http404


def to_amendment(paper: Paper, amendment: Amendment) -> HttpResponse:
    return redirect(f"{paper.get_absolute_url()}{PAGE}{amendment.number}/")


# ---- Reading ---------------------------------------------------------------------------------------------


@login_required
@require_safe
def amendments(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = amended_paper(request, town, pk)
    leads = may_lead(request.user, paper.municipality_id) and paper.released
    stage = next_stage(paper)
    texts: list[Carried] = [*carried_points(paper, None), *carried_measures(paper, None)]
    context = {
        **paper_context(request.user, paper, PAGE),
        "texts": [
            {
                **row_of(text),
                "text": text.text,
                "changed": bool(text.changes),
                "only_beside": getattr(text, "only_beside", False),
                "amend": address_to_amend(paper, stage, text) if leads and stage else "",
            }
            for text in texts
        ],
        "rows": [
            {"amendment": amendment, "about": about(amendment, paper)} for amendment in amendments_of(paper)
        ],
        "may_move": leads and stage is not None,
    }
    return render(request, "committees/amending/list.html", context)


def next_stage(paper: Paper) -> Consultation | None:
    """Where the next amendment is likely to be moved: the first that has not answered yet, else the last."""
    stages = [stage for stage in paper.consultations.all() if not stage.left_out]
    return next((stage for stage in stages if not stage.is_over), stages[-1] if stages else None)


def address_to_amend(paper: Paper, stage: Consultation, text: Carried) -> str:
    query = {"beratung": str(stage.position)}
    if isinstance(text, CarriedMeasure):
        assert text.measure is not None
        measure = text.measure
        query |= {"ziel": MEASURE, "massnahme": " ".join(f"{measure.code} {measure.title}".split())}
    elif isinstance(text, CarriedPoint):
        if text.only_beside:
            return ""
        query["ziel"] = target_of(text)
    return f"{paper.get_absolute_url()}{PAGE}neu/?{urlencode(query)}"


def about(amendment: Amendment, paper: Paper) -> str:
    """What it changes, in words."""
    if amendment.measure:
        return heading_of(CarriedMeasure(original="", text="", measure=amendment.measure))
    if amendment.point:
        return _("Beschlusspunkt %d") % amendment.point.position
    if not amendment.before:
        return _("Neuer Beschlusspunkt")
    for row in carried_points(paper, None):
        if row.point is None and row.has_said(amendment.before):
            return heading_of(row)
    return _("Neuer Beschlusspunkt")


@login_required
@require_safe
def amendment(request: HttpRequest, town: str, pk: int, number: int) -> HttpResponse:
    paper = amended_paper(request, town, pk)
    return show(request, paper, amendment_or_404(paper, number))


def show(
    request: HttpRequest,
    paper: Paper,
    found: Amendment,
    *,
    deciding: DecisionForm | None = None,
    commenting: CommentForm | None = None,
) -> HttpResponse:
    leads = may_lead(request.user, paper.municipality_id)
    is_open = found.state == Amendment.State.MOVED
    closed = why_closed(found) if leads else ""
    in_the_way = made_of(found, text_now(found, paper))[1] if is_open else ""
    sent = next((form for form in (deciding, commenting) if form is not None), None)
    may_comment = may_comment_amendments(request.user, paper)
    context = {
        **paper_context(request.user, paper, PAGE),
        "amendment": found,
        "stage": found.consultation,
        "about": about(found, paper),
        "synopsis": synopsis_of(found.before, found.after),
        "in_the_way": in_the_way,
        "closed": closed,
        "may_edit": leads and is_open and not closed,
        "deciding": (deciding or DecisionForm(instance=found)) if leads and not closed else None,
        "commenting": (commenting or CommentForm(instance=found)) if may_comment else None,
        "filed_as": found.filed_as if found.filed_as and sees(request, found.filed_as) else None,
    }
    return render(request, "committees/amending/amendment.html", context, status=422 if sent else 200)


def sees(request: HttpRequest, paper: Paper) -> bool:
    return bool(Paper.objects.visible_to(request.user).filter(pk=paper.pk).exists())


# ---- Moving and wording ----------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM_METHODS)
def amendment_new(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """First where and at what, as the address says; then the wording."""
    paper = led_paper(request, town, pk)
    if not paper.released:
        messages.info(
            request,
            _("Diese Vorlage ist noch nicht freigegeben. Änderungsanträge gibt es erst danach."),
        )
        return redirect(paper.get_absolute_url() + PAGE)
    target = target_form(request, paper)
    if not target.is_bound or not target.is_valid():
        return choose(request, paper, target)
    stage = stage_at(paper, target.cleaned_data["beratung"])
    measure, row = target.cleaned_data["massnahme"], target.row
    fresh = Amendment(paper=paper, consultation=stage, measure=measure, point=row.point if row else None)
    fresh.before = fresh.after = text_for(paper, stage, row=row, measure=measure)
    sent = request.POST if request.method == "POST" else None
    form = wording_form(request, sent, fresh, fresh.before)
    if form.is_bound and form.is_valid():
        try:
            moved = move_amendment(amendment=form.save(commit=False), by=signed_in(request))
        except ValidationError as error:
            take_errors(form, error)
            form = with_new_base(form, text_at(amended_paper(request, town, pk), stage, row, measure))
        else:
            messages.success(request, _("Änderungsantrag %d ist eingetragen.") % moved.number)
            return to_amendment(paper, moved)
    heading = words_of(row, measure)
    return word(request, paper, form, _("Änderungsantrag stellen"), heading, again=request.GET.urlencode())


def target_form(request: HttpRequest, paper: Paper) -> TargetForm:
    stages = [stage for stage in paper.consultations.all() if not stage.left_out]
    chosen = next(
        (stage for stage in stages if str(stage.position) == request.GET.get("beratung")), next_stage(paper)
    )
    rows = points_after(paper, chosen) if chosen else []
    chosen_before = "ziel" in request.GET and "aendern" not in request.GET
    asked = request.GET if chosen_before or request.method == "POST" else None
    initial = {"beratung": chosen.position if chosen else None, "ziel": request.GET.get("ziel")}
    return TargetForm(asked, paper=paper, stages=stages, rows=rows, initial=initial)


def stage_at(paper: Paper, position: int) -> Consultation:
    return next(stage for stage in paper.consultations.all() if stage.position == position)


def text_at(paper: Paper, stage: Consultation, row: CarriedPoint | None, measure: Measure | None) -> str:
    """The text of the same point, or measure, as this `paper` has it."""
    now = [one for one in points_after(paper, stage) if row and target_of(one) == target_of(row)]
    return text_for(paper, stage, row=now[0] if now else None, measure=measure)


def words_of(row: CarriedPoint | None, measure: Measure | None) -> str:
    if measure is not None:
        return heading_of(CarriedMeasure(original="", text="", measure=measure))
    return heading_of(row) if row else _("Neuer Beschlusspunkt")


def choose(request: HttpRequest, paper: Paper, target: TargetForm) -> HttpResponse:
    context = {**paper_context(request.user, paper, PAGE), "form": target}
    status = 422 if target.is_bound else 200
    return render(request, "committees/amending/choose.html", context, status=status)


def wording_form(request: HttpRequest, sent: Any, amendment: Amendment, text: str) -> AmendmentForm:
    papers = Paper.objects.visible_to(request.user).in_town(amendment.paper.municipality)
    released = papers.filter(state=Paper.State.RELEASED)
    return AmendmentForm(sent, instance=amendment, papers=released, text=text)


def with_new_base(form: AmendmentForm, text: str) -> AmendmentForm:
    """What was typed stays; it is measured against the text as it is now."""
    data: Any = form.data.copy()  # type: ignore[attr-defined]
    data["base"] = text
    form.data = data
    return form


def word(
    request: HttpRequest, paper: Paper, form: AmendmentForm, title: str, heading: str, *, again: str = ""
) -> HttpResponse:
    shown: Amendment = form.instance
    context = {
        **paper_context(request.user, paper, PAGE),
        "form": form,
        "title": title,
        "heading": heading,
        "stage": shown.consultation,
        "text": form["base"].value() or "",
        "again": f"{paper.get_absolute_url()}{PAGE}neu/?{again}&aendern=1" if again else "",
        "back": f"{paper.get_absolute_url()}{PAGE}{f'{shown.number}/' if shown.pk else ''}",
    }
    return render(request, "committees/amending/form.html", context, status=422 if form.is_bound else 200)


@login_required
@require_http_methods(FORM_METHODS)
def amendment_edit(request: HttpRequest, town: str, pk: int, number: int) -> HttpResponse:
    paper = led_paper(request, town, pk)
    found = amendment_or_404(paper, number)
    if found.state != Amendment.State.MOVED:
        messages.info(
            request,
            _("Über diesen Antrag ist schon entschieden. Nur die Stellungnahme lässt sich noch ändern."),
        )
        return to_amendment(paper, found)
    heading = about(found, paper)
    text = text_now(found, paper)
    if request.method != "POST":
        found.after, in_the_way = made_of(found, text)
        if in_the_way:
            messages.warning(
                request,
                _(
                    "Den Satz „%s“ hat ein anderer angenommener Antrag geändert. Bitte schreiben Sie den "
                    "neuen Wortlaut nach dem jetzigen."
                )
                % in_the_way,
            )
    form = wording_form(request, request.POST if request.method == "POST" else None, found, text)
    if form.is_bound and form.is_valid():
        try:
            edit_amendment(amendment=form.save(commit=False), by=signed_in(request))
        except ValidationError as error:
            take_errors(form, error)
            fresh = amended_paper(request, town, pk)
            form = with_new_base(form, text_now(amendment_or_404(fresh, number), fresh))
        else:
            told_of(request, form.taken_over)
            messages.success(request, _("Änderungsantrag %d ist gespeichert.") % found.number)
            return to_amendment(paper, found)
    return word(request, paper, form, _("Änderungsantrag %d bearbeiten") % number, heading)


def told_of(request: HttpRequest, taken_over: Iterable[str]) -> None:
    if names := ", ".join(taken_over):
        messages.info(request, _("Von anderen geändert und übernommen: %s.") % names)


# ---- What becomes of it ----------------------------------------------------------------------------------


@login_required
@require_POST
def amendment_decide(request: HttpRequest, town: str, pk: int, number: int) -> HttpResponse:
    paper = led_paper(request, town, pk)
    found = amendment_or_404(paper, number)
    form = DecisionForm(request.POST, instance=found)
    if form.is_valid():
        try:
            decided = decide_amendment(
                amendment=found,
                state=form.state,
                beside=form.beside,
                by=signed_in(request),
                reason=form.cleaned_data.get("reason", ""),
            )
        except ValidationError as error:
            form.add_error("decision", error.messages)
        else:
            words = {"number": decided.number, "state": decided.get_state_display()}
            messages.success(request, _("Änderungsantrag %(number)d: %(state)s.") % words)
            return to_amendment(paper, found)
    return show(request, paper, found, deciding=form)


@login_required
@require_POST
def amendment_comment(request: HttpRequest, town: str, pk: int, number: int) -> HttpResponse:
    paper = amended_paper(request, town, pk)
    if not may_comment_amendments(request.user, paper):
        raise PermissionDenied
    found = amendment_or_404(paper, number)
    form = CommentForm(request.POST, instance=found)
    if not form.is_valid():
        return show(request, paper, found, commenting=form)
    comment_amendment(amendment=found, comment=form.cleaned_data["comment"], by=signed_in(request))
    messages.success(request, _("Die Stellungnahme ist gespeichert."))
    return to_amendment(paper, found)


@login_required
@require_http_methods(FORM_METHODS)
def amendment_delete(request: HttpRequest, town: str, pk: int, number: int) -> HttpResponse:
    paper = led_paper(request, town, pk)
    found = amendment_or_404(paper, number)
    error = ""
    if request.method == "POST":
        try:
            delete_amendment(amendment=found, by=signed_in(request))
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("Änderungsantrag %d ist gelöscht.") % number)
            return redirect(paper.get_absolute_url() + PAGE)
    context = {
        **paper_context(request.user, paper, PAGE),
        "amendment": found,
        "about": about(found, paper),
        "error": error,
    }
    return render(request, "committees/amending/delete.html", context, status=422 if error else 200)
