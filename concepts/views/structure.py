"""What is done with the structure: moving, splitting, merging, deleting, restoring, renumbering."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.actions.deleting import Hanging, delete_part, restore
from concepts.actions.placing import (
    has_order,
    move_chapter,
    move_field,
    move_goal,
    move_measure,
    move_step,
    renumber,
)
from concepts.actions.splitting import merge, split
from concepts.forms.structure import DeleteForm, MergeForm, MoveForm, SplitForm
from concepts.getters import concept_or_404, part_or_404
from concepts.kinds import kind_or_404, workbench_url
from concepts.models import ActionField, Chapter, Concept, ConceptPart, Deletion, Goal, Measure
from concepts.permissions import may_edit
from concepts.workbench import workbench_context
from municipalities.getters import signed_in

STEPS = {"hoch": -1, "runter": 1}


def editable(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> tuple[Concept, Any]:
    """The concept and its part for an editor; 403 for those who may only read."""
    found = concept_or_404(request.user, town, concept)
    part = part_or_404(found, kind_or_404(kind), pk)
    if not may_edit(request.user, found):
        raise PermissionDenied
    return found, part


def small_form(
    request: HttpRequest, concept: Concept, part: ConceptPart, title: str, form: Any, **more: Any
) -> HttpResponse:
    context = {
        **workbench_context(request, concept, part),
        "tabs": [],
        "title": title,
        "form": form,
        "back": workbench_url(concept, part),
        **more,
    }
    status = 422 if form.is_bound else 200
    return render(request, "concepts/workbench/small_form.html", context, status=status)


def done(request: HttpRequest, concept: Concept, part: ConceptPart | None, sentence: str) -> HttpResponse:
    messages.success(request, sentence)
    return redirect(workbench_url(concept, part))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def move(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    """By a step (`richtung`), below another place (`nach`), in front of a sibling (`vor`)."""
    found, part = editable(request, town, concept, kind, pk)
    if not has_order(part):
        raise Http404
    if request.method != "POST":
        return small_form(request, found, part, _("Verschieben"), MoveForm(part=part))
    if step := STEPS.get(request.POST.get("richtung", "")):
        moved = move_step(part=part, step=step, by=signed_in(request))
        sentence = _("„%s“ ist verschoben.") if moved else _("„%s“ steht schon am Rand.")
        return done(request, found, part, sentence % part)
    if isinstance(part, (Goal, Measure)):
        return _move_below(request, found, part)
    before = _named_sibling(part, request.POST.get("vor", ""))
    if isinstance(part, ActionField):
        move_field(field=part, before=before, by=signed_in(request))
    elif isinstance(part, Chapter):
        move_chapter(
            chapter=part, place=before.place if before else part.place, before=before, by=signed_in(request)
        )
    else:
        raise Http404
    return done(request, found, part, _("„%s“ ist verschoben.") % part)


def _move_below(request: HttpRequest, concept: Concept, part: Goal | Measure) -> HttpResponse:
    form = MoveForm(request.POST, part=part)
    if form.is_valid():
        slug, _slash, number = form.cleaned_data["nach"].partition("/")
        to = part_or_404(concept, kind_or_404(slug), int(number))
        before = _named_sibling(part, request.POST.get("vor", ""))
        try:
            if isinstance(part, Goal):
                move_goal(goal=part, to=to, before=before, by=signed_in(request))
            else:
                move_measure(measure=part, to=to, before=before, by=signed_in(request))
        except ValidationError as error:
            form.add_error("nach", error)
        else:
            return done(request, concept, part, _("„%s“ ist verschoben.") % part)
    return small_form(request, concept, part, _("Verschieben"), form)


def _named_sibling(part: Any, number: str) -> Any:
    """The row of the same kind and concept in front of which the part is to stand; None for the end."""
    if not (number.isascii() and number.isdigit() and len(number) < 16):
        return None
    where = {type(part).concept_path: part.own_concept()}
    return type(part).objects.filter(**where, pk=number).exclude(pk=part.pk).first()


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def split_part(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    found, part = editable(request, town, concept, kind, pk)
    if not isinstance(part, (Goal, Measure)):
        raise Http404
    form = SplitForm(request.POST if request.method == "POST" else None, part=part)
    if form.is_bound and form.is_valid():
        new = split(
            part=part, title=form.cleaned_data["title"], text=form.cleaned_data["text"], by=signed_in(request)
        )
        return done(
            request, found, new, _("„%(new)s“ steht nun hinter „%(part)s“.") % {"new": new, "part": part}
        )
    hint = _(
        "Der neue Eintrag steht gleich hinter diesem und übernimmt alles Übrige. Den Text dieses Eintrags "
        "können Sie danach kürzen."
    )
    return small_form(request, found, part, _("Teilen"), form, hint=hint, button=_("Teilen"))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def merge_parts(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    found, part = editable(request, town, concept, kind, pk)
    if not isinstance(part, (Goal, Measure)):
        raise Http404
    form = MergeForm(request.POST if request.method == "POST" else None, part=part)
    if form.is_bound and form.is_valid():
        into = form.cleaned_data["mit"]
        try:
            merge(part=part, into=into, by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sentence = _("„%(part)s“ ist in „%(into)s“ aufgegangen.") % {"part": part, "into": into}
            return done(request, found, into, sentence)
    hint = _(
        "Dieser Eintrag geht in dem anderen auf: Texte werden angehängt, Kosten addiert, Ziele, Beteiligte "
        "und Indikatoren übernommen. Er selbst liegt danach im Papierkorb."
    )
    title = _("Zusammenführen")
    return small_form(request, found, part, title, form, hint=hint, button=title)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    """Names what goes along before it does."""
    found, part = editable(request, town, concept, kind, pk)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    try:
        hanging = Hanging(part)
        if form.is_bound and form.is_valid():
            name = str(part)
            delete_part(part=part, by=signed_in(request), reason=form.cleaned_data["reason"])
            return done(request, found, None, _("„%s“ liegt im Papierkorb.") % name)
    except ValidationError as error:
        return small_form(request, found, part, _("Löschen"), DeleteForm(), refused=error.messages)
    return small_form(
        request, found, part, _("Löschen"), form,
        hanging=hanging.in_words(), names=hanging.names(), button=_("In den Papierkorb"), danger=True,
        hint=_("Aus dem Papierkorb lässt sich alles wiederherstellen."),
    )  # fmt: skip


@login_required
@require_safe
def trash(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    rows = (
        Deletion.objects.filter(concept=found)
        .select_related("deleted_by", "restored_by")
        .defer("rows", "loosened")[:200]
    )
    context = {**workbench_context(request, found, page="papierkorb/"), "deletions": rows}
    return render(request, "concepts/workbench/trash.html", context)


@login_required
@require_POST
def restore_deleted(request: HttpRequest, town: str, concept: str, pk: int) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    deletion = get_object_or_404(Deletion, concept=found, pk=pk)
    if not may_edit(request.user, found):
        raise PermissionDenied
    try:
        part = restore(deletion=deletion, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect("concepts:trash", town, concept)
    return done(request, found, part, _("„%s“ ist wiederhergestellt.") % part)


@login_required
@require_POST
def renumber_all(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    if not may_edit(request.user, found):
        raise PermissionDenied
    try:
        changed = renumber(concept=found, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
        return redirect(workbench_url(found))
    sentence = ngettext("%d Kennung ist neu vergeben.", "%d Kennungen sind neu vergeben.", changed) % changed
    return done(request, found, None, sentence if changed else _("Alle Kennungen stimmen schon."))
