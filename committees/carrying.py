"""The text that a committee gets: the proposal with what the committees before it changed.

Pure functions on rows in memory. Each accepted amendment is made again in the text as it stands then,
sentence by sentence (`rebased`), in the order in which they were accepted. What cannot be put together like
this was refused when it was decided (committees/actions/amending.py).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from django.db.models import Prefetch, prefetch_related_objects

from committees.models import Amendment, Consultation, Paper, ResolutionPoint
from concepts.models import Measure
from documents.rebasing import Overlap, rebased, sentences_of

__all__ = [
    "CarriedMeasure",
    "CarriedPoint",
    "Overlap",
    "accepted",
    "amendments_of",
    "carried",
    "carried_measures",
    "carried_points",
    "measures_of",
    "points_after",
    "points_with_measures",
    "rebased",
    "with_amendments",
]


@dataclass
class Carried:
    """A text on its way: `text` is `original` with `changes` made in it, one after the other.

    `alternatives` were recommended as other wordings and stand beside it; `unfit` were accepted, but cannot
    be put together with the others (only in imported data: it is refused where it is decided).
    """

    original: str
    text: str
    changes: list[Amendment] = field(default_factory=list)
    alternatives: list[Amendment] = field(default_factory=list)
    unfit: list[Amendment] = field(default_factory=list)
    withheld: bool = False
    """Its wording, or what was changed in it, is not public, and the reader gets what is."""

    @property
    def changed(self) -> bool:
        return self.text != self.original

    @property
    def struck(self) -> bool:
        return not self.text and bool(self.changes)

    @property
    def only_beside(self) -> bool:
        """Whether it stands beside only: a further point that nobody put into the text."""
        return not (self.original or self.text or self.changes)

    @property
    def amendments(self) -> list[Amendment]:
        """All that is told of it: what changed it, and what stands beside it."""
        return [*self.changes, *self.alternatives, *self.unfit]

    @property
    def touched(self) -> bool:
        """Whether there is anything to tell about it."""
        return bool(self.amendments)

    def last_to_change(self, sentence: str) -> Amendment | None:
        """The amendment that did away with this sentence."""
        for change in reversed(self.changes):
            if sentence in sentences_of(change.before) and sentence not in sentences_of(change.after):
                return change
        return None

    def take(self, amendment: Amendment) -> None:
        """Raises Overlap, and stays as it is, where the amendment does not fit."""
        if amendment.beside:
            self.alternatives.append(amendment)
            return
        self.text = rebased(amendment.before, amendment.after, self.text)
        self.changes.append(amendment)


@dataclass
class CarriedPoint(Carried):
    """A point of the proposal. `point` is None for one that an amendment added; a struck one keeps its row,
    with an empty text."""

    point: ResolutionPoint | None = None
    position: int = 0

    def has_said(self, text: str) -> bool:
        """Whether the point had this wording at some time."""
        return text == self.text or any(text in (change.before, change.after) for change in self.changes)


@dataclass
class CarriedMeasure(Carried):
    """A measure whose text was changed. Its original is what the first of its amendments was moved for."""

    measure: Measure | None = None


def points_with_measures(path: str = "") -> Prefetch:
    """A paper's points, and which measures they name (their ids only)."""
    rows = ResolutionPoint.objects.prefetch_related(Prefetch("measures", Measure.objects.only("pk")))
    return Prefetch(f"{path}resolution_points", rows)


def with_amendments(amendments: Any = None) -> Prefetch:
    """What of a paper has to be in memory besides its points: all its amendments, or only these."""
    rows = (
        (Amendment.objects.all() if amendments is None else amendments)
        .select_related(
            *("consultation__committee", "consultation__meeting", "consultation__agenda_item"),
            *("faction", "point", "measure", "filed_as"),
        )
        .prefetch_related("consultation__joint_committees")
    )
    return Prefetch("amendments", rows.order_by("number"))


def amendments_of(paper: Paper) -> list[Amendment]:
    """All of them by number, read once for this `paper` in memory."""
    prefetch_related_objects([paper], with_amendments())
    found: list[Amendment] = list(paper.amendments.all())
    for amendment in found:
        amendment.paper = amendment.consultation.paper = paper
    return found


def carried_points(paper: Paper, before: Consultation | None) -> list[CarriedPoint]:
    """The points as the stage `before` gets them; after the last recorded stage for None.

    As the rows were when they were read into `paper`.
    """
    prefetch_related_objects([paper], "resolution_points")
    return carried(
        list(paper.resolution_points.all()),
        accepted(amendments_of(paper), before.position if before else None),
    )


def points_after(paper: Paper, stage: Consultation) -> list[CarriedPoint]:
    """The points as they leave this stage: with what it accepted itself so far."""
    prefetch_related_objects([paper], "resolution_points")
    return carried(list(paper.resolution_points.all()), accepted(amendments_of(paper), stage.position + 1))


def carried_measures(paper: Paper, before: Consultation | None) -> list[CarriedMeasure]:
    """The measures whose text the committees before this stage changed, or want otherwise."""
    return measures_of(accepted(amendments_of(paper), before.position if before else None))


def measures_of(amendments: Iterable[Amendment]) -> list[CarriedMeasure]:
    """The measures that these accepted amendments, which stand in their order, are about."""
    found: dict[int, CarriedMeasure] = {}
    for amendment in amendments:
        if amendment.measure_id is None:
            continue
        row = found.setdefault(
            amendment.measure_id,
            CarriedMeasure(original=amendment.before, text=amendment.before, measure=amendment.measure),
        )
        _take(row, amendment)
    return list(found.values())


def accepted(amendments: Iterable[Amendment], before: int | None = None) -> list[Amendment]:
    """In the order of acceptance; with `before` only those of earlier stages."""
    found = [
        amendment
        for amendment in amendments
        if amendment.state == Amendment.State.ACCEPTED
        and (before is None or amendment.consultation.position < before)
    ]
    return sorted(found, key=lambda amendment: amendment.decided_order or 0)


def carried(points: Sequence[ResolutionPoint], amendments: Iterable[Amendment]) -> list[CarriedPoint]:
    """The points with these accepted amendments, which stand in their order; new points come last."""
    rows = [
        CarriedPoint(original=point.text, text=point.text, point=point, position=point.position)
        for point in points
    ]
    for amendment in amendments:
        if amendment.measure_id is None:
            _take(_row_of(rows, amendment), amendment)
    rows.sort(key=lambda row: row.only_beside)
    for place, row in enumerate(rows[len(points) :], start=len(points) + 1):
        row.position = place
    return rows


def _row_of(rows: list[CarriedPoint], amendment: Amendment) -> CarriedPoint:
    if amendment.point_id is not None:
        for row in rows:
            if row.point is not None and row.point.pk == amendment.point_id:
                return row
    elif amendment.before:
        # A change of a point that an amendment brought: the point is the one that once read like this.
        for row in rows:
            if row.point is None and row.has_said(amendment.before):
                return row
    added = CarriedPoint(original="", text="" if amendment.beside else amendment.before)
    rows.append(added)
    return added


def _take(row: Carried, amendment: Amendment) -> None:
    try:
        row.take(amendment)
    except Overlap:
        row.unfit.append(amendment)
