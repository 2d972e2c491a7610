"""After the decision: the resolution, the concept as resolved, the measures' decisions, and the tasks."""

from __future__ import annotations

from collections import Counter
from itertools import groupby
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from committees.actions import following_up as actions
from committees.actions.tasks import add_tasks
from committees.decisions import (
    Standing,
    attached_version,
    measure_changes,
    proposals,
    standing_of,
)
from committees.forms.following_up import MeasureDecisionsForm, ResolvedVersionForm
from committees.forms.signing import take_errors
from committees.forms.tasks import Choices, FreeTaskForm, PointTaskForm
from committees.getters import visible_papers
from committees.models import (
    Consultation,
    MeasureDecision,
    Paper,
    ResolutionTask,
    ResolvedPoint,
    ResolvedVersion,
)
from committees.openness import reads_all
from committees.permissions import may_lead
from committees.tabs import paper_context
from committees.task_lists import in_order, with_all
from concepts.copying import canonical, copy_of
from concepts.models import ConceptVersion, Measure
from concepts.permissions import may_edit
from concepts.pictures import state_of
from municipalities.getters import signed_in

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = "beschluss/"


def followed_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    _municipality, papers = visible_papers(request, town)
    found: Paper = get_object_or_404(papers.select_related("concept__municipality"), pk=pk)
    return found


def decided_paper(request: HttpRequest, town: str, pk: int) -> tuple[Paper, Consultation]:
    """For those who lead the council's business; 404 while nothing is decided."""
    paper = followed_paper(request, town, pk)
    if not may_lead(request.user, paper.municipality_id):
        raise PermissionDenied
    decision = standing_of(paper).final
    if decision is None:
        raise Http404
    return paper, decision


def to_after(paper: Paper, mark: str = "") -> HttpResponse:
    return redirect(f"{paper.get_absolute_url()}{PAGE}{mark}")


