"""Renders everything there is to see into a folder, and again only what changed."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

from django.conf import settings

from committees.models import Paper
from committees.printing.render import file_name, route_documents
from concepts.models import Concept
from concepts.printing import concept_document
from documents.pdf import PrintDocument, render

MANIFEST = ".gerendert.json"
PRINT_FILES = settings.BASE_DIR / "static" / "print"


@dataclass(frozen=True)
class Job:
    """A document and the file, below the town's folder, that it is printed to."""

    town: str
    name: str
    document: PrintDocument

    @property
    def path(self) -> Path:
        return Path(self.town) / self.name


def jobs() -> Iterator[Job]:
    """Every concept that is not replaced by a newer one, and every stage of every route, town by town."""
    concepts = Concept.objects.exclude(status=Concept.Status.REPLACED).select_related("municipality")
    for concept in concepts.order_by("municipality__slug", "slug"):
        yield Job(concept.municipality.slug, f"Konzept_{concept.slug}.pdf", concept_document(concept))
    papers = Paper.objects.select_related("municipality", "paper_type").order_by(
        "municipality__slug", "number"
    )
    for paper in papers:
        for consultation, document in route_documents(paper):
            yield Job(paper.municipality.slug, file_name(consultation), document)


def fingerprint(document: PrintDocument) -> str:
    """Changes when the PDF would: with the document, the print style sheets and fonts, or the renderer."""
    state = hashlib.sha256(version("weasyprint").encode())
    for path in sorted(PRINT_FILES.rglob("*")):
        if path.is_file():
            state.update(path.read_bytes())
    state.update(repr(document).encode())
    return state.hexdigest()


def render_into(folder: Path, all_jobs: list[Job]) -> Iterator[tuple[Job, bool]]:
    """Write each job's PDF; yields the job and whether it had to be rendered."""
    manifest_path = folder / MANIFEST
    known = json.loads(manifest_path.read_text()) if manifest_path.exists() else {}
    for job in all_jobs:
        path, key = folder / job.path, str(job.path)
        mark = fingerprint(job.document)
        fresh = path.exists() and known.get(key) == mark
        if not fresh:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_bytes(render(job.document))
            known[key] = mark
            manifest_path.write_text(json.dumps(known, indent=1, sort_keys=True))
        yield job, not fresh
