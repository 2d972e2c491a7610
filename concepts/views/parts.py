"""Opening, adding and saving one part of a concept in the workbench."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from concepts.actions.writing import save_figures, save_part
from concepts.completeness import missing_in
from concepts.forms.drawing import fields_html, kept_fields, media_of
from concepts.forms.parts import FORMS, PartForm
from concepts.forms.rows import tables_of
from concepts.getters import concept_or_404, part_or_404
from concepts.kinds import Kind, kind_or_404, workbench_url
from concepts.models import ActionField, Chapter, Concept, ConceptPart, Goal, Indicator, Measure
from concepts.permissions import may_edit, may_edit_figures
from concepts.pictures import state_of
from concepts.presence import others_at, seen
from concepts.workbench import may_edit_part, workbench_context
from municipalities.getters import signed_in
from municipalities.merging_forms import MergingForm
from municipalities.versioned_forms import newest_entry

DRAFT = re.compile(r"[A-Za-z0-9-]{1,60}")


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def part(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    """The part's form; for those who may not change it, what it says."""
    found = concept_or_404(request.user, town, concept)
    state = state_of(found)  # before the rows: what is kept of them is at least as new as it says
    opened = part_or_404(found, kind_or_404(kind), pk)
    user = signed_in(request)
    allowed = may_edit_part(user, opened)
    figures = isinstance(opened, Indicator) and may_edit_figures(user, opened)
    if not (allowed or figures):
        if request.method == "POST":
            raise PermissionDenied
        return render(request, "concepts/workbench/part_read.html", workbench_context(request, found, opened))

    def make(data: Any = None) -> tuple[PartForm | None, list[Any]]:
        form = make_form(found, opened, data, user) if allowed else None
        return form, [(table, table.formset(opened, data)) for table in tables_of(opened)]

    if request.method == "POST":
        form, tables = make(request.POST)
        formsets = [formset for _table, formset in tables]
        fine = [one.is_valid() for one in (*([form] if form else []), *formsets)]
        if all(fine):
            if form:
                save_part(form=form, tables=formsets, by=user)
            else:
                save_figures(tables=formsets, by=user)
            return saved(request, found, opened, form)
        fields = fields_html(form, tables)
    else:
        fields = kept_fields(state, opened, {"edit": may_edit(user, found), "write": allowed}, make)
    seen(concept=found, part=opened, user=user)
    context = {
        **workbench_context(request, found, opened, state=state),
        "fields": fields,
        "media": media_of(FORMS[type(opened)]) if allowed else "",
        "opened_version": newest_entry(opened) if allowed else "",
        "missing": missing_in(opened),
        "others": others_at(concept=found, part=opened, user=user),
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "concepts/workbench/part_form.html", context, status=status)


def make_form(concept: Concept, opened: ConceptPart, data: Any, user: Any) -> PartForm:
    form = FORMS[type(opened)](data, instance=opened, concept=concept)
    if isinstance(opened, Measure) and not may_edit(user, concept):
        form.leave_to_editors()
    return form


def tell_taken_over(request: HttpRequest, *forms: MergingForm | None) -> None:
    """Which fields somebody else has changed meanwhile, and that their wording stands."""
    if taken := [label for form in forms if form for label in form.taken_over]:
        messages.info(request, _("Von anderen geändert und übernommen: %s.") % ", ".join(taken))


def saved(request: HttpRequest, concept: Concept, part: ConceptPart, form: PartForm | None) -> HttpResponse:
    tell_taken_over(request, form)
    messages.success(request, _("„%s“ ist gespeichert.") % part)
    return to_part(request, concept, part)


def to_part(request: HttpRequest, concept: Concept, part: ConceptPart) -> HttpResponse:
    return HttpResponseRedirect(workbench_url(concept, part) + saved_mark(request))


def saved_mark(request: HttpRequest) -> str:
    """The browser keeps what is typed until it reads in the address that it has been saved."""
    draft = DRAFT.fullmatch(request.POST.get("draft", ""))
    return f"#gespeichert-{draft[0]}" if draft else ""


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def add(request: HttpRequest, town: str, concept: str, kind: str) -> HttpResponse:
    """A new part; the address says where: `?feld=3`, `?ziel=7`, `?stelle=after`."""
    found = concept_or_404(request.user, town, concept)
    chosen = kind_or_404(kind)
    if not may_edit(request.user, found):
        raise PermissionDenied
    new = blank_part(found, chosen, request)
    data = request.POST if request.method == "POST" else None
    form = FORMS[chosen.model](data, instance=new, concept=found, initial=first_values(found, new, request))
    if data is not None and form.is_valid():
        made = save_part(form=form, tables=(), by=signed_in(request))
        messages.success(request, _("„%s“ ist angelegt.") % made)
        return to_part(request, found, made)
    context = {
        **workbench_context(request, found),
        "tabs": [],
        "kind": chosen,
        "fields": fields_html(form, ()),
        "media": media_of(FORMS[chosen.model]),
        "new": chosen.new,
    }
    return render(
        request, "concepts/workbench/part_form.html", context, status=422 if data is not None else 200
    )


def blank_part(concept: Concept, kind: Kind, request: HttpRequest) -> Any:
    """Placed in the tree; Http404 where the address names no place for it."""
    part: Any = kind.model()
    goal = named_goal(concept, request)
    field: Any = goal.field if goal else named_field(concept, request)
    if isinstance(part, (Goal, Measure)) and field is None:
        raise Http404
    match part:
        case Goal():
            part.field, part.parent = field, goal
        case Measure():
            part.concept, part.field = concept, field
        case Indicator():
            part.concept, part.goal, part.field = concept, goal, field
        case _:
            part.concept = concept
            if isinstance(part, Chapter) and request.GET.get("stelle") in Chapter.Place.values:
                part.place = request.GET["stelle"]
    return part


def first_values(concept: Concept, part: Any, request: HttpRequest) -> dict[str, Any]:
    goal = named_goal(concept, request)
    return {"goals": [goal.pk]} if isinstance(part, Measure) and goal else {}


def named_goal(concept: Concept, request: HttpRequest) -> Goal | None:
    number = request.GET.get("ziel", "")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return get_object_or_404(Goal.objects.select_related("field"), field__concept=concept, pk=number)


def named_field(concept: Concept, request: HttpRequest) -> ActionField | None:
    number = request.GET.get("feld", "")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return get_object_or_404(ActionField, concept=concept, pk=number)
