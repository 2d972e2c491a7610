"""Proposals as members have them: the list, writing one, reading, saying something about it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.paginator import Paginator
from django.db.models import Count, F, Q
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.views.parts import saved_mark
from municipalities.getters import signed_in
from municipalities.models import User
from participation.actions import proposals as actions
from participation.forms.proposals import (
    AnswerForm,
    CommentForm,
    ProposalFilter,
    ProposalForm,
    SlipForm,
    WordingForm,
)
from participation.getters import process_or_404, proposal_or_404
from participation.models import Event, MeasureProposal, Process
from participation.permissions import (
    made_by,
    may_answer,
    may_discuss,
    may_edit_draft,
    may_manage,
    may_propose,
    may_read_proposals,
    may_read_questions,
    may_support,
    may_withdraw_proposal,
    may_withdraw_remark,
    may_word_in_german,
    may_write_proposal,
)
from participation.ways import Book, Standing, known_decision, standing_of

form_page = require_http_methods(["GET", "HEAD", "POST"])
PER_PAGE = 40
SUBMIT = "einreichen"


def page_of(process: Process, **more: Any) -> dict[str, Any]:
    """What the head of every page about proposals names."""
    return {"municipality": process.municipality, "process": process, **more}


def list_url(process: Process) -> str:
    return reverse("participation:proposals", args=[process.municipality.slug, process.pk])


# ---- The list --------------------------------------------------------------------------------------------


@login_required
@require_safe
def proposal_list(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One's own first, then those of the others by field."""
    process, user = process_or_404(request.user, town, pk), signed_in(request)
    staff = may_manage(user, process.municipality)
    if not may_read_proposals(user, process):
        raise PermissionDenied
    form = ProposalFilter(request.GET, process=process)
    rows = form.narrow(MeasureProposal.objects.visible_to(user).filter(process=process)).with_all()
    rows = rows.annotate(
        supports=Count("proposalsupports", distinct=True), remarks=Count("proposalcomments", distinct=True)
    )
    mine = Q(submitter=user) | Q(state="draft")
    own = list(rows.filter(mine).order_by("-created_at"))
    order = ["-supports"] if form.is_ranked else [F("field__position").asc(nulls_last=True)]
    others = rows.exclude(mine).order_by(*order, "-submitted_at", "-pk")
    page = Paginator(others, PER_PAGE).get_page(request.GET.get("seite"))
    context = page_of(
        process,
        form=form,
        own=with_standing(own, inside=staff),
        others=with_standing(page.object_list, inside=staff),
        page_obj=page,
        staff=staff,
        may_write=may_write_proposal(user, process),
        is_open=may_propose(user, process),
        filtered=any(request.GET.get(name) for name in form.fields),
    )
    return render(request, "participation/proposal_list.html", context)


def with_standing(rows: Any, *, inside: bool) -> list[tuple[MeasureProposal, Standing]]:
    return [(row, standing_of(row, inside=inside)) for row in rows]


# ---- Writing ---------------------------------------------------------------------------------------------


