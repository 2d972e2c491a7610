"""Countersigning a paper: starting, answering, and what waits for whom."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions import signing as actions
from committees.forms.signing import AddForm, AnswerForm, ReasonForm, StartForm, take_errors
from committees.getters import visible_papers
from committees.models import Paper, SigningRequest, SigningRound
from committees.permissions import (
    may_cancel_signing,
    may_release,
    may_see_signing,
    may_start_signing,
    may_write,
    prepares,
)
from committees.signatures import chain_for, proposed, skipped_for_costs, stale
from committees.signed_content import changes, content_of, fingerprint
from committees.tabs import paper_context
from municipalities.getters import signed_in, town_or_404

form_page = require_http_methods(["GET", "HEAD", "POST"])
PAGE = "mitzeichnung/"
SIGN, REMARK, RETURN = "zeichnen", "bemerkung", "zurueckgeben"
MOST_ROWS = 50


def signing_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    """404 for who may not know of the paper, 403 for who has nothing to do with its way through the house."""
    _municipality, papers = visible_papers(request, town)
    paper: Paper = get_object_or_404(papers.select_related("released_by"), pk=pk)
    if not may_see_signing(request.user, paper):
        raise PermissionDenied
    return paper


@login_required
@form_page
def signing(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Where the paper stands on its way, and, while it is a draft, the form that sends it round."""
    paper = signing_paper(request, town, pk)
    if request.method == "POST" and not prepares(request.user, paper):
        raise PermissionDenied
    chain = chain_for(paper) if paper.state == Paper.State.DRAFT else None
    form = None
    if chain is not None and may_start_signing(request.user, paper):
        steps = proposed(paper, chain)
        form = StartForm(
            request.POST if request.method == "POST" else None,
            town=paper.municipality,
            steps=steps,
            initial={"seen": fingerprint(content_of(paper))},
        )
        if form.is_bound and form.is_valid():
            try:
                actions.start_signing(
                    paper=paper,
                    planned=form.planned(),
                    by=signed_in(request),
                    seen=form.cleaned_data["seen"],
                )
            except ValidationError as error:
                take_errors(form, error)
                _see_anew(form, error, paper)
            else:
                messages.success(
                    request, _("Die Mitzeichnung hat begonnen. Wer gefragt ist, bekommt eine E-Mail.")
                )
                return redirect("committees:signing", town, pk)
    elif request.method == "POST":
        messages.info(request, _already_said(paper))
        return redirect("committees:signing", town, pk)
    context = {**_signing_context(request, paper), "form": form, "chain": chain}
    return render(
        request, "committees/signing/signing.html", context, status=422 if form and form.is_bound else 200
    )


def _already_said(paper: Paper) -> str:
    if paper.state == Paper.State.DRAFT:
        return _("Für diese Vorlagenart ist keine Mitzeichnung vorgesehen.")
    return _("Die Mitzeichnung dieser Vorlage hat schon begonnen.")


def _see_anew(form: Any, error: ValidationError, paper: Paper) -> None:
    """Who was told that the text is another one, and sends the form once more, has seen it as it is now."""
    if getattr(error, "code", "") != actions.CHANGED_MEANWHILE:
        return
    form.data = form.data.copy()
    form.data[form.add_prefix("seen")] = fingerprint(content_of(paper))


def _signing_context(request: HttpRequest, paper: Paper) -> dict[str, Any]:
    user = request.user
    rows = SigningRequest.objects.select_related("person__user", "decided_by", "repeats").order_by(
        "position", "title", "pk"
    )
    rounds = list(
        paper.signing_rounds.select_related("started_by").prefetch_related(Prefetch("requests", rows))
    )
    running = next((one for one in rounds if one.is_current), None)
    may_mend = may_cancel_signing(user, paper)
    outdated: list[SigningRequest] = []
    if running and may_mend:
        requests = list(running.requests.all())
        outdated = stale(requests, content_of(paper)) + skipped_for_costs(requests, paper)
    mine = SigningRequest.objects.to_decide(user).filter(round__paper=paper).select_related("person")
    return {
        **paper_context(user, paper, PAGE),
        "rounds": rounds,
        "running": running,
        "mine": list(mine),
        "outdated": outdated,
        "may_mend": may_mend,
        "may_write": may_write(user, paper),
        "may_release": may_release(user, paper) and not paper.released,
        "reason_form": ReasonForm(),
        "add_form": (
            AddForm(town=paper.municipality, rows=running.requests.all()) if running and may_mend else None
        ),
    }


