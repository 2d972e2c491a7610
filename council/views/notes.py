"""What somebody keeps for themselves about a paper."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.core.exceptions import ValidationError
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from committees.forms.signing import take_errors
from committees.models import Faction, Paper
from council.actions.notes import (
    ask_to_be_reminded,
    change_note,
    delete_note,
    forget_reminder,
    share_note,
    take_back,
    write_note,
)
from council.forms.preparing import NoteForm, ReminderForm
from council.getters import readable_paper
from council.models import FactionNote, PrivateNote, Reminder
from council.panels import (
    NOTES,
    READING,
    factions_to_share_with,
    marked_text,
    note_of,
    notes_everywhere,
    panel,
)
from council.paper_page import body_of
from council.paper_tabs import reading_address
from council.passages import passages_of
from council.secrets import UnreadableNoteError
from municipalities.getters import signed_in, town_or_404
from municipalities.models import Municipality

FORM_METHODS = ["GET", "HEAD", "POST"]
NOTES_PLACE = "meine-notizen"
EVERYWHERE = "alle"
"""The list of one's notes over all papers; what is sent from it leads back there."""
PAPERS_PER_PAGE = 20


def address_of(page: str, paper: Paper) -> str:
    """Of the page from which something is sent."""
    url = reading_address(paper)
    everywhere = reverse("council:my_notes", args=[paper.municipality.slug])
    return {EVERYWHERE: everywhere, READING: url}.get(page, f"{url}{NOTES}/")


def mine(municipality: Municipality, title: str) -> dict[str, Any]:
    """Head of a page about oneself: it leads back to one's committees."""
    crumbs = [(_("Meine Gremien"), reverse("council:committees", args=[municipality.slug]))]
    return {"municipality": municipality, "title": title, "crumbs": crumbs}


def about(paper: Paper, title: str, *crumbs: tuple[str, str]) -> dict[str, Any]:
    """Head of a page about a paper: it leads back to where the paper is read."""
    url = reading_address(paper)
    return {
        "municipality": paper.municipality,
        "paper": paper,
        "title": title,
        "kicker": str(paper),
        "kicker_url": url,
        "crumbs": [(paper.number or paper.subject, url), *crumbs],
    }


def back(request: HttpRequest, paper: Paper, place: str = NOTES_PLACE) -> HttpResponse:
    return redirect(f"{address_of(request.POST.get('seite', ''), paper)}#{place}")


