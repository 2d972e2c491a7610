"""The answer: how much of each kind in each town, and one page of hits in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from django.core.paginator import Page, Paginator
from django.db.models import Case, IntegerField, Value, When
from django.utils.safestring import SafeString

from council.paper_tabs import address_to_read, towns_of_a_seat
from municipalities.models import Municipality, User
from search.fulltext import Matching
from search.marking import excerpt, marked
from search.models import KINDS, Area, Entry, Kind
from search.questions import TITLE, Question, Term
from search.sources.base import place

HITS_PER_PAGE = 20
# A term in the title counts more than any number of terms in the text, and the word itself more than a part.
IN_TITLE, WHOLE_IN_TITLE, WHOLE = 1000, 30, 10
MOST_WEIGHED_TERMS = 8
"""Further terms have to occur, but do not change the order."""


@dataclass(frozen=True)
class Hit:
    """What one line of the page shows."""

    label: str
    title: SafeString
    place: str
    excerpt: SafeString
    address: str


class Answer:
    """What the user finds: only of the area and in the town, if they are given.

    Asks the database twice: for everything that is found, in its order, and for what one page shows of it.
    Whoever wants to know what is so now calls `refresh_index` before.
    """

    def __init__(
        self,
        user: User,
        question: Question,
        towns: Sequence[Municipality],
        *,
        area: str = "",
        town: Municipality | None = None,
    ) -> None:
        self.question, self.town = question, town
        self.kinds = frozenset(KINDS[area] if area else Kind)
        self.towns = {one.pk: one for one in towns}
        self.reads_first = towns_of_a_seat(user, self.towns)
        self.found = [Found(*row) for row in _found(user, question)]
        self.numbers = Counter((found.town, found.kind) for found in self.found)

    def by_area(self) -> list[tuple[Area, int]]:
        """The areas in their order, with the number of hits in the chosen town."""
        return [(area, number) for area in Area if (number := self._number(KINDS[area], self.town))]

    def by_town(self) -> list[tuple[Municipality, int]]:
        """The towns with the number of hits of the chosen area."""
        return [(town, number) for town in self.towns.values() if (number := self._number(self.kinds, town))]

    def _number(self, kinds: Iterable[str], town: Municipality | None) -> int:
        towns = self.towns if town is None else (town.pk,)
        return sum(self.numbers[pk, kind] for pk in towns for kind in kinds)

    def page(self, number: str | None) -> Page[int]:
        """The entries' ids. The first page for what is no number, the last for what is too large."""
        chosen = [
            found.entry
            for found in self.found
            if found.kind in self.kinds and (self.town is None or found.town == self.town.pk)
        ]
        return Paginator(chosen, HITS_PER_PAGE).get_page(number)

    def hits(self, page: Page[int]) -> list[Hit]:
        rows = Entry.objects.only(
            *("kind", "number", "label", "title", "body", "place", "address", "municipality_id")
        )
        entries = rows.in_bulk(list(page))
        return [self._hit(entries[pk]) for pk in page if pk in entries]

    def _hit(self, entry: Entry) -> Hit:
        terms = self.question.terms
        town = self.towns[entry.municipality_id].short_name if len(self.towns) > 1 else ""
        return Hit(
            label=entry.label,
            title=marked(entry.title, terms),
            place=place(town, entry.place),
            excerpt=excerpt(entry.body, terms),
            address=self._address(entry),
        )

    def _address(self, entry: Entry) -> str:
        """Who sits in a committee comes to read a paper, others to work with it."""
        if entry.kind == Kind.PAPER and entry.municipality_id in self.reads_first:
            return address_to_read(self.towns[entry.municipality_id].slug, entry.number)
        return entry.address


class Found(NamedTuple):
    entry: int
    town: int
    kind: str


def _found(user: User, question: Question) -> Iterable[tuple[int, int, str]]:
    """Everything the user finds, as `Found`. Best first; equally good ones by kind and then as they stand in
    their concept or paper."""
    matching = Matching(
        [term.anywhere() for term in question.terms], [term.whole() for term in question.without]
    )
    weight: Any = Value(0)
    for term in question.terms[:MOST_WEIGHED_TERMS]:
        weight = weight + _weight(term)
    kinds = Case(
        *(When(kind=kind, then=place) for place, kind in enumerate(Kind)), output_field=IntegerField()
    )
    found = Entry.objects.visible_to(user).filter(matching)
    in_order = found.annotate(weight=weight, kinds_place=kinds).order_by(
        "-weight", "kinds_place", "position", "pk"
    )
    return in_order.values_list("pk", "municipality", "kind")


def _weight(term: Term) -> Any:
    lookups = (
        (term.in_title(), IN_TITLE),
        (term.whole(TITLE), WHOLE_IN_TITLE),
        (term.whole(), WHOLE),
    )
    total: Any = Value(0)
    for found, worth in lookups:
        total = total + Case(When(Matching([found]), then=worth), default=0, output_field=IntegerField())
    return total
