"""Inviting to a meeting, what was sent out for it, and the pack to take along."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_safe

from committees.actions.inviting import check_can_be_invited, invite, meeting_file, next_kind, recipients_of
from committees.checks.days import full_days
from committees.forms.inviting import InvitationForm
from committees.getters import led_meeting, meeting_or_404
from committees.meeting_tabs import meeting_context
from committees.models import Committee, Meeting, MeetingFile
from committees.models.routes import land_of
from committees.packing import entries_of, pack
from committees.permissions import may_lead
from committees.printing.meetings import file_name, invitation_document
from committees.views.reading import file_response, pdf_response
from documents.calendar_files import FILE_NAME, MEDIA_TYPE
from documents.joining import UnreadableFile
from documents.pdf import render as render_pdf
from municipalities.getters import signed_in

PAGE = "einladung/"


def is_insider(request: HttpRequest, meeting: Meeting) -> bool:
    return bool(Meeting.objects.open_to_insider(request.user).filter(pk=meeting.pk).exists())


@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What was sent out; for those who lead the council's business also the form that sends it."""
    found = meeting_or_404(request, town, pk)
    leads = may_lead(request.user, found.municipality_id)
    if request.method == "POST" and not leads:
        raise PermissionDenied
    files = MeetingFile.objects.visible_to(request.user).filter(meeting=found)
    files = files.exclude(kind=MeetingFile.Kind.MINUTES).select_related("file__issued_by")
    data = request.POST if request.method == "POST" else None
    form = InvitationForm(data, seen=found.files.count()) if leads else None
    if data is not None and form and form.is_valid():
        try:
            count = invite(meeting=found, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            form.add_error(None, error)
        else:
            sent = ngettext("Eine E-Mail geht hinaus.", "%d E-Mails gehen hinaus.", count)
            if not count:
                sent = _("Niemand bekommt eine E-Mail.")
            messages.success(
                request, _("Die Einladung ist ausgefertigt. %s") % (sent % count if "%d" in sent else sent)
            )
            return redirect("committees:invitation", town, pk)
    insider = is_insider(request, found)
    entries = entries_of(found, complete=insider)
    context = {
        **meeting_context(request.user, found, PAGE),
        "files": files.defer("file__content").order_by("-pk"),
        "form": form,
        "insider": insider,
        "kind": MeetingFile.Kind(next_kind(found)).label,
        "recipients": recipients_of(found) if leads else None,
        "too_late": too_late(found) if leads else [],
        "why_not": why_not(found) if leads else "",
        "notices": found.notices.select_related("person") if leads else [],
        "missing": [(entry.item, entry.missing) for entry in entries if entry.missing],
        "has_agenda": bool(entries),
    }
    return render(
        request, "committees/meetings/invitation.html", context, status=422 if data is not None else 200
    )


def why_not(meeting: Meeting) -> str:
    """Why nobody can be invited, in a sentence; empty if they can."""
    try:
        check_can_be_invited(meeting)
    except ValidationError as error:
        return str(error.messages[0])
    return ""


def too_late(meeting: Meeting) -> list[tuple[Committee, int, int]]:
    """The committees whose Ladungsfrist is no longer kept if the invitation leaves today: with the days that
    are left and those it takes."""
    today, land = timezone.localdate(), land_of(meeting.municipality)
    found = []
    for committee in meeting.committees.all():
        if committee.summons_days is None or meeting.date <= today:
            continue
        left = full_days(today, meeting.date, committee.summons_counts, land)
        if left < committee.summons_days:
            found.append((committee, left, committee.summons_days))
    return found


@login_required
@require_safe
def invitation_draft(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """What would leave the house now, complete: for those who are about to send it."""
    found = led_meeting(request, town, pk)
    kind = next_kind(found)
    content = render_pdf(invitation_document(found, kind, complete=True))
    return pdf_response(content, file_name(found, _("Entwurf"), complete=True))


@login_required
@require_safe
def meeting_document(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """A frozen file of a meeting."""
    files = MeetingFile.objects.visible_to(request.user).filter(meeting__municipality__slug=town)
    found = get_object_or_404(files.select_related("file"), pk=pk)
    return file_response(found.file)


@login_required
@require_safe
def meeting_pack(request: HttpRequest, town: str, pk: int, *, complete: bool) -> HttpResponse:
    """The public one for everybody of the town, the complete one for who sits in it or prepares it."""
    found = meeting_or_404(request, town, pk)
    if complete and not is_insider(request, found):
        raise Http404
    try:
        content = pack(found, complete=complete)
    except UnreadableFile as error:
        messages.error(
            request,
            _("Die Mappe lässt sich nicht binden: „%s“ ist nicht lesbar. Bitte laden Sie die Datei neu hoch.")
            % error,
        )
        return redirect("committees:invitation", town, pk)
    response = pdf_response(content, file_name(found, _("Mappe"), complete=complete))
    if not complete:
        response["X-Offline"] = "public"  # may be kept on a telephone (docs/decisions/0024-offline.md)
    return response


@login_required
@require_safe
def meeting_calendar(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    found = meeting_or_404(request, town, pk)
    response = HttpResponse(meeting_file(found), content_type=f"{MEDIA_TYPE}; charset=utf-8")
    response["Content-Disposition"] = content_disposition_header(True, FILE_NAME) or ""
    return response
