"""Commenting on a part of the concept, suggesting another wording, deciding on it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.actions import talk as actions
from concepts.forms.talk import REFUSE, CommentForm, DecisionForm, SuggestionForm
from concepts.getters import concept_or_404, part_or_404
from concepts.kinds import kind_or_404, workbench_url
from concepts.models import Comment, Concept, ConceptPart, Suggestion
from concepts.permissions import may_comment, may_withdraw
from concepts.talk import PAGE, conversation, difference, open_by_field, texts_of
from concepts.views.parts import saved_mark
from concepts.workbench import may_edit_part, workbench_context
from municipalities.getters import signed_in

form_page = require_http_methods(["GET", "HEAD", "POST"])


def talked_about_or_404(
    request: HttpRequest, town: str, concept: str, kind: str, pk: int
) -> tuple[Concept, ConceptPart]:
    """404 for who may not read it."""
    found = concept_or_404(request.user, town, concept)
    part: ConceptPart = part_or_404(found, kind_or_404(kind), pk)
    if not may_comment(request.user, found):
        raise Http404
    return found, part


def to_talk(
    request: HttpRequest, concept: Concept, part: ConceptPart, row: Any = None, *, saved: bool = False
) -> HttpResponse:
    """To the row's place on the page, or with the mark that what was typed is saved."""
    mark = saved_mark(request) if saved else ""
    place = f"#{row.anchor}" if row is not None else ""
    return redirect(workbench_url(concept, part, PAGE) + (mark or place))


@login_required
@form_page
def talk(request: HttpRequest, town: str, concept: str, kind: str, pk: int) -> HttpResponse:
    """Everything said about the part, and the form for one more comment."""
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    form = CommentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        comment = actions.add_comment(part=part, text=form.cleaned_data["text"], by=signed_in(request))
        messages.success(request, _("Ihr Kommentar ist gespeichert."))
        return to_talk(request, found, part, comment, saved=True)
    context = {
        **workbench_context(request, found, part, PAGE),
        "form": form,
        "said": conversation(part),
        "texts": texts_of(part),
        "talk_url": workbench_url(found, part, PAGE),
    }
    return render(request, "concepts/workbench/talk.html", context, status=422 if form.is_bound else 200)


@login_required
@require_safe
def talk_list(request: HttpRequest, town: str, concept: str) -> HttpResponse:
    """What waits in the whole concept."""
    found = concept_or_404(request.user, town, concept)
    groups, page = open_by_field(found, request.GET.get("seite"))
    context = {
        **workbench_context(request, found, page=PAGE),
        "groups": groups,
        "page_obj": page,
        "page_numbers": page.paginator.get_elided_page_range(page.number),
    }
    return render(request, "concepts/workbench/talk_list.html", context)


@login_required
@form_page
def suggest(request: HttpRequest, town: str, concept: str, kind: str, pk: int, text: str) -> HttpResponse:
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    field = texts_of(part).get(text)
    if field is None:
        raise Http404
    data = request.POST if request.method == "POST" else None
    form = SuggestionForm(data, part=part, text_name=field.name, by=signed_in(request))
    if form.is_bound and form.is_valid():
        suggestion = actions.suggest(
            part=part,
            text_name=field.name,
            wording=form.cleaned_data["wording"],
            reason=form.cleaned_data["reason"],
            by=signed_in(request),
        )
        messages.success(
            request,
            _("Ihr Vorschlag ist gespeichert. Was daraus wird, lesen Sie hier und auf Ihrer Startseite."),
        )
        return to_talk(request, found, part, suggestion, saved=True)
    context = {
        **workbench_context(request, found, part, PAGE),
        "form": form,
        "text": field.verbose_name,
        "talk_url": workbench_url(found, part, PAGE),
    }
    return render(request, "concepts/workbench/suggest.html", context, status=422 if form.is_bound else 200)


