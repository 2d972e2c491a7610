"""A state of a concept as entries: every part once, with what is said of it and where it stands."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django.db import models
from django.utils.text import capfirst
from django.utils.translation import gettext as _

from concepts.facts import Fact, Key, column_facts, funding_facts, indicator_facts, measure_facts
from concepts.tree import ConceptTree, FieldNode, GoalNode, MeasureNode

ROOT: Key = ("concept", 0)
# The column that is a part's heading.
HEADINGS = {
    "concept": "title",
    "chapter": "title",
    "actionfield": "title",
    "goal": "text",
    "measure": "title",
    "indicator": "title",
    "funding": "programme",
}


@dataclass
class Entry:
    """A part. `called` is what it is called in German; `facts` by name, with the heading among them.

    Parts of one `group` stand together below their parent.
    """

    key: Key
    group: str
    called: str
    code: str
    title: str
    facts: Mapping[Any, Fact]
    parent: Key | None
    children: list[Key] = field(default_factory=list)

    @property
    def label(self) -> str:
        return f"{self.code} {self.title}".strip()


def key_of(row: models.Model) -> Key:
    return str(row._meta.model_name), row.pk


def entries_of(tree: ConceptTree) -> dict[Key, Entry]:
    """In the order of the tree; the concept itself is the first, under `ROOT`."""
    return _Register(tree).entries


class _Register:
    def __init__(self, tree: ConceptTree) -> None:
        concept = tree.concept
        self.titles = dict(titles_of(tree))
        self.entries = {ROOT: self.entry(ROOT, concept, _("Konzept"), column_facts(concept, {}), None)}
        for chapter in tree.before:
            self.add(chapter, ROOT, column_facts(chapter, self.titles))
        for node in tree.fields:
            self.add_field(node)
        for indicator in tree.indicators:
            self.add(indicator.indicator, ROOT, indicator_facts(indicator, self.titles))
        for chapter in tree.after:
            self.add(chapter, ROOT, column_facts(chapter, self.titles))
        for funding in tree.fundings:
            self.add(funding.funding, ROOT, funding_facts(funding, self.titles))

    def entry(self, key: Key, row: Any, called: str, facts: Iterable[Fact], parent: Key | None) -> Entry:
        return Entry(
            key=key,
            group=key[0] + getattr(row, "place", ""),
            called=called,
            code=getattr(row, "code", ""),
            title=getattr(row, HEADINGS[key[0]]),
            facts={fact.name: fact for fact in facts},
            parent=parent,
        )

    def add(self, row: Any, parent: Key, facts: Iterable[Fact], called: str = "") -> Key:
        key = key_of(row)
        called = capfirst(called or str(row._meta.verbose_name))
        self.entries[key] = self.entry(key, row, called, facts, parent)
        self.entries[parent].children.append(key)
        return key

    def add_field(self, node: FieldNode) -> None:
        row = node.field
        key = self.add(row, ROOT, column_facts(row, self.titles), row.get_kind_display())
        for goal in node.goals:
            self.add_goal(goal, key)
        for measure in node.measures:
            self.add_measure(measure, key)
        for indicator in node.indicators:
            self.add(indicator.indicator, key, indicator_facts(indicator, self.titles))

    def add_goal(self, node: GoalNode, parent: Key) -> None:
        key = self.add(node.goal, parent, column_facts(node.goal, self.titles), node.level_name)
        for measure in node.measures:
            self.add_measure(measure, key)
        for subgoal in node.subgoals:
            self.add_goal(subgoal, key)

    def add_measure(self, node: MeasureNode, parent: Key) -> None:
        row: Any = node.measure
        facts = measure_facts(node, self.titles, below_goal=parent[0] == "goal")
        self.add(row, parent, facts, row.get_kind_display())


def titles_of(tree: ConceptTree) -> Iterable[tuple[Key, str]]:
    """What one part says when it mentions another."""
    for row in (
        *(node.field for node in tree.fields),
        *(node.goal for node in tree.all_goals()),
        *(node.measure for node in tree.all_measures()),
        *(node.funding for node in tree.fundings),
    ):
        assert isinstance(row, models.Model)
        yield key_of(row), str(row)
