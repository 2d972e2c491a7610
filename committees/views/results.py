"""Results: entered item after item while the committee meets, or after."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from committees.actions.discussing import note_discussion
from committees.actions.minuted import check_open
from committees.actions.results import MEANWHILE, Recorded, record_result, remove_result, version_of, why_not
from committees.forms.discussing import DiscussionForm
from committees.forms.results import RemoveForm, ResultForms
from committees.getters import led_meeting, stage_or_404
from committees.meeting_tabs import meeting_context
from committees.models import AgendaItem, Amendment, Consultation, Meeting
from committees.outcomes import Word, known_words, word_for
from committees.permissions import may_lead
from committees.result_history import recordings_of
from committees.results_in_words import BallotLine, ballot_lines, result_of, with_ballots
from committees.tabs import paper_context
from committees.voting import Vote
from municipalities.getters import signed_in

PAGE = "ergebnisse/"
FORM_METHODS = ["GET", "HEAD", "POST"]
Meaning, Outcome = Consultation.Meaning, Consultation.Outcome
# What one click says of a committee of this meaning, and whether it is a vote without a nay.
ONE_CLICK: dict[str, tuple[str, bool]] = {
    Meaning.DECIDE: (Outcome.ACCEPTED, True),
    Meaning.ADVISE: (Outcome.ACCEPTED, True),
    Meaning.HEAR: (Outcome.ACCEPTED, True),
    Meaning.NOTE: (Outcome.NOTED, False),
    Meaning.RELEASE: (Outcome.ACCEPTED, False),
}


@dataclass
class ItemRow:
    """A line of the meeting: an item of the agenda, or a stage that waits for its place on it."""

    item: AgendaItem | None
    stage: Consultation | None
    lines: list[BallotLine] = field(default_factory=list)
    why_not: str = ""
    quick: str = ""
    """The result that one click records; empty where more has to be said."""

    @property
    def open(self) -> bool:
        return self.stage is not None and not self.stage.is_over and not self.why_not

    @property
    def result(self) -> str:
        return result_of(self.stage) if self.stage else ""

    @property
    def address(self) -> str:
        if self.stage is not None:
            return address_of(self.stage)
        return (
            reverse("committees:result", args=[self.town, self.item.meeting_id, self.item.pk])
            if self.item
            else ""
        )

    town: str = ""


def address_of(stage: Consultation) -> str:
    """Where the result of this stage is entered."""
    town = stage.paper.municipality.slug
    if stage.agenda_item_id is not None:
        return reverse("committees:result", args=[town, stage.meeting_id, stage.agenda_item_id])
    return reverse("committees:stage_result", args=[town, stage.paper_id, stage.position])


def stages() -> Any:
    return Consultation.objects.select_related(
        "committee", "meeting", "agenda_item", "paper__municipality", "paper__paper_type", "recorded_by"
    ).prefetch_related("joint_committees", with_ballots(), "amendments")


def signed_sentence(meeting: Meeting | None) -> str:
    """Why nothing can be changed any more; empty before the minutes are signed."""
    try:
        check_open(meeting)
    except ValidationError as error:
        return " ".join(error.messages)
    return ""


def rows_of(meeting: Meeting, signed: str) -> list[ItemRow]:
    """In the order of the agenda; what has no place on it last. A constant number of queries."""
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))
    found = list(stages().filter(meeting=meeting).order_by("pk"))
    by_item = {stage.agenda_item_id: stage for stage in found}
    waiting = [stage for stage in found if stage.agenda_item_id is None and not stage.left_out]
    words = known_words(meeting.municipality)
    pairs: list[tuple[AgendaItem | None, Consultation | None]] = [
        *((item, by_item.get(item.pk)) for item in items),
        *((None, stage) for stage in waiting),
    ]
    town = meeting.municipality.slug
    return [_row(item, stage, signed, words, town) for item, stage in pairs]


def _row(
    item: AgendaItem | None, stage: Consultation | None, signed: str, words: Sequence[Word], town: str
) -> ItemRow:
    row = ItemRow(item, stage, town=town)
    if stage is None:
        return row
    row.lines = ballot_lines(stage)
    row.why_not = "" if stage.is_over or signed else why_not(stage)
    open_ones = any(one.state == Amendment.State.MOVED for one in stage.amendments.all())
    if row.open and not signed and not open_ones:
        row.quick = quick_word(stage, words)
    return row


def quick_word(stage: Consultation, words: Sequence[Word]) -> str:
    if stage.meaning not in ONE_CLICK:
        return ""
    outcome, unanimous = ONE_CLICK[stage.meaning]
    return word_for(outcome, stage.meaning, words, unanimous=unanimous)


@login_required
@require_safe
def results(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The meeting on a laptop: what is recorded, and what comes next."""
    meeting = led_meeting(request, town, pk)
    signed = signed_sentence(meeting)
    rows = rows_of(meeting, signed)
    context = {
        **meeting_context(request.user, meeting, PAGE),
        "rows": rows,
        "signed": signed,
        "open_rows": sum(row.open for row in rows),
        "next_row": next((row for row in rows if row.open), None),
    }
    return render(request, "committees/results/meeting.html", context)