@login_required
@form_page
def suggestion(
    request: HttpRequest, town: str, concept: str, kind: str, pk: int, suggestion: int
) -> HttpResponse:
    """Where an editor decides."""
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    if not may_edit_part(request.user, part):
        raise PermissionDenied
    row = Suggestion.objects.about(part).select_related("author", "decided_by").filter(pk=suggestion).first()
    if row is None or not row.is_open:
        messages.info(request, actions.already_decided(row) if row else actions.gone())
        return to_talk(request, found, part, row)
    row.part = part
    form = DecisionForm(request.POST if request.method == "POST" else None, suggestion=row)
    if form.is_bound and form.is_valid():
        try:
            decide(request, row, form)
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            return to_talk(request, found, part, row, saved=True)
    context = {
        **workbench_context(request, found, part, PAGE),
        "form": form,
        "suggestion": row,
        "suggested": difference(row, row.original, row.wording),
        "since": difference(row, row.original, row.today) if row.is_outdated else "",
        "talk_url": workbench_url(found, part, PAGE),
    }
    return render(
        request, "concepts/workbench/suggestion.html", context, status=422 if form.is_bound else 200
    )


def decide(request: HttpRequest, row: Suggestion, form: DecisionForm) -> None:
    """Raises ValidationError where it is no longer possible."""
    by, reason = signed_in(request), form.cleaned_data["reason"]
    if form.decision == REFUSE:
        actions.refuse(suggestion=row, reason=reason, by=by)
        messages.success(request, _("Der Vorschlag ist nicht übernommen. %s erfährt den Grund.") % row.author)
        return
    wording = form.cleaned_data["wording"]
    actions.take_over(suggestion=row, wording=wording, seen=form.today, reason=reason, by=by)
    messages.success(request, _("Der Vorschlag von %s steht jetzt im Konzept.") % row.author)


@login_required
@require_POST
def suggestion_withdraw(
    request: HttpRequest, town: str, concept: str, kind: str, pk: int, suggestion: int
) -> HttpResponse:
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    row = Suggestion.objects.about(part).filter(pk=suggestion).first()
    if row is not None and not may_withdraw(request.user, row):
        raise PermissionDenied
    try:
        if row is None:
            raise ValidationError(actions.gone())
        actions.withdraw_suggestion(suggestion=row)
    except ValidationError as error:
        messages.info(request, error.messages[0])
    else:
        messages.success(request, _("Ihr Vorschlag ist zurückgezogen."))
    return to_talk(request, found, part)


@login_required
@require_POST
def comment_withdraw(
    request: HttpRequest, town: str, concept: str, kind: str, pk: int, comment: int
) -> HttpResponse:
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    row = Comment.objects.about(part).filter(pk=comment).first()
    if row is None:
        return comment_gone(request, found, part)
    if not may_withdraw(request.user, row):
        raise PermissionDenied
    actions.withdraw_comment(comment=row)
    messages.success(request, _("Ihr Kommentar ist zurückgezogen."))
    return to_talk(request, found, part)


@login_required
@require_POST
def comment_done(
    request: HttpRequest, town: str, concept: str, kind: str, pk: int, comment: int
) -> HttpResponse:
    """Marks the comment as dealt with, or as open again."""
    found, part = talked_about_or_404(request, town, concept, kind, pk)
    if not may_edit_part(request.user, part):
        raise PermissionDenied
    row = Comment.objects.about(part).filter(pk=comment).first()
    if row is None:
        return comment_gone(request, found, part)
    done = request.POST.get("erledigt") == "ja"
    actions.set_done(comment=row, done=done, by=signed_in(request))
    messages.success(
        request,
        _("Der Kommentar ist als erledigt markiert.") if done else _("Der Kommentar ist wieder offen."),
    )
    return to_talk(request, found, part, row)


def comment_gone(request: HttpRequest, concept: Concept, part: ConceptPart) -> HttpResponse:
    sentence = _("Diesen Kommentar gibt es nicht mehr. Wer ihn geschrieben hat, hat ihn zurückgezogen.")
    messages.info(request, sentence)
    return to_talk(request, concept, part)
