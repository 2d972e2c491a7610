"""What became of a text, in words: what stayed, what was deleted, what was inserted.

Blocks (paragraphs, items, rows of tables) are matched first, then the words of matching blocks, so that the
difference of 200 pages takes seconds.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from enum import StrEnum
from functools import partial
from html import escape
from itertools import groupby
from typing import Any, TypeVar

from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from documents import wording
from documents.wording import Block, Word, blocks_of, blocks_of_text, words_of

# Pairs of blocks, or of words, that are compared with each other at once.
MOST_PAIRS = 2500
MOST_WORD_PAIRS = 1_000_000
# Blocks with fewer words in common are shown one after the other.
LEAST_ALIKE = 0.35
# Two lines with so few different words together are one line that changed, however little they share.
BRIEF = 12
# So few unchanged words between changes would only break the reading.
SHORTEST_SAME = 3
# Unchanged blocks that are kept beside a changed one when the rest is left out.
NEIGHBOURS = 1

Words = tuple[Word, ...]
Unit = TypeVar("Unit", Block, Words)


class Part(StrEnum):
    SAME = "same"
    DELETED = "deleted"
    INSERTED = "inserted"


@dataclass(frozen=True)
class Run:
    """Words with one fate. `text` begins with a space where one stands before it."""

    part: Part
    words: Words

    @property
    def text(self) -> str:
        return "".join(word.text for word in self.words)


@dataclass(frozen=True)
class Line:
    """A block of both texts, or of one of them. `shape` and `depth` as in `Block`."""

    shape: str
    depth: int
    runs: tuple[Run, ...]

    @property
    def changed(self) -> bool:
        return any(run.part != Part.SAME for run in self.runs)

    def side(self, part: Part) -> tuple[Run, ...]:
        """The line as it was (`DELETED`) or as it is (`INSERTED`)."""
        return tuple(run for run in self.runs if run.part in (Part.SAME, part))


@dataclass(frozen=True)
class Difference:
    lines: tuple[Line, ...]

    @property
    def changed(self) -> bool:
        """False if at most the form differs: bold words, headings, lists."""
        return any(line.changed for line in self.lines)

    def words(self, part: Part) -> list[str]:
        """All words of the text before (`DELETED`) or after (`INSERTED`)."""
        runs = (run for line in self.lines for run in line.side(part))
        return [word.text.strip() for run in runs for word in run.words]

    def inline(self, *, whole: bool = True) -> SafeString:
        """Both texts in one. Otherwise only what changed, with its neighbours."""
        return _html(self.lines if whole else _shortened(self.lines))

    def side_by_side(self, *, whole: bool = True) -> list[tuple[SafeString, SafeString]]:
        """Before and after, line by line, for a table with two columns."""
        rows = self.lines if whole else _shortened(self.lines)
        return [(_html(_half(row, Part.DELETED)), _html(_half(row, Part.INSERTED))) for row in rows]

    def marked(self) -> tuple[SafeString, SafeString]:
        """Both texts whole, neither older than the other: marked is what the other one lacks."""
        before, after = (
            _html(
                (half for line in self.lines for half in _half(line, part)),
                write=partial(only_here_html, part=part),
            )
            for part in (Part.DELETED, Part.INSERTED)
        )
        return before, after


def difference(before_html: str, after_html: str) -> SafeString:
    """Of two rich texts, in one."""
    return compare(before_html, after_html).inline()


def compare(before_html: str, after_html: str) -> Difference:
    """Two rich texts."""
    return compare_blocks(blocks_of(before_html), blocks_of(after_html))


def compare_texts(before: str, after: str) -> Difference:
    """Two plain texts; every line of theirs is a block."""
    return compare_blocks(blocks_of_text(before), blocks_of_text(after))


def exchange(before: str, after: str) -> Difference:
    """One short value instead of another, as a whole."""
    old, new = words_of(before), words_of(after)
    runs = [Run(Part.SAME, new)] if old == new else [Run(Part.DELETED, old), Run(Part.INSERTED, new)]
    return Difference((Line(wording.PARAGRAPH, 0, tuple(run for run in runs if run.words)),))


def items(before: Sequence[str], after: Sequence[str]) -> Difference:
    """Two lists of names: what left, what came, what stayed."""
    lines = [(name, Part.SAME if name in after else Part.DELETED) for name in before] + [
        (name, Part.INSERTED) for name in after if name not in before
    ]
    return Difference(tuple(Line(wording.ITEM, 1, (Run(part, words_of(name)),)) for name, part in lines))


def compare_blocks(before: Sequence[Block], after: Sequence[Block]) -> Difference:
    lines = []
    for old, new in _pairs(before, after):
        shown = new or old
        assert shown is not None
        runs = _merged(_runs(old.words if old else (), new.words if new else ()))
        lines.append(Line(shown.shape, shown.depth, tuple(runs)))
    return Difference(tuple(lines))


# ---- Matching --------------------------------------------------------------------------------------------


def _pairs(before: Sequence[Unit], after: Sequence[Unit]) -> Iterator[tuple[Unit | None, Unit | None]]:
    """Both sequences in order, side by side: the same, alike, or only on one side."""
    for tag, low, high, new_low, new_high in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            yield from zip(before[low:high], after[new_low:new_high], strict=True)
        else:
            yield from _alike(before[low:high], after[new_low:new_high])


def _stretches(before: Sequence[Any], after: Sequence[Any]) -> Iterator[tuple[bool, int, int, int, int]]:
    """Whether it is the same, and from where to where it reaches in both."""
    numbers: dict[Any, int] = {}  # small numbers are compared faster than words
    old, new = [[numbers.setdefault(one, len(numbers)) for one in side] for side in (before, after)]
    for tag, *places in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        low, high, new_low, new_high = places
        yield tag == "equal", low, high, new_low, new_high


def _alike(before: Sequence[Unit], after: Sequence[Unit]) -> Iterator[tuple[Unit | None, Unit | None]]:
    """Very long changed stretches are cut into pieces, each is compared with its counterpart only."""
    pieces = 1
    while (len(before) // pieces) * (len(after) // pieces) > MOST_PAIRS:
        pieces += 1
    for piece in range(pieces):
        yield from _alike_here(
            before[piece * len(before) // pieces : (piece + 1) * len(before) // pieces],
            after[piece * len(after) // pieces : (piece + 1) * len(after) // pieces],
        )


def _alike_here(before: Sequence[Unit], after: Sequence[Unit]) -> Iterator[tuple[Unit | None, Unit | None]]:
    """The order-keeping matching with the most in common."""
    if len(before) == len(after) == 1 and len(_vocabulary(before[0]) | _vocabulary(after[0])) <= BRIEF:
        yield before[0], after[0]
        return
    old_words, new_words = [_vocabulary(unit) for unit in before], [_vocabulary(unit) for unit in after]
    best = [[0.0] * (len(after) + 1) for _row in range(len(before) + 1)]
    gain: dict[tuple[int, int], float] = {}
    for old in reversed(range(len(before))):
        for new in reversed(range(len(after))):
            score = _likeness(old_words[old], new_words[new])
            if score >= LEAST_ALIKE:
                gain[old, new] = score
            best[old][new] = max(
                best[old + 1][new], best[old][new + 1], best[old + 1][new + 1] + gain.get((old, new), 0.0)
            )
    old = new = 0
    while old < len(before) or new < len(after):
        together = gain.get((old, new))
        if together and best[old][new] == best[old + 1][new + 1] + together:
            yield before[old], after[new]
            old, new = old + 1, new + 1
        elif new == len(after) or (old < len(before) and best[old][new] == best[old + 1][new]):
            yield before[old], None
            old += 1
        else:
            yield None, after[new]
            new += 1


def _vocabulary(unit: Block | Words) -> frozenset[str]:
    words = unit.words if isinstance(unit, Block) else unit
    return frozenset(word.text for word in words)


def _likeness(old: frozenset[str], new: frozenset[str]) -> float:
    """Between 0 and 1."""
    return 2 * len(old & new) / (len(old) + len(new)) if old or new else 1.0


def _runs(before: Words, after: Words) -> Iterator[Run]:
    """The words of two blocks that are alike. Very long ones are compared sentence by sentence."""
    if before == after:
        yield Run(Part.SAME, after)
    elif not before or not after:
        yield Run(Part.DELETED, before)
        yield Run(Part.INSERTED, after)
    elif len(before) * len(after) <= MOST_WORD_PAIRS:
        yield from _readable(_word_runs(before, after))
    else:
        for old, new in _pairs(_sentences(before), _sentences(after)):
            small = len(old or ()) * len(new or ()) <= MOST_WORD_PAIRS
            if small and old and new:
                yield from _runs(old, new)
            else:
                yield Run(Part.DELETED, old or ())
                yield Run(Part.INSERTED, new or ())


def _sentences(words: Words) -> list[Words]:
    found, start = [], 0
    for place, word in enumerate(words, 1):
        if word.text in (".", "!", "?", ":", ";") or place == len(words):
            found.append(words[start:place])
            start = place
    return [sentence for sentence in found if sentence]


def _word_runs(before: Words, after: Words) -> list[Run]:
    runs = []
    for tag, low, high, new_low, new_high in SequenceMatcher(
        None, before, after, autojunk=False
    ).get_opcodes():
        if tag == "equal":
            runs.append(Run(Part.SAME, after[new_low:new_high]))
        else:
            runs += [Run(Part.DELETED, before[low:high]), Run(Part.INSERTED, after[new_low:new_high])]
    return runs


def _readable(runs: list[Run]) -> Iterator[Run]:
    """Few unchanged words between larger changes become part of the change."""
    for place, run in enumerate(runs):
        inside = 0 < place < len(runs) - 1
        if run.part == Part.SAME and inside and len(run.words) < SHORTEST_SAME:
            around = min(
                len(runs[place - 2].words) + len(runs[place - 1].words),
                len(runs[place + 1].words) + len(runs[place + 2].words),
            )
            if around > 2 * len(run.words):
                yield Run(Part.DELETED, run.words)
                yield Run(Part.INSERTED, run.words)
                continue
        yield run


def _merged(runs: Iterable[Run]) -> Iterator[Run]:
    """Between two unchanged runs first all that was deleted, then all that was inserted."""
    for same, group in groupby(runs, key=lambda run: run.part == Part.SAME):
        together = list(group)
        for part in (Part.SAME,) if same else (Part.DELETED, Part.INSERTED):
            words = tuple(word for run in together if run.part == part for word in run.words)
            if words:
                yield Run(part, words)


# ---- Showing ---------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Omitted:
    """So many unchanged lines are left out here."""

    count: int


def _shortened(lines: Sequence[Line]) -> list[Line | Omitted]:
    near: set[int] = set()
    for place, line in enumerate(lines):
        if line.changed:
            near.update(range(place - NEIGHBOURS, place + NEIGHBOURS + 1))
    found: list[Line | Omitted] = []
    for shown, group in groupby(enumerate(lines), key=lambda numbered: numbered[0] in near):
        together = [line for _place, line in group]
        found += together if shown else [Omitted(len(together))]
    return found


def _half(row: Line | Omitted, part: Part) -> list[Line | Omitted]:
    if isinstance(row, Omitted):
        return [row]
    runs = row.side(part)
    return [Line(row.shape, row.depth, runs)] if runs else []


def _html(lines: Iterable[Line | Omitted], write: Callable[[Run], str] | None = None) -> SafeString:
    html = ""
    for is_item, group in groupby(
        lines, key=lambda line: isinstance(line, Line) and line.shape == wording.ITEM
    ):
        inner = "".join(_line_html(line, write or run_html) for line in group)
        html += f'<ul class="d-list">{inner}</ul>' if is_item else inner
    return SafeString(html)


def _is_item(line: Line | Omitted) -> bool:
    return isinstance(line, Line) and line.shape == wording.ITEM


def _line_html(line: Line | Omitted, write: Callable[[Run], str]) -> str:
    if isinstance(line, Omitted):
        words = ngettext("%d Absatz unverändert", "%d Absätze unverändert", line.count) % line.count
        return f'<p class="d-omitted">… {words} …</p>'
    words = "".join(map(write, line.runs)).strip()
    match line.shape:
        case wording.ITEM:
            return f'<li class="d-depth-{min(line.depth, 4)}">{words}</li>'
        case wording.HEADING:
            return f"<p><strong>{words}</strong></p>"
        case wording.QUOTE | wording.ROW:
            return f'<p class="d-{line.shape}">{words}</p>'
        case _:
            return f"<p>{words}</p>"


def run_html(run: Run) -> str:
    """Marked by element, stroke and, for those who listen, by words."""
    text = run.text
    space = " " if text.startswith(" ") else ""
    inner = escape(text.strip()) + escape(_targets(run))
    match run.part:
        case Part.DELETED:
            return f'{space}<del><span class="p-visually-hidden">{_("gelöscht:")} </span>{inner}</del>'
        case Part.INSERTED:
            return f'{space}<ins><span class="p-visually-hidden">{_("eingefügt:")} </span>{inner}</ins>'
        case _:
            return space + escape(text.strip())


def only_here_html(run: Run, part: Part) -> str:
    """As `run_html`, for two texts of which neither came first."""
    if run.part != part:
        return run_html(run)
    text = run.text
    space = " " if text.startswith(" ") else ""
    inner = escape(text.strip()) + escape(_targets(run))
    return f'{space}<mark><span class="p-visually-hidden">{_("nur hier:")} </span>{inner}</mark>'


def _targets(run: Run) -> str:
    """Where changed links lead: their words alone may be the same."""
    targets = dict.fromkeys(word.target for word in run.words if ":" in word.target)
    return "".join(f" ({target})" for target in targets)
