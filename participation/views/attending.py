"""Inviting, replying, and the sheet of the session with its minutes."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.views.parts import saved_mark, tell_taken_over
from documents.permissions import may_upload
from documents.widgets import let_upload
from municipalities.getters import signed_in
from municipalities.models import Person
from participation.actions.attending import reply, save_sheet
from participation.actions.minutes import agree, back_to_draft, correct, open_minutes, publish
from participation.actions.notices import invite, recipients_of
from participation.calendar_files import has_calendar_entry
from participation.forms.events import InviteForm, ReplyForm
from participation.forms.sheet import CountForm, MinutesForm, ReplyRows, RollCall
from participation.getters import proposals_at
from participation.models import Event, EventReply, Minutes
from participation.permissions import may_hold, may_manage, may_propose, may_write_minutes, replying_person
from participation.views.events import event_or_404, event_page, kept_event
from participation.views.processes import FORM_METHODS


@login_required
@require_http_methods(FORM_METHODS)
def invitation(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Who gets the invitation, who has it, who has no address; and the button that sends it."""
    municipality, event = kept_event(request, town, pk)
    form = InviteForm(request.POST if request.method == "POST" else None)
    planned = event.state == Event.State.PLANNED
    if form.is_bound and not planned:
        form.add_error(None, _("Eingeladen wird nur zu geplanten Veranstaltungen."))
    if form.is_bound and form.is_valid():
        number = invite(
            event=event,
            message=form.cleaned_data["message"],
            address=request.build_absolute_uri(event.get_absolute_url()),
            by=signed_in(request),
        )
        if number:
            sentence = ngettext("%d Einladung ist unterwegs.", "%d Einladungen sind unterwegs.", number)
            messages.success(request, sentence % number)
        else:
            messages.info(request, _("Es war niemand mehr einzuladen."))
        return redirect(event)
    context = {
        "municipality": municipality,
        "event": event,
        "form": form,
        "recipients": recipients_of(event),
        "has_calendar_entry": has_calendar_entry(event),
        "is_planned": planned,
        "again": event.notices.exists(),
    }
    return render(request, "participation/event_invite.html", context, status=422 if form.is_bound else 200)


