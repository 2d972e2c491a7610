"""An event's own page, and keeping it: form, cancelling, deleting, documents."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.views.parts import tell_taken_over
from documents.calendar_files import MEDIA_TYPE, Method
from municipalities.getters import signed_in
from municipalities.models import Municipality
from participation.actions.events import (
    add_document,
    cancel_event,
    delete_document,
    delete_event,
    hanging_from,
    save_event,
)
from participation.actions.notices import announce_cancellation
from participation.calendar_files import event_file, has_calendar_entry
from participation.forms.events import (
    CancelForm,
    DeleteForm,
    DocumentForm,
    EventForm,
    ReplyForm,
    agenda_rows,
)
from participation.getters import check, managed_process, proposals_at, town_of_processes_or_404
from participation.models import Event, EventDocument, EventReply, Minutes
from participation.permissions import may_hold, may_manage, may_propose, replying_person
from participation.views.processes import FORM_METHODS


def event_or_404(request: HttpRequest, town: str, pk: int) -> tuple[Municipality, Event]:
    """What the user may see, in the town that the address names."""
    municipality = town_of_processes_or_404(request.user, town)
    events = Event.objects.visible_to(request.user).in_town(municipality)
    related = events.select_related("process__municipality", "phase", "moderator")
    return municipality, get_object_or_404(related, pk=pk)


def kept_event(request: HttpRequest, town: str, pk: int) -> tuple[Municipality, Event]:
    """For those who keep events; 403 for those who may only read."""
    municipality, event = event_or_404(request, town, pk)
    check(request, municipality)
    return municipality, event


@login_required
@require_safe
def detail(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality, event = event_or_404(request, town, pk)
    return event_page(request, municipality, event)


def event_page(
    request: HttpRequest, municipality: Municipality, event: Event, form: ReplyForm | None = None
) -> HttpResponse:
    """`form` is a reply that came in wrong."""
    user = signed_in(request)
    person = replying_person(user, event)
    mine = EventReply.objects.filter(event=event, person=person).first() if person else None
    if form is None and person is not None:
        form = ReplyForm(initial={"answer": mine.answer, "remark": mine.remark} if mine else None)
    minutes = list(
        Minutes.objects.visible_to(user).filter(event=event).select_related("agreed_by", "published_by")
    )
    shown = next((one for one in minutes if not one.is_draft), None)
    context = {
        "municipality": municipality,
        "event": event,
        "groups": event.groups.all(),
        "agenda": event.agenda.all(),
        "documents": EventDocument.objects.visible_to(user).filter(event=event).without_content(),
        "draft": next((one for one in minutes if one.is_draft), None),
        "minutes": shown,
        "earlier_minutes": [one for one in minutes if not one.is_draft and one is not shown],
        "proposals": proposals_at(user, event),
        "may_propose": may_propose(user, event.process),
        "has_calendar_entry": has_calendar_entry(event),
        "may_manage": may_manage(user, municipality),
        "may_hold": may_hold(user, event),
        "person": person,
        "my_reply": mine,
        "form": form,
    }
    bound = form is not None and form.is_bound
    return render(request, "participation/event.html", context, status=422 if bound else 200)


@login_required
@require_http_methods(FORM_METHODS)
def new(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    process = managed_process(request, town, pk)
    return _edit(request, process.municipality, Event(process=process, state=Event.State.PLANNED))


@login_required
@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return _edit(request, *kept_event(request, town, pk))


def _edit(request: HttpRequest, municipality: Municipality, event: Event) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    title, sequence = event.title, event.sequence
    form = EventForm(data, instance=event, municipality=municipality)
    agenda = agenda_rows(event, data)
    if data is not None and form.is_valid() & agenda.is_valid():
        saved = save_event(form=form, agenda=agenda, by=signed_in(request))
        tell_taken_over(request, form)
        messages.success(request, _("„%s“ ist gespeichert.") % saved)
        if saved.sequence != sequence and saved.notices.exists() and saved.state == Event.State.PLANNED:
            messages.info(
                request,
                _("Die Eingeladenen wissen davon noch nichts. Schicken Sie ihnen die neue Einladung."),
            )
        return redirect(saved)
    context = {
        "municipality": municipality,
        "process": event.process,
        "event": event if event.pk else None,
        "title": title,
        "form": form,
        "agenda": agenda,
    }
    return render(request, "participation/event_form.html", context, status=200 if data is None else 422)


def small_page(
    request: HttpRequest, municipality: Municipality, event: Event, title: str, form: Any, **more: Any
) -> HttpResponse:
    """A heading, a hint, a few fields and a button."""
    context = {"municipality": municipality, "event": event, "title": title, "form": form, **more}
    status = 422 if form.is_bound else 200
    return render(request, "participation/event_small.html", context, status=status)


@login_required
@require_http_methods(FORM_METHODS)
def cancel(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality, event = kept_event(request, town, pk)
    form = CancelForm(request.POST if request.method == "POST" else None)
    if form.is_bound and form.is_valid():
        user = signed_in(request)
        try:
            event = cancel_event(event=event, reason=form.cleaned_data["reason"], by=user)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            address = request.build_absolute_uri(event.get_absolute_url())
            number = announce_cancellation(event=event, address=address, by=user)
            messages.success(request, _("„%s“ ist abgesagt.") % event)
            if number:
                sentence = ngettext(
                    "%d eingeladene Person bekommt eine Absage.",
                    "%d eingeladene Personen bekommen eine Absage.",
                    number,
                )
                messages.info(request, sentence % number)
            return redirect(event)
    hint = _("Wer eingeladen war, bekommt die Absage mit dem Grund per E-Mail.")
    return small_page(
        request, municipality, event, _("Absagen"), form, hint=hint, button=_("Absagen"), danger=True
    )


@login_required
@require_http_methods(FORM_METHODS)
def delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Names what goes along before it does."""
    municipality, event = kept_event(request, town, pk)
    form = DeleteForm(request.POST if request.method == "POST" else None)
    try:
        hanging = hanging_from(event)
        if form.is_bound and form.is_valid():
            process, name = event.process, str(event)
            delete_event(event=event, by=signed_in(request), reason=form.cleaned_data["reason"])
            messages.success(request, _("„%s“ ist gelöscht.") % name)
            return redirect(process)
    except ValidationError as error:
        return small_page(request, municipality, event, _("Löschen"), DeleteForm(), refused=error.messages)
    hint = _(
        "Gelöschtes lässt sich nicht wiederherstellen. Was nicht stattfindet, sagen Sie besser ab: "
        "dann bleibt es mit dem Grund stehen."
    )
    return small_page(
        request, municipality, event, _("Löschen"), form,
        hint=hint, hanging=hanging, button=_("Endgültig löschen"), danger=True,
    )  # fmt: skip


