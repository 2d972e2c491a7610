"""A paper as it is stored, by the names of its form's fields; and the mark that tells two values apart."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal
from hashlib import blake2s
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _now

from committees.forms.writing_fields import ANSWER, PAGES, RELATIONS, ROW_KINDS, TEXT, RowKind
from committees.layout_files import BlockData, blocks_of
from committees.models import Paper, PaperAttachment
from municipalities.merging_forms import plain

OWN_FIELDS = (
    "subject", "date", "file_number", "department", "author", "contact", "concept", "process", "public",
    "non_public_reason", "public_subject", "costs", "cost_amount", "cost_coverage", "for_decision",
    "for_election", "for_information", "resolution_opening",
)  # fmt: skip


def mark(value: Any) -> str:
    """Tells one value of a field from another; nothing for nothing."""
    value = plain(value)
    if value is None or value is False:
        return ""
    if isinstance(value, (list, tuple, set, frozenset)):
        value = ",".join(sorted(map(str, value)))
    elif isinstance(value, Decimal):
        value = value.normalize()
    text = str(value).replace("\r\n", "\n")
    return blake2s(text.encode(), digest_size=6).hexdigest() if text else ""


class StoredPaper:
    """A paper's values by the name of their field in the form, and its rows by kind."""

    def __init__(self, pk: int) -> None:
        self.paper: Any = (
            Paper.objects.select_related("municipality", "paper_type", "layout")
            .prefetch_related(
                "layout__blocks",
                "sections",
                "assessments",
                "resolution_points__measures",
                "signatures",
                Prefetch(
                    "attachments",
                    PaperAttachment.objects.select_related("concept_version__pdf", "file").defer(
                        "concept_version__content", "concept_version__pdf__content", "file__content"
                    ),
                ),
                "relations__other",
                "page_references",
            )
            .get(pk=pk)
        )
        paper = self.paper
        self.blocks: Sequence[BlockData] = list(blocks_of(paper.layout))
        self.rows: dict[str, dict[str, Any]] = {
            kind.prefix: {str(row.pk): row for row in getattr(paper, kind.manager).all()}
            for kind in ROW_KINDS
        }
        self.values: dict[str, Any] = {
            name: getattr(paper, Paper._meta.get_field(name).attname)  # type: ignore[union-attr]
            for name in OWN_FIELDS
        }
        self.values |= {TEXT + row.key: row.body for row in paper.sections.all()}
        self.values |= {ANSWER + row.key: row.answer for row in paper.assessments.all()}
        self.values |= {f"{PAGES}{row.field_id}": row.pages for row in paper.page_references.all()}
        for kind in ROW_KINDS:
            for key, row in self.rows[kind.prefix].items():
                for column in kind.columns:
                    self.values[kind.name(key, column)] = self._of_row(kind, row, column)

    def _of_row(self, kind: RowKind, row: Any, column: str) -> Any:
        if column == "measures":
            return sorted(measure.pk for measure in row.measures.all())
        if column == "person":
            return row.person_id
        if kind is RELATIONS and column == "number":
            return number_of(row)
        return getattr(row, column)

    def keys(self, kind: RowKind) -> list[str]:
        return list(self.rows[kind.prefix])


def number_of(relation: Any) -> str:
    """How the other paper is named in the form; a draft has no number yet."""
    if relation.other is None:
        return str(relation.other_number)
    return relation.other.number or _now("Entwurf %d") % relation.other.pk
