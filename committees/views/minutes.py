"""The Niederschrift of a meeting: read, written, agreed, signed; and the Auszüge of its items."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.clickjacking import xframe_options_sameorigin
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.actions.minutes import (
    agree_minutes,
    back_to_draft,
    begin_minutes,
    changed_since_agreement,
    missing_before_agreement,
    plan_signatures,
    save_discussion,
    save_minutes,
    sign_minutes,
)
from committees.forms.minutes import BackForm, DiscussionForm, MinutesForm, SignersForm, SignForm
from committees.getters import join_readable_results, led_meeting, meeting_or_404
from committees.meeting_tabs import meeting_context
from committees.models import (
    AgendaItem,
    Consultation,
    Excerpt,
    Meeting,
    MeetingFile,
    MeetingMinutes,
    MinutesSignature,
    Paper,
)
from committees.permissions import may_lead, may_sign_line
from committees.printing.minutes import file_name as minutes_name
from committees.printing.minutes import minutes_html, render_minutes
from committees.printing.minutes_contents import MinutesContents
from committees.printing.minutes_wording import item_context
from committees.views.reading import file_response, pdf_response
from concepts.views.parts import tell_taken_over
from municipalities.getters import signed_in

TAB = "niederschrift/"
FORM_METHODS = ["GET", "HEAD", "POST"]


def visible_minutes(request: HttpRequest, meeting: Meeting) -> MeetingMinutes | None:
    minutes: MeetingMinutes | None = (
        MeetingMinutes.objects.visible_to(request.user).filter(meeting=meeting).first()
    )
    if minutes is not None:
        minutes.meeting = meeting
    return minutes


def readable_minutes(request: HttpRequest, town: str, pk: int) -> tuple[Meeting, MeetingMinutes]:
    meeting = meeting_or_404(request, town, pk)
    minutes = visible_minutes(request, meeting)
    if minutes is None:
        raise Http404
    return meeting, minutes


def led_minutes(request: HttpRequest, town: str, pk: int) -> tuple[Meeting, MeetingMinutes]:
    meeting = led_meeting(request, town, pk)
    minutes = get_object_or_404(MeetingMinutes, meeting=meeting)
    minutes.meeting = meeting
    return meeting, minutes


def sees_all(request: HttpRequest, meeting: Meeting) -> bool:
    """Whether the non-public part is open to the reader."""
    insiders = Meeting.objects.open_to_insider(request.user)
    return bool(insiders.filter(pk=meeting.pk).exists())


# ---- Reading ---------------------------------------------------------------------------------------------


@login_required
@require_safe
def minutes(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    meeting = meeting_or_404(request, town, pk)
    return minutes_page(request, meeting)


def minutes_page(
    request: HttpRequest, meeting: Meeting, *, form: BackForm | None = None, status: int = 200
) -> HttpResponse:
    found = visible_minutes(request, meeting)
    context = {**meeting_context(request.user, meeting, TAB), "minutes": found}
    leads = may_lead(request.user, meeting.municipality_id)
    if found is not None:
        lines = list(found.signatures.select_related("person", "signed_by").order_by("position"))
        for line in lines:
            line.minutes = found
        context |= {
            "signatures": [(line, may_sign(request, line)) for line in lines],
            "items": items_with_excerpts(request, meeting),
            "files": MeetingFile.objects.minutes_for(request.user, meeting),
            "signed_lines": any(line.signed_at for line in lines),
            "form": form or BackForm(),
            "changed": changed_since_agreement(found) if leads and found.state == "agreed" else [],
        }
    if leads and (found is None or found.state == MeetingMinutes.State.DRAFT):
        context["missing"] = missing_before_agreement(meeting)
    return render(request, "committees/minutes/minutes.html", context, status=status)


def may_sign(request: HttpRequest, line: MinutesSignature) -> bool:
    waits = line.minutes.state == MeetingMinutes.State.AGREED and line.signed_at is None
    return waits and may_sign_line(request.user, line)


def items_with_excerpts(request: HttpRequest, meeting: Meeting) -> list[tuple[AgendaItem, Any, Any]]:
    """Each item with its stage and, once there are some, its Auszüge."""
    items = list(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting).order_by("position"))
    rows = Consultation.objects.filter(
        agenda_item__in=items, paper__in=Paper.objects.visible_to(request.user)
    ).select_related("paper", "agenda_item")
    join_readable_results(request.user, found := list(rows))
    stages = {stage.agenda_item_id: stage for stage in found}
    excerpts: dict[int, list[Excerpt]] = {}
    for excerpt in Excerpt.objects.visible_to(request.user).filter(agenda_item__in=items):
        excerpts.setdefault(excerpt.agenda_item_id, []).append(excerpt)
    return [(item, stages.get(item.pk), excerpts.get(item.pk)) for item in items]


@login_required
@require_safe
@xframe_options_sameorigin
def minutes_preview(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """As it stands now, for the frame beside the data."""
    meeting, _minutes = readable_minutes(request, town, pk)
    return HttpResponse(minutes_html(contents_for(request, meeting)))


@login_required
@require_safe
def minutes_pdf(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """As it would be frozen now. `?teil=oeffentlich` is what everybody will read."""
    meeting, _minutes = readable_minutes(request, town, pk)
    contents = contents_for(request, meeting)
    return pdf_response(render_minutes(contents), minutes_name(meeting, complete=contents.complete))


def contents_for(request: HttpRequest, meeting: Meeting) -> MinutesContents:
    complete = sees_all(request, meeting) and request.GET.get("teil") != "oeffentlich"
    return MinutesContents.of(meeting, complete=complete)


@login_required
@require_safe
def minutes_file(request: HttpRequest, town: str, pk: int, file: int) -> HttpResponse:
    """The frozen bytes, for as long as the portal stands."""
    meeting = meeting_or_404(request, town, pk)
    files = MeetingFile.objects.visible_to(request.user).filter(
        meeting=meeting, kind=MeetingFile.Kind.MINUTES
    )
    return file_response(get_object_or_404(files.select_related("file"), pk=file).file)


@login_required
@require_safe
def excerpt(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    """The Auszug of an item, as complete as the reader may have it; `?teil=oeffentlich` is the one for
    everybody. Of a draft there is none, which is said in a sentence."""
    meeting = meeting_or_404(request, town, pk)
    items = AgendaItem.objects.visible_to(request.user).filter(meeting=meeting)
    found = get_object_or_404(items, pk=item)
    excerpts = Excerpt.objects.visible_to(request.user).filter(agenda_item=found)
    if request.GET.get("teil") == "oeffentlich":
        excerpts = excerpts.filter(public=True)
    made = excerpts.select_related("file").first()
    if made is not None:
        return file_response(made.file)
    if found.taken_off:
        sentence = _("%s wurde abgesetzt. Dazu gibt es keinen Auszug.") % found
    else:
        sentence = _(
            "Einen Auszug gibt es erst aus der unterschriebenen Niederschrift. Die Niederschrift dieser "
            "Sitzung ist noch nicht unterschrieben."
        )
    messages.error(request, sentence)
    return redirect("committees:minutes", town, pk)


# ---- Writing ---------------------------------------------------------------------------------------------


@login_required
@require_http_methods(FORM_METHODS)
def minutes_write(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Opening and closing."""
    meeting, found = led_minutes(request, town, pk)
    data = request.POST if request.method == "POST" else None
    form = MinutesForm(data, instance=found)
    if data is not None and form.is_valid() and saved(form, save_minutes, request):
        tell_taken_over(request, form)
        messages.success(request, _("Eröffnung und Schluss sind gespeichert."))
        return redirect("committees:minutes", town, pk)
    context = {**meeting_context(request.user, meeting, TAB), "minutes": found, "form": form}
    return render(request, "committees/minutes/write.html", context, status=200 if data is None else 422)


