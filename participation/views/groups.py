"""The staff keeps groups and their seats."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db import IntegrityError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from concepts.views.parts import tell_taken_over
from municipalities.getters import signed_in
from municipalities.merging_forms import MergingForm
from participation.actions.groups import (
    delete_group,
    end_seat,
    hanging_on,
    holding,
    move_seat,
    remove_seat,
    save_group,
    save_seat,
)
from participation.forms.groups import GroupForm, SeatForm
from participation.getters import managed_group, managed_seat, managed_town
from participation.models import Group, Process, Seat


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_add(request: HttpRequest, town: str) -> HttpResponse:
    municipality = managed_town(request, town)
    newest = Process.objects.in_town(municipality).first()
    return group_form(request, Group(municipality=municipality, process=newest))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return group_form(request, managed_group(request, town, pk))


def group_form(request: HttpRequest, group: Group) -> HttpResponse:
    municipality, new = group.municipality, group.pk is None
    form = GroupForm(request.POST or None, instance=group, municipality=municipality)
    if request.method == "POST" and form.is_valid():
        saved = save_group(form=form, by=signed_in(request))
        tell(request, form, saved.name)
        return redirect(saved)
    title = _("Neue Gruppe") if new else _("Gruppe bearbeiten: %s") % form.initial["name"]
    return answer(request, form, title, None if new else group)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def group_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Names first what goes with it; deletes when it is sent."""
    group = managed_group(request, town, pk)
    name, refused = group.name, holding(group)
    if request.method == "POST" and not refused:
        try:
            delete_group(group=group, by=signed_in(request))
        except ValidationError as error:
            messages.error(request, error.messages[0])
            return redirect(group)
        messages.success(request, _("„%s“ ist gelöscht.") % name)
        return redirect("participation:overview", town)
    context = {
        "municipality": group.municipality,
        "what": group,
        "title": _("Gruppe löschen: %s") % group,
        "button": _("Gruppe löschen"),
        "hanging": hanging_on(group),
        "note": _("Personen und ihre Konten bleiben. Das Löschen lässt sich nicht rückgängig machen."),
        "refused": refused,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "participation/delete.html", context, status=status)


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seat_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return seat_form(request, Seat(group=managed_group(request, town, pk)))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def seat_edit(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    return seat_form(request, managed_seat(request, town, pk, seat))


def seat_form(request: HttpRequest, seat: Seat) -> HttpResponse:
    group = seat.group
    title = _("Platz bearbeiten: %s") % seat if seat.pk else _("Neuer Platz")
    form = SeatForm(request.POST or None, instance=seat, group=group)
    if request.method == "POST" and form.is_valid():
        try:
            saved = save_seat(form=form, by=signed_in(request))
        except IntegrityError:
            form.add_error(None, _("Jemand war schneller. Bitte prüfen Sie die Plätze der Gruppe."))
        else:
            tell(request, form, str(saved))
            return to_seats(group)
    return answer(request, form, title, group)


@login_required
@require_POST
def seat_move(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found, up = managed_seat(request, town, pk, seat), request.POST.get("richtung") == "hoch"
    if move_seat(seat=found, up=up, by=signed_in(request)):
        messages.success(request, _("„%s“ steht jetzt an anderer Stelle.") % found)
    else:
        edge = _("„%s“ steht schon ganz oben.") if up else _("„%s“ steht schon ganz unten.")
        messages.info(request, edge % found)
    return to_seats(found.group)


@login_required
@require_POST
def seat_end(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found = managed_seat(request, town, pk, seat)
    if end_seat(seat=found, by=signed_in(request)):
        messages.success(request, _("Der Platz „%s“ endet heute.") % found)
        return to_seats(found.group)
    messages.info(request, _("Seit wann gibt es diesen Platz? Bitte tragen Sie den Zeitraum von Hand ein."))
    return redirect("participation:seat_edit", town, pk, seat)


@login_required
@require_POST
def seat_delete(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found = managed_seat(request, town, pk, seat)
    name = str(found)
    remove_seat(seat=found, by=signed_in(request))
    messages.success(request, _("Der Platz „%s“ ist entfernt.") % name)
    return to_seats(found.group)


def to_seats(group: Group) -> HttpResponse:
    return redirect(f"{group.get_absolute_url()}#plaetze")


def tell(request: HttpRequest, form: MergingForm, name: str) -> None:
    tell_taken_over(request, form)
    messages.success(request, _("„%s“ ist gespeichert.") % name)


def answer(request: HttpRequest, form: MergingForm, title: str, group: Group | None) -> HttpResponse:
    municipality = (
        form.instance.group.municipality if isinstance(form, SeatForm) else form.instance.municipality
    )
    context = {"municipality": municipality, "form": form, "title": title, "group": group}
    if isinstance(form, SeatForm):
        context["kicker"] = group
    status = 422 if request.method == "POST" else 200
    return render(request, "participation/groups_form.html", context, status=status)
