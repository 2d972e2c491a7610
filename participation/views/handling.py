"""Proposals as the staff have them: what waits, asking back, deciding, taking over, publishing."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.db.models import Count
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST, require_safe

from concepts.views.parts import saved_mark
from municipalities.getters import signed_in
from participation.actions import deciding as actions
from participation.actions.telling import tell_question, tell_submitters
from participation.forms.deciding import DecideForm, MergeForm, QuestionForm, SplitForm, TakeOverForm
from participation.getters import check, process_or_404, proposal_or_404
from participation.models import Decision, MeasureProposal, Process
from participation.permissions import may_manage
from participation.views.proposals import form_page, page_of, with_standing

State = MeasureProposal.State


def handled_process(request: HttpRequest, town: str, pk: int) -> Process:
    """403 for who may read it; who guides it from outside is one of them, unlike for `managed_process`."""
    process = process_or_404(request.user, town, pk)
    check(request, process.municipality)
    return process


def handled_proposal(request: HttpRequest, town: str, pk: int) -> MeasureProposal:
    """404 for who may not read it, 403 for who may not decide about it."""
    proposal = proposal_or_404(request.user, town, pk)
    if proposal.is_draft:
        raise Http404
    if not may_manage(request.user, proposal.process.municipality):
        raise PermissionDenied
    return proposal


def work_url(process: Process) -> str:
    return reverse("participation:proposal_work", args=[process.municipality.slug, process.pk])


@login_required
@require_safe
def proposal_work(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What waits for the staff, the oldest first, and what waits for others."""
    process = handled_process(request, town, pk)
    rows = list(
        MeasureProposal.objects.handled_by(request.user)
        .filter(process=process)
        .with_all()
        .annotate(supports=Count("proposalsupports", distinct=True))
        .order_by("submitted_at", "pk")
    )
    by_state: dict[str, list[MeasureProposal]] = {}
    for row in rows:
        by_state.setdefault(row.state, []).append(row)
    inside = [row for row in by_state.get(State.DECIDED, []) if not row.decision.is_published]
    lists = [
        (_("Neu eingegangen"), by_state.get(State.SUBMITTED, [])),
        (_("In Prüfung"), by_state.get(State.REVIEW, [])),
        (_("Warten auf eine Antwort"), by_state.get(State.QUESTION, [])),
        (_("Entschieden, noch nicht veröffentlicht"), inside),
    ]
    context = page_of(
        process,
        lists=[(title, with_standing(waiting, inside=True)) for title, waiting in lists],
        inside=len(inside),
        finished=len(rows) - sum(len(waiting) for _title, waiting in lists),
        lacking=sum(row.lacks_german for row in rows if row.is_open),
    )
    return render(request, "participation/proposal_work.html", context)