@login_required
@require_http_methods(FORM_METHODS)
def minutes_item(request: HttpRequest, town: str, pk: int, item: int) -> HttpResponse:
    """What was said to one item, beside what stands there of itself."""
    meeting, found = led_minutes(request, town, pk)
    items = list(AgendaItem.objects.visible_to(request.user).filter(meeting=meeting).order_by("position"))
    place = next((number for number, one in enumerate(items) if one.pk == item), None)
    if place is None:
        raise Http404
    following = items[place + 1] if place + 1 < len(items) else None
    data = request.POST if request.method == "POST" else None
    form = DiscussionForm(data, instance=items[place])
    if data is not None and form.is_valid() and saved(form, save_discussion, request):
        tell_taken_over(request, form)
        messages.success(request, _("%s ist gespeichert.") % items[place])
        if "weiter" in data and following is not None:
            return redirect("committees:minutes_item", town, pk, following.pk)
        return redirect("committees:minutes", town, pk)
    contents = MinutesContents.of(meeting, complete=True, minutes=found)
    written = next(one for one in contents.items if one.pk == item)
    context = {
        **meeting_context(request.user, meeting, TAB),
        "minutes": found,
        "form": form,
        "item": items[place],
        "printed": {**item_context(contents, written), "discussion": ""},
        "previous": items[place - 1] if place else None,
        "following": following,
    }
    return render(request, "committees/minutes/item.html", context, status=200 if data is None else 422)


