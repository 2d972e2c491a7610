"""Ratios of two things measured in turn, so that a noisy machine disturbs both alike."""

from __future__ import annotations

import json
import statistics
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path


def seconds(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return time.perf_counter() - began


def ratio(
    work: Callable[[], object],
    against: Callable[[], object],
    rounds: int,
    before_each: Callable[[], object] = lambda: None,
) -> float:
    """Median time of `work` over median time of `against`, the two in turn, after one round of each.

    `before_each` is not measured.
    """
    work()
    against()
    times = []
    for _ in range(rounds):
        before_each()
        base = seconds(against)
        before_each()
        times.append((base, seconds(work)))
    return statistics.median(t for _, t in times) / statistics.median(t for t, _ in times)


@dataclass
class Report:
    """Collects ratios with the limits they are held to; None where a figure is only told."""

    figures: dict[str, dict[str, float | None]] = field(default_factory=dict)

    def add(self, name: str, value: float, limit: float | None) -> None:
        self.figures[name] = {"ratio": round(value, 3), "limit": limit}
        held = "" if limit is None else f"höchstens {limit}" + ("" if value <= limit else "   ÜBERSCHRITTEN")
        sys.stdout.write(f"  {name:<42} {value:8.2f}   {held}\n")
        sys.stdout.flush()

    def write(self, path: Path) -> None:
        known = json.loads(path.read_text()) if path.exists() else {}
        path.write_text(json.dumps({**known, **self.figures}, indent=2, sort_keys=True) + "\n")

    @property
    def exceeded(self) -> bool:
        return any(f["limit"] is not None and (f["ratio"] or 0) > f["limit"] for f in self.figures.values())