@login_required
@require_safe
def after(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = followed_paper(request, town, pk)
    standing = standing_of(paper, everything=reads_all(request.user, paper))
    context = {
        **paper_context(request.user, paper, PAGE),
        "standing": standing,
        "final": standing.final,
        "may_lead": may_lead(request.user, paper.municipality_id),
        "tasks": list(
            in_order(with_all(ResolutionTask.objects.visible_to(request.user).filter(paper=paper)), "")
        ),
        **_about_concept(request, paper, standing),
    }
    context["without_task"] = [point for point in _points(standing) if not point.tasks.all()]
    return render(request, "committees/after/after.html", context)


def _points(standing: Standing) -> list[ResolvedPoint]:
    """Of the last decision, what was not rejected."""
    final = standing.final
    return [point for point in final.resolved_points.all() if not point.rejected] if final else []


def _about_concept(request: HttpRequest, paper: Paper, standing: Standing) -> dict[str, Any]:
    concept, final = paper.concept, standing.final
    if concept is None or final is None:
        return {}
    resolved = (
        ResolvedVersion.objects.filter(consultation=final)
        .select_related("version__pdf__issued_by")
        .defer("version__content", "version__pdf__content")
        .first()
    )
    readable = MeasureDecision.objects.visible_to(request.user)
    rows = readable.filter(consultation=final).values_list("kind", flat=True)
    counts = Counter(rows)
    return {
        "concept": concept,
        "resolved": resolved,
        "may_edit_concept": may_edit(request.user, concept),
        "counts": [
            (label, kind, counts[kind]) for kind, label in MeasureDecision.Kind.choices if counts[kind]
        ],
        "number_decided": sum(counts.values()),
        "number_of_measures": Measure.objects.filter(concept=concept).count(),
    }


# ---- The version as resolved -----------------------------------------------------------------------------


@login_required
@form_page
def resolve(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What the amendments change in the concept, and the button that writes it and freezes the version."""
    paper = followed_paper(request, town, pk)
    concept = paper.concept
    if concept is None:
        raise Http404
    if not may_edit(request.user, concept):
        raise PermissionDenied
    decision = standing_of(paper).final
    if decision is None:
        raise Http404
    if ResolvedVersion.objects.filter(consultation=decision).exists():
        messages.info(request, _("Die beschlossene Fassung ist schon festgehalten."))
        return to_after(paper)
    changes = measure_changes(paper)
    state = state_of(concept).content
    form = ResolvedVersionForm(
        request.POST if request.method == "POST" else None,
        changes=changes,
        initial={"seen": state, "name": _proposed_name(decision)},
    )
    if form.is_bound and form.is_valid():
        data = form.cleaned_data
        try:
            version = actions.resolve_concept(
                paper=paper,
                name=data["name"],
                by=signed_in(request),
                seen=data["seen"],
                choices=form.choices(),
            )
        except ValidationError as error:
            take_errors(form, error)
            if getattr(error, "code", "") == actions.CHANGED_MEANWHILE:
                form.see_anew(state)
        else:
            said = _("Fassung %(number)d „%(name)s“ ist als beschlossene Fassung festgehalten.")
            messages.success(request, said % {"number": version.number, "name": version.name})
            return to_after(paper, "#konzept")
    before = attached_version(paper)
    context = {
        **paper_context(request.user, paper, PAGE),
        "form": form,
        "decision": decision,
        "rows": [(change, form.field_of(change)) for change in changes if change.amendments],
        "left": [amendment for change in changes for amendment in change.left],
        "before": before,
        "otherwise": before is not None and _differs(paper, before),
        "synopsis": _synopsis(paper, before),
    }
    return render(request, "committees/after/resolve.html", context, status=422 if form.is_bound else 200)


def _proposed_name(decision: Consultation) -> str:
    """Everybody reads it who reads the concept: it names the decision only where that is public."""
    if not (decision.paper.public and decision.has_public_result):
        return _("Beschlossene Fassung")
    day = f"{decision.date:%d.%m.%Y}" if decision.date else ""
    longest = ConceptVersion._meta.get_field("name").max_length
    words = _("Beschlossen: %(committee)s %(day)s") % {"committee": decision.committee_names(), "day": day}
    return words.strip()[:longest]


def _differs(paper: Paper, before: ConceptVersion) -> bool:
    """Whether the concept of today says something else than what lay before the committees."""
    assert paper.concept is not None
    return canonical(copy_of(paper.concept)) != before.content


def _synopsis(paper: Paper, before: ConceptVersion | None) -> str:
    if before is None or paper.concept is None:
        return ""
    address = reverse("concepts:synopsis", args=[paper.municipality.slug, paper.concept.slug])
    return f"{address}?von={before.number}"


# ---- The measures' decisions -----------------------------------------------------------------------------


@login_required
@form_page
def measures(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """All fields of the concept with how far they are; with `?feld=` the measures of one."""
    paper, decision = decided_paper(request, town, pk)
    rows = list(
        Measure.objects.filter(concept=paper.concept_id)
        .select_related("field")
        .order_by("field__position", "field__pk", "position")
    )
    if not rows:
        raise Http404
    by_field = [(field, list(found)) for field, found in groupby(rows, key=lambda measure: measure.field)]
    recorded = {row.measure_id: row for row in MeasureDecision.objects.filter(consultation=decision)}
    proposed = proposals(paper, decision, rows)
    asked = request.GET.get("feld", "")
    chosen = next((place for place, (field, _rows) in enumerate(by_field) if str(field.pk) == asked), None)
    if asked and chosen is None:
        raise Http404
    context = {
        **paper_context(request.user, paper, PAGE),
        "decision": decision,
        "fields": [
            (
                field,
                sum(measure.pk in recorded for measure in found),
                len(found),
                place == chosen,
            )
            for place, (field, found) in enumerate(by_field)
        ],
    }
    if chosen is None:
        return _all_fields(request, paper, rows, proposed, recorded, context)
    found = by_field[chosen][1]
    form = MeasureDecisionsForm(
        request.POST if request.method == "POST" else None,
        measures=found,
        proposed=proposed,
        recorded=recorded,
        newest=actions.newest_decision(decision, found),
    )
    if form.is_bound and form.is_valid():
        try:
            changed = actions.decide_measures(
                paper=paper, values=form.values(), by=signed_in(request), seen=form.cleaned_data["seen"] or 0
            )
        except ValidationError as error:
            take_errors(form, error)
            if getattr(error, "code", "") == actions.CHANGED_MEANWHILE:
                form.tell_what_changed(actions.newest_decision(decision, found))
        else:
            messages.success(request, _saved(changed))
            following = by_field[chosen + 1][0].pk if chosen + 1 < len(by_field) else None
            return redirect(f"{request.path}?feld={following}" if following else request.path)
    context |= {"form": form, "field": by_field[chosen][0]}
    return render(request, "committees/after/measures.html", context, status=422 if form.is_bound else 200)


def _all_fields(
    request: HttpRequest, paper: Paper, rows: list[Measure], proposed: Any, recorded: Any, context: Any
) -> HttpResponse:
    """How far each field is, and one button that takes over all proposals where nothing is recorded yet."""
    open_ones = [one for one in rows if one.pk not in recorded and proposed[one.pk].kind]
    if request.method == "POST":
        values = {one: (proposed[one.pk].kind, proposed[one.pk].note) for one in open_ones}
        changed = actions.decide_measures(paper=paper, values=values, by=signed_in(request))
        messages.success(request, _saved(changed))
        return to_after(paper, "#massnahmen")
    counts = Counter(proposed[one.pk].kind for one in open_ones)
    context |= {
        "number_open": len(open_ones),
        "counts": [
            (label, kind, counts[kind]) for kind, label in MeasureDecision.Kind.choices if counts[kind]
        ],
    }
    return render(request, "committees/after/measures.html", context)


def _saved(changed: int) -> str:
    if not changed:
        return _("Es gab nichts zu ändern.")
    return (
        ngettext("%d Entscheidung ist gespeichert.", "%d Entscheidungen sind gespeichert.", changed) % changed
    )


# ---- Tasks -----------------------------------------------------------------------------------------------


@login_required
@form_page
def point_tasks(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """A row for each point of the resolution that has no task yet."""
    paper, decision = decided_paper(request, town, pk)
    points = [point for point in _points(Standing([decision])) if not point.tasks.all()]
    if not points:
        messages.info(
            request,
            _("Zu jedem Punkt des Beschlusses gibt es schon einen Auftrag.")
            if decision.resolved_points.all()
            else _("Der Beschluss hat keine einzelnen Punkte. Wählen Sie „Weiterer Auftrag“."),
        )
        return to_after(paper, "#auftraege")
    choices = Choices(paper.municipality)
    data = request.POST if request.method == "POST" else None
    for point in points:
        point.consultation = decision
    forms = [PointTaskForm(data, point=point, paper=paper, choices=choices) for point in points]
    said = ""
    fine = [form.is_valid() for form in forms]  # each says what it has to say
    if data is not None and all(fine):
        wanted = [form.save(commit=False) for form in forms if form.is_wanted]
        if not wanted:
            said = _("Bitte wählen Sie mindestens einen Punkt, aus dem ein Auftrag wird.")
        else:
            try:
                added = add_tasks(paper=paper, tasks=wanted, by=signed_in(request))
            except ValidationError as error:
                said = " ".join(error.messages)
            else:
                messages.success(request, _told(len(added)))
                return to_after(paper, "#auftraege")
    context = {**paper_context(request.user, paper, PAGE), "forms": forms, "decision": decision, "said": said}
    status = 200 if data is None else 422
    return render(request, "committees/after/point_tasks.html", context, status=status)


def _told(number: int) -> str:
    return (
        ngettext(
            "%d Auftrag ist vergeben. Wer zuständig ist, bekommt eine E-Mail.",
            "%d Aufträge sind vergeben. Wer zuständig ist, bekommt eine E-Mail.",
            number,
        )
        % number
    )


@login_required
@form_page
def task_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """A task that is no point: what a committee has asked for on the way."""
    paper = followed_paper(request, town, pk)
    if not may_lead(request.user, paper.municipality_id):
        raise PermissionDenied
    rows = paper.consultations.select_related("committee", "meeting").prefetch_related("joint_committees")
    stages = [stage for stage in rows.order_by("position") if stage.is_over]
    for stage in stages:
        stage.paper = paper
    if not stages:
        messages.info(request, _("Zu dieser Vorlage gibt es noch kein Ergebnis, aus dem ein Auftrag folgt."))
        return to_after(paper)
    form = FreeTaskForm(request.POST if request.method == "POST" else None, paper=paper, stages=stages)
    if form.is_bound and form.is_valid():
        try:
            add_tasks(paper=paper, tasks=[form.save(commit=False)], by=signed_in(request))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _told(1))
            return to_after(paper, "#auftraege")
    context = {**paper_context(request.user, paper, PAGE), "form": form}
    return render(request, "committees/after/task_add.html", context, status=422 if form.is_bound else 200)
