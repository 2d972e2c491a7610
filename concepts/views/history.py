"""Who changed what: of the whole concept, of one part, and back to what it was."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from concepts.actions.restoring import restore_line, restore_part, restore_value
from concepts.forms.history import HistoryForm, RestoreForm
from concepts.getters import concept_or_404
from concepts.history.entries import EntryWriter, deeds_of, history_url
from concepts.history.since import told_since
from concepts.history.stands import compare_with_today
from concepts.history.steps import Selection, newest_key, read_steps, step_moment
from concepts.history.today import return_to
from concepts.history.tracks import BY_MODEL, BY_NAME
from concepts.history.words import Words, moment
from concepts.kinds import kind_or_404
from concepts.models import Concept, ConceptPart
from concepts.permissions import may_edit
from concepts.workbench import may_edit_part, workbench_context
from municipalities.getters import signed_in

STEPS_PER_PAGE = 50
PARTS_PER_PAGE = 25
PAGE = "verlauf/"


@dataclass(frozen=True)
class Subject:
    """What the history is about: the concept itself or one part, of which only the history may be left."""

    concept: Concept
    owner: Any
    pk: int
    row: Any

    @property
    def selection(self) -> Selection:
        return Selection(self.concept, self.owner, self.pk)

    @property
    def address(self) -> str:
        return history_url(self.concept, self.owner, self.pk)

    @property
    def part(self) -> ConceptPart | None:
        return self.row if isinstance(self.row, ConceptPart) else None

    def may_restore(self, user: Any) -> bool:
        if self.row is None:
            return False
        return may_edit(user, self.concept) if self.part is None else may_edit_part(user, self.part)


def subject_or_404(request: HttpRequest, town: str, concept: str, kind: str = "", pk: int = 0) -> Subject:
    """Also what was deleted, as long as its history tells of it."""
    found = concept_or_404(request.user, town, concept)
    if not kind:
        return Subject(found, Concept, found.pk, found)
    model: Any = kind_or_404(kind).model
    rows = model.objects.filter(**{model.concept_path: found}, pk=pk)
    subject = Subject(found, model, pk, rows.select_related(model.concept_path).first())
    if subject.row is None and not subject.selection.rows(BY_MODEL[model]).exists():
        raise Http404
    return subject


def entries_page(request: HttpRequest, selection: Selection) -> dict[str, Any]:
    page = Paginator(selection.steps(), STEPS_PER_PAGE).get_page(request.GET.get("seite"))
    entries = EntryWriter(selection.concept, deeds_of(read_steps(page))).entries()
    return {"page_obj": page, **numbers_of(page), "entries": entries}


def summary_page(request: HttpRequest, selection: Selection, since: datetime.datetime) -> dict[str, Any]:
    page = Paginator(selection.owners(), PARTS_PER_PAGE).get_page(request.GET.get("seite"))
    told = told_since(selection.concept, list(page), since)
    return {"page_obj": page, **numbers_of(page), "summary": told, "since": moment(since)}


def numbers_of(page: Any) -> dict[str, Any]:
    return {"page_numbers": page.paginator.get_elided_page_range(page.number, on_each_side=2, on_ends=1)}


@login_required
@require_safe
def concept_history(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    found = concept_or_404(request.user, town, concept)
    form = HistoryForm(request.GET, concept=found)
    selection = form.selection()
    shown = (
        summary_page(request, selection, form.since)
        if form.summarises and form.since
        else entries_page(request, selection)
    )
    context = {**workbench_context(request, found, page=PAGE), **shown, "form": form}
    return render(request, "concepts/workbench/history.html", context)


@login_required
@require_safe
def part_history(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    subject = subject_or_404(request, town, concept, kind, pk)
    context = {**subject_context(request, subject), **entries_page(request, subject.selection)}
    return render(request, "concepts/workbench/part_history.html", context)


def subject_context(request: HttpRequest, subject: Subject) -> dict[str, Any]:
    context = workbench_context(request, subject.concept, subject.part, PAGE)
    if subject.row is None:
        words = Words(subject.concept.municipality_id, [], [(subject.owner, subject.pk)])
        context |= {"tabs": [], "gone": words.reference(subject.owner, subject.pk)}
    context["history"] = subject.address
    context["may_restore"] = subject.may_restore(request.user)
    return context


@login_required
@require_safe
def stand(
    request: HttpRequest, town: str, concept: str, entry: str, kind: str = "", pk: int = 0
) -> HttpResponse:
    """A part as it stood after an entry, against today, with what can be restored."""
    subject = subject_or_404(request, town, concept, kind, pk)
    return stand_page(request, subject, entry, moment_or_404(subject, entry))


def moment_or_404(subject: Subject, entry: str) -> datetime.datetime:
    when = step_moment(subject.selection, entry)
    if when is None or subject.row is None:
        raise Http404
    return when


def stand_page(
    request: HttpRequest,
    subject: Subject,
    entry: str,
    when: datetime.datetime,
    errors: list[str] | None = None,
) -> HttpResponse:
    (comparison,) = compare_with_today([(subject.owner, subject.pk)], when)
    context = {
        **subject_context(request, subject),
        "stand": return_to(subject.concept, comparison),
        "moment": moment(when),
        "action": f"{subject.address}{entry}/wiederherstellen/",
        "seen": newest_key(subject.selection),
        "errors": errors,
    }
    return render(request, "concepts/workbench/stand.html", context, status=422 if errors else 200)


@login_required
@require_POST
def restore(
    request: HttpRequest, town: str, concept: str, entry: str, kind: str = "", pk: int = 0
) -> HttpResponse:
    subject = subject_or_404(request, town, concept, kind, pk)
    when = moment_or_404(subject, entry)
    if not subject.may_restore(request.user):
        raise PermissionDenied
    form = RestoreForm(request.POST)
    form.full_clean()
    wanted = form.cleaned_data
    given: dict[str, Any] = {
        "part": subject.row, "at": when, "seen": wanted["seen"], "by": signed_in(request)
    }  # fmt: skip
    try:
        if wanted["feld"]:
            restore_value(**given, name=wanted["feld"])
        elif wanted["zeile"]:
            track, number = line_or_404(wanted["zeile"])
            restore_line(**given, track=track, pk=number)
        else:
            restore_part(**given)
    except ValidationError as error:
        return stand_page(request, subject, entry, when, error.messages)
    messages.success(request, _("Wiederhergestellt ist der Stand vom %s.") % moment(when))
    return redirect(subject.address)


def line_or_404(name: str) -> tuple[Any, int]:
    track, _dash, number = name.rpartition("-")
    if track not in BY_NAME or not number.isdecimal():
        raise Http404
    return BY_NAME[track], int(number)