def notes_page(request: HttpRequest, paper: Paper, status: int = 200, **forms: Any) -> HttpResponse:
    shown = panel(request.user, paper, NOTES, **forms)
    if shown["notes"]:
        marked_text(shown, body_of(paper, insider=shown["whole"]))
    context = {**about(paper, _("Notizen und Fragen")), "panel": shown}
    return render(request, "council/notes.html", context, status=status)


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def notes(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper, user = readable_paper(request, town, pk), signed_in(request)
    if request.method != "POST":
        return notes_page(request, paper)
    form = NoteForm(request.POST, passages=passages_of(user, paper), auto_id="notiz_%s")
    if form.is_valid():
        try:
            note = write_note(paper=paper, by=user, kind=form.kind(), **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(
                request,
                _("Die Stelle ist markiert.")
                if note.kind == PrivateNote.Kind.MARK
                else _("Die Notiz ist gespeichert. Nur Sie können sie lesen."),
            )
            in_the_text = form.cleaned_data["quote"] and request.POST.get("seite") == READING
            return back(request, paper, f"{'stelle' if in_the_text else 'notiz'}-{note.pk}")
    return notes_page(request, paper, status=422, note=form)


def own_note(request: HttpRequest, town: str, pk: int, note: int) -> PrivateNote:
    paper = readable_paper(request, town, pk)
    found: PrivateNote = get_object_or_404(PrivateNote, pk=note, paper=paper, user=signed_in(request))
    found.paper = paper
    return found


@never_cache
@login_required
@require_http_methods(FORM_METHODS)
def note_edit(request: HttpRequest, town: str, pk: int, note: int) -> HttpResponse:
    found, user = own_note(request, town, pk, note), signed_in(request)
    known = note_of(user, found)
    data = request.POST if request.method == "POST" else None
    initial = {"passage": found.passage, "quote": known.shown_quote, "text": known.text}
    form = NoteForm(data, passages=passages_of(user, found.paper), initial=initial)
    del form.fields["before"]  # stays with the quote, or goes with it
    if form.is_bound and form.is_valid():
        try:
            change_note(note=found, by=user, **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        except UnreadableNoteError:
            form.add_error(None, _("Die Notiz lässt sich nicht mehr öffnen und deshalb nicht ändern."))
        else:
            messages.success(request, _("Die Notiz ist gespeichert. Nur Sie können sie lesen."))
            return back(request, found.paper, f"notiz-{found.pk}")
    page = request.POST.get("seite") or request.GET.get("seite", NOTES)
    title = _("Markierung bearbeiten") if known.is_mark else _("Notiz bearbeiten")
    context = {
        **about(found.paper, title, (_("Notizen und Fragen"), address_of(NOTES, found.paper))),
        "page": page,
        "back_url": address_of(page, found.paper),
        "note": known,
        "form": form,
    }
    return render(request, "council/note_edit.html", context, status=422 if data is not None else 200)


@login_required
@require_POST
def note_delete(request: HttpRequest, town: str, pk: int, note: int) -> HttpResponse:
    found = own_note(request, town, pk, note)
    delete_note(note=found, by=signed_in(request))
    messages.success(request, _("Gelöscht. Davon bleibt nichts zurück."))
    return back(request, found.paper)


@login_required
@require_POST
def note_share(request: HttpRequest, town: str, pk: int, note: int) -> HttpResponse:
    found = own_note(request, town, pk, note)
    number = request.POST.get("fraktion", "")
    factions = Faction.objects.in_town(found.paper.municipality)
    faction = get_object_or_404(factions, pk=int(number) if number.isdecimal() and len(number) < 18 else 0)
    try:
        share_note(note=found, faction=faction, by=signed_in(request))
    except ValidationError as error:
        messages.error(request, error.messages[0])
    except UnreadableNoteError:
        messages.error(request, _("Diese Notiz lässt sich nicht mehr entschlüsseln."))
    else:
        messages.success(request, _("Ihre Fraktion „%s“ liest jetzt eine Kopie der Notiz.") % faction)
    return back(request, found.paper)


@login_required
@require_POST
def faction_note_delete(request: HttpRequest, town: str, pk: int, note: int) -> HttpResponse:
    """One's own only: what others have shared is theirs."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    own = FactionNote.objects.in_town(municipality).filter(author=user, faction=pk)
    found = get_object_or_404(own.select_related("paper__municipality"), pk=note)
    take_back(note=found, by=user)
    messages.success(request, _("Ihre Fraktion liest die Notiz nicht mehr."))
    return back(request, found.paper)


@never_cache
@login_required
@require_safe
def my_notes(request: HttpRequest, town: str) -> HttpResponse:
    """All of them, by paper."""
    municipality, user = town_or_404(request.user, town), signed_in(request)
    page = Paginator(notes_everywhere(user, municipality), PAPERS_PER_PAGE).get_page(request.GET.get("seite"))
    context = {
        **mine(municipality, _("Meine Notizen")),
        "page_obj": page,
        "page": EVERYWHERE,
        "factions": factions_to_share_with(user, municipality.pk),
        "left_behind": FactionNote.objects.in_town(municipality).left_behind(user).select_related("faction"),
    }
    return render(request, "council/my_notes.html", context)


# ---- Reminders -------------------------------------------------------------------------------------------


@never_cache
@login_required
@require_safe
def reminders(request: HttpRequest, town: str) -> HttpResponse:
    municipality, user = town_or_404(request.user, town), signed_in(request)
    rows = Reminder.objects.visible_to(user).in_town(municipality).select_related("paper__municipality")
    context = {
        **mine(municipality, _("Meine Erinnerungen")),
        "coming": rows.filter(sent_at=None),
        "sent": rows.filter(sent_at__isnull=False).order_by("-day")[:20],
    }
    return render(request, "council/reminders.html", context)


@login_required
@require_POST
def reminder_add(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    paper = readable_paper(request, town, pk)
    form = ReminderForm(request.POST, auto_id="erinnerung_%s")
    if form.is_valid():
        try:
            row = ask_to_be_reminded(paper=paper, by=signed_in(request), **form.cleaned_data)
        except ValidationError as error:
            take_errors(form, error)
        else:
            messages.success(request, _("Am %s erinnern wir Sie per E-Mail.") % f"{row.day:%d.%m.%Y}")
            return back(request, paper, "mich-erinnern")
    return notes_page(request, paper, status=422, reminder=form)


@login_required
@require_POST
def reminder_delete(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    municipality, user = town_or_404(request.user, town), signed_in(request)
    rows = Reminder.objects.visible_to(user).in_town(municipality).select_related("paper__municipality")
    found = get_object_or_404(rows, pk=pk)
    forget_reminder(reminder=found, by=user)
    messages.success(request, _("Die Erinnerung ist gelöscht."))
    if request.POST.get("seite") in (READING, NOTES):
        return back(request, found.paper, "mich-erinnern")
    return redirect("council:reminders", town)
