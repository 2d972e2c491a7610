"""A paper and what belongs to it: supplements, amendments, new versions, statements, exchanged pages.

Each belongs to one earlier paper; so all that belong together are a tree, whose root stands for itself.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from committees.models import Paper, PaperRelation
from committees.models.layouts import BELONGING, RelationKind
from municipalities.rows import RowsById

IN_FORCE_WITH = (RelationKind.SUPPLEMENTS, RelationKind.EXCHANGES)
"""Kinds that are read together with the text that is valid."""

TIES = RowsById(
    lambda municipality: (
        PaperRelation.objects.filter(
            paper__municipality=municipality, kind__in=BELONGING, other__isnull=False
        )
        .order_by("pk")
        .values_list("paper", "other", "kind")
    )
)


@dataclass
class Link:
    """A paper in the tree; `kind` says what it is to the one above."""

    paper: Paper
    kind: RelationKind | None
    depth: int
    below: list[Link] = field(default_factory=list)
    replaced_by: Paper | None = None

    @property
    def kind_word(self) -> str:
        return str(self.kind.label) if self.kind else ""


@dataclass
class Chain:
    """`links` is the tree from the top to the bottom; `valid` is the paper whose text counts today, with
    the released supplements and exchanged pages that are read along with it."""

    links: list[Link]
    valid: Paper
    along: list[Paper]

    def __bool__(self) -> bool:
        """Whether anything belongs together at all."""
        return len(self.links) > 1


def chain_of(paper: Paper, user: Any) -> Chain:
    """What the user may see of the papers that belong together with this one, which the user sees. Two
    queries; one for a paper that stands alone, as most do."""
    above, kinds, below = _ties(paper.municipality_id)
    root = paper.pk
    seen = {root}
    while root in above and above[root] not in seen:
        root = above[root]
        seen.add(root)
    family = list(_downwards(root, below))
    papers = {paper.pk: paper}
    if len(family) > 1:
        rows = Paper.objects.visible_to(user).filter(pk__in=[pk for pk, _depth in family])
        papers = {row.pk: row for row in rows.select_related("paper_type", "municipality")}
    links: dict[int, Link] = {}
    for pk, depth in family:
        if pk not in papers:
            continue
        links[pk] = Link(papers[pk], kinds.get(pk), depth)
        if above.get(pk) in links:
            links[above[pk]].below.append(links[pk])
    for link in links.values():
        link.replaced_by = next((new.paper for new in reversed(_replacements(link))), None)
    return _told(list(links.values()), paper)


def _told(links: list[Link], paper: Paper) -> Chain:
    by_pk = {link.paper.pk: link for link in links}
    start = by_pk.get(paper.pk)
    if start is None:
        return Chain(links, paper, [])
    # The text that counts is looked for from the top of what is seen: a supplement asks for its main paper.
    link = start
    parents = {child.paper.pk: parent for parent in links for child in parent.below}
    while link.kind in BELONGING and link.paper.pk in parents:
        link = parents[link.paper.pk]
    while replacements := _replacements(link):
        link = replacements[-1]
    along = [child.paper for child in link.below if child.kind in IN_FORCE_WITH and child.paper.released]
    return Chain(links, link.paper, along)


def _replacements(link: Link) -> list[Link]:
    """Released papers that took its place, the newest last."""
    found = [child for child in link.below if child.kind is RelationKind.REPLACES and child.paper.released]
    return sorted(
        found,
        key=lambda child: (child.paper.released_at is not None, child.paper.released_at, child.paper.pk),
    )


def _ties(municipality_id: int) -> tuple[dict[int, int], dict[int, RelationKind], dict[int, list[int]]]:
    """For each paper that belongs to another: that one and how; and for each paper what belongs to it."""
    above: dict[int, int] = {}
    kinds: dict[int, RelationKind] = {}
    below: dict[int, list[int]] = defaultdict(list)
    for paper, other, kind in TIES.rows(municipality_id):
        above[paper], kinds[paper] = other, RelationKind(kind)
        below[other].append(paper)
    return above, kinds, below


def _downwards(root: int, below: dict[int, list[int]]) -> Iterator[tuple[int, int]]:
    """The root and all below it with their depth, each before its own; a circle is walked once."""
    seen: set[int] = set()
    waiting = [(root, 0)]
    while waiting:
        pk, depth = waiting.pop()
        if pk in seen:
            continue
        seen.add(pk)
        yield pk, depth
        waiting += [(child, depth + 1) for child in reversed(below.get(pk, []))]
