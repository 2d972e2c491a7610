"""My committees, a paper as it is read, and what changed in it."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from committees.chain import chain_of
from committees.models import Paper
from committees.openness import reads_all
from committees.tabs import paper_context
from council.actions.reading import mark_read
from council.agenda import my_committees
from council.models import ReadMark
from council.offline import kept_changes, kept_committees, kept_paper
from council.panels import marked_text, panel
from council.paper_page import body_of
from council.paper_tabs import NEWS, READ
from council.permissions import has_seat
from council.states import Change, State, changes, last_answered, last_issue, state_of
from municipalities.getters import signed_in, town_or_404
from municipalities.reader_rows import RowsByReader
from municipalities.rows import RowsById

SINCE_READ, SINCE_STAGE, SINCE_ISSUE = "gelesen", "beratung", "ausfertigung"

PAPERS = RowsById(
    lambda town, paper: Paper.objects.filter(municipality=town, pk=paper).select_related(
        "layout", "revision", "paper_type", "concept__revision"
    )
)
MARKS = RowsById(lambda user, paper: ReadMark.objects.filter(user=user, paper=paper))
VISIBLE = RowsByReader(lambda user, paper: Paper.objects.visible_to(user).filter(pk=paper).values_list("pk"))


def paper_to_read(request: HttpRequest, town: str, pk: int) -> tuple[Paper, bool]:
    """The paper, and whether its non-public parts are for the reader."""
    municipality = town_or_404(request.user, town)
    user = signed_in(request)
    for found in PAPERS.models(municipality.pk, pk):
        found.municipality = municipality
        insider = reads_all(user, found)
        if insider or VISIBLE.rows(user, pk):
            return found, insider
    raise Http404


@login_required
@require_safe
def committees(request: HttpRequest, town: str) -> HttpResponse:
    municipality = town_or_404(request.user, town)
    found = my_committees(request.user, municipality)
    kept = kept_committees(signed_in(request), municipality, seated=bool(found.seats))
    context = {"municipality": municipality, "mine": found, "kept": kept}
    return render(request, "council/committees.html", context)


@never_cache
@login_required
@require_safe
def paper(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """The body is kept; what is the reader's own stands around it."""
    found, insider = paper_to_read(request, town, pk)
    user = signed_in(request)
    mark = next(iter(MARKS.models(user.pk, pk)), None)
    revision = str(getattr(found, "revision", "0"))
    fresh = changes(mark.state, state_of(found, user)) if mark and mark.state["revision"] != revision else []
    about = panel(user, found, insider=insider)
    context = {
        **paper_context(user, found, READ),
        "seated": about["may_ask"] or has_seat(user, found.municipality_id),
        "body": marked_text(about, body_of(found, insider=insider)),
        "chain": chain_of(found, user),
        "mark": mark,
        "changes": fresh,
        "revision": revision,
        "kept": kept_paper(user, found, _("Ohne Verbindung lesbar")),
        "panel": about,
    }
    return render(request, "council/paper.html", context)


@login_required
@require_POST
def paper_read(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """From the button, or from the script once the page has been looked at for a while (`still`)."""
    found, _insider = paper_to_read(request, town, pk)
    mark = mark_read(paper=found, user=signed_in(request), seen=request.POST.get("seen", ""))
    if "still" in request.POST:
        return HttpResponse(status=204 if mark else 409)
    if mark:
        messages.success(
            request, _("Gemerkt. Beim nächsten Mal sehen Sie hier, was sich seitdem geändert hat.")
        )
    else:
        messages.warning(
            request, _("Die Vorlage hat sich inzwischen geändert. Bitte lesen Sie sie noch einmal.")
        )
    return redirect("council:paper", town, pk)


@login_required
@require_safe
def paper_changes(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Since the reader's last visit, the last stage that answered, or the last PDF that left the house."""
    found, _insider = paper_to_read(request, town, pk)
    user = signed_in(request)
    after = state_of(found, user)
    mark = ReadMark.objects.filter(user=user, paper=found).first()
    stage, issue = last_answered(found), last_issue(found, insider=after["insider"])
    known = {SINCE_READ: mark, SINCE_STAGE: stage, SINCE_ISSUE: issue}
    since = request.GET.get("seit", "")
    if since not in known or not known[since]:
        since = next((name for name in known if known[name]), "")
    before = _before(since, found, user, mark, stage, issue)
    context = {
        **paper_context(user, found, NEWS),
        "seated": has_seat(user, found.municipality_id),
        "since": since,
        "choices": choices_of(mark, stage, issue),
        "changes": grouped(changes(before, after)) if before else [],
        "compared": before is not None,
        "kept": kept_changes(user, found, since),
        "withdrawn": bool(before and before.get("insider") and not after["insider"]),
    }
    return render(request, "council/changes.html", context)


def _before(since: str, paper: Paper, user: Any, mark: Any, stage: Any, issue: Any) -> State | None:
    match since:
        case "gelesen":
            state: State = mark.state
            return state
        case "beratung":
            return state_of(paper, user, stage)
        case "ausfertigung":
            return state_of(paper, user, at=issue.file.issued_at)
        case _:
            return None


def choices_of(mark: Any, stage: Any, issue: Any) -> list[tuple[str, str, str]]:
    """What can be compared with: its name, what it is called, and when it was."""
    found = []
    if mark:
        found.append((SINCE_READ, _("seit ich zuletzt gelesen habe"), _when(mark.read_at)))
    if stage:
        day = f"{stage.date:%d.%m.%Y}" if stage.date else ""
        found.append(
            (
                SINCE_STAGE,
                _("seit der letzten Beratung"),
                ", ".join(filter(None, [stage.committee_names(), day])),
            )
        )
    if issue:
        found.append((SINCE_ISSUE, _("seit der letzten Ausfertigung"), _when(issue.file.issued_at)))
    return found


def _when(moment: Any) -> str:
    return _("%s Uhr") % f"{timezone.localtime(moment):%d.%m.%Y, %H:%M}"


def grouped(found: list[Change]) -> list[tuple[str, list[Change]]]:
    groups: dict[str, list[Change]] = {}
    for change in found:
        groups.setdefault(change.group, []).append(change)
    return list(groups.items())
