"""Taking one's notes along to a new address of the account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from committees.forms.signing import take_errors
from council.actions.former_notes import former_address, notes_under, send_link, take_along
from council.forms.preparing import FormerAddressForm
from council.views.notes import FORM_METHODS, mine
from municipalities.getters import signed_in, town_or_404


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def former_notes(request: HttpRequest, town: str) -> HttpResponse:
    """The answer is the same whether a mail leaves or not."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    form = FormerAddressForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and form.is_valid():
        try:
            send_link(former=form.cleaned_data["former"], by=user, town=municipality)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(
                request,
                _(
                    "Wenn zu dieser Adresse Notizen von Ihnen gehören, ist jetzt eine E-Mail dorthin "
                    "unterwegs. Bitte öffnen Sie den Link darin."
                ),
            )
            return redirect("council:my_notes", town)
    context = {**mine(municipality, _("Notizen mitnehmen")), "form": form}
    return render(request, "council/former_notes.html", context, status=422 if form.is_bound else 200)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def former_notes_taken(request: HttpRequest, town: str, token: str) -> HttpResponse:
    """The link in the mail; nothing happens before the button is pressed."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    head = mine(municipality, _("Notizen an die neue Adresse mitnehmen"))
    try:
        former = former_address(token, user)
    except ValidationError as error:
        context = {**mine(municipality, _("Link gilt nicht mehr")), "closed": error.messages[0]}
        return render(request, "council/former_notes_taken.html", context, status=404)
    if request.method != "POST":
        context = {**head, "former": former, "notes": notes_under(former, user)}
        return render(request, "council/former_notes_taken.html", context)
    number = take_along(token=token, by=user)
    sentence = ngettext("%d Notiz öffnet sich jetzt wieder.", "%d Notizen öffnen sich jetzt wieder.", number)
    messages.success(request, sentence % number)
    return redirect("council:my_notes", town)
