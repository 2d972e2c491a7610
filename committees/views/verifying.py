"""Whether a file is exactly one that this portal has issued: for everybody who holds it."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.conf import settings
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from committees.forms.issuing import VerifyForm
from committees.models import IssuedPaper
from concepts.models import ConceptVersion


@dataclass(frozen=True)
class Answer:
    """What is said about a file. Who has exactly its bytes knows what stands in it, and learns no more than
    that it is genuine; so this may also be said of what is not public."""

    sha256: str
    issue: IssuedPaper | None = None
    version: ConceptVersion | None = None
    newer: IssuedPaper | None = None

    @property
    def known(self) -> bool:
        return self.issue is not None or self.version is not None

    @property
    def state(self) -> str:
        if not self.known:
            return "unknown"
        if self.issue and self.issue.called_back:
            return "recalled"
        return "replaced" if self.newer else "valid"

    @property
    def issued_at(self) -> datetime | None:
        file = self.issue.file if self.issue else self.version.pdf if self.version else None
        return file.issued_at if file else None


@require_http_methods(["GET", "HEAD", "POST"])
def verify(request: HttpRequest) -> HttpResponse:
    """Nothing is kept of what is sent here."""
    data = request.POST if request.method == "POST" else None
    form = VerifyForm(data, request.FILES or None, largest=settings.LARGEST_UPLOAD)
    answer = None
    if data is not None and form.is_valid():
        file = form.cleaned_data["file"]
        answer = answer_for(sha256_of(file) if file else form.cleaned_data["sha256"])
    status = 422 if data is not None and answer is None else 200
    return render(request, "committees/verify.html", {"form": form, "answer": answer}, status=status)


def sha256_of(file: UploadedFile[Any]) -> str:
    state = hashlib.sha256()
    for chunk in file.chunks():
        state.update(chunk)
    return state.hexdigest()


def answer_for(sha256: str) -> Answer:
    # The same bytes can have been issued twice, if nothing had changed: the newest issue answers.
    issue = (
        IssuedPaper.objects.filter(file__sha256=sha256)
        .select_related(
            "file", "recall", "consultation__paper__municipality", "consultation__paper__paper_type",
            "consultation__committee", "consultation__meeting",
        )
        .defer("file__content")
        .order_by("-file__issued_at", "-pk")
        .first()
    )  # fmt: skip
    if issue is None:
        version = (
            ConceptVersion.objects.filter(pdf__sha256=sha256)
            .select_related("concept__municipality", "pdf")
            .defer("content", "pdf__content")
            .first()
        )
        return Answer(sha256, version=version)
    newer = (
        IssuedPaper.objects.filter(consultation=issue.consultation_id, number__gt=issue.number)
        .select_related("file")
        .defer("file__content")
        .order_by("-number")
        .first()
    )
    return Answer(sha256, issue=issue, newer=newer)
