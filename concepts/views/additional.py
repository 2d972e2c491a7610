"""The Fachadministration sets up what its town asks about every measure."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from concepts.actions.additional import delete_field, move_field, save_field, set_asked
from concepts.additional import additional_fields, count_answers
from concepts.forms.additional_fields import AdditionalFieldForm
from concepts.models import AdditionalField
from concepts.permissions import may_set_up_fields
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality


def own_town(request: HttpRequest, town: str) -> Municipality:
    """404 for those who don't belong to the town, 403 for those who may not set up its fields."""
    municipality = town_or_404(request.user, town)
    check(request, municipality)
    return municipality


def own_field(request: HttpRequest, town: str, pk: int) -> AdditionalField:
    """404 before 403: nobody learns of another town's rows."""
    municipality = town_or_404(request.user, town)
    rows = AdditionalField.objects.in_town(municipality).select_related("municipality")
    field: AdditionalField = get_object_or_404(rows, pk=pk)
    check(request, municipality)
    return field


def check(request: HttpRequest, municipality: Municipality) -> None:
    if not may_set_up_fields(request.user, municipality):
        raise PermissionDenied


@login_required
@require_safe
def field_list(request: HttpRequest, town: str) -> HttpResponse:
    municipality = own_town(request, town)
    counts = count_answers(municipality)
    rows = [(field, counts[str(field.pk)]) for field in additional_fields(municipality.pk)]
    return render(request, "concepts/additional_fields.html", {"municipality": municipality, "rows": rows})


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def field_add(request: HttpRequest, town: str) -> HttpResponse:
    municipality = own_town(request, town)
    return field_form(request, AdditionalField(municipality=municipality))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def field_edit(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return field_form(request, own_field(request, town, pk))


def field_form(request: HttpRequest, field: AdditionalField) -> HttpResponse:
    municipality = field.municipality
    status = 200
    form = AdditionalFieldForm(request.POST or None, instance=field, municipality=municipality)
    if request.method == "POST":
        if form.is_valid():
            try:
                saved = save_field(field=form.instance, by=signed_in(request))
            except ValidationError as error:
                form.add_error(None, error)
            else:
                messages.success(request, _("„%s“ ist gespeichert.") % saved.label)
                return redirect("concepts:additional_fields", municipality.slug)
        status = 422
    context = {"municipality": municipality, "form": form, "new": field.pk is None}
    return render(request, "concepts/additional_field.html", context, status=status)


@login_required
@require_POST
def field_move(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    field, up = own_field(request, town, pk), request.POST.get("richtung") == "hoch"
    if move_field(field=field, up=up, by=signed_in(request)):
        messages.success(request, _("„%s“ steht jetzt an anderer Stelle.") % field.label)
    else:
        edge = _("„%s“ steht schon ganz oben.") if up else _("„%s“ steht schon ganz unten.")
        messages.info(request, edge % field.label)
    return redirect("concepts:additional_fields", town)


@login_required
@require_POST
def field_ask(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    field, active = own_field(request, town, pk), request.POST.get("abfragen") == "ja"
    set_asked(field=field, active=active, by=signed_in(request))
    if active:
        sentence = _("„%s“ wird wieder abgefragt.")
    else:
        sentence = _("„%s“ wird nicht mehr abgefragt. Was schon geantwortet wurde, bleibt lesbar.")
    messages.success(request, sentence % field.label)
    return redirect("concepts:additional_fields", town)


@login_required
@require_POST
def field_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    field = own_field(request, town, pk)
    try:
        delete_field(field=field, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    else:
        messages.success(request, _("„%s“ ist gelöscht.") % field.label)
    return redirect("concepts:additional_fields", town)
