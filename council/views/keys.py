"""One's own calendar with its secret address, and links to one meeting without an account."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.db.models import Count, Max, Prefetch
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.forms.signing import take_errors
from committees.getters import led_meeting
from committees.meeting_tabs import meeting_context
from council.actions.keys import (
    make_calendar_key,
    make_link,
    owner_of_calendar,
    revoke_calendar_key,
    revoke_link,
)
from council.calendars import calendar_for
from council.forms.preparing import LinkForm
from council.models import CalendarKey, LinkUse, MeetingLink
from council.views.notes import FORM_METHODS, mine
from documents.calendar_files import MEDIA_TYPE
from municipalities.getters import signed_in, town_or_404

SHOWN_USES = 20


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def calendar(request: HttpRequest, town: str) -> HttpResponse:
    """The address is shown once, on the answer to the button: afterwards only its hash is known."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    address = ""
    if request.method == "POST":
        token = make_calendar_key(by=user)
        address = request.build_absolute_uri(reverse("council:calendar_feed", args=[token]))
    context = {
        **mine(municipality, _("Meine Sitzungen im Kalender")),
        "key": CalendarKey.objects.filter(user=user).first(),
        "address": address,
        # What telephones take as "subscribe" and not as "import once".
        "subscription": f"webcal:{address.partition(':')[2]}" if address else "",
    }
    return render(request, "council/calendar.html", context)


@login_required
@require_POST
def calendar_revoke(request: HttpRequest, town: str) -> HttpResponse:
    town_or_404(request.user, town)
    if revoke_calendar_key(by=signed_in(request)):
        messages.success(
            request, _("Die Adresse gilt nicht mehr. Ihr Kalender bekommt keine Sitzungen mehr.")
        )
    else:
        messages.info(request, _("Es gibt keine Adresse, die gilt."))
    return redirect("council:calendar", town)


@never_cache
@require_safe
def calendar_feed(request: HttpRequest, token: str) -> HttpResponse:
    """For calendar programs, which cannot log in."""
    owner = owner_of_calendar(token)
    if owner is None:
        raise Http404
    response = HttpResponse(calendar_for(owner), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = 'inline; filename="meine-sitzungen.ics"'
    return untraced(response)


def untraced(response: HttpResponse) -> HttpResponse:
    """The address is the secret: it is given on to no other page, and found by no search engine."""
    response["Referrer-Policy"] = "no-referrer"
    response["X-Robots-Tag"] = "noindex, nofollow, noarchive"
    return response


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def links(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Here too the address is shown once."""
    meeting, user = led_meeting(request, town, pk), signed_in(request)
    data = request.POST if request.method == "POST" else None
    form, address, new = LinkForm(data, meeting=meeting), "", None
    if form.is_bound and form.is_valid():
        try:
            new, token = make_link(meeting=meeting, by=user, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            address = request.build_absolute_uri(reverse("council:link", args=[token]))
            form = LinkForm(None, meeting=meeting)
    uses = LinkUse.objects.order_by("-at")[:SHOWN_USES]
    rows = (
        MeetingLink.objects.filter(meeting=meeting)
        .select_related("made_by")
        .annotate(times=Count("uses"), last_use=Max("uses__at"))
        .prefetch_related(Prefetch("uses", uses, to_attr="latest"))
    )
    context = {
        **meeting_context(user, meeting, "leselinks/"),
        "form": form,
        "new": new,
        "address": address,
        "links": rows,
        "now": timezone.now(),
    }
    status = 422 if data is not None and new is None else 200
    return render(request, "council/links.html", context, status=status)


@login_required
@require_POST
def link_revoke(request: HttpRequest, town: str, pk: int, link: int) -> HttpResponse:
    meeting = led_meeting(request, town, pk)
    found = get_object_or_404(MeetingLink, pk=link, meeting=meeting)
    if revoke_link(link=found, by=signed_in(request)):
        messages.success(request, _("Der Link für „%s“ gilt nicht mehr.") % found.holder)
    else:
        messages.info(request, _("Dieser Link ist schon widerrufen."))
    return redirect("council:links", town, pk)
