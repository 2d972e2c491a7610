"""The meeting pack (Sitzungsmappe): agenda, Vorlagen and attachments of a meeting as one PDF.

It is made of what left the house: the newest valid PDF of each stage, and the frozen files of attachments.
What has not been issued yet is named on the page, not in the pack.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape

from django.db.models import Prefetch
from django.utils.translation import gettext as _

from committees.models import AgendaItem, Consultation, IssuedPaper, Meeting, MeetingFile, PaperAttachment
from committees.printing.meetings import agenda_of, invitation_document
from documents.joining import Part, join
from documents.keeping import shelf
from documents.models import IssuedFile
from documents.pdf import PrintDocument, Section, render

PDF = "application/pdf"
PICTURES = ("image/png", "image/jpeg")


@dataclass(frozen=True)
class Entry:
    """An item of the agenda with what belongs to it, still without contents."""

    item: AgendaItem
    files: Sequence[tuple[str, IssuedFile]]
    missing: Sequence[str]
    """What belongs to the item and cannot be in the pack, in words."""


def entries_of(meeting: Meeting, *, complete: bool) -> list[Entry]:
    """In the order of the agenda, in a constant number of queries; no bytes are read yet."""
    items = agenda_of(meeting, complete=complete)
    stages = Consultation.objects.filter(agenda_item__in=items).select_related("paper")
    issues = IssuedPaper.objects.in_order().select_related("recall")
    if not complete:
        issues = issues.everybodys()
    attachments = PaperAttachment.objects.select_related("file", "concept_version__pdf").defer(
        "file__content", "concept_version__content", "concept_version__pdf__content"
    )
    by_item = {
        stage.agenda_item_id: stage
        for stage in stages.prefetch_related(
            Prefetch("issues", issues), Prefetch("paper__attachments", attachments)
        )
    }
    return [_entry(item, by_item.get(item.pk), complete=complete) for item in items]


def _entry(item: AgendaItem, stage: Consultation | None, *, complete: bool) -> Entry:
    files: list[tuple[str, IssuedFile]] = []
    missing: list[str] = []
    if stage is None or not (complete or (item.public and _is_public(stage))):
        return Entry(item, files, missing)
    issue = next(iter(stage.issues.all()), None)
    if issue is None or issue.called_back:
        return Entry(item, files, [_("Vorlage %s") % stage.paper.number])
    files.append((_("Vorlage %s") % stage.paper.number, issue.file))
    for attachment in stage.paper.attachments.all():
        if not (complete or attachment.public):
            continue
        file = attachment.issued_file
        if file is not None and file.media_type in (PDF, *PICTURES):
            files.append((attachment.title, file))
        else:
            missing.append(attachment.title)
    return Entry(item, files, missing)


def _is_public(stage: Consultation) -> bool:
    return stage.paper.public and stage.treatment != Consultation.Treatment.NON_PUBLIC


def pack(meeting: Meeting, *, complete: bool) -> bytes:
    """The PDF, kept until something in it changes. Raises UnreadableFile for a file that cannot be joined."""
    entries = entries_of(meeting, complete=complete)
    agenda = render(invitation_document(meeting, MeetingFile.Kind.INVITATION, complete=complete))
    title = _("Sitzungsmappe: %s") % meeting
    if complete:
        title = _("Vollständige %s") % title
    state = hashlib.sha256(title.encode() + agenda)
    for entry in entries:
        for name, file in entry.files:
            state.update(f"{entry.item.number}\n{entry.item.title}\n{name}\n{file.sha256}\n".encode())
    return shelf.get(
        ("pack", meeting.pk, complete, state.hexdigest()),
        lambda: _joined(entries, agenda, title, meeting.municipality.name),
    )


def _joined(entries: Sequence[Entry], agenda: bytes, title: str, author: str) -> bytes:
    place = _("Mappe, Seite %(page)d von %(pages)d")
    return join(
        [Part(_("Tagesordnung"), agenda), *_parts(entries)],
        title=title,
        author=author,
        place=lambda page, pages: place % {"page": page, "pages": pages},
    )


def _parts(entries: Sequence[Entry]) -> Iterator[Part]:
    wanted = {file.pk for entry in entries for _name, file in entry.files}
    contents = dict(IssuedFile.objects.filter(pk__in=wanted).values_list("pk", "content"))
    for entry in entries:
        if entry.files:
            yield Part(f"{entry.item} {entry.item.title}")
        for name, file in entry.files:
            content = bytes(contents[file.pk])
            yield Part(name, content if file.media_type == PDF else _page_of(name, content), 1)


def _page_of(title: str, picture: bytes) -> bytes:
    html = f'<h1>{escape(title)}</h1><p><img src="app:picture" alt="{escape(title)}"></p>'
    return render(PrintDocument(title=title, sections=[Section(html)], images={"picture": picture}))
