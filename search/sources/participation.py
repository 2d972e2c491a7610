"""Processes, groups, events and what was proposed."""

from __future__ import annotations

import datetime
from collections.abc import Iterator, Sequence

from django.utils.translation import gettext as _

from participation.models import Event, Group, MeasureProposal, Process
from search.models import Kind
from search.sources.base import Source, label_of, place, texts_of

UNDATED = datetime.date.max.toordinal()


def sources_of_participation(towns: Sequence[int]) -> Iterator[Source]:
    yield from _processes(towns)
    yield from _groups(towns)
    yield from _events(towns)
    yield from _proposals(towns)


def _processes(towns: Sequence[int]) -> Iterator[Source]:
    rows = Process.objects.filter(municipality__in=towns)
    related = rows.select_related("municipality", "concept", "organiser", "moderator")
    for row in related.prefetch_related("phases"):
        phases = list(row.phases.all())
        texts = texts_of(
            row, "title", more=(*(phase.title for phase in phases), row.organiser, row.moderator)
        )
        texts["rich"] += tuple(phase.description for phase in phases if phase.description)
        yield Source(
            kind=Kind.PROCESS,
            number=row.pk,
            town=row.municipality_id,
            holder=("town", row.municipality_id),
            position=-row.pk,
            label=_("Beteiligungsprozess"),
            title=row.title,
            place=place(row.concept),
            address=row.get_absolute_url(),
            **texts,
        )


def _groups(towns: Sequence[int]) -> Iterator[Source]:
    rows = Group.objects.filter(municipality__in=towns).select_related("municipality", "process")
    for row in rows.prefetch_related("seats__institution", "seats__person"):
        seats = [said for seat in row.seats.all() for said in (seat.institution, seat.person, seat.note)]
        yield Source(
            kind=Kind.GROUP,
            number=row.pk,
            town=row.municipality_id,
            holder=("town", row.municipality_id),
            position=row.pk,
            label=label_of(row.get_kind_display()),
            title=row.name,
            place=place(row.process),
            address=row.get_absolute_url(),
            **texts_of(row, "name", more=seats),
        )


def _events(towns: Sequence[int]) -> Iterator[Source]:
    rows = Event.objects.filter(process__municipality__in=towns)
    related = rows.select_related("process__municipality", "moderator").prefetch_related("groups", "agenda")
    for row in related:
        town = row.process.municipality_id
        said = [row.moderator, *row.groups.all(), *(item.title for item in row.agenda.all())]
        yield Source(
            kind=Kind.EVENT,
            number=row.pk,
            town=town,
            holder=("town", town),
            position=row.date.first.toordinal() if row.date else UNDATED,
            label=label_of(row.get_kind_display()),
            title=row.title,
            place=place(row.process, row.when),
            address=row.get_absolute_url(),
            **texts_of(
                row,
                "title",
                more=said,
            ),
        )


def _proposals(towns: Sequence[int]) -> Iterator[Source]:
    """In the original wording and in German. Who made them is not what one looks for."""
    rows = MeasureProposal.objects.filter(process__municipality__in=towns)
    submitted = rows.exclude(state=MeasureProposal.State.DRAFT)
    for row in submitted.select_related("process__municipality", "field"):
        town = row.process.municipality_id
        yield Source(
            kind=Kind.PROPOSAL,
            number=row.pk,
            town=town,
            holder=("town", town),
            position=row.pk,
            label=_("Vorschlag"),
            title=str(row),
            place=place(row.process, row.field),
            address=row.get_absolute_url(),
            **texts_of(row, "submitter_name", more=(row.code,)),
        )
