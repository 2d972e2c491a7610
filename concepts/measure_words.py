"""What is said about a measure in one line, on pages and on paper alike."""

from __future__ import annotations

from typing import Any, Protocol

from concepts.figures import euros
from concepts.models import Funding, MeasureCost
from municipalities.models import Person


def with_function(person: Person) -> str:
    return named_with_function(person.name, person.function)


def named_with_function(name: str, function: str) -> str:
    """„Erika Beispiel, Leiterin des Sozialamts“."""
    return ", ".join(part for part in (name, function) if part)


class WithSpan(Protocol):
    @property
    def span(self) -> Any: ...

    @property
    def permanent(self) -> bool: ...


def span_text(row: WithSpan, permanent: str) -> str:
    """„2017–2020“, „auf Dauer“ or „ab 01.02.2017, auf Dauer“."""
    return ", ".join([*([str(row.span)] if row.span else []), *([permanent] if row.permanent else [])])


def cost_text(cost: MeasureCost, funding: Funding | None, reserved: str) -> str:
    """„2018: 2.500,50 Euro (KOMM-IN, unter Haushaltsvorbehalt)“."""
    notes = [
        note
        for note in (funding.programme if funding else "", cost.source, reserved if cost.reserved else "")
        if note
    ]
    return f"{cost.year}: {euros(cost.amount)}" + (f" ({', '.join(notes)})" if notes else "")
