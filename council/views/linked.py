"""One meeting, read by a link without an account. Opening it changes nothing but the log of its use."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from committees.packing import entries_of, pack
from committees.printing.meetings import file_name, parts_of
from committees.views.reading import file_response, pdf_response
from council.actions.keys import note_use, open_link
from council.models import MeetingLink
from council.views.keys import untraced
from documents.joining import UnreadableFile
from documents.models import IssuedFile

View = Callable[..., HttpResponse]


def by_link(view: View) -> View:
    """Gives the view the link for its secret. One that has run out looks like one that never was."""

    @never_cache
    @require_safe
    @wraps(view)
    def open_by_link(request: HttpRequest, token: str, **more: Any) -> HttpResponse:
        link = open_link(token)
        if link is None:
            response = render(request, "council/link_closed.html", status=404)
        else:
            response = view(request, link, token, **more)
        return untraced(response)

    return open_by_link


def used(request: HttpRequest, link: MeetingLink, what: str) -> None:
    if request.method == "GET":
        note_use(link=link, what=what)


@by_link
def meeting(request: HttpRequest, link: MeetingLink, token: str) -> HttpResponse:
    found = link.meeting
    entries = {entry.item.pk: entry for entry in entries_of(found, complete=link.complete)}
    parts = parts_of([entry.item for entry in entries.values()])
    used(request, link, _("Seite der Sitzung"))
    context = {
        "municipality": found.municipality,
        "meeting": found,
        "committees": list(found.committees.all()),
        "link": link,
        "parts": [(part.title, [entries[item.pk] for item in part.items]) for part in parts],
        "base": f"/lesen/{token}/",
    }
    return render(request, "council/link.html", context)


@by_link
def meeting_pack(request: HttpRequest, link: MeetingLink, token: str) -> HttpResponse:
    try:
        content = pack(link.meeting, complete=link.complete)
    except UnreadableFile:
        raise Http404 from None
    used(request, link, _("Sitzungsmappe"))
    return pdf_response(content, file_name(link.meeting, _("Mappe"), complete=link.complete))


@by_link
def file(request: HttpRequest, link: MeetingLink, token: str, pk: int) -> HttpResponse:
    """One of those that the page lists, and no other."""
    for entry in entries_of(link.meeting, complete=link.complete):
        for name, listed in entry.files:
            if listed.pk == pk:
                used(request, link, f"{entry.item}: {name}")
                return file_response(IssuedFile.objects.get(pk=pk))
    raise Http404
