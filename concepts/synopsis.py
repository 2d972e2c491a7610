"""Two versions side by side, or one and the concept as it is today: what is compared, and its names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils import timezone
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _

from concepts.comparing import Comparison, compare
from concepts.copying import copy_of
from concepts.kinds import KINDS
from concepts.models import Concept, ConceptVersion
from concepts.pictures import state_of
from concepts.reviving import revive
from concepts.synopsis_html import Line, SynopsisWriter, count_sentence, counts_html, lines_of


@dataclass(frozen=True)
class Side:
    """One of the two. `key` changes with what it holds; `slug` stands in file names."""

    key: str
    slug: str
    name: str
    """Over a column: „Fassung 3“."""
    title: str
    """In a sentence: „Fassung 3 „Entwurf“ vom 12.03.2018“."""
    sha256: str
    read: Callable[[], dict[str, Any]]


def side_of_version(version: ConceptVersion) -> Side:
    day = f"{timezone.localdate(version.pdf.issued_at):%d.%m.%Y}"
    words = {"number": version.number, "name": version.name, "day": day}
    return Side(
        key=f"version-{version.pk}",
        slug=f"fassung-{version.number}",
        name=_("Fassung %d") % version.number,
        title=_("Fassung %(number)d „%(name)s“ vom %(day)s") % words,
        sha256=version.sha256,
        read=lambda: version.data,
    )


def side_of_today(concept: Concept) -> Side:
    """A copy as it would be frozen now, so that like is compared with like."""
    day = f"{timezone.localdate():%d.%m.%Y}"
    return Side(
        key=f"{state_of(concept).content}-{day}",
        slug="heute",
        name=_("heute"),
        title=_("Stand von heute, %s") % day,
        sha256="",
        read=lambda: copy_of(concept),
    )


@dataclass(frozen=True)
class Synopsis:
    """A comparison, written."""

    concept: Concept
    """As the new side has it."""
    old: Side
    new: Side
    comparison: Comparison

    @property
    def sides(self) -> tuple[Side, Side]:
        return self.old, self.new

    @property
    def differs(self) -> bool:
        return self.comparison.differs

    @property
    def same(self) -> str:
        """What is said where nothing differs."""
        if self.old.key == self.new.key:
            return _("Sie vergleichen %s mit sich selbst. Da unterscheidet sich nichts.") % self.old.title
        return _("Zwischen %(old)s und %(new)s unterscheidet sich nichts.") % {
            "old": self.old.title,
            "new": self.new.title,
        }

    @property
    def sentences(self) -> list[str]:
        """The numbers of each kind of part in which something differs."""
        counts = self.comparison.counts()
        return [
            count_sentence(kind, counts[kind.name])
            for kind in KINDS
            if kind.name in counts and counts[kind.name].differs
        ]

    @property
    def lines(self) -> list[Line]:
        return lines_of(self.comparison)

    def counts_html(self) -> SafeString:
        return counts_html(self.comparison)

    def html(self) -> SafeString:
        return SynopsisWriter(self.old.name, self.new.name).write(self.comparison)


def make_synopsis(old: Side, new: Side) -> Synopsis:
    """Reads both sides; takes as long as the concept is large."""
    before, after = revive(old.read()).tree, revive(new.read()).tree
    return Synopsis(after.concept, old, new, compare(before, after))