def saved(form: Any, action: Any, request: HttpRequest) -> bool:
    """Whether the action took it; what it said stands in the form otherwise."""
    try:
        action(form=form, by=signed_in(request))
    except ValidationError as error:
        form.add_error(None, error.messages)
        return False
    return True


# ---- Steps -----------------------------------------------------------------------------------------------


@login_required
@require_POST
def minutes_step(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """`schritt` says which: beginnen, abstimmen, or zurueck with a `reason`."""
    meeting = led_meeting(request, town, pk)
    step, by = request.POST.get("schritt", ""), signed_in(request)
    form = BackForm(request.POST if step == "zurueck" else None)
    try:
        if step == "beginnen":
            begin_minutes(meeting=meeting, by=by)
            sentence = _(
                "Der Entwurf ist angelegt. Tagesordnung, Anwesenheit und Ergebnisse stehen schon darin."
            )
        elif step == "abstimmen":
            agree_minutes(meeting=meeting, by=by)
            sentence = _("Die Niederschrift ist abgestimmt. Jetzt kann sie unterschrieben werden.")
        elif step == "zurueck" and form.is_valid():
            back_to_draft(meeting=meeting, by=by, reason=form.cleaned_data["reason"])
            sentence = _("Die Niederschrift ist wieder ein Entwurf.")
        elif step == "zurueck":
            return minutes_page(request, meeting, form=form, status=422)
        else:
            raise ValidationError(_("Diesen Schritt gibt es nicht. Bitte wählen Sie einen der Knöpfe."))
    except ValidationError as error:
        if step == "zurueck" and hasattr(error, "error_dict"):
            form.add_error(None, error)
            return minutes_page(request, meeting, form=form, status=422)
        messages.error(request, " ".join(error.messages))
    else:
        messages.success(request, sentence)
    return redirect("committees:minutes", town, pk)


@login_required
@require_http_methods(FORM_METHODS)
def minutes_signers(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Who signs, in which function."""
    meeting, found = led_minutes(request, town, pk)
    data = request.POST if request.method == "POST" else None
    form = SignersForm(data, minutes=found)
    if data is not None and form.is_valid():
        try:
            plan_signatures(meeting=meeting, lines=form.planned(), by=signed_in(request))
        except ValidationError as error:
            form.add_error(None, error.messages)
        else:
            messages.success(request, _("Wer unterschreibt, ist gespeichert."))
            return redirect("committees:minutes", town, pk)
    context = {**meeting_context(request.user, meeting, TAB), "minutes": found, "form": form}
    return render(request, "committees/minutes/signers.html", context, status=200 if data is None else 422)


@login_required
@require_http_methods(FORM_METHODS)
def minutes_sign(request: HttpRequest, town: str, pk: int, line: int) -> HttpResponse:
    """One signature, with what it means said before."""
    meeting, found = readable_minutes(request, town, pk)
    signature = get_object_or_404(found.signatures.select_related("person"), pk=line)
    signature.minutes = found
    user = signed_in(request)
    if not may_sign_line(user, signature):
        raise PermissionDenied
    own = signature.person is not None and signature.person.user_id == user.pk
    data = request.POST if request.method == "POST" else None
    form = SignForm(data, line=signature, own=own)
    if data is not None and form.is_valid():
        try:
            done = sign_minutes(line=signature, by=user, on=form.cleaned_data.get("on"))
        except ValidationError as error:
            form.add_error(None, error if hasattr(error, "error_dict") else error.messages)
        else:
            sentence = (
                _("Die Niederschrift ist unterschrieben. Sie steht jetzt fest, und die Auszüge sind fertig.")
                if done.signed
                else _("Die Unterschrift ist eingetragen.")
            )
            messages.success(request, sentence)
            return redirect("committees:minutes", town, pk)
    waiting = found.signatures.filter(signed_at=None).exclude(pk=signature.pk).count()
    context = {
        **meeting_context(request.user, meeting, TAB),
        "minutes": found,
        "signature": signature,
        "own": own,
        "last": waiting == 0,
        "form": form,
    }
    return render(request, "committees/minutes/sign.html", context, status=200 if data is None else 422)