@login_required
@form_page
def proposal_new(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    process = process_or_404(request.user, town, pk)
    if not may_write_proposal(request.user, process):
        raise PermissionDenied
    return writing(request, process, MeasureProposal(process=process, event=named_event(process, request)))


def named_event(process: Process, request: HttpRequest) -> Event | None:
    """The session at which it is written, where the address names one: `?veranstaltung=7`."""
    number = request.GET.get("veranstaltung", "")
    if not number.isascii() or not number.isdigit() or len(number) > 15:
        return None
    return get_object_or_404(Event, process=process, pk=number)


@login_required
@form_page
def proposal_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """A draft, by who began it; what is submitted leads to its page."""
    proposal = proposal_or_404(request.user, town, pk)
    if not proposal.is_draft:
        messages.info(request, actions.already_submitted())
        return redirect(proposal)
    return writing(request, proposal.process, proposal)


def writing(request: HttpRequest, process: Process, proposal: MeasureProposal) -> HttpResponse:
    user = signed_in(request)
    staff = may_manage(user, process.municipality)
    data = request.POST if request.method == "POST" else None
    kind = SlipForm if staff else ProposalForm
    form = kind(data, process=process, user=user, staff=staff, instance=proposal)
    if form.is_bound:
        if not wants_to_submit(request):
            form.allow_gaps()
        if form.is_valid():
            return saved(request, form.save(commit=False), user)
    context = page_of(
        process,
        form=form,
        proposal=proposal,
        is_open=may_propose(user, process),
        list_url=list_url(process),
    )
    return render(request, "participation/proposal_form.html", context, status=422 if form.is_bound else 200)


def wants_to_submit(request: HttpRequest) -> bool:
    return request.POST.get("tun") == SUBMIT


def saved(request: HttpRequest, proposal: MeasureProposal, user: User) -> HttpResponse:
    """Saved as a draft in any case; then submitted, if that was wanted and the phase allows it."""
    process = proposal.process
    try:
        proposal = actions.save_draft(proposal=proposal, by=user)
        if not wants_to_submit(request):
            messages.success(
                request, _("Ihr Entwurf ist gespeichert. Nur Sie sehen ihn, bis Sie ihn einreichen.")
            )
        elif not may_propose(user, process):
            messages.warning(
                request,
                _(
                    "Zurzeit werden keine Vorschläge angenommen. Ihr Vorschlag ist als Entwurf gespeichert: "
                    "Sie können ihn einreichen, sobald die nächste Phase beginnt."
                ),
            )
        else:
            proposal = actions.submit(proposal=proposal, by=user)
            messages.success(
                request, _("Danke! Ihr Vorschlag ist eingereicht. Was daraus wird, lesen Sie hier.")
            )
            return redirect(proposal.get_absolute_url() + saved_mark(request))
    except ValidationError as error:
        messages.info(request, error.messages[0])
        known = MeasureProposal.objects.filter(entered_by=user, form_key=proposal.form_key)
        return redirect(known.with_all().get().get_absolute_url() + saved_mark(request))
    edit = reverse("participation:proposal_edit", args=[process.municipality.slug, proposal.pk])
    return redirect(edit + saved_mark(request))


@login_required
@require_POST
def proposal_discard(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = proposal_or_404(request.user, town, pk)
    process = proposal.process
    if not may_edit_draft(request.user, proposal):
        messages.info(request, actions.already_submitted())
        return redirect(proposal)
    actions.discard_draft(proposal=proposal)
    messages.success(request, _("Ihr Entwurf ist verworfen."))
    return redirect(list_url(process))


# ---- Reading ---------------------------------------------------------------------------------------------


@login_required
@form_page
def proposal(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The proposal with everything said about it, and the form for one more comment."""
    found, user = proposal_or_404(request.user, town, pk), signed_in(request)
    if found.is_draft:
        return redirect("participation:proposal_edit", town, pk)
    discussing = may_discuss(user, found.process) and found.state != MeasureProposal.State.WITHDRAWN
    form = CommentForm(request.POST if request.method == "POST" else None)
    if form.is_bound and not discussing:
        raise PermissionDenied
    if form.is_bound and form.is_valid():
        comment = actions.add_comment(proposal=found, text=form.cleaned_data["text"], by=user)
        messages.success(request, _("Ihr Kommentar ist gespeichert."))
        return redirect(found.get_absolute_url() + (saved_mark(request) or f"#kommentar-{comment.pk}"))
    context = page_of(found.process, **reading(found, user), form=form, discussing=discussing)
    return render(request, "participation/proposal.html", context, status=422 if form.is_bound else 200)


def reading(found: MeasureProposal, user: User) -> dict[str, Any]:
    """What this reader may know, and do."""
    inside = may_manage(user, found.process.municipality)
    book = Book(found.process, inside=inside)
    found = book.proposals[found.pk]
    comments = found.proposalcomments.select_related("author")
    supporters = list(found.proposalsupports.values_list("author", flat=True))
    visible = set(
        MeasureProposal.objects.visible_to(user).filter(process=found.process_id).values_list("pk", flat=True)
    )
    brought_in = [one for one in book.proposals.values() if leads_to(book, one, found)]
    asked = may_read_questions(user, found)
    is_open = found.is_open if inside else found.is_open_outside
    return {
        "proposal": found,
        "standing": standing_of(found, inside=inside),
        "decision": known_decision(found, inside=inside),
        "steps": [step for step in book.next_steps(found) if step.pk in visible],
        "brought_in": [one for one in brought_in if one.pk in visible],
        "measures": book.measures(found),
        "comments": [(one, may_withdraw_remark(user, one)) for one in comments],
        "questions": list(found.proposalquestions.select_related("answered_by")) if asked else [],
        "supports": len(supporters),
        "supported": user.pk in supporters,
        "may_support": may_support(user, found),
        "may_answer": may_answer(user, found),
        "may_withdraw": is_open and may_withdraw_proposal(user, found),
        "may_word": may_word_in_german(user, found),
        "is_own": made_by(user, found),
        "inside": inside,
        "list_url": list_url(found.process),
    }


def leads_to(book: Book, one: MeasureProposal, leading: MeasureProposal) -> bool:
    """Whether this one was merged into the leading one, as far as the reader knows."""
    decision = book.decision(one)
    return decision is not None and decision.merged_into_id == leading.pk


@login_required
@form_page
def proposal_withdraw(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Asks first: it cannot be taken back."""
    found = proposal_or_404(request.user, town, pk)
    if found.is_draft:
        raise Http404
    if not may_withdraw_proposal(request.user, found):
        raise PermissionDenied
    if request.method == "POST":
        try:
            actions.withdraw(proposal=found, by=signed_in(request))
            messages.success(request, _("Der Vorschlag ist zurückgezogen."))
        except ValidationError as error:
            messages.info(request, error.messages[0])
        return redirect(found)
    context = page_of(
        found.process,
        proposal=found,
        title=_("Vorschlag zurückziehen"),
        hint=_(
            "Der Vorschlag bleibt lesbar, aber niemand entscheidet mehr über ihn. "
            "Das lässt sich nicht rückgängig machen."
        ),
        button=_("Zurückziehen"),
        danger=True,
    )
    return render(request, "participation/proposal_small_form.html", context)


@login_required
@require_POST
def proposal_support(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """`fuer=ja` for it, anything else takes that back."""
    found, user = proposal_or_404(request.user, town, pk), signed_in(request)
    if found.is_draft:
        raise Http404
    if not may_support(user, found):
        raise PermissionDenied
    supported = request.POST.get("fuer") == "ja"
    actions.set_support(proposal=found, supported=supported, by=user)
    messages.success(
        request,
        _("Sie unterstützen diesen Vorschlag.")
        if supported
        else _("Sie unterstützen diesen Vorschlag nicht mehr."),
    )
    return redirect(found.get_absolute_url() + "#unterstuetzung")


@login_required
@require_POST
def proposal_comment_withdraw(request: HttpRequest, town: str, pk: int, comment: int) -> HttpResponse:
    found = proposal_or_404(request.user, town, pk)
    row = found.proposalcomments.filter(pk=comment).first()
    if row is None:
        messages.info(
            request, _("Diesen Kommentar gibt es nicht mehr. Wer ihn geschrieben hat, hat ihn zurückgezogen.")
        )
        return redirect(found)
    if not may_withdraw_remark(request.user, row):
        raise PermissionDenied
    actions.withdraw_comment(comment=row)
    messages.success(request, _("Ihr Kommentar ist zurückgezogen."))
    return redirect(found.get_absolute_url() + "#diskussion")


@login_required
@form_page
def proposal_answer(request: HttpRequest, town: str, pk: int, question: int) -> HttpResponse:
    found = proposal_or_404(request.user, town, pk)
    if not may_answer(request.user, found):
        raise PermissionDenied
    row = get_object_or_404(found.proposalquestions.select_related("author"), pk=question)
    if not row.is_open:
        messages.info(request, _("Diese Rückfrage ist schon beantwortet."))
        return redirect(found)
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            actions.answer(question=row, text=form.cleaned_data["text"], by=signed_in(request))
            messages.success(request, _("Danke! Ihre Antwort ist gespeichert."))
        except ValidationError as error:
            messages.info(request, error.messages[0])
        return redirect(found.get_absolute_url() + saved_mark(request))
    context = page_of(
        found.process,
        proposal=found,
        form=form,
        title=_("Rückfrage beantworten"),
        quote=row.text,
        button=_("Antwort senden"),
    )
    return small_form(request, context)


@login_required
@form_page
def proposal_wording(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = proposal_or_404(request.user, town, pk)
    if found.is_draft:
        raise Http404
    if not may_word_in_german(request.user, found):
        raise PermissionDenied
    form = WordingForm(request.POST if request.method == "POST" else None, instance=found)
    if form.is_bound and form.is_valid():
        actions.word_in_german(form=form, by=signed_in(request))
        messages.success(request, _("Die deutsche Fassung ist gespeichert."))
        return redirect(found.get_absolute_url() + saved_mark(request))
    context = page_of(
        found.process,
        proposal=found,
        form=form,
        title=_("Deutsche Fassung"),
        hint=_(
            "Der eingereichte Wortlaut bleibt daneben stehen, wie er ist. "
            "Der Verlauf hält jede Änderung fest."
        ),
        original=MeasureProposal.objects.get(pk=found.pk) if form.is_bound else found,
        button=_("Speichern"),
    )
    return small_form(request, context)


def small_form(request: HttpRequest, context: dict[str, Any]) -> HttpResponse:
    status = 422 if context["form"].is_bound else 200
    return render(request, "participation/proposal_small_form.html", context, status=status)
