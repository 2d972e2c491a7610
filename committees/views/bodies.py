"""Committees, their seats and the factions: read by all, kept by who leads the council's business."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Prefetch, Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.bodies import (
    delete_committee,
    delete_faction,
    end_seat,
    holding_committee,
    holding_faction,
    remove_seat,
    save_committee,
    save_faction,
    save_seat,
)
from committees.forms.bodies import CommitteeForm, FactionForm, SeatForm
from committees.getters import committee_or_404, led_committee, led_town
from committees.models import Committee, CommitteeSeat, Faction, Meeting
from committees.permissions import may_lead
from committees.views.routing import add_errors
from concepts.views.parts import tell_taken_over
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality

FORM_METHODS = ["GET", "HEAD", "POST"]
MOST_MEETINGS = 5

Crumbs = list[tuple[str, str]]


# ---- Reading ---------------------------------------------------------------------------------------------


@login_required
@require_safe
def committee_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    held = CommitteeSeat.objects.open().voting()
    committees = Committee.objects.visible_to(request.user).in_town(municipality)
    coming = Meeting.objects.filter(date__gte=timezone.localdate(), cancelled=False).order_by("date", "start")
    factions = Faction.objects.visible_to(request.user).in_town(municipality)
    context = {
        "municipality": municipality,
        # The council members' pages come after this one, so their address is all it knows.
        "faction_staff": f"/{municipality.slug}/rat/fraktionen/",
        "committees": committees.annotate(
            held=Count("seats", filter=Q(seats__in=held.values("pk")), distinct=True)
        )
        .prefetch_related(Prefetch("meetings", coming, to_attr="coming"))
        .order_by("name"),
        "factions": factions.order_by("name"),
        "faction_names": set(factions.on(timezone.localdate()).values_list("pk", flat=True)),
        "may_lead": may_lead(request.user, municipality.pk),
    }
    return render(request, "committees/bodies/list.html", context)


@login_required
@require_safe
def committee(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = committee_or_404(request, town, pk)
    today = timezone.localdate()
    open_ids = set(found.seats.open().values_list("pk", flat=True))
    seats = list(found.seats.select_related("person", "faction", "deputy_for__person"))
    order = list(CommitteeSeat.Role)
    seats.sort(key=lambda seat: (order.index(CommitteeSeat.Role(seat.role)), seat.person.name))
    held = [seat for seat in seats if seat.pk in open_ids]
    voting = [seat for seat in held if seat.role in CommitteeSeat.VOTING]
    meetings = Meeting.objects.filter(committees=found)
    context = {
        "municipality": found.municipality,
        "committee": found,
        "voting": voting,
        "deputies": [seat for seat in held if seat.role == CommitteeSeat.Role.DEPUTY],
        "advisory": [seat for seat in held if seat.role == CommitteeSeat.Role.ADVISORY],
        "others": [seat for seat in seats if seat.pk not in open_ids],
        "by_faction": by_faction(voting),
        "coming": meetings.filter(date__gte=today).order_by("date", "start")[:MOST_MEETINGS],
        "last": meetings.filter(date__lt=today).order_by("-date", "-start")[:MOST_MEETINGS],
        "feed": request.build_absolute_uri(f"{found.get_absolute_url()}kalender.ics"),
        "may_lead": may_lead(request.user, found.municipality_id),
    }
    return render(request, "committees/bodies/committee.html", context)


def by_faction(seats: list[CommitteeSeat]) -> list[tuple[str, int]]:
    """How many votes each faction has, the largest first; those without one last."""
    counted: dict[str, int] = {}
    for seat in seats:
        name = (seat.faction.short_name or seat.faction.name) if seat.faction else ""
        counted[name] = counted.get(name, 0) + 1
    rows = sorted(counted.items(), key=lambda row: (not row[0], -row[1], row[0]))
    return [(name or _("ohne Fraktion"), number) for name, number in rows]


# ---- Forms -----------------------------------------------------------------------------------------------


def form_page(
    request: HttpRequest,
    municipality: Municipality,
    title: str,
    crumbs: Crumbs,
    *,
    form: Any = None,
    button: str = "",
    **more: Any,
) -> HttpResponse:
    """A page with one form. `crumbs` lead here; the last one is the way back."""
    context = {
        "municipality": municipality,
        "title": title,
        "crumbs": crumbs,
        "back": crumbs[-1][1],
        "form": form,
        "button": button or _("Speichern"),
        **more,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "committees/bodies/form.html", context, status=status)


def posted(request: HttpRequest) -> Any:
    """What was sent, also if it is nothing; None for whoever only opens the form."""
    return request.POST if request.method == "POST" else None


def saved(request: HttpRequest, form: Any, save: Callable[[], Any]) -> Any:
    """What `save` gives back; None if the form or the rules say no, which stands in the form then."""
    if request.method != "POST" or not form.is_valid():
        return None
    try:
        row = save()
    except ValidationError as error:
        add_errors(form, error)
        return None
    if hasattr(form, "taken_over"):
        tell_taken_over(request, form)
    return row


def to_committees(municipality: Municipality) -> tuple[str, str]:
    return _("Gremien"), f"/{municipality.slug}/gremien/"


def to_committee(found: Committee) -> Crumbs:
    return [to_committees(found.municipality), (found.name, found.get_absolute_url())]


@login_required
@require_http_methods(FORM_METHODS)
def committee_add(request: HttpRequest, town: str) -> HttpResponse:
    municipality = led_town(request, town)
    form = CommitteeForm(posted(request), instance=Committee(municipality=municipality))
    row = saved(request, form, lambda: save_committee(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("„%s“ ist angelegt. Tragen Sie jetzt die Sitze ein.") % row)
        return redirect(row)
    return form_page(request, municipality, _("Neues Gremium"), [to_committees(municipality)], form=form)


@login_required
@require_http_methods(FORM_METHODS)
def committee_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_committee(request, town, pk)
    crumbs, title = to_committee(found), _("%s bearbeiten") % found
    form = CommitteeForm(posted(request), instance=found)
    row = saved(request, form, lambda: save_committee(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("„%s“ ist gespeichert.") % row)
        return redirect(row)
    return form_page(request, found.municipality, title, crumbs, form=form)


@login_required
@require_http_methods(FORM_METHODS)
def committee_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_committee(request, town, pk)
    refused, crumbs, name = holding_committee(found), to_committee(found), found.name
    if request.method == "POST" and not refused:
        delete_committee(committee=found, by=signed_in(request))
        messages.success(request, _("„%s“ ist gelöscht.") % name)
        return redirect("committees:committee_list", town)
    seats = found.seats.count()
    gone = ngettext("%d Sitz wird mit gelöscht.", "%d Sitze werden mit gelöscht.", seats) % seats
    return form_page(
        request,
        found.municipality,
        _("%s löschen") % name,
        crumbs,
        button=_("Gremium löschen"),
        danger=True,
        refused=[refused] if refused else [],
        hint=gone
        if seats
        else _("Das Gremium hat noch keine Sitze. Löschen lässt sich nicht rückgängig machen."),
    )


def seat_or_404(request: HttpRequest, town: str, pk: int, seat: int) -> CommitteeSeat:
    found = led_committee(request, town, pk)
    row: CommitteeSeat = get_object_or_404(found.seats.select_related("person"), pk=seat)
    row.committee = found
    return row


@login_required
@require_http_methods(FORM_METHODS)
def seat_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = led_committee(request, town, pk)
    return edit_seat(request, CommitteeSeat(committee=found), _("Neuer Sitz: %s") % found)


@login_required
@require_http_methods(FORM_METHODS)
def seat_edit(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found = seat_or_404(request, town, pk, seat)
    return edit_seat(request, found, _("Sitz bearbeiten: %s") % found.person)


def edit_seat(request: HttpRequest, seat: CommitteeSeat, title: str) -> HttpResponse:
    found = seat.committee
    form = SeatForm(posted(request), instance=seat, committee=found)
    row = saved(request, form, lambda: save_seat(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("Der Sitz von „%s“ ist gespeichert.") % row.person)
        return redirect(f"{found.get_absolute_url()}#sitze")
    return form_page(request, found.municipality, title, to_committee(found), form=form)


@login_required
@require_POST
def seat_end(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found = seat_or_404(request, town, pk, seat)
    if end_seat(seat=found, by=signed_in(request)):
        messages.success(request, _("Der Sitz von „%s“ endet heute.") % found.person)
        return redirect(f"{found.committee.get_absolute_url()}#sitze")
    messages.info(request, _("Seit wann gilt dieser Sitz? Bitte tragen Sie den Zeitraum von Hand ein."))
    return redirect("committees:seat_edit", town, pk, seat)


@login_required
@require_POST
def seat_delete(request: HttpRequest, town: str, pk: int, seat: int) -> HttpResponse:
    found = seat_or_404(request, town, pk, seat)
    name = str(found.person)
    try:
        remove_seat(seat=found, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("Der Sitz von „%s“ ist entfernt.") % name)
    return redirect(f"{found.committee.get_absolute_url()}#sitze")


@login_required
@require_http_methods(FORM_METHODS)
def faction_add(request: HttpRequest, town: str) -> HttpResponse:
    municipality = led_town(request, town)
    return edit_faction(request, Faction(municipality=municipality), _("Neue Fraktion"))


@login_required
@require_http_methods(FORM_METHODS)
def faction_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = faction_or_404(request, town, pk)
    return edit_faction(request, found, _("Fraktion bearbeiten: %s") % found)


def faction_or_404(request: HttpRequest, town: str, pk: int) -> Faction:
    municipality = led_town(request, town)
    found: Faction = get_object_or_404(Faction.objects.visible_to(request.user).in_town(municipality), pk=pk)
    found.municipality = municipality
    return found


def edit_faction(request: HttpRequest, faction: Faction, title: str) -> HttpResponse:
    municipality = faction.municipality
    form = FactionForm(posted(request), instance=faction)
    row = saved(request, form, lambda: save_faction(form=form, by=signed_in(request)))
    if row is not None:
        messages.success(request, _("Die Fraktion „%s“ ist gespeichert.") % row)
        return to_factions(municipality)
    more = {"delete": "loeschen/"} if faction.pk else {}
    return form_page(request, municipality, title, [to_committees(municipality)], form=form, **more)


@login_required
@require_http_methods(FORM_METHODS)
def faction_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = faction_or_404(request, town, pk)
    refused, name, seats = holding_faction(found), found.name, found.seats.count()
    if request.method == "POST" and not refused:
        delete_faction(faction=found, by=signed_in(request))
        messages.success(request, _("Die Fraktion „%s“ ist gelöscht.") % name)
        return to_factions(found.municipality)
    kept = ngettext("%d Sitz bleibt, ohne Fraktion.", "%d Sitze bleiben, ohne Fraktion.", seats) % seats
    return form_page(
        request,
        found.municipality,
        _("Fraktion löschen: %s") % name,
        [to_committees(found.municipality)],
        button=_("Fraktion löschen"),
        danger=True,
        refused=[refused] if refused else [],
        hint=kept
        if seats
        else _("Die Fraktion hat keine Sitze. Löschen lässt sich nicht rückgängig machen."),
    )


def to_factions(municipality: Municipality) -> HttpResponse:
    return redirect(f"{to_committees(municipality)[1]}#fraktionen")
