"""Editing a process with its phases, and opening or closing rights out of turn."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from concepts.views.parts import tell_taken_over
from municipalities.getters import signed_in, town_or_404
from participation.actions.processes import (
    delete_process,
    deleted_processes,
    held_by,
    override,
    restore_process,
    save_process,
    withdraw_override,
)
from participation.forms.processes import OverrideForm, ProcessForm, phase_rows
from participation.getters import check, managed_process, managed_town
from participation.models import PhaseOverride, Process
from participation.phases import openings

FORM_METHODS = ["GET", "HEAD", "POST"]


@login_required
@require_http_methods(FORM_METHODS)
def new(request: HttpRequest, town: str) -> HttpResponse:
    return _edit(request, Process(municipality=managed_town(request, town)))


@login_required
@require_http_methods(FORM_METHODS)
def edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return _edit(request, managed_process(request, town, pk))


def _edit(request: HttpRequest, process: Process) -> HttpResponse:
    data = request.POST if request.method == "POST" else None
    title, municipality = process.title, process.municipality
    form = ProcessForm(data, instance=process, municipality=municipality)
    phases = phase_rows(process, data)
    if data is not None and form.is_valid() & phases.is_valid():
        saved = save_process(form=form, phases=phases, by=signed_in(request))
        tell_taken_over(request, form)
        messages.success(request, _("„%s“ ist gespeichert.") % saved)
        return redirect(saved)
    context = {
        "municipality": municipality,
        "process": process if process.pk else None,
        "title": title,
        "form": form,
        "phases": phases,
    }
    return render(request, "participation/process_form.html", context, status=200 if data is None else 422)


@login_required
@require_http_methods(FORM_METHODS)
def delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One that was set up by mistake; what holds more than phases stays, and the page says what that is."""
    process = managed_process(request, town, pk)
    held, title = held_by(process), process.title
    if request.method == "POST" and not held:
        try:
            delete_process(process=process, by=signed_in(request))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(process)
        messages.success(request, _("„%s“ ist gelöscht.") % title)
        return redirect("participation:overview", town)
    number = process.phases.count()
    phases = ngettext("%d Phase wird gelöscht", "%d Phasen werden gelöscht", number) % number
    refused = _(
        "Dieser Prozess enthält noch: %s. Löschen lässt sich nur, was leer ist. Ist er zu Ende, tragen Sie "
        "unter „Prozess und Phasen“ als Zeitraum ein, bis wann er lief."
    )
    context = {
        "municipality": process.municipality,
        "what": process,
        "title": _("Prozess löschen: %s") % process,
        "button": _("Prozess löschen"),
        "hanging": [phases] if number else [],
        "note": _("Unter „Beteiligung“ lässt er sich danach wiederherstellen."),
        "refused": refused % ", ".join(held) if held else "",
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "participation/delete.html", context, status=status)


@login_required
@require_POST
def restore(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    entry = next((entry for entry in deleted_processes(municipality) if entry.id == pk), None)
    if entry is None:
        raise Http404
    check(request, municipality)
    try:
        process = restore_process(entry=entry, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("participation:overview", town)
    messages.success(request, _("„%s“ ist wiederhergestellt.") % process)
    return redirect(process)


@login_required
@require_http_methods(FORM_METHODS)
def overrides(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What was opened or closed out of turn, and the form for the next."""
    process = managed_process(request, town, pk)
    data = request.POST if request.method == "POST" else None
    form = OverrideForm(data, process=process)
    if data is not None and form.is_valid():
        made = override(form=form, by=signed_in(request))
        messages.success(request, _("Festgehalten: %s.") % made)
        return redirect("participation:overrides", town, pk)
    context = {
        "municipality": process.municipality,
        "process": process,
        "form": form,
        "openings": openings(process),
        "overrides": process.overrides.select_related("phase", "decided_by", "withdrawn_by"),
    }
    return render(request, "participation/overrides.html", context, status=200 if data is None else 422)


@login_required
@require_POST
def override_end(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    found = get_object_or_404(PhaseOverride.objects.visible_to(request.user).in_town(municipality), pk=pk)
    check(request, municipality)
    try:
        withdraw_override(found=found, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, _("Beendet: %s. Ab jetzt gilt wieder, was die Phasen sagen.") % found)
    return redirect("participation:overrides", town, found.process_id)
