"""Writing a paper: the form of all its texts, and what is typed as the paper that it makes."""

from __future__ import annotations

import re
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST

from committees.actions.writing import delete_draft, hanging_on, opened_for_writing, save_text
from committees.blocks import BlockKind
from committees.forms.writing import WritingForm
from committees.forms.writing_groups import shown_groups
from committees.getters import visible_papers
from committees.models import Consultation, Paper
from committees.permissions import may_route, may_write, prepares
from committees.printing.contents import PaperContents
from committees.printing.render import file_name, page_of, printed_stage
from committees.printing.typed import NO_STAGE, stages_to_show, typed_contents
from committees.tabs import paper_context
from committees.views.reading import pdf_response
from municipalities.getters import signed_in

DRAFT = re.compile(r"[A-Za-z0-9-]{1,60}")
PAGE = "schreiben/"
# Where a saved form goes on to, by the button that saved it.
GO_ON = {"anlage": "anlagen/neu/"}


def paper_to_write(request: HttpRequest, town: str, pk: int) -> Paper:
    """Http404 for who may not know of it, PermissionDenied for who reads it only."""
    _municipality, papers = visible_papers(request, town)
    paper: Paper = get_object_or_404(papers, pk=pk)
    if not (prepares(request.user, paper) or may_write(request.user, paper)):
        raise PermissionDenied
    return paper


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def write(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The form; what it says alone once the paper is released."""
    paper = paper_to_write(request, town, pk)
    if not may_write(request.user, paper):
        context = {**paper_context(request.user, paper, PAGE), **_preview_of(paper)}
        status = 409 if request.method == "POST" else 200
        return render(request, "committees/writing/released.html", context, status=status)
    if request.method != "POST":
        return _page(request, paper, WritingForm(pk=pk, by=signed_in(request)))
    if action := request.POST.get("tun", ""):
        form = WritingForm(request.POST, pk=pk, by=signed_in(request), action=action)
        return _page(request, paper, form, unsaved=True)
    return _save(request, paper)


def _save(request: HttpRequest, paper: Paper) -> HttpResponse:
    user = signed_in(request)
    form: WritingForm | None = None
    try:
        with opened_for_writing(pk=paper.pk, by=user) as locked:
            form = WritingForm(request.POST, pk=paper.pk, by=user)
            if form.is_valid():
                save_text(paper=locked, written=form.written(), by=user)
    except ValidationError as error:
        if form is None:  # released a moment ago
            messages.error(request, " ".join(error.messages))
            return redirect(paper.get_absolute_url() + PAGE)
        form.add_error(None, error.messages)
    if not form.is_valid():
        return _page(request, paper, form, status=422)
    if form.taken_over:
        messages.info(request, _("Von anderen geändert und übernommen: %s.") % ", ".join(form.taken_over))
    messages.success(request, _("Die Vorlage ist gespeichert."))
    below = GO_ON.get(request.POST.get("weiter", ""), PAGE)
    draft = DRAFT.fullmatch(request.POST.get("draft", ""))
    mark = f"#gespeichert-{draft[0]}" if draft else ""
    return HttpResponseRedirect(paper.get_absolute_url() + below + mark)


def _page(
    request: HttpRequest, paper: Paper, form: WritingForm, *, status: int = 200, unsaved: bool = False
) -> HttpResponse:
    context = {
        **paper_context(request.user, paper, PAGE),
        **_preview_of(paper),
        "form": form,
        "groups": shown_groups(form),
        "has_reasons": form.has_block(BlockKind.POINT_REASONS),
        "searched_words": request.POST.get(f"punkt-{form.searched}-suche", ""),
        "numbers": _numbers(request, paper),
        "unsaved": unsaved,
        "may_route": may_route(request.user, paper),
    }
    return render(request, "committees/writing/form.html", context, status=status)


def _numbers(request: HttpRequest, paper: Paper) -> list[tuple[str, str]]:
    """The newest papers, to choose one that this is tied to."""
    papers = Paper.objects.visible_to(request.user).in_town(paper.municipality).exclude(number="")
    return list(papers.exclude(pk=paper.pk).order_by("-pk").values_list("number", "subject")[:100])


def _preview_of(paper: Paper) -> dict[str, Any]:
    """The stages that can be looked at, in order; the first of them is shown."""
    stages = (
        Consultation.objects.filter(paper=paper, left_out=False)
        .select_related("committee", "paper__municipality")
        .prefetch_related("joint_committees")
    )
    rows = [(stage.position, stage.committee_names()) for stage in stages]
    return {"stages": rows or [(NO_STAGE, _("noch ohne Beratungsfolge"))]}


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
@xframe_options_sameorigin
def preview(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """A stage as it is typed, or as it is saved: the page in the frame beside the form."""
    contents = _contents(request, paper_to_write(request, town, pk))
    return HttpResponse(page_of(contents, _stage(contents, position), marked=True))


@login_required
@require_POST
def preview_pdf(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """The same as it would be printed."""
    contents = _contents(request, paper_to_write(request, town, pk))
    stage = _stage(contents, position)
    stage.paper = contents.paper
    return pdf_response(printed_stage(contents, stage), file_name(stage))


def _contents(request: HttpRequest, paper: Paper) -> PaperContents:
    if request.method != "POST" or not may_write(request.user, paper):
        return PaperContents.of(paper.pk)
    form = WritingForm(request.POST, pk=paper.pk, by=signed_in(request), merges=False)
    form.full_clean()
    return typed_contents(paper.pk, form.written())


def _stage(contents: PaperContents, position: int) -> Consultation:
    for stage in stages_to_show(contents):
        if stage.position == position:
            return stage
    raise Http404


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = paper_to_write(request, town, pk)
    if not may_write(request.user, paper):
        raise PermissionDenied
    error = ""
    if request.method == "POST":
        try:
            delete_draft(paper=paper, by=signed_in(request))
        except ValidationError as refused:
            error = " ".join(refused.messages)
        else:
            messages.success(request, _("Der Entwurf „%s“ ist gelöscht.") % paper.subject)
            return redirect("committees:paper_list", town)
    context = {**paper_context(request.user, paper, PAGE), "hanging": hanging_on(paper), "error": error}
    return render(request, "committees/writing/delete.html", context, status=422 if error else 200)