@login_required
@require_POST
def proposal_review(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    try:
        actions.take_into_review(proposal=proposal, by=signed_in(request))
        messages.success(request, _("Der Vorschlag ist jetzt in Prüfung."))
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return redirect(proposal)


@login_required
@form_page
def proposal_ask(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    form = QuestionForm(request.POST if request.method == "POST" else None)

    def ask() -> str:
        words = form.cleaned_data["text"]
        question = actions.ask_back(proposal=proposal, text=words, by=signed_in(request))
        told = tell_question(question, portal=portal_of(request))
        return (
            _("Ihre Rückfrage ist gestellt. Wer den Vorschlag gemacht hat, bekommt eine Nachricht.")
            if told
            else _(
                "Ihre Rückfrage ist gespeichert. Der Vorschlag kam auf Papier: Bitte fragen Sie selbst nach."
            )
        )

    return deciding(request, proposal, form, ask, title=_("Rückfrage stellen"), button=_("Rückfrage stellen"))


@login_required
@form_page
def proposal_decide(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Not taken over, or noted."""
    proposal = handled_proposal(request, town, pk)
    form = DecideForm(request.POST if request.method == "POST" else None, proposal=proposal)

    def decide() -> str:
        actions.decide(proposal=proposal, verdict=form.verdict(), by=signed_in(request))
        return decided_text()

    return deciding(
        request,
        proposal,
        form,
        decide,
        title=_("Ohne Übernahme entscheiden"),
        hint=_("Die Entscheidung ist zuerst nur intern zu sehen. Sie veröffentlichen sie mit allen anderen."),
        button=_("Entscheidung speichern"),
    )


def decided_text() -> str:
    return _("Die Entscheidung ist gespeichert. Sie ist intern, bis Sie sie veröffentlichen.")


@login_required
@form_page
def proposal_take_over(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    if proposal.process.concept is None:
        messages.info(
            request, _("Zu diesem Prozess gehört noch kein Konzept. Bitte ordnen Sie ihm zuerst eines zu.")
        )
        return redirect(proposal)
    form = TakeOverForm(request.POST if request.method == "POST" else None, proposal=proposal)

    def take_over() -> str:
        tie = actions.take_over(
            proposal=proposal,
            verdict=form.verdict(),
            into=form.target(),
            addition=form.cleaned_data["addition"],
            outcome=form.cleaned_data["outcome"],
            by=signed_in(request),
        )
        return _("Der Vorschlag ist mit der Maßnahme „%s“ verbunden. Die Entscheidung ist noch intern.") % (
            tie.measure
        )

    return deciding(
        request,
        proposal,
        form,
        take_over,
        title=_("In das Konzept übernehmen"),
        hint=_(
            "Füllen Sie aus, was zu Ihrer Wahl gehört: für eine neue Maßnahme Titel, Beschreibung und Feld, "
            "sonst die vorhandene Maßnahme. Einzelheiten ergänzen Sie danach in der Werkstatt."
        ),
        button=_("Übernehmen"),
    )


@login_required
@form_page
def proposal_merge(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    form = MergeForm(request.POST if request.method == "POST" else None, proposal=proposal)

    def merge() -> str:
        others = list(form.cleaned_data["others"])
        actions.merge(proposals=others, into=proposal, verdict=form.verdict(), by=signed_in(request))
        return ngettext(
            "%d Vorschlag geht jetzt in diesem auf. Sein Wortlaut bleibt erhalten.",
            "%d Vorschläge gehen jetzt in diesem auf. Ihr Wortlaut bleibt erhalten.",
            len(others),
        ) % len(others)

    return deciding(
        request,
        proposal,
        form,
        merge,
        title=_("Mit anderen zusammenführen"),
        hint=_("Die anderen Vorschläge bleiben im Wortlaut stehen und teilen, was aus diesem wird."),
        button=_("Zusammenführen"),
    )


@login_required
@form_page
def proposal_split(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    form = SplitForm(request.POST if request.method == "POST" else None)

    def split() -> str:
        parts = actions.split(proposal=proposal, parts=form.parts(), by=signed_in(request))
        return _("Aufgeteilt in %d Teile. Über jeden wird einzeln entschieden.") % len(parts)

    return deciding(
        request,
        proposal,
        form,
        split,
        title=_("In Teile aufteilen"),
        hint=_("Der eingereichte Wortlaut bleibt stehen. Die Teile schreiben Sie auf Deutsch."),
        button=_("Aufteilen"),
    )


def deciding(
    request: HttpRequest, proposal: MeasureProposal, form: Any, act: Callable[[], str], **texts: Any
) -> HttpResponse:
    """A form beside the proposal; `act` does what it says and returns the sentence for afterwards."""
    if form.is_bound and form.is_valid():
        try:
            sentence = act()
        except ValidationError as error:
            at_fields = hasattr(error, "error_dict") and set(error.error_dict) <= set(form.fields)
            form.add_error(None, error if at_fields else error.messages)
        else:
            messages.success(request, sentence)
            return redirect(proposal.get_absolute_url() + saved_mark(request))
    context = page_of(proposal.process, proposal=proposal, original=proposal, form=form, **texts)
    status = 422 if form.is_bound else 200
    return render(request, "participation/proposal_small_form.html", context, status=status)


@login_required
@require_POST
def proposal_untie(request: HttpRequest, town: str, pk: int, tie: int) -> HttpResponse:
    proposal = handled_proposal(request, town, pk)
    row = get_object_or_404(proposal.ties.select_related("proposal", "measure"), pk=tie)
    try:
        actions.untie(tie=row, by=signed_in(request))
        messages.success(request, _("Die Verbindung ist gelöst. Die Maßnahme bleibt im Konzept."))
    except ValidationError as error:
        messages.info(request, error.messages[0])
    return redirect(proposal)


@login_required
@form_page
def proposal_publish(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """A list to look through, and one button for all of it."""
    process = handled_process(request, town, pk)
    refused = ""
    if request.method == "POST":
        try:
            with transaction.atomic():
                told = actions.publish(process=process, seen=stamps_of(request), by=signed_in(request))
                tell_submitters(told, portal=portal_of(request))
        except ValidationError as error:
            refused = error.messages[0]
        else:
            sentence = ngettext(
                "%d Entscheidung ist veröffentlicht. Wer den Vorschlag gemacht hat, bekommt eine Nachricht.",
                "%d Entscheidungen sind veröffentlicht. Wer die Vorschläge gemacht hat, bekommt eine "
                "Nachricht.",
                len(told),
            )
            messages.success(
                request, sentence % len(told) if told else _("Es war nichts zu veröffentlichen.")
            )
            return redirect(work_url(process))
    waiting = actions.waiting_decisions(process)
    context = page_of(
        process,
        decisions=waiting,
        stamps=[f"{pk}-{entry}" for pk, entry in actions.stamps(waiting)],
        refused=refused,
        Kind=Decision.Kind,
        work_url=work_url(process),
    )
    return render(request, "participation/proposal_publish.html", context, status=422 if refused else 200)


def portal_of(request: HttpRequest) -> str:
    """Where the portal is found, for the addresses in mails."""
    return request.build_absolute_uri("/").removesuffix("/")


def stamps_of(request: HttpRequest) -> list[tuple[int, int]]:
    """What the list showed; what is no stamp counts for nothing, and so as something else."""
    found = []
    for one in request.POST.getlist("gesehen"):
        pk, _dash, entry = one.partition("-")
        if pk.isdecimal() and entry.isdecimal() and len(one) < 40:
            found.append((int(pk), int(entry)))
    return found
