"""Who signs for the one who asks, and for whom they sign."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from committees.actions.deputies import end_deputyship, stand_in
from committees.forms.signing import DeputyForm, take_errors
from committees.models import Deputyship
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Person


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def deputies(request: HttpRequest, town: str) -> HttpResponse:
    municipality, user = town_or_404(request.user, town), signed_in(request)
    person = (
        Person.objects.select_related("municipality").filter(municipality=municipality, user=user).first()
    )
    form = None
    if person is not None:
        form = DeputyForm(request.POST if request.method == "POST" else None, person=person)
        if form.is_bound and form.is_valid():
            try:
                new = stand_in(deputyship=form.deputyship(), by=user)
            except ValidationError as error:
                take_errors(form, error)
            else:
                messages.success(
                    request,
                    _("%(deputy)s vertritt Sie: %(span)s.") % {"deputy": new.deputy, "span": new.span},
                )
                return redirect("committees:deputies", town)
    rows = Deputyship.objects.open().select_related("person", "deputy")
    context = {
        "municipality": municipality,
        "form": form,
        "own": list(rows.filter(person=person)) if person else [],
        "for_others": list(rows.filter(deputy=person)) if person else [],
    }
    status = 422 if request.method == "POST" else 200
    return render(request, "committees/signing/deputies.html", context, status=status)


@login_required
@require_POST
def deputy_end(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """One's own only; of others' nobody knows here."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    rows = Deputyship.objects.in_town(municipality).select_related("person", "deputy")
    found = get_object_or_404(rows, pk=pk, person__user=user)
    end_deputyship(deputyship=found, by=user)
    messages.success(request, _("%s vertritt Sie nicht mehr.") % found.deputy)
    return redirect("committees:deputies", town)
