"""The Anlage „Umgang mit den Vorschlägen“ as a page, a PDF and a CSV file."""

from __future__ import annotations

import hashlib

from django.contrib.auth.decorators import login_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from concepts.views.reading import pdf_response
from documents.keeping import release, shelf
from documents.pdf import PrintDocument
from documents.pdf import render as print_pdf
from participation.annex import annex_csv, annex_document, file_name
from participation.getters import process_or_404
from participation.models import Process
from participation.permissions import may_manage, may_read_proposals
from participation.views.proposals import page_of
from participation.ways import Book

INSIDE = "intern"


def opened(request: HttpRequest, town: str, pk: int) -> tuple[Process, bool]:
    """The process, and whether the inside state was asked for, which is for the staff alone."""
    process = process_or_404(request.user, town, pk)
    inside = request.GET.get("stand") == INSIDE
    if inside and not may_manage(request.user, process.municipality):
        raise PermissionDenied
    return process, inside


@login_required
@require_safe
def annex(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    process, inside = opened(request, town, pk)
    book, staff = Book(process, inside=inside), may_manage(request.user, process.municipality)
    context = page_of(
        process,
        chapters=book.chapters(),
        counts=book.counts(),
        inside=inside,
        staff=staff,
        linked=may_read_proposals(request.user, process),
    )
    return render(request, "participation/proposal_annex.html", context)


@login_required
@require_safe
def annex_pdf(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    """Printed once for each state: the key is what is printed."""
    process, inside = opened(request, town, pk)
    document = annex_document(process, Book(process, inside=inside))
    content = shelf.get(f"annex:{digest(document)}", lambda: print_pdf(document))
    return pdf_response(content, file_name(process, "pdf", inside=inside))


def digest(document: PrintDocument) -> str:
    parts = (document.title, document.accent, *(section.html for section in document.sections), release())
    state = hashlib.sha256(repr(parts).encode())
    for content in document.images.values():
        state.update(content)
    return state.hexdigest()


@login_required
@require_safe
def annex_table(request: HttpRequest, town: str, pk: int) -> HttpResponse:
    process, inside = opened(request, town, pk)
    content = annex_csv(Book(process, inside=inside))
    response = HttpResponse(content, content_type="text/csv; charset=utf-8")
    name = file_name(process, "csv", inside=inside)
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    response["Cache-Control"] = "private, no-cache"
    return response