# ---- Documents -------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM_METHODS)
def document_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality, event = kept_event(request, town, pk)
    sent = (request.POST, request.FILES) if request.method == "POST" else (None, None)
    form = DocumentForm(*sent)
    if form.is_bound and form.is_valid():
        chosen = form.cleaned_data
        try:
            document = add_document(
                event=event,
                upload=form.upload,
                title=chosen["title"],
                audience=chosen["audience"],
                by=signed_in(request),
            )
        except ValidationError as error:
            form.add_error("file", error)
        else:
            messages.success(request, _("„%s“ liegt jetzt bei den Unterlagen.") % document)
            return redirect(event)
    return small_page(
        request, municipality, event, _("Unterlage hinzufügen"), form, button=_("Hochladen"), upload=True
    )


@login_required
@require_safe
def document(request: HttpRequest, town: str, pk: int, document: int) -> HttpResponse:
    _municipality, event = event_or_404(request, town, pk)
    found = get_object_or_404(EventDocument.objects.visible_to(request.user).filter(event=event), pk=document)
    return file_response(bytes(found.content), found.name, found.media_type)


def file_response(content: bytes, name: str, media_type: str) -> HttpResponse:
    response = HttpResponse(content, content_type=media_type)
    inline = content_disposition_header(as_attachment=False, filename=name)
    response["Content-Disposition"] = inline or "inline"
    response["X-Content-Type-Options"] = "nosniff"
    return response


@login_required
@require_POST
def document_delete(request: HttpRequest, town: str, pk: int, document: int) -> HttpResponse:
    _municipality, event = kept_event(request, town, pk)
    found = get_object_or_404(EventDocument.objects.filter(event=event).without_content(), pk=document)
    name = str(found)
    delete_document(document=found, by=signed_in(request))
    messages.success(request, _("„%s“ ist gelöscht.") % name)
    return redirect(event)


@login_required
@require_safe
def calendar(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Http404 for what has no day: the page does not offer it."""
    _municipality, event = event_or_404(request, town, pk)
    if not has_calendar_entry(event):
        raise Http404
    cancelled = event.state == Event.State.CANCELLED
    content = event_file(
        event,
        method=Method.CANCEL if cancelled else Method.PUBLISH,
        address=request.build_absolute_uri(event.get_absolute_url()),
    )
    response = HttpResponse(content, content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = 'attachment; filename="termin.ics"'
    return response
