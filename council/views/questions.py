"""Questions to the administration about a paper, and their answers."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.forms.signing import take_errors
from committees.models import Paper
from council.actions.asking import Withdrawn, answer, ask, stand, was_withdrawn, withdraw
from council.forms.preparing import AnswerForm, QuestionForm
from council.getters import readable_paper
from council.models import PaperQuestion
from council.passages import passages_of, words_for
from council.permissions import may_answer, may_answer_in, may_ask
from council.views.notes import FORM_METHODS, about, back, notes_page
from municipalities.getters import signed_in, town_or_404

MOST_ANSWERED = 50


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def questions(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The page with the panel; what is sent here is a question."""
    paper, user = readable_paper(request, town, pk), signed_in(request)
    if request.method != "POST":
        return notes_page(request, paper)
    if not may_ask(user, paper):
        raise PermissionDenied
    form = QuestionForm(request.POST, passages=passages_of(user, paper), auto_id="frage_%s")
    if form.is_valid():
        try:
            ask(paper=paper, by=user, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(
                request,
                _("Ihre Frage ist bei der Verwaltung. Sobald sie antwortet, bekommen Sie eine E-Mail."),
            )
            return back(request, paper, "meine-fragen")
    return notes_page(request, paper, status=422, question=form)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def question(request: HttpRequest, town: str, pk: int, question: int) -> HttpResponse:
    """Answering, for those whose work the paper is."""
    paper, user = readable_paper(request, town, pk), signed_in(request)
    rows = PaperQuestion.objects.visible_to(user).select_related("asked_by", "answered_by")
    if may_answer(user, paper) and was_withdrawn(paper, question):
        return withdrawn_page(request, paper)
    found = get_object_or_404(rows, pk=question, paper=paper)
    if not may_answer(user, paper):
        raise PermissionDenied
    initial = {"seen": stand(found), "text": found.answer, "audience": found.audience}
    form = AnswerForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            answer(question=found, by=user, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
            form.look_again(stand(found))
        except Withdrawn:
            return withdrawn_page(request, paper)
        else:
            messages.success(request, _("Die Antwort ist gespeichert."))
            return redirect("council:open_questions", town)
    context = {
        **asked(paper, _("Frage beantworten")),
        "question": found,
        "place": words_for(found.passage, passages_of(user, paper)),
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "council/question.html", context, status=status)


def asked(paper: Paper, title: str) -> dict[str, Any]:
    """Head of a page about a question, for who answers: it leads back to all of them."""
    crumbs = [
        (_("Fragen aus den Gremien"), reverse("council:open_questions", args=[paper.municipality.slug]))
    ]
    return {**about(paper, title), "kicker_url": paper.get_absolute_url(), "crumbs": crumbs}


def withdrawn_page(request: HttpRequest, paper: Paper) -> HttpResponse:
    """The link stood in a mail. An answer that was already written is shown, so that it is not lost."""
    context = {
        **asked(paper, _("Frage zurückgezogen")),
        "written": request.POST.get("text", ""),
    }
    return render(request, "council/question_withdrawn.html", context, status=410)


@login_required
@require_POST
def question_withdraw(request: HttpRequest, town: str, pk: int, question: int) -> HttpResponse:
    """One's own only."""
    paper, user = readable_paper(request, town, pk), signed_in(request)
    found = get_object_or_404(PaperQuestion, pk=question, paper=paper, asked_by=user)
    try:
        withdraw(question=found, by=user)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Die Frage ist zurückgezogen."))
    return back(request, paper, "meine-fragen")


@never_cache
@login_required
@require_safe
def open_questions(request: HttpRequest, town: str) -> HttpResponse:
    """What waits for an answer, for who prepares papers; a Fachamt finds its own papers' questions."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    if not may_answer_in(user, municipality.pk):
        raise PermissionDenied
    rows = PaperQuestion.objects.visible_to(user).in_town(municipality)
    rows = rows.select_related("paper__municipality", "asked_by")
    context = {
        "municipality": municipality,
        "title": _("Fragen aus den Gremien"),
        "crumbs": [],
        "waiting": [row for row in rows.filter(answered_at=None) if may_answer(user, row.paper)],
        "answered": [
            row
            for row in rows.filter(answered_at__isnull=False).order_by("-answered_at")[:MOST_ANSWERED]
            if may_answer(user, row.paper)
        ],
    }
    return render(request, "council/open_questions.html", context)