@login_required
@require_http_methods(FORM_METHODS)
def result(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    meeting = led_meeting(request, town, pk)
    found = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item)
    found.meeting = meeting
    stage = stages().filter(agenda_item=found).first()
    if stage is None:
        return free_item(request, meeting, found)
    return edit_result(request, stage)


@login_required
@require_http_methods(FORM_METHODS)
def stage_result(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """Of a stage without an item: the release by the head, and one that waits for its place."""
    stage = led_stage(request, town, pk, position)
    if stage.agenda_item_id is not None:
        return redirect(address_of(stage))
    return edit_result(request, stage)


def led_stage(request: HttpRequest, town: str, pk: int, position: int) -> Consultation:
    _municipality, paper, stage = stage_or_404(request, town, pk, position)
    if not may_lead(request.user, paper.municipality_id):
        raise PermissionDenied
    found: Consultation = stages().get(pk=stage.pk)
    return found


def edit_result(request: HttpRequest, stage: Consultation) -> HttpResponse:
    if request.method != "POST":
        return result_page(request, stage, ResultForms(stage))
    if "schnell" in request.POST:
        return record_at_once(request, stage)
    forms = ResultForms(stage, request.POST)
    if not forms.is_valid():
        return result_page(request, stage, forms)
    recorded = forms.recorded()
    try:
        saved = record_result(
            stage=stage,
            recorded=recorded,
            by=signed_in(request),
            opened=forms.main.cleaned_data["opened"],
            reason=forms.main.cleaned_data.get("reason", ""),
        )
    except ValidationError as error:
        meanwhile = getattr(error, "code", "") == MEANWHILE
        if meanwhile:
            forms = ResultForms(stages().get(pk=stage.pk), opened_now(request.POST, stage))
            forms.is_valid()
        forms.add_errors(error)
        return result_page(request, forms.stage, forms, meanwhile=meanwhile)
    tell(request, saved, recorded, forms)
    return to_next(request, saved)


def opened_now(data: Any, stage: Consultation) -> Any:
    """Whoever saves once more has seen what another one recorded."""
    now = Consultation.objects.only("recorded_at").get(pk=stage.pk)
    typed = data.copy()
    typed["opened"] = version_of(now)
    return typed


def record_at_once(request: HttpRequest, stage: Consultation) -> HttpResponse:
    """„Einstimmig“ in one click; where more has to be said, the form says what."""
    if stage.meaning not in ONE_CLICK:
        return redirect(address_of(stage))
    outcome, unanimous = ONE_CLICK[stage.meaning]
    recorded = Recorded(outcome=outcome, votes=[Vote(unanimous=True)] if unanimous else [])
    opened = request.POST.get("opened", "")
    try:
        saved = record_result(stage=stage, recorded=recorded, by=signed_in(request), opened=opened)
    except ValidationError as error:
        now = stages().get(pk=stage.pk)
        forms = ResultForms(now)
        for sentence in error.messages:
            messages.error(request, sentence)
        return result_page(request, now, forms, status=422)
    messages.success(request, saved_sentence(saved))
    return to_next(request, saved)


def saved_sentence(stage: Consultation) -> str:
    top = f"{stage.agenda_item}: " if stage.agenda_item else f"{stage.committee_names()}: "
    return _("%(top)s„%(result)s“ ist eingetragen.") % {"top": top, "result": stage.result}


def tell(request: HttpRequest, stage: Consultation, recorded: Recorded, forms: ResultForms) -> None:
    """What was done, and what the clerk may want to look at."""
    messages.success(request, saved_sentence(stage))
    accepted = stage.amendments.filter(state=Amendment.State.ACCEPTED).exists()
    if stage.outcome == Outcome.AMENDED and not accepted and not forms.wordings:
        messages.warning(
            request,
            _(
                "Es ist kein angenommener Änderungsantrag eingetragen. Die nächsten Gremien bekommen den "
                "Text deshalb unverändert."
            ),
        )
    present = forms.voters.present
    counted = max((vote_number(vote) for vote in recorded.votes), default=0)
    if present is not None and counted > present:
        sentence = _(
            "Gezählt sind %(counted)d Stimmen, in der Anwesenheit stehen %(present)d Stimmberechtigte. "
            "Bitte prüfen Sie beides."
        )
        messages.warning(request, sentence % {"counted": counted, "present": present})
    later = stage.paper.consultations.filter(position__gt=stage.position)
    if later.filter(issues__isnull=False).exists():
        messages.warning(
            request,
            _("Für ein späteres Gremium ist die Vorlage schon ausgefertigt. Fertigen Sie sie dort neu aus."),
        )
    ended = later.filter(left_out=True, agenda_item__isnull=False).select_related("agenda_item__meeting")
    for one in ended if stage.outcome == Outcome.WITHDRAWN else ():
        sentence = _("%(top)s steht noch auf der Tagesordnung der Sitzung „%(meeting)s“.")
        messages.warning(request, sentence % {"top": one.agenda_item, "meeting": one.agenda_item.meeting})


def vote_number(vote: Vote) -> int:
    return sum(vote.counts.get(name) or 0 for name in ("votes_for", "votes_against", "abstentions"))


def to_next(request: HttpRequest, stage: Consultation) -> HttpResponse:
    """On with the next open item, where the clerk wants it; else to the list."""
    if stage.meeting is None:
        return redirect("committees:stage", stage.paper.municipality.slug, stage.paper_id, stage.position)
    listed = reverse("committees:results", args=[stage.paper.municipality.slug, stage.meeting_id])
    if "weiter" in request.POST:
        rows = rows_of(stage.meeting, "")
        if following := next((row for row in rows if row.open), None):
            return redirect(following.address)
        messages.info(request, _("Zu allen TOPs dieser Sitzung ist ein Ergebnis eingetragen."))
    return redirect(f"{listed}#top-{stage.agenda_item_id or 0}")


def result_page(
    request: HttpRequest,
    stage: Consultation,
    forms: ResultForms,
    *,
    meanwhile: bool = False,
    status: int = 0,
) -> HttpResponse:
    signed = signed_sentence(stage.meeting)
    bound = forms.data is not None
    context: dict[str, Any] = {
        "stage": stage,
        "forms": forms,
        "form": forms.main,
        "errors": forms.errors if bound else [],
        "why_not": signed or why_not(stage),
        "result": result_of(stage),
        "lines": ballot_lines(stage),
        "recordings": recordings_of(stage),
        "led_to": list(stage.led_to.select_related("committee", "meeting").order_by("position")),
        "meanwhile": meanwhile,
        "here": address_of(stage),
    }
    if stage.meeting is not None:
        stage.meeting.municipality = stage.paper.municipality
        rows = rows_of(stage.meeting, signed)
        here = next((place for place, row in enumerate(rows) if row.stage == stage), 0)
        context |= meeting_context(request.user, stage.meeting, PAGE)
        context |= {
            "paper": stage.paper,
            "paper_url": stage.paper.get_absolute_url(),
            "before": rows[here - 1] if here else None,
            "after": rows[here + 1] if here + 1 < len(rows) else None,
            "quick": "" if signed or bound or forms.alternatives or not rows else rows[here].quick,
        }
        template = "committees/results/item.html"
    else:
        context |= paper_context(request.user, stage.paper)
        template = "committees/results/stage.html"
    return render(request, template, context, status=status or (422 if bound else 200))


def free_item(request: HttpRequest, meeting: Meeting, item: AgendaItem) -> HttpResponse:
    """An item without a Vorlage has no result of its own, but something was said."""
    data = request.POST if request.method == "POST" else None
    form = DiscussionForm(data, instance=item, municipality=meeting.municipality)
    if form.is_bound and form.is_valid():
        try:
            note_discussion(form=form, by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error)
        else:
            messages.success(request, _("%s ist gespeichert.") % item)
            return redirect(f"{meeting.get_absolute_url()}{PAGE}#top-{item.pk}")
    signed = signed_sentence(meeting)
    rows = rows_of(meeting, signed)
    here = next(place for place, row in enumerate(rows) if row.item == item)
    context = {
        **meeting_context(request.user, meeting, PAGE),
        "item": item,
        "form": form,
        "why_not": signed,
        "before": rows[here - 1] if here else None,
        "after": rows[here + 1] if here + 1 < len(rows) else None,
    }
    status = 422 if form.is_bound else 200
    return render(request, "committees/results/free_item.html", context, status=status)


@login_required
@require_http_methods(FORM_METHODS)
def result_remove(request: HttpRequest, town: str, pk: int, position: int) -> HttpResponse:
    """Recorded at the wrong place: the stage has no result again."""
    stage = led_stage(request, town, pk, position)
    data = request.POST if request.method == "POST" else None
    form = RemoveForm(data, initial={"opened": version_of(stage)})
    if form.is_bound and form.is_valid():
        typed = form.cleaned_data
        try:
            remove_result(stage=stage, by=signed_in(request), opened=typed["opened"], reason=typed["reason"])
        except ValidationError as error:
            for sentence in error.messages:
                form.add_error(None, sentence)
        else:
            messages.success(request, _("Das Ergebnis ist entfernt. Der Verlauf behält es."))
            return redirect(address_of(stage))
    context = {
        **paper_context(request.user, stage.paper),
        "stage": stage,
        "form": form,
        "result": result_of(stage),
        "lines": ballot_lines(stage),
        "back": address_of(stage),
    }
    status = 422 if form.is_bound else 200
    return render(request, "committees/results/remove.html", context, status=status)
