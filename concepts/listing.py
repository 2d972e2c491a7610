"""All measures of a concept as a table, a hundred to a page: joined strings, as in `tree_html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, NamedTuple

from django.db.models import Count
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from concepts.additional import additional_fields, in_words
from concepts.kinds import workbench_url
from concepts.measure_words import span_text
from concepts.models import Concept, Measure
from concepts.rows import ConceptRows
from concepts.tree_html import PHASE_TONES, TRACK_TONES, badge, code
from fuzzydates.value import FuzzyDate

PER_PAGE = 100


class ListedMeasure(NamedTuple):
    """The columns of the table; a model for each line takes longer than all the rest of the page."""

    pk: int
    code: str
    title: str
    responsible__name: str | None
    span: FuzzyDate | None
    permanent: bool
    phase: str
    track: str
    additional: dict[str, Any]


NUMBER = ConceptRows(
    lambda concept: (
        Measure.objects.filter(concept=concept)
        .order_by()
        .values("concept")
        .annotate(number=Count("pk"))
        .values_list("number")
    )
)
MEASURES = ConceptRows(
    lambda concept: (
        Measure.objects.filter(concept=concept)
        .order_by("field__position", "position")
        .values_list(*ListedMeasure._fields)
    )
)


@dataclass(frozen=True)
class Listing:
    rows: SafeString
    heads: Sequence[str]
    number: int
    page: int
    pages: int


def measures_listed(concept: Concept, page: int) -> Listing:
    """The page, counted from 1; the last one where there are fewer."""
    number = sum(count for (count,) in NUMBER.rows(concept.pk))
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(1, page), pages)
    questions = [one for one in additional_fields(concept.municipality_id) if one.active]
    rows = map(ListedMeasure._make, MEASURES.rows(concept.pk, first=(page - 1) * PER_PAGE, most=PER_PAGE))
    base, permanent = workbench_url(concept), _("auf Dauer")
    phases = {str(one): badge(tone, str(one.label)) for one, tone in PHASE_TONES.items()}
    tracks = {str(one): badge(tone, str(one.label)) for one, tone in TRACK_TONES.items()}
    heads = [_("Maßnahme"), _("Verantwortlich"), _("Zeitraum"), _("Stand"), *(one.label for one in questions)]

    def cell(number: int, value: str) -> str:
        return f'<td data-label="{escape(heads[number])}">{value}</td>'

    def line(row: ListedMeasure) -> str:
        state = phases[row.phase]
        if row.track != Measure.Track.ON_TRACK:
            state += f" {tracks[row.track]}"
        cells = [
            cell(1, escape(row.responsible__name or "–")),
            cell(2, escape(span_text(row, permanent)) or "–"),
            cell(3, state),
        ]
        for number, question in enumerate(questions, start=4):
            answer = row.additional.get(str(question.pk), "")
            cells.append(cell(number, escape(in_words(question.kind, answer)) if answer != "" else "–"))
        return (
            f'<tr><th scope="row"><a href="{base}massnahmen/{row.pk}/">{code(row.code)}'
            f"{escape(row.title)}</a></th>{''.join(cells)}</tr>"
        )

    return Listing(SafeString("".join(map(line, rows))), heads, number, page, pages)
