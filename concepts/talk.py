"""What was said about a part or a whole concept, read for its pages."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.utils.safestring import SafeString
from django.utils.text import Truncator, slugify
from django.utils.translation import gettext as _

from concepts.kinds import kind_of, workbench_url
from concepts.models import ActionField, Comment, Concept, ConceptPart, Suggestion
from concepts.models.talk import NAMES
from concepts.outline import field_id_of
from documents.differences import compare, compare_texts
from documents.file_names import UMLAUTS
from municipalities.rows import RowsById

PAGE = "kommentare/"
EXCERPT = 200
PER_PAGE = 50


def texts_of(part: ConceptPart) -> dict[str, Any]:
    """The texts for which another wording may be suggested, by their names in addresses: „begruendung“."""
    fields: list[Any] = [part._meta.get_field(name) for name in kind_of(part).text_names]
    return {slugify(str(field.verbose_name).translate(UMLAUTS)): field for field in fields}


@dataclass(frozen=True)
class Said:
    """A comment or a suggestion as it stands on the page of its part."""

    row: Any
    is_suggestion: bool = False
    suggested: str = ""
    """What the suggestion would change in the wording of its time."""
    decided: str = ""
    """What was changed in the suggestion before it was taken over."""

    @property
    def is_open(self) -> bool:
        return bool(self.row.is_open)


def conversation(part: ConceptPart) -> list[Said]:
    """Everything said about the part, the oldest first."""
    comments = Comment.objects.about(part).select_related("author", "done_by")
    suggestions = Suggestion.objects.about(part).select_related("author", "decided_by")
    said = [Said(row) for row in comments]
    for row in suggestions:
        row.part = part
        said.append(
            Said(
                row,
                is_suggestion=True,
                suggested=difference(row, row.original, row.wording),
                decided=difference(row, row.wording, row.decided_wording) if row.decided_wording else "",
            )
        )
    return sorted(said, key=lambda one: (one.row.written_at, one.is_suggestion, one.row.pk))


def difference(suggestion: Suggestion, before: str, after: str) -> SafeString:
    """Between two wordings of the suggestion's text. Where no word differs, the later one in its new form."""
    found = (compare if suggestion.is_rich else compare_texts)(before, after)
    if found.changed:
        return found.inline(whole=False)
    note = _("Die Wörter bleiben, nur die Form ist anders:")
    return SafeString(f'<p class="d-omitted">{note}</p>{after}') if suggestion.is_rich else found.inline()


def _waiting(column: str) -> RowsById[Any]:
    def query(pk: int) -> Any:
        comments, suggestions = (
            model.objects.filter(**{column: pk}).open().order_by().values_list("pk")
            for model in (Comment, Suggestion)
        )
        return comments.union(suggestions, all=True)

    return RowsById(query)


WAITING = {column: _waiting(column) for column in ("concept", *NAMES.values())}


def count_open(concept_id: int, part: ConceptPart | None = None) -> int:
    """How many comments and suggestions wait, about the part or anywhere in the concept."""
    if part is None:
        return len(WAITING["concept"].rows(concept_id))
    return len(WAITING[NAMES[type(part)]].rows(part.pk))


@dataclass(frozen=True)
class OpenLine:
    """One line of the concept's list of what waits."""

    row: Any
    is_suggestion: bool
    part: ConceptPart
    kind: str
    url: str
    excerpt: str


@dataclass(frozen=True)
class OpenGroup:
    title: str
    lines: list[OpenLine]


def open_by_field(concept: Concept, number: str | None) -> tuple[list[OpenGroup], Page[Any]]:
    """A page of what waits in the whole concept, in the order of its fields; what belongs to none of them
    first."""
    rows = [*Comment.objects.filter(concept=concept).open().with_parts()]
    rows += Suggestion.objects.filter(concept=concept).open().with_parts()
    titles: dict[int | None, str] = {None: _("Kapitel und Übergreifendes")}
    titles |= {row.pk: str(row) for row in ActionField.objects.filter(concept=concept).order_by("position")}
    places = {pk: place for place, pk in enumerate(titles)}
    rows.sort(key=lambda one: (places[field_id_of(one.part)], one.written_at, one.pk))
    page = Paginator(rows, PER_PAGE).get_page(number)
    groups: dict[int | None, list[OpenLine]] = {}
    for row in page:
        groups.setdefault(field_id_of(row.part), []).append(line_of(concept, row))
    return [OpenGroup(titles[pk], lines) for pk, lines in groups.items()], page


def line_of(concept: Concept, row: Any) -> OpenLine:
    part = row.part
    return OpenLine(
        row=row,
        is_suggestion=isinstance(row, Suggestion),
        part=part,
        kind=kind_of(part).label,
        url=f"{workbench_url(concept, part, PAGE)}#{row.anchor}",
        excerpt=Truncator(row.words).chars(EXCERPT),
    )