@login_required
@require_POST
def my_reply(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality, event = event_or_404(request, town, pk)
    user = signed_in(request)
    person = replying_person(user, event)
    if person is None:
        raise PermissionDenied
    form = ReplyForm(request.POST)
    if not form.is_valid():
        return event_page(request, municipality, event, form)
    given = reply(event=event, person=person, by=user, **form.cleaned_data)
    assert given is not None
    messages.success(request, _("Danke. Ihre Antwort ist eingetragen: %s.") % given.get_answer_display())
    return redirect(event)


@login_required
@require_http_methods(FORM_METHODS)
def replies(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What all have answered; for those without a login the staff enter it."""
    municipality, event = kept_event(request, town, pk)
    data = request.POST if request.method == "POST" else None
    rows = ReplyRows(event, asked_persons(event), data)
    if data is not None and rows.is_valid():
        with transaction.atomic():
            for row in rows.changed():
                reply(
                    event=event,
                    person=row.person,
                    answer=row.answer,
                    remark=row.remark,
                    by=signed_in(request),
                )
        messages.success(request, _("Die Rückmeldungen sind gespeichert."))
        return redirect("participation:replies", town, pk)
    counted: list[tuple[Any, int]] = [
        (label, sum(row.answer == answer for row in rows.rows)) for answer, label in EventReply.Answer.choices
    ]
    counted.append((_("noch keine Antwort"), sum(not row.answer for row in rows.rows)))
    context = {
        "municipality": municipality,
        "event": event,
        "rows": rows,
        "counted": counted,
        "answers": EventReply.Answer.choices,
    }
    return render(
        request, "participation/event_replies.html", context, status=422 if data is not None else 200
    )


def asked_persons(event: Event) -> list[Person]:
    """Who sits in the groups, and who has answered without."""
    found = recipients_of(event)
    persons = {person.pk: person for person in (*found.waiting, *found.done, *found.without_address)}
    for given in event.replies.select_related("person__institution"):
        persons.setdefault(given.person_id, given.person)
    return sorted(persons.values(), key=lambda person: (person.name, person.pk))


# ---- The sheet -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM_METHODS)
def sheet(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One page for the room."""
    municipality, event = event_or_404(request, town, pk)
    user = signed_in(request)
    if not may_hold(user, event):
        raise PermissionDenied
    data = request.POST if request.method == "POST" else None
    roll = RollCall(event, data)
    count = CountForm(data, instance=event)
    minutes = open_minutes(event)
    published = event.minutes.filter(state=Minutes.State.PUBLISHED).first()
    # After publishing, a correction begins with a step of its own.
    writes = may_write_minutes(user, event, minutes or published)
    draft = minutes or Minutes(event=event)
    form = MinutesForm(data, instance=draft, municipality=municipality) if writes else None
    if form is not None:  # an external guide writes minutes, and has no place to keep pictures
        let_upload(form, may_upload(user, municipality.pk))
    if data is not None and all([roll.is_valid(), count.is_valid(), form is None or form.is_valid()]):
        save_sheet(
            event=event,
            seats=roll.changes(),
            leaving=roll.leaving(),
            guests=roll.more,
            count=count,
            minutes=form,
            held="stattgefunden" in data,
            by=user,
        )
        tell_taken_over(request, count, form)
        messages.success(request, _("Der Sitzungsbogen ist gespeichert."))
        return redirect(reverse("participation:sheet", args=[town, pk]) + saved_mark(request))
    context = {
        "municipality": municipality,
        "event": event,
        "roll": roll,
        "form": count,
        "minutes_form": form,
        "minutes": minutes or published,
        "agenda": event.agenda.all(),
        "may_manage": may_manage(user, municipality),
        "is_planned": event.state == Event.State.PLANNED,
        "proposals": proposals_at(user, event),
        "may_propose": may_propose(user, event.process),
    }
    return render(request, "participation/sheet.html", context, status=422 if data is not None else 200)


STEPS = {
    "abstimmen": (
        agree,
        gettext_lazy("Die Niederschrift ist abgestimmt. Die Mitglieder können sie jetzt lesen."),
    ),
    "zurueck": (back_to_draft, gettext_lazy("Die Niederschrift ist wieder ein Entwurf.")),
    "veroeffentlichen": (
        publish,
        gettext_lazy("Die Niederschrift ist veröffentlicht und bleibt nun, wie sie ist."),
    ),
}


@login_required
@require_POST
def minutes_step(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """`schritt` says which: abstimmen, zurueck, veroeffentlichen, or berichtigen with a `grund`."""
    _municipality, event = kept_event(request, town, pk)
    step, user = request.POST.get("schritt", ""), signed_in(request)
    try:
        if step == "berichtigen":
            reason = request.POST.get("grund", "").replace("\x00", "")[:300]
            correct(event=event, reason=reason, by=user)
            messages.success(request, _("Die Berichtigung beginnt mit dem veröffentlichten Text."))
            return redirect("participation:sheet", town, pk)
        if step not in STEPS:
            raise ValidationError(_("Diesen Schritt gibt es nicht. Bitte wählen Sie einen der Knöpfe."))
        action, sentence = STEPS[step]
        action(event=event, by=user)
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect(f"{event.get_absolute_url()}#niederschrift")


@login_required
@require_safe
def minutes_version(request: HttpRequest, town: str, pk: int, version: int) -> HttpResponse:
    """A version as it was published, or the newest; drafts for those who write them."""
    municipality, event = event_or_404(request, town, pk)
    found = get_object_or_404(
        Minutes.objects.visible_to(request.user).select_related("agreed_by", "published_by"),
        event=event,
        version=version,
    )
    context = {"municipality": municipality, "event": event, "minutes": found}
    return render(request, "participation/minutes.html", context)
