"""All measures of a concept as a table, a hundred to a page: joined strings, as in `tree_html`."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from concepts.additional import additional_fields, in_words
from concepts.kinds import workbench_url
from concepts.measure_words import span_text
from concepts.models import Concept, Measure
from concepts.tree_html import PHASE_TONES, TRACK_TONES, badge, code

PER_PAGE = 100


@dataclass(frozen=True)
class Listing:
    rows: SafeString
    heads: Sequence[str]
    number: int
    page: int
    pages: int


def measures_listed(concept: Concept, page: int) -> Listing:
    """The page, counted from 1; the last one where there are fewer."""
    number = Measure.objects.filter(concept=concept).count()
    pages = max(1, -(-number // PER_PAGE))
    page = min(max(1, page), pages)
    questions = [one for one in additional_fields(concept.municipality_id) if one.active]
    rows = (
        Measure.objects.filter(concept=concept)
        .select_related("responsible")
        .only(
            "code", "title", "span", "permanent", "phase", "track", "additional", "field_id",
            "responsible__name",
        )
        .order_by("field__position", "position")[(page - 1) * PER_PAGE : page * PER_PAGE]
    )  # fmt: skip
    base, permanent = workbench_url(concept), _("auf Dauer")
    phases = {str(one): badge(tone, str(one.label)) for one, tone in PHASE_TONES.items()}
    tracks = {str(one): badge(tone, str(one.label)) for one, tone in TRACK_TONES.items()}
    heads = [_("Maßnahme"), _("Verantwortlich"), _("Zeitraum"), _("Stand"), *(one.label for one in questions)]

    def cell(number: int, value: str) -> str:
        return f'<td data-label="{escape(heads[number])}">{value}</td>'

    def line(row: Any) -> str:
        state = phases[row.phase]
        if row.track != Measure.Track.ON_TRACK:
            state += f" {tracks[row.track]}"
        cells = [
            cell(1, escape(row.responsible.name) if row.responsible else "–"),
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
