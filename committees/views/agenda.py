"""The agenda of a meeting as it is made: items from routes and free ones, in order."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.agenda import (
    delete_item,
    earlier,
    move_beside,
    move_step,
    place_waiting,
    put_back,
    save_item,
    take_off,
    take_over_free_items,
    why_kept,
)
from committees.agenda import is_sent, parts_of
from committees.forms.meetings import AgendaItemForm
from committees.getters import led_meeting
from committees.meeting_tabs import meeting_context
from committees.models import AgendaItem, Consultation, Meeting, MeetingMinutes, Paper
from committees.views.bodies import FORM_METHODS, form_page, posted, saved
from committees.views.meetings import join_stages
from committees.views.planning import to_meeting
from municipalities.getters import signed_in

PAGE = "tagesordnung/"
MOST_WAITING = 50


def item_or_404(request: HttpRequest, town: str, pk: int, item: int) -> AgendaItem:
    meeting = led_meeting(request, town, pk)
    found: AgendaItem = get_object_or_404(AgendaItem.objects.filter(meeting=meeting), pk=item)
    found.meeting = meeting
    return found


def to_agenda(meeting: Meeting, item: AgendaItem | None = None) -> HttpResponse:
    return redirect(f"{meeting.get_absolute_url()}{PAGE}{f'#top-{item.pk}' if item else ''}")


@login_required
@require_safe
def agenda(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    meeting = led_meeting(request, town, pk)
    items = list(AgendaItem.objects.filter(meeting=meeting).order_by("position"))
    join_stages(request.user, items)
    waiting = waiting_stages(request.user, meeting)
    source = earlier(meeting) if all(item.stage for item in items) else None
    signed = MeetingMinutes.objects.filter(meeting=meeting, state=MeetingMinutes.State.SIGNED).exists()
    context = {
        **meeting_context(request.user, meeting, PAGE),
        "parts": parts_of(items),
        "sent": is_sent(meeting),
        "signed": signed,
        "open_to_change": not signed and not meeting.cancelled,
        "here": [stage for stage in waiting if stage.meeting_id],
        "undated": [stage for stage in waiting if not stage.meeting_id],
        "placeable": [stage for stage in waiting if stage.meeting_id and stage.paper.released],
        "earlier": source,
    }
    return render(request, "committees/meetings/agenda.html", context)


def waiting_stages(user: Any, meeting: Meeting) -> list[Consultation]:
    """Those of this meeting that have no place yet; and those of its committees whose day is open, each only
    when it is its turn."""
    committees = {committee.pk for committee in meeting.committees.all()}
    stages = (
        Consultation.objects.visible_to(user)
        .filter(paper__in=Paper.objects.visible_to(user), paper__municipality=meeting.municipality_id)
        .filter(
            Q(meeting=meeting) | Q(meeting=None, committee__in=committees, paper__state=Paper.State.RELEASED)
        )
        .filter(agenda_item=None, left_out=False, result="", outcome="")
        .select_related("paper__municipality", "paper__paper_type", "committee")
        .prefetch_related("joint_committees")
        .order_by("paper__number", "paper", "position")[:MOST_WAITING]
    )
    return [stage for stage in stages if {one.pk for one in stage.committees()} <= committees]


def item_page(request: HttpRequest, item: AgendaItem, title: str) -> HttpResponse:
    meeting = item.meeting
    form = AgendaItemForm(posted(request), instance=item, meeting=meeting)
    row = saved(request, form, lambda: save_item(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(
            request,
            _("TOP %(number)s „%(title)s“ ist gespeichert.") % {"number": row.number, "title": row.title},
        )
        return to_agenda(meeting, row)
    hint = (
        _("Die Einladung ist versandt: Dieser Punkt wird ein Nachtrag.")
        if not item.pk and is_sent(meeting)
        else ""
    )
    crumbs = [*to_meeting(meeting), (_("Tagesordnung"), f"{meeting.get_absolute_url()}{PAGE}")]
    return form_page(request, meeting.municipality, title, crumbs, form=form, hint=hint)


@login_required
@require_http_methods(FORM_METHODS)
def item_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    meeting = led_meeting(request, town, pk)
    public = request.GET.get("teil") != "n"
    return item_page(
        request, AgendaItem(meeting=meeting, public=public), _("Neuer Tagesordnungspunkt: %s") % meeting.title
    )


@login_required
@require_http_methods(FORM_METHODS)
def item_edit(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    found = item_or_404(request, town, pk, item)
    return item_page(request, found, f"{_('TOP %s ändern') % found.number}: {found.title}")


@login_required
@require_POST
def item_move(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    """`richtung=hoch` and `runter` are the buttons; `vor=` and `hinter=` are what dragging sends."""
    found, by = item_or_404(request, town, pk, item), signed_in(request)
    way = request.POST.get("richtung", "")
    beside = {name: request.POST[name] for name in ("vor", "hinter") if name in request.POST}
    try:
        if beside:
            name, sent = beside.popitem()
            move_beside(item=found, other=other_item(found, sent), behind=name == "hinter", by=by)
        elif way not in ("hoch", "runter"):
            raise ValidationError(_("Wohin soll der Punkt? Bitte nutzen Sie „Nach oben“ oder „Nach unten“."))
        elif not move_step(item=found, step=-1 if way == "hoch" else 1, by=by):
            edge = _("„%s“ steht schon ganz oben.") if way == "hoch" else _("„%s“ steht schon ganz unten.")
            messages.info(request, edge % found.title)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return to_agenda(found.meeting, found)


def other_item(item: AgendaItem, sent: str) -> AgendaItem:
    if sent.isascii() and sent.isdigit() and len(sent) < 16:
        for row in AgendaItem.objects.filter(meeting=item.meeting, pk=sent):
            return row
    raise ValidationError(_("Diesen Punkt gibt es nicht mehr. Bitte laden Sie die Seite neu."))


@login_required
@require_POST
def item_take_off(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    """Sent once it is taken off, sent again it is put back."""
    found, by = item_or_404(request, town, pk, item), signed_in(request)
    try:
        if found.taken_off:
            put_back(item=found, by=by)
            messages.success(request, _("„%s“ steht wieder auf der Tagesordnung.") % found.title)
        else:
            take_off(item=found, by=by)
            messages.success(request, _("„%s“ ist abgesetzt.") % found.title)
    except ValidationError as error:
        messages.error(request, error.messages[0])
    return to_agenda(found.meeting, found)


@login_required
@require_http_methods(FORM_METHODS)
def item_delete(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    found = item_or_404(request, town, pk, item)
    meeting, title, refused = found.meeting, found.title, why_kept(found)
    if request.method == "POST" and not refused:
        try:
            delete_item(item=found, by=signed_in(request))
        except ValidationError as error:
            refused = error.messages[0]
        else:
            messages.success(request, _("„%s“ ist von der Tagesordnung genommen.") % title)
            return to_agenda(meeting)
    crumbs = [*to_meeting(meeting), (_("Tagesordnung"), f"{meeting.get_absolute_url()}{PAGE}")]
    of_route = Consultation.objects.filter(agenda_item=found).exists()
    return form_page(
        request,
        meeting.municipality,
        _("TOP %(number)s löschen: %(title)s") % {"number": found.number, "title": title},
        crumbs,
        button=_("Punkt löschen"),
        danger=True,
        refused=[refused] if refused else [],
        hint=_("Die Beratung der Vorlage wartet danach wieder auf einen Platz.")
        if of_route
        else _("Der Punkt verschwindet ganz von der Tagesordnung. Das lässt sich nicht rückgängig machen."),
    )


@login_required
@require_POST
def stages_place(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One stage, `beratung=`; or with `alle=1` all that wait in this meeting."""
    meeting = led_meeting(request, town, pk)
    waiting = waiting_stages(request.user, meeting)
    if request.POST.get("alle"):
        chosen = [stage for stage in waiting if stage.meeting_id and stage.paper.released]
    else:
        chosen = [stage for stage in waiting if str(stage.pk) == request.POST.get("beratung")]
    if not chosen:
        messages.info(request, _("Diese Beratung wartet nicht mehr auf einen Platz."))
        return to_agenda(meeting)
    try:
        items = place_waiting(meeting=meeting, stages=chosen, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return to_agenda(meeting)
    sentence = ngettext(
        "%d Beratung steht auf der Tagesordnung.", "%d Beratungen stehen auf der Tagesordnung.", len(items)
    )
    messages.success(request, sentence % len(items))
    return to_agenda(meeting, items[0])


@login_required
@require_POST
def items_take_over(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    meeting = led_meeting(request, town, pk)
    try:
        items = take_over_free_items(meeting=meeting, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        sentence = ngettext("%d Punkt ist übernommen.", "%d Punkte sind übernommen.", len(items))
        messages.success(request, sentence % len(items))
    return to_agenda(meeting)
