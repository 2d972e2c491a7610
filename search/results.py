"""The answer: how much of each kind in each town, and one page of hits in their order."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from django.core.paginator import Page, Paginator
from django.db.models import Case, Count, IntegerField, Value, When
from django.utils.functional import cached_property
from django.utils.safestring import SafeString

from municipalities.models import Municipality, User
from search.fulltext import Found
from search.marking import excerpt, marked
from search.models import KINDS, Area, Entry, EntryQuerySet, Kind
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

    Asks the database twice, for the numbers and for the page. Whoever wants to know what is so now calls
    `refresh_index` before.
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
        self.user, self.question, self.town = user, question, town
        self.kinds: Sequence[str] = KINDS[area] if area else list(Kind)
        self.towns = {one.pk: one for one in towns}

    @cached_property
    def numbers(self) -> Counter[tuple[int, str]]:
        """How many hits, by town's id and kind, whatever area and town are chosen."""
        rows = self._found(Entry.objects.visible_to(self.user)).order_by()
        counted = rows.values_list("municipality", "kind").annotate(number=Count("pk"))
        return Counter({(town, kind): number for town, kind, number in counted})

    def by_area(self) -> list[tuple[Area, int]]:
        """The areas in their order, with the number of hits in the chosen town."""
        return [(area, number) for area in Area if (number := self._number(KINDS[area], self.town))]

    def by_town(self) -> list[tuple[Municipality, int]]:
        """The towns with the number of hits of the chosen area."""
        return [(town, number) for town in self.towns.values() if (number := self._number(self.kinds, town))]

    @property
    def everything(self) -> int:
        return sum(self.numbers.values())

    def page(self, number: str | None) -> Page[Entry]:
        """The page asked for; the first for what is no number, the last for what is too large."""
        present = [kind for kind in self.kinds if self._number([kind], self.town)]
        rows = self._found(Entry.objects.visible_to(self.user, present))
        if self.town is not None:
            rows = rows.filter(municipality=self.town)
        paginator = Paginator(self._in_order(rows), HITS_PER_PAGE)
        paginator.count = self._number(present, self.town)
        return paginator.get_page(number)

    def hits(self, page: Page[Entry]) -> list[Hit]:
        return [self._hit(entry) for entry in page]

    def _number(self, kinds: Iterable[str], town: Municipality | None) -> int:
        towns = self.towns if town is None else (town.pk,)
        return sum(self.numbers[pk, kind] for pk in towns for kind in kinds)

    def _found(self, entries: EntryQuerySet) -> EntryQuerySet:
        terms, without = self.question.terms, self.question.without
        return entries.filter(Found([term.anywhere() for term in terms], [term.whole() for term in without]))

    def _in_order(self, entries: EntryQuerySet) -> EntryQuerySet:
        """Best first; equally good ones by kind and then as they stand in their concept or paper."""
        weight: Any = Value(0)
        for term in self.question.terms[:MOST_WEIGHED_TERMS]:
            weight = weight + _weight(term)
        kinds = Case(
            *(When(kind=kind, then=place) for place, kind in enumerate(Kind)), output_field=IntegerField()
        )
        return (
            entries.annotate(weight=weight, kinds_place=kinds)
            .order_by("-weight", "kinds_place", "position", "pk")
            .only("label", "title", "body", "place", "address", "municipality_id")
        )

    def _hit(self, entry: Entry) -> Hit:
        terms = self.question.terms
        town = self.towns[entry.municipality_id].short_name if len(self.towns) > 1 else ""
        return Hit(
            label=entry.label,
            title=marked(entry.title, terms),
            place=place(town, entry.place),
            excerpt=excerpt(entry.body, terms),
            address=entry.address,
        )


def _weight(term: Term) -> Any:
    lookups = (
        (term.in_title(), IN_TITLE),
        (term.whole(TITLE), WHOLE_IN_TITLE),
        (term.whole(), WHOLE),
    )
    total: Any = Value(0)
    for found, worth in lookups:
        total = total + Case(When(Found([found]), then=worth), default=0, output_field=IntegerField())
    return total
