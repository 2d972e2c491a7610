"""Concepts and their parts."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from typing import Any

from django.utils.translation import gettext as _

from concepts.additional import additional_fields, answers_in_words
from concepts.models import ActionField, Chapter, Concept, Funding, Goal, Indicator, Measure, MeasureCost
from concepts.tree import level_name
from search.models import Kind
from search.sources.base import MOST_ROWS, Source, label_of, place, texts_of


def sources_of_concepts(ids: Sequence[int]) -> Iterator[Source]:
    for concept in Concept.objects.filter(pk__in=ids).select_related("municipality"):
        parts = _Parts(concept)
        yield parts.source(
            Kind.CONCEPT,
            concept,
            0,
            label=_("Konzept"),
            title=concept.title,
            texts=texts_of(concept, "title"),
        )
        yield from parts.chapters()
        yield from parts.fields()
        yield from parts.goals()
        yield from parts.measures()
        yield from parts.indicators()
        yield from parts.fundings()


class _Parts:
    """Reads one concept. Its parts are many, a town's concepts are few."""

    def __init__(self, concept: Concept) -> None:
        self.concept = concept
        self.address = concept.get_absolute_url()
        self.by_id = {field.pk: field for field in concept.fields.all()}

    def source(
        self,
        kind: Kind,
        row: Any,
        position: int,
        *,
        label: str,
        title: str,
        texts: dict[str, tuple[str, ...]],
        field: ActionField | None = None,
        page: str = "",
    ) -> Source:
        """`page` is what follows the concept's address; the newest concept comes first."""
        concept = self.concept
        return Source(
            kind=kind,
            number=row.pk,
            town=concept.municipality_id,
            holder=("concept", concept.pk),
            position=-concept.pk * MOST_ROWS**2 + (field.position if field else 0) * MOST_ROWS + position,
            label=label,
            title=title,
            place="" if row is concept else place(concept.title, field),
            address=f"{self.address}{page}",
            **texts,
        )

    def chapters(self) -> Iterator[Source]:
        for row in self.concept.chapters.all():
            last = MOST_ROWS // 2 if row.place == Chapter.Place.AFTER else 0
            yield self.source(
                Kind.CHAPTER,
                row,
                last + row.position,
                label=_("Kapitel"),
                title=row.title,
                texts=texts_of(row, "title"),
                page=f"#kapitel-{row.pk}",
            )

    def fields(self) -> Iterator[Source]:
        for row in self.by_id.values():
            yield self.source(
                Kind.FIELD,
                row,
                row.position,
                label=label_of(row.get_kind_display()),
                title=str(row),
                texts=texts_of(row, "code", "title"),
                page=f"#feld-{row.pk}",
            )

    def goals(self) -> Iterator[Source]:
        rows = {row.pk: row for row in Goal.objects.filter(field__concept=self.concept)}
        for row in rows.values():
            level, parent = 0, row.parent_id
            while parent is not None:
                level, parent = level + 1, rows[parent].parent_id
            yield self.source(
                Kind.GOAL,
                row,
                row.position,
                label=level_name(self.concept, level),
                title=str(row),
                texts=texts_of(row, "code", "text"),
                field=self.by_id[row.field_id],
                page=f"#ziel-{row.pk}",
            )

    def measures(self) -> Iterator[Source]:
        """There are hundreds: what belongs to them is read for all, and each kind put into words once."""
        kinds = {str(kind): label_of(kind.label) for kind in Measure.Kind}
        questions = additional_fields(self.concept.municipality_id)
        more = self._more_of_measures()
        rows = Measure.objects.filter(concept=self.concept)
        for row in rows.select_related("responsible", "responsible_person").order_by("pk"):
            answers = answers_in_words(questions, row.additional) if row.additional else ()
            words = (
                row.responsible,
                row.responsible_person,
                *more.get(row.pk, ()),
                *(f"{label}: {answer}" for label, answer in answers),
            )
            yield self.source(
                Kind.MEASURE,
                row,
                row.position,
                label=kinds[row.kind],
                title=str(row),
                texts=texts_of(row, "code", "title", more=words),
                field=self.by_id[row.field_id],
                page=f"massnahmen/{row.pk}/",
            )

    def _more_of_measures(self) -> dict[int, list[str]]:
        """Partners, contacts and where the money comes from, by the measure's id."""
        found: dict[int, list[str]] = defaultdict(list)
        for model, column in (
            (Measure.partners.through, "institution__name"),
            (Measure.contacts.through, "person__name"),
            (MeasureCost, "source"),
        ):
            rows = model._default_manager.filter(measure__concept=self.concept).order_by(column, "pk")
            for pk, text in rows.values_list("measure", column):
                found[pk].append(text)
        return found

    def indicators(self) -> Iterator[Source]:
        rows = Indicator.objects.filter(concept=self.concept).select_related("goal", "measure")
        for row in rows.prefetch_related("values", "targets"):
            observed = [figure.text for figure in (*row.values.all(), *row.targets.all())]
            field = row.field_id or getattr(row.goal or row.measure, "field_id", None)
            yield self.source(
                Kind.INDICATOR,
                row,
                row.position,
                label=_("Indikator"),
                title=row.title,
                texts=texts_of(row, "title", more=observed),
                field=self.by_id[field] if field else None,
                page=f"indikatoren/{row.pk}/",
            )

    def fundings(self) -> Iterator[Source]:
        rows = Funding.objects.filter(concept=self.concept).prefetch_related("conditions")
        for position, row in enumerate(rows):
            conditions = [text for one in row.conditions.all() for text in (one.text, one.fulfilment)]
            yield self.source(
                Kind.FUNDING,
                row,
                position,
                label=_("Förderung"),
                title=row.programme,
                texts=texts_of(row, "programme", more=conditions),
                page=f"#foerderung-{row.pk}",
            )
