"""Planning meetings: new ones, moved, called off, gone on with, deleted."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.actions.meetings import (
    cancel_meeting,
    continue_meeting,
    delete_meeting,
    holding,
    move_meeting,
    revive_meeting,
    save_meeting,
)
from committees.forms.meetings import CancelMeetingForm, ContinueForm, MeetingForm, MoveMeetingForm
from committees.getters import led_meeting, led_town
from committees.models import AgendaItem, Meeting
from committees.views.bodies import FORM_METHODS, Crumbs, form_page, posted, saved, to_committees
from municipalities.getters import signed_in
from municipalities.models import Municipality


def to_meetings(municipality: Municipality) -> tuple[str, str]:
    return _("Sitzungen"), f"/{municipality.slug}/sitzungen/"


def to_meeting(meeting: Meeting) -> Crumbs:
    return [to_meetings(meeting.municipality), (meeting.title, meeting.get_absolute_url())]


@login_required
@require_http_methods(FORM_METHODS)
def meeting_add(request: HttpRequest, town: str) -> HttpResponse:
    """`?gremium=` says for which committee, as its page does."""
    municipality = led_town(request, town)
    if not municipality.committees.exists():
        none = _(
            "Es gibt noch kein Gremium, das tagen kann. Bitte legen Sie zuerst unter „Gremien“ eines an."
        )
        return form_page(
            request, municipality, _("Neue Sitzung"), [to_committees(municipality)], refused=[none]
        )
    chosen = request.GET.get("gremium", "")
    initial = {"committees": [chosen]} if chosen.isascii() and chosen.isdigit() else {}
    form = MeetingForm(
        posted(request),
        instance=Meeting(municipality=municipality),
        municipality=municipality,
        initial=initial,
    )
    row = saved(request, form, lambda: save_meeting(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("„%s“ ist angelegt. Jetzt fehlt noch die Tagesordnung.") % row)
        return redirect(f"{row.get_absolute_url()}tagesordnung/")
    return form_page(request, municipality, _("Neue Sitzung"), [to_meetings(municipality)], form=form)


@login_required
@require_http_methods(FORM_METHODS)
def meeting_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    crumbs, title = to_meeting(found), _("Sitzung bearbeiten: %s") % found.title
    form = MeetingForm(posted(request), instance=found, municipality=found.municipality)
    row = saved(request, form, lambda: save_meeting(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("„%s“ ist gespeichert.") % row)
        return redirect(row)
    hint = (
        ""
        if "date" in form.fields
        else _(
            "Die Einladung ist versandt. Tag, Uhrzeit und Ort ändern Sie unter „Verlegen“, mit einem Grund."
        )
    )
    return form_page(request, found.municipality, title, crumbs, form=form, hint=hint)


@login_required
@require_http_methods(FORM_METHODS)
def meeting_move(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    initial = {name: getattr(found, name) for name in ("date", "start", "end", "place")}
    form = MoveMeetingForm(posted(request), initial=initial)
    row = saved(
        request, form, lambda: move_meeting(meeting=found, by=signed_in(request), **form.cleaned_data)
    )
    if row is not None:
        when = f"{row.date:%d.%m.%Y}"
        messages.success(
            request,
            _("„%(title)s“ ist auf den %(when)s verlegt.") % {"title": row.title, "when": when}
            if row.date != initial["date"]
            else _("„%s“ ist geändert.") % row.title,
        )
        tell_issued(request, row)
        return redirect(row)
    title = _("Sitzung verlegen: %s") % found.title
    return form_page(request, found.municipality, title, to_meeting(found), form=form, button=_("Verlegen"))


def tell_issued(request: HttpRequest, meeting: Meeting) -> None:
    """PDFs that are out of the house still say the old day."""
    stages = meeting.consultations.filter(issues__isnull=False).select_related("paper").distinct()
    if papers := sorted({str(stage.paper.number or stage.paper.subject) for stage in stages}):
        messages.warning(
            request,
            _("Mit dem bisherigen Termin schon ausgefertigt: %s. Bitte fertigen Sie neu aus.")
            % ", ".join(papers),
        )


@login_required
@require_http_methods(FORM_METHODS)
def meeting_cancel(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    form = CancelMeetingForm(posted(request))
    reason = form.data.get("reason", "") if form.is_bound else ""
    row = saved(request, form, lambda: cancel_meeting(meeting=found, reason=reason, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("„%s“ ist abgesagt.") % row.title)
        return redirect(row)
    number = found.consultations.count()
    hint = (
        _("%d Beratungen stehen in dieser Sitzung an. Sie brauchen danach einen neuen Termin.") % number
        if number > 1
        else _("Eine Beratung steht in dieser Sitzung an. Sie braucht danach einen neuen Termin.")
        if number
        else _("Die Sitzung bleibt mit dem Vermerk „abgesagt“ stehen. Sie kann auch doch noch stattfinden.")
    )
    title = _("Sitzung absagen: %s") % found.title
    return form_page(
        request,
        found.municipality,
        title,
        to_meeting(found),
        form=form,
        button=_("Sitzung absagen"),
        danger=True,
        hint=hint,
    )


@login_required
@require_POST
def meeting_revive(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    try:
        revive_meeting(meeting=found, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("„%s“ findet doch statt. Bitte laden Sie neu ein.") % found.title)
    return redirect(found)


@login_required
@require_http_methods(FORM_METHODS)
def meeting_continue(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    items = open_items(found)
    initial = {"start": found.start, "place": found.place, "items": [item.pk for item in items]}
    form = ContinueForm(posted(request), items=items, initial=initial)
    row = saved(
        request, form, lambda: continue_meeting(meeting=found, by=signed_in(request), **form.cleaned_data)
    )
    if row is not None:
        messages.success(request, _("Die Fortsetzung ist angelegt."))
        return redirect(f"{row.get_absolute_url()}tagesordnung/")
    hint = _(
        "Die gewählten Punkte kommen unter ihrer Nummer in die neue Sitzung. In der bisherigen bleiben sie "
        "stehen, mit dem Vermerk, wann sie beraten werden."
    )
    return form_page(
        request,
        found.municipality,
        _("Sitzung fortsetzen: %s") % found.title,
        to_meeting(found),
        form=form,
        button=_("Fortsetzung anlegen"),
        hint=hint,
    )


def open_items(meeting: Meeting) -> Any:
    """What has no result yet."""
    rows = AgendaItem.objects.filter(meeting=meeting, taken_off=False)
    over = rows.exclude(consultation=None).exclude(consultation__result="", consultation__outcome="")
    return rows.exclude(pk__in=over.values("pk")).order_by("position")


@login_required
@require_http_methods(FORM_METHODS)
def meeting_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_meeting(request, town, pk)
    refused, crumbs, name = holding(found), to_meeting(found), found.title
    if request.method == "POST" and not refused:
        try:
            delete_meeting(meeting=found, by=signed_in(request))
        except ValidationError as error:
            refused = error.messages
        else:
            messages.success(request, _("„%s“ ist gelöscht.") % name)
            return redirect("committees:meeting_list", town)
    return form_page(
        request,
        found.municipality,
        _("Sitzung löschen: %s") % name,
        crumbs,
        button=_("Sitzung löschen"),
        danger=True,
        refused=refused,
        hint=_(
            "Die Sitzung und ihre Tagesordnung verschwinden ganz. Soll zu lesen sein, dass sie ausfällt, "
            "sagen Sie sie ab."
        ),
    )
