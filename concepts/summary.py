"""Where the measures stand: how many are running, how many are late. Each figure leads to its list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass

from concepts.models import Measure
from concepts.tree import ConceptTree


@dataclass(frozen=True)
class Share:
    """One state and how many measures are in it; `kind` draws it."""

    kind: str
    label: str
    number: int
    url: str


@dataclass(frozen=True)
class Piece:
    """A part of the bar, in thousandths of its width; as text, so that nothing localises it."""

    kind: str
    start: str
    width: str


@dataclass(frozen=True)
class Summary:
    fields: int
    goals: int
    measures: int
    indicators: int
    phases: list[Share]
    off_track: list[Share]

    @property
    def bar(self) -> list[Piece]:
        pieces, before = [], 0
        for share in self.phases:
            start, end = before * 1000 / self.measures, (before + share.number) * 1000 / self.measures
            pieces.append(Piece(share.kind, f"{start:.1f}", f"{end - start:.1f}"))
            before += share.number
        return pieces


def summary_of(tree: ConceptTree, address: str) -> Summary:
    rows = [node.measure for node in tree.all_measures()]
    phases = Counter(row.phase for row in rows)
    tracks = Counter(row.track for row in rows)

    def shares(choices: Iterable[tuple[str, object]], counts: Counter[str]) -> list[Share]:
        return [
            Share(value, str(label), counts[value], f"{address}?stand={value}")
            for value, label in choices
            if counts[value]
        ]

    return Summary(
        fields=len(tree.fields),
        goals=sum(1 for _goal in tree.all_goals()),
        measures=len(rows),
        indicators=sum(1 for _indicator in tree.all_indicators()),
        phases=shares(Measure.Phase.choices, phases),
        off_track=shares([one for one in Measure.Track.choices if one[0] != Measure.Track.ON_TRACK], tracks),
    )
