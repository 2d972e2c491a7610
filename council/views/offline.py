"""The worker that keeps pages for reading without a connection, and the pages that it keeps."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from council.offline import marked_public, public_meetings
from council.paper_page import body_of
from council.views.reading import paper_to_read
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


@login_required
@require_safe
def paper(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The paper as everybody of the town may read it: no name, no note, no form, nothing of who asks."""
    found, _insider = paper_to_read(request, town, pk)
    if not (found.public and found.released):
        raise Http404
    context = {
        "municipality": found.municipality,
        "paper": found,
        "body": body_of(found, insider=False),
        "now": timezone.now(),
    }
    return marked_public(HttpResponse(render_to_string("council/paper_offline.html", context)))
