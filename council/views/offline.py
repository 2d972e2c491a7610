"""The worker that keeps pages for reading without a connection, and the pages that it keeps."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.db.models import prefetch_related_objects
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from committees.agenda import is_sent
from committees.getters import meeting_or_404
from committees.models import Meeting, Paper
from council.offline import for_everybody, marked_public, public_agenda, public_meetings
from council.paper_page import body_of
from council.states import changes, last_answered, last_issue, said, with_state
from council.views.reading import SINCE_ISSUE, SINCE_STAGE, choices_of, grouped, paper_to_read
from municipalities.getters import signed_in, town_or_404

WORKER = settings.BASE_DIR / "static" / "js" / "council-worker.js"


@lru_cache(maxsize=1)
def _worker() -> str:
    return WORKER.read_text("utf-8")


@require_safe
def worker(request: HttpRequest) -> HttpResponse:
    """From the root, because a worker sees only what lies below its own address."""
    return HttpResponse(
        _worker(), content_type="text/javascript; charset=utf-8", headers={"Cache-Control": "no-cache"}
    )


@login_required
@require_safe
def committees(request: HttpRequest, town: str) -> HttpResponse:
    """The meetings to come of one's committees, as everybody may know them: nothing of who asks but which
    committees they are, and who sits in those is public."""
    municipality = town_or_404(request.user, town)
    context = {
        "municipality": municipality,
        "meetings": public_meetings(signed_in(request), municipality),
        "now": timezone.now(),
    }
    return marked_public(HttpResponse(render_to_string("council/committees_offline.html", context)))


def everybodys_paper(request: HttpRequest, town: str, pk: int) -> Paper:
    """404 also for who may read it, where not everybody may."""
    found, _insider = paper_to_read(request, town, pk)
    if not for_everybody(found):
        raise Http404
    return found


@login_required
@require_safe
def paper(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The paper as everybody of the town may read it: no name, no note, no form, nothing of who asks."""
    found = everybodys_paper(request, town, pk)
    context = {
        "municipality": found.municipality,
        "paper": found,
        "body": body_of(found, insider=False),
        "now": timezone.now(),
    }
    return marked_public(HttpResponse(render_to_string("council/paper_offline.html", context)))


@login_required
@require_safe
def paper_changes(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Since the last stage that answered or the last public PDF, of what is public. What somebody has read is
    their own, and not compared with here."""
    found = everybodys_paper(request, town, pk)
    prefetch_related_objects([found], *with_state())
    stage, issue = last_answered(found), last_issue(found, insider=False)
    since, before = SINCE_STAGE, said(found, insider=False, stage=stage) if stage else None
    if issue and (before is None or request.GET.get("seit") == SINCE_ISSUE):
        since, before = SINCE_ISSUE, said(found, insider=False, at=issue.file.issued_at)
    context = {
        "municipality": found.municipality,
        "paper": found,
        "since": since,
        "choices": choices_of(None, stage, issue),
        "changes": grouped(changes(before, said(found, insider=False))) if before else [],
        "compared": before is not None,
        "now": timezone.now(),
    }
    return marked_public(HttpResponse(render_to_string("council/changes_offline.html", context)))


@login_required
@require_safe
def meeting(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The meeting with its public agenda, as everybody of the town may read it."""
    found = meeting_or_404(request, town, pk)
    parts, hidden = public_agenda(found)
    context = {
        "municipality": found.municipality,
        "meeting": found,
        "meeting_committees": list(found.committees.all()),
        "parts": parts,
        "hidden": hidden,
        "provisional": found.date >= timezone.localdate() and not found.cancelled and not is_sent(found),
        "continued_by": Meeting.objects.filter(continues=found).first(),
        "now": timezone.now(),
    }
    return marked_public(HttpResponse(render_to_string("council/meeting_offline.html", context)))