@login_required
@require_POST
def signing_cancel(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = signing_paper(request, town, pk)
    if not prepares(request.user, paper):
        raise PermissionDenied
    form = ReasonForm(request.POST)
    if not may_cancel_signing(request.user, paper):
        messages.info(request, _("Diese Vorlage ist nicht in der Mitzeichnung."))
        return redirect("committees:signing", town, pk)
    if form.is_valid():
        actions.cancel_signing(paper=paper, by=signed_in(request), reason=form.cleaned_data["reason"])
        messages.success(request, _("Die Mitzeichnung ist abgebrochen. Die Vorlage ist wieder ein Entwurf."))
        return redirect("committees:signing", town, pk)
    context = {**_signing_context(request, paper), "form": None, "chain": None, "reason_form": form}
    return render(request, "committees/signing/signing.html", context, status=422)


@login_required
@require_POST
def signing_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Somebody more is asked; the others keep their signatures."""
    paper = signing_paper(request, town, pk)
    if not prepares(request.user, paper):
        raise PermissionDenied
    context = {**_signing_context(request, paper), "form": None, "chain": None}
    running = context["running"]
    if running is None or paper.released:
        messages.info(request, _("Diese Vorlage ist nicht in der Mitzeichnung."))
        return redirect("committees:signing", town, pk)
    form = AddForm(request.POST, town=paper.municipality, rows=running.requests.all())
    if form.is_valid():
        chosen = form.cleaned_data
        try:
            row = actions.add_signer(
                paper=paper,
                person=chosen["person"],
                title=chosen["title"],
                position=form.position(),
                reason=chosen["reason"],
                by=signed_in(request),
            )
        except ValidationError as error:
            take_errors(form, error)
        else:
            sentence = (
                _("%s ist jetzt gefragt und bekommt eine E-Mail.")
                if row.state == SigningRequest.State.ASKED
                else _("%s wird gefragt, sobald dieser Schritt an der Reihe ist.")
            )
            messages.success(request, sentence % row.person)
            return redirect("committees:signing", town, pk)
    context["add_form"] = form
    return render(request, "committees/signing/signing.html", context, status=422)


@login_required
@require_POST
def signing_again(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """After a change that came about where nobody told: asks those whom it concerns."""
    paper = signing_paper(request, town, pk)
    if not prepares(request.user, paper):
        raise PermissionDenied
    asked = actions.text_changed(paper=paper, by=signed_in(request))
    messages.success(
        request,
        ngettext("%d Person ist noch einmal gefragt.", "%d Personen sind noch einmal gefragt.", asked) % asked
        if asked
        else _("Alle haben den jetzigen Stand gezeichnet."),
    )
    return redirect("committees:signing", town, pk)


# ---- The one who is asked --------------------------------------------------------------------------------


@login_required
@form_page
def countersign(request: HttpRequest, town: str, pk: int, request_pk: int) -> HttpResponse:
    """What it is about, what has changed since one's own signature, and three buttons."""
    paper = signing_paper(request, town, pk)
    row = get_object_or_404(SigningRequest.objects.with_all(), round__paper=paper, pk=request_pk)
    user = signed_in(request)
    concerned = SigningRequest.objects.concerning(user).filter(pk=row.pk).exists()
    if request.method == "POST" and not concerned:
        raise PermissionDenied
    asked = concerned and SigningRequest.objects.to_decide(user).filter(pk=row.pk).exists()
    form = AnswerForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        try:
            sentence = _answer(request, row, form)
        except ValidationError as error:
            take_errors(form, error)
            _see_anew(form, error, paper)
        else:
            messages.success(request, sentence)
            return redirect("committees:signing_list", town)
    content = content_of(paper)
    form.initial["seen"] = fingerprint(content)
    before = row.seen_before()
    context = {
        **paper_context(user, paper, PAGE),
        "row": row,
        "asked": asked,
        "form": form,
        "deputy": asked and row.person is not None and row.person.user_id != user.pk,
        "changes": changes(before, content) if before is not None else [],
        "parts": [part for part in content.values() if part["text"]],
        "remarks": _remarks(paper),
        "stages": paper.consultations.filter(left_out=False).order_by("position"),
        "may_write": may_write(user, paper),
    }
    return render(
        request, "committees/signing/countersign.html", context, status=422 if form.is_bound else 200
    )


def _answer(request: HttpRequest, row: SigningRequest, form: AnswerForm) -> str:
    user, remark = signed_in(request), form.cleaned_data["remark"]
    what = request.POST.get("entscheidung", "")
    if what == RETURN:
        actions.send_back(request=row, by=user, reason=remark)
        return _("Die Vorlage ist zurückgegeben. Wer sie bearbeitet, bekommt eine E-Mail.")
    if what == REMARK and not remark.strip():
        raise ValidationError({"remark": _("Bitte schreiben Sie Ihre Bemerkung, oder zeichnen Sie ohne.")})
    if what == SIGN and remark.strip():
        raise ValidationError(
            {
                "remark": _(
                    "Hier steht eine Bemerkung. Bitte wählen Sie „Mit Bemerkung zeichnen“, "
                    "oder leeren Sie das Feld."
                )
            }
        )
    if what not in (SIGN, REMARK):
        raise ValidationError(_("Bitte wählen Sie: zeichnen, mit Bemerkung zeichnen oder zurückgeben."))
    actions.countersign(request=row, by=user, seen=form.cleaned_data["seen"], remark=remark)
    return _("Sie haben die Vorlage „%s“ gezeichnet.") % row.round.paper.subject


def _remarks(paper: Paper) -> Any:
    """What others have said on the way, the newest first."""
    rows = SigningRequest.objects.filter(round__paper=paper, decided_at__isnull=False).exclude(remark="")
    return rows.select_related("person", "decided_by", "round").order_by("-decided_at", "-pk")


# ---- What waits for whom ---------------------------------------------------------------------------------


@login_required
@require_safe
def signing_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    user, today = signed_in(request), timezone.localdate()
    asked = SigningRequest.objects.in_town(municipality).with_all().order_by("due_on", "pk")
    mine = list(asked.waiting_for(user)[:MOST_ROWS])
    in_place = asked.to_decide(user).exclude(pk__in=[row.pk for row in mine])
    others = asked.visible_to(user).asked().exclude(pk__in=[row.pk for row in mine])
    started = others.filter(round__started_by=user)
    context = {
        "municipality": municipality,
        "today": today,
        "mine": mine,
        "in_place": list(in_place[:MOST_ROWS]),
        "others": list(started[:MOST_ROWS]),
        "overdue": list(others.filter(due_on__lt=today)[:MOST_ROWS]),
        "returned": list(SigningRound.objects.in_town(municipality).returned_to(user)[:MOST_ROWS]),
    }
    return render(request, "committees/signing/list.html", context)
