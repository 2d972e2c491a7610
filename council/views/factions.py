"""A faction's own page; and who works for which faction, kept by who leads the council's business."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.forms.signing import take_errors
from committees.getters import led_town
from committees.models import Faction
from council.actions.factions import intend, let_go, stand, take_on
from council.faction_lists import agendas_of, members_of, staff_of, stages_for
from council.forms.preparing import IntendedVoteForm, StaffForm
from council.getters import own_faction
from council.models import FactionNote, FactionStaff
from council.panels import SharedNote
from council.passages import passages_of, words_for
from council.permissions import speaks_for
from council.views.notes import FORM_METHODS
from municipalities.getters import signed_in


@never_cache
@login_required
@require_safe
def faction(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = own_faction(request, town, pk)
    context = {
        "municipality": found.municipality,
        "faction": found,
        "agendas": agendas_of(found, request.user),
        "members": members_of(found),
        "staff": staff_of(found),
        "speaks": speaks_for(request.user, found),
    }
    return render(request, "council/faction.html", context)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def intended_vote(request: HttpRequest, town: str, pk: int, stage: int) -> HttpResponse:
    """Staff read it; who sits for the faction writes it."""
    found, user = own_faction(request, town, pk), signed_in(request)
    consultation = get_object_or_404(stages_for(found, user), pk=stage)
    speaks = speaks_for(user, found)
    if request.method == "POST" and not speaks:
        raise PermissionDenied
    row = next(iter(consultation.intended), None)
    initial = {"seen": stand(row)}
    if row is not None:
        initial |= {"vote": row.vote, "speaker": row.speaker, "remark": row.remark}
    form = IntendedVoteForm(request.POST if request.method == "POST" else None, initial=initial)
    if form.is_bound and form.is_valid():
        try:
            intend(stage=consultation, faction=found, by=user, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
            form.look_again(stand(row))
        else:
            messages.success(request, _("Gespeichert. Nur Ihre Fraktion liest das."))
            return redirect("council:faction", town, pk)
    paper = consultation.paper
    passages = passages_of(user, paper)
    notes = FactionNote.objects.visible_to(user).filter(faction=found, paper=paper)
    notes = notes.select_related("author", "faction")
    context = {
        "municipality": found.municipality,
        "faction": found,
        "stage": consultation,
        "row": row,
        "speaks": speaks,
        "form": form,
        "page": "notizen",
        "shared": [SharedNote(n, words_for(n.passage, passages), n.author_id == user.pk) for n in notes],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "council/intended_vote.html", context, status=status)


# ---- Who works for a faction -----------------------------------------------------------------------------


@login_required
@require_safe
def factions(request: HttpRequest, town: str) -> HttpResponse:
    municipality = led_town(request, town)
    staff = FactionStaff.objects.select_related("person").order_by("person__name")
    context = {
        "municipality": municipality,
        "title": _("Mitarbeit in Fraktionen"),
        "crumbs": [(_("Gremien"), reverse("committees:committee_list", args=[town]))],
        "factions": Faction.objects.in_town(municipality)
        .order_by("name")
        .prefetch_related(Prefetch("staff", staff)),
    }
    return render(request, "council/factions.html", context)


@login_required
@require_http_methods(FORM_METHODS)
def staff_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = led_town(request, town)
    found = get_object_or_404(Faction.objects.in_town(municipality), pk=pk)
    found.municipality = municipality
    form = StaffForm(request.POST if request.method == "POST" else None, faction=found)
    if form.is_bound and form.is_valid():
        try:
            row = take_on(staff=form.save(commit=False), by=signed_in(request))
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("%s liest jetzt, was die Fraktion vorbereitet.") % row.person)
            return redirect("council:factions", town)
    all_factions = (_("Mitarbeit in Fraktionen"), reverse("council:factions", args=[town]))
    context = {
        "municipality": municipality,
        "title": _("Mitarbeit eintragen"),
        "kicker": found.name,
        "crumbs": [all_factions],
        "form": form,
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "council/staff_add.html", context, status=status)


@login_required
@require_POST
def staff_remove(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality = led_town(request, town)
    rows = FactionStaff.objects.in_town(municipality).select_related("person", "faction")
    found = get_object_or_404(rows, pk=pk)
    let_go(staff=found, by=signed_in(request))
    messages.success(request, _("%s liest nicht mehr, was die Fraktion vorbereitet.") % found.person)
    return redirect("council:factions", town)
