"""Two states of a concept compared: what is new, gone, changed, moved, renumbered.

Parts are the same part if they have the same id, wherever they stand and whatever they are called.
"""

from __future__ import annotations

from bisect import bisect_left
from collections import defaultdict
from collections.abc import Container, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TypeVar

from django.utils.translation import gettext as _

from concepts.entries import HEADINGS, ROOT, Entry, entries_of
from concepts.facts import Fact, Key, text_fact
from concepts.tree import ConceptTree

Name = TypeVar("Name")


@dataclass(frozen=True)
class Change:
    """A fact of both states, or of one of them."""

    old: Fact | None
    new: Fact | None

    @property
    def fact(self) -> Fact:
        fact = self.new or self.old
        assert fact is not None
        return fact


@dataclass
class Item:
    """A part of either state with what became of it. Of a new or removed one, `changes` tells everything."""

    old: Entry | None
    new: Entry | None
    changes: list[Change] = field(default_factory=list)
    place: Change | None = None
    """Where it stood and where it stands, if it was moved."""
    children: list[Item] = field(default_factory=list)

    @property
    def entry(self) -> Entry:
        entry = self.new or self.old
        assert entry is not None
        return entry

    @property
    def kind(self) -> str:
        """The model's name."""
        return self.entry.key[0]

    @property
    def added(self) -> bool:
        return self.old is None

    @property
    def removed(self) -> bool:
        return self.new is None

    @property
    def changed(self) -> bool:
        return self.old is not None and self.new is not None and bool(self.changes)

    @property
    def renumbered(self) -> bool:
        return self.old is not None and self.new is not None and self.old.code != self.new.code

    @property
    def moved(self) -> bool:
        return self.place is not None

    @property
    def differs(self) -> bool:
        return self.added or self.removed or self.changed or self.renumbered or self.moved

    @property
    def shown(self) -> bool:
        return any(item.differs for item in self.walk())

    def walk(self) -> Iterator[Item]:
        yield self
        for child in self.children:
            yield from child.walk()


@dataclass(frozen=True)
class Count:
    """How many parts of a kind. One that was changed and moved counts in both."""

    added: int
    removed: int
    changed: int
    moved: int
    unchanged: int

    @property
    def differs(self) -> bool:
        return bool(self.added or self.removed or self.changed or self.moved)


@dataclass(frozen=True)
class Comparison:
    """`concept` is the concept itself; below it are chapters, fields, indicators, fundings."""

    concept: Item

    @property
    def differs(self) -> bool:
        return self.concept.shown

    def counts(self) -> dict[str, Count]:
        """For each kind of part that occurs, by its model's name."""
        by_kind: dict[str, list[Item]] = defaultdict(list)
        for child in self.concept.children:
            for item in child.walk():
                by_kind[item.kind].append(item)
        return {
            kind: Count(
                added=sum(item.added for item in items),
                removed=sum(item.removed for item in items),
                changed=sum(item.changed for item in items),
                moved=sum(item.renumbered or item.moved for item in items),
                unchanged=sum(not item.differs for item in items),
            )
            for kind, items in by_kind.items()
        }


def compare(old: ConceptTree, new: ConceptTree) -> Comparison:
    """Both trees are of the same concept and made by `concepts.reviving`."""
    return Comparison(_Comparer(entries_of(old), entries_of(new)).item(ROOT))


class _Comparer:
    def __init__(self, old: Mapping[Key, Entry], new: Mapping[Key, Entry]) -> None:
        self.old, self.new = old, new
        self.rearranged = {
            child
            for parent in old.keys() & new.keys()
            for group in {new[child].group for child in new[parent].children}
            for child in moved_among(_siblings(old, parent, group), _siblings(new, parent, group))
        }

    def item(self, key: Key) -> Item:
        old, new = self.old.get(key), self.new.get(key)
        item = Item(old, new, changes=_changes(old, new))
        if old and new:
            item.place = self.place(old, new, item.changes)
        before, after = old.children if old else [], new.children if new else []
        children = merged(before, after, {child for child in before if child not in self.new})
        # What is gone stands behind what it stood behind, but among its own kind.
        groups = merged(self.groups(before), self.groups(after), set(self.groups(before)))
        item.children = [
            self.item(child) for group in groups for child in children if self.group(child) == group
        ]
        return item

    def group(self, key: Key) -> str:
        return (self.new.get(key) or self.old[key]).group

    def groups(self, keys: list[Key]) -> list[str]:
        return list(dict.fromkeys(map(self.group, keys)))

    def place(self, old: Entry, new: Entry, changes: list[Change]) -> Change | None:
        """Only what was moved itself: what merely comes later, as something stands before it now, was not."""
        if old.parent is None or new.parent is None:
            return None
        if old.parent != new.parent:
            for change in changes:
                if change.fact.name == "goals" and old.parent[0] == new.parent[0] == "goal":
                    changes.remove(change)
                    return change
            return _place_change(_("Steht unter"), self.old[old.parent].label, self.new[new.parent].label)
        if new.key not in self.rearranged:
            return None
        words = [
            _("an %d. Stelle") % (_siblings(state, new.parent, new.group).index(new.key) + 1)
            for state in (self.old, self.new)
        ]
        return _place_change(_("Reihenfolge"), *words)


def _siblings(state: Mapping[Key, Entry], parent: Key, group: str) -> list[Key]:
    return [child for child in state[parent].children if state[child].group == group]


def _place_change(label: str, old: str, new: str) -> Change:
    return Change(text_fact("place", label, old), text_fact("place", label, new))


def _changes(old: Entry | None, new: Entry | None) -> list[Change]:
    if old is None or new is None:
        entry = new or old
        assert entry is not None
        above = (HEADINGS[entry.key[0]], "kind")  # stands over the rest
        told = [fact for fact in entry.facts.values() if fact.telling and fact.name not in above]
        return [Change(None, fact) if new else Change(fact, None) for fact in told]
    found = []
    for name in merged(list(old.facts), list(new.facts), old.facts):
        before, after = old.facts.get(name), new.facts.get(name)
        if before is None or after is None or before.key != after.key:
            found.append(Change(before, after))
    return found


def merged(old: Sequence[Name], new: Sequence[Name], gone: Container[Name]) -> list[Name]:
    """`new` in its order; each that is gone behind the one that it stood behind in `old`."""
    behind: dict[Name | None, list[Name]] = defaultdict(list)
    staying, before = set(new), None
    for name in old:
        if name in staying:
            before = name
        elif name in gone:
            behind[before].append(name)
    return [*behind[None], *(one for name in new for one in (name, *behind[name]))]


def moved_among(old: Sequence[Name], new: Sequence[Name]) -> set[Name]:
    """The fewest of those in both that must be moved to come from one order to the other."""
    places = {name: place for place, name in enumerate(old)}
    both = [name for name in new if name in places]
    # The longest run that keeps its order: `ends` holds, for each length, where the best one ends.
    ends: list[int] = []
    lengths = []
    for name in both:
        length = bisect_left(ends, places[name])
        ends[length : length + 1] = [places[name]]
        lengths.append(length)
    wanted = len(ends) - 1
    staying = set()
    last = len(old)
    for name, length in zip(reversed(both), reversed(lengths), strict=True):
        if length == wanted and places[name] < last:
            staying.add(name)
            wanted, last = wanted - 1, places[name]
    return set(both) - staying
