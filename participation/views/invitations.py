"""The staff invites, and sees who has answered."""

from __future__ import annotations

from collections import Counter

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST

from municipalities.getters import signed_in, town_or_404
from outbox.models import OutgoingMail
from participation.actions.invitations import Invited, LinkOf, Outcome, invite, send_again, withdraw
from participation.forms.invitations import SHOWN_MISTAKES, InviteForm
from participation.getters import check, managed_group, managed_process
from participation.models import Group, Invitation, Process, Seat


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_group(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    return overview(request, managed_group(request, town, pk))


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def of_process(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Who is to guide the process from outside."""
    return overview(request, managed_process(request, town, pk))


def overview(request: HttpRequest, what: Group | Process) -> HttpResponse:
    """Who was invited and what they said, and a form to invite more."""
    group = what if isinstance(what, Group) else None
    process = what if isinstance(what, Process) else None
    data = request.POST if request.method == "POST" else None
    form = InviteForm(data, group=group, initial={"seat": request.GET.get("platz")})
    if form.is_bound and form.is_valid():
        seat = form.cleaned_data.get("seat")
        role = seat.role if seat else form.cleaned_data.get("role", Seat.Role.MEMBER)
        outcome = invite(
            to=Invited(group=group, process=process, seat=seat, role=role),
            addresses=form.pasted.good,
            message=form.cleaned_data["message"],
            by=signed_in(request),
            link_of=link_of(request),
        )
        tell(request, form, outcome)
        return redirect(request.path)
    rows = list(Invitation.objects.filter(group=group, process=process).select_related("invited_by"))
    mails = {
        mail.key: mail
        for mail in OutgoingMail.objects.filter(key__in=[row.mail_key for row in rows]).defer("text")
    }
    counts = Counter(row.state_in_words for row in rows)
    context = {
        "municipality": what.municipality,
        "what": what,
        "group": group,
        "process": process,
        "form": form,
        "rows": [(row, mails.get(row.mail_key)) for row in rows],
        "counts": list(counts.items()),
        "number": len(rows),
    }
    status = 422 if form.is_bound else 200
    return render(request, "participation/invitations_overview.html", context, status=status)


def tell(request: HttpRequest, form: InviteForm, outcome: Outcome) -> None:
    number = len(outcome.sent)
    if number:
        sentence = ngettext("%d Einladung geht hinaus.", "%d Einladungen gehen hinaus.", number)
        messages.success(request, sentence % number)
    if outcome.already:
        names = ", ".join(address.email for address in outcome.already[:SHOWN_MISTAKES])
        messages.info(request, _("Schon eingeladen oder schon dabei: %s.") % names)
    if form.pasted.repeated:
        sentence = ngettext(
            "%d Adresse stand mehrmals in der Liste und wurde einmal eingeladen.",
            "%d Adressen standen mehrmals in der Liste und wurden einmal eingeladen.",
            form.pasted.repeated,
        )
        messages.info(request, sentence % form.pasted.repeated)
    if form.pasted.bad:
        messages.warning(request, _("Nicht eingeladen: %s") % " ".join(form.pasted.bad[:SHOWN_MISTAKES]))


def link_of(request: HttpRequest) -> LinkOf:
    return lambda token: request.build_absolute_uri(reverse("participation:invitation", args=[token]))


@login_required
@require_POST
def again(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = managed_invitation(request, town, pk)
    if send_again(invitation=found, by=signed_in(request), link_of=link_of(request)):
        messages.success(
            request,
            _("Die Einladung an %s geht noch einmal hinaus. Der alte Link gilt nicht mehr.") % found.email,
        )
    else:
        messages.info(request, _("Diese Einladung ist schon beantwortet oder zurückgezogen."))
    return back(found)


@login_required
@require_POST
def take_back(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = managed_invitation(request, town, pk)
    if withdraw(invitation=found, by=signed_in(request)):
        messages.success(request, _("Die Einladung an %s ist zurückgezogen.") % found.email)
    else:
        messages.info(request, _("Diese Einladung ist schon beantwortet, zurückgezogen oder abgelaufen."))
    return back(found)


def managed_invitation(request: HttpRequest, town: str, pk: int) -> Invitation:
    municipality = town_or_404(request.user, town)
    rows = Invitation.objects.in_town(municipality).select_related("municipality", "group", "process")
    invitation: Invitation = get_object_or_404(rows, pk=pk)
    check(request, municipality)
    return invitation


def back(invitation: Invitation) -> HttpResponse:
    page = "group_invitations" if invitation.group_id else "process_invitations"
    pk = invitation.group_id or invitation.process_id
    return redirect(f"participation:{page}", invitation.municipality.slug, pk)
