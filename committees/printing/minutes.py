"""The Niederschrift of a meeting and the Auszug of one of its items as documents."""

from __future__ import annotations

from django.template.loader import render_to_string
from django.templatetags.static import static
from django.urls import reverse
from django.utils.translation import gettext as _

from committees.models import (
    AgendaItem,
    Meeting,
)
from committees.printing.minutes_contents import MinutesContents
from committees.printing.minutes_wording import (
    has_non_public,
    head_context,
    item_context,
    quorum_lines,
    signature_lines,
    tells_non_public,
    whole_context,
)
from committees.printing.render import LOGO
from committees.printing.withheld import NON_PUBLIC_MARK
from documents.file_names import plain
from documents.pdf import PrintDocument, Section, as_html, render
from documents.print_pictures import with_pictures


def minutes_document(contents: MinutesContents) -> PrintDocument:
    meeting = contents.meeting
    title = _("Niederschrift: %s") % meeting.title
    html = render_to_string("print/minutes/minutes.html", whole_context(contents))
    return _document(contents, title, html, public=not has_non_public(contents))


def excerpt_document(contents: MinutesContents, item: AgendaItem) -> PrintDocument:
    meeting, hidden = contents.meeting, tells_non_public(contents, item)
    of_public_part = _("öffentlicher Teil, mit nichtöffentlichen Angaben") if hidden else _("öffentlich")
    title = _("Auszug aus der Niederschrift: %(meeting)s, %(item)s") % {
        "meeting": meeting.title,
        "item": item,
    }
    context = {
        **head_context(contents),
        "item": item_context(contents, item),
        "part": of_public_part if item.public else _("nichtöffentlich"),
        "quorum": quorum_lines(contents),
        "signatures": signature_lines(contents),
    }
    html = render_to_string("print/minutes/excerpt.html", context)
    return _document(contents, title, html, public=not hidden)


def _document(contents: MinutesContents, title: str, html: str, *, public: bool) -> PrintDocument:
    meeting, town = contents.meeting, contents.meeting.municipality
    document = PrintDocument(
        title=title,
        number=_("Niederschrift") if contents.minutes.signed else _("Entwurf"),
        running_title=f"{meeting.title}, {meeting.date:%d.%m.%Y}",
        author=town.name,
        subject=_("Niederschrift"),
        mark="" if public else str(NON_PUBLIC_MARK),
        accent=town.colour,
        images={LOGO: contents.logo} if contents.logo else {},
        sections=[Section(html)],
    )
    return with_pictures([document], town)[0]


def render_minutes(contents: MinutesContents) -> bytes:
    return render(minutes_document(contents))


def render_excerpt(contents: MinutesContents, item: AgendaItem) -> bytes:
    return render(excerpt_document(contents, item))


def minutes_html(contents: MinutesContents) -> str:
    """The same as a web page, for the preview."""
    town = contents.meeting.municipality
    sheets = ["print/print.css", "print/paper.css", "print/minutes.css", "css/print-preview.css"]
    colours = reverse("municipalities:colours", args=[town.colour.removeprefix("#")])
    html = as_html(_preview_document(contents), [*(static(sheet) for sheet in sheets), colours])
    logo = reverse("municipalities:logo", args=[town.slug])
    return html.replace(f'src="app:{LOGO}"', f'src="{logo}"')


def _preview_document(contents: MinutesContents) -> PrintDocument:
    """Pictures stay addresses of the portal: the browser may fetch them."""
    meeting = contents.meeting
    html = render_to_string("print/minutes/minutes.html", whole_context(contents))
    title = _("Niederschrift: %s") % meeting.title
    return PrintDocument(title=title, sections=[Section(html)], accent=meeting.municipality.colour)


def file_name(meeting: Meeting, *, complete: bool) -> str:
    return f"{meeting.date:%Y-%m-%d}_Niederschrift{_part(complete)}_{plain(meeting.title)[:80]}.pdf"


def excerpt_name(meeting: Meeting, item: AgendaItem, *, complete: bool) -> str:
    about = f"{plain(str(item))}_{plain(meeting.title)[:80]}"
    return f"{meeting.date:%Y-%m-%d}_Auszug{_part(complete)}_{about}.pdf"


def _part(complete: bool) -> str:
    return "-nichtoeffentlich" if complete else ""
