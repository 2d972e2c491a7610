"""The same change in a text that changed meanwhile: sentence by sentence.

Three texts are told apart: the one a change was written for, that one with the change, and the one it is to
be made in now. Elements of blocks and the sentences between them are compared as units; what two changes both
touch cannot be put together by a machine.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from difflib import SequenceMatcher
from typing import NamedTuple

from documents.richtext import plain_text
from documents.richtext_shape import INLINE

TAG = re.compile(r"(<[^>]*>)")
NAME = re.compile(r"</?([a-zA-Z0-9]+)")
# In a line with its inline elements blotted out: an end sign, what may close after it, a space, and then
# something that a sentence can begin with.
END = re.compile(r"([.!?…])[\"'“”’»«›‹)\]\x00]*(\s+)(?=[\x00\"'„‚“»«›‹(\[]*[A-ZÄÖÜ0-9§])")
LAST_WORD = re.compile(r"([^\s\x00(„\"]*)\Z")
# „z. B.“, „18. Dezember“, „Nr. 3“: no sentence ends here. A year can end one.
NO_END = re.compile(r"(?:.*\.)?(?:[^\W\d_]|\d{1,3})|[IVXLC]+")
ABBREVIATIONS = frozenset(
    "abs art az bd bspw buchst bzgl bzw ca dr eur evtl fr ggf hr inkl insb lfd lit max mind mio mrd nr or "
    "prof rd s sog st str tel tsd u usw vgl vs zzgl".split()
)


class Overlap(ValueError):
    """Both changes touch `sentence`, as it was before either."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class Unit(NamedTuple):
    """A sentence with its inline elements, or one tag of a block. `lead` is the space before it."""

    text: str
    is_tag: bool = False
    lead: str = ""

    @property
    def key(self) -> tuple[str, bool]:
        return self.text, self.is_tag


Units = Sequence[Unit]


class Hunk(NamedTuple):
    """Instead of the units from `low` to `high` of the text before stand `units`."""

    low: int
    high: int
    units: tuple[Unit, ...]

    def says_what(self, other: Hunk) -> bool:
        same_place = (self.low, self.high) == (other.low, other.high)
        return same_place and [unit.key for unit in self.units] == [unit.key for unit in other.units]

    def meets(self, other: Hunk) -> bool:
        """Whether both touch one unit, or one is put in where the other takes away on both sides."""
        if self.low == self.high and other.low == other.high:
            return False
        if self.low == self.high:
            return other.low < self.low < other.high
        if other.low == other.high:
            return self.low < other.low < self.high
        return self.low < other.high and other.low < self.high


def rebased(before: str, after: str, current: str) -> str:
    """What `after` makes of `before`, made of `current`. All three are rich texts; an empty one is struck.

    Raises Overlap where both changed the same sentence, and differently.
    """
    if current in (before, after) or before == after:
        return current if before == after else after
    old, new, now = units_of(before), units_of(after), units_of(current)
    if not (old and new and now) and old:
        raise Overlap(_first_sentence(old))
    merged = _joined(_merged(old, _hunks(old, now), _hunks(old, new)))
    if not _balanced(units_of(merged)):
        raise Overlap(_first_sentence(old))
    return merged


def sentences_of(html: str) -> list[str]:
    """The sentences of a rich text, in order, without markup."""
    return [plain_text(unit.text) for unit in units_of(html) if not unit.is_tag]


# ---- Taking apart ----------------------------------------------------------------------------------------


def units_of(html: str) -> list[Unit]:
    found: list[Unit] = []
    line: list[tuple[str, str]] = []  # pieces of a line, and what is looked at to find its sentences
    depth = 0
    for piece in TAG.split(html):
        if not piece.startswith("<"):
            line.append((piece, re.sub(r"\s", "\x01", piece) if depth else piece))
            continue
        name = NAME.match(piece)
        if name and (name[1] in INLINE or name[1] == "img"):
            depth += 0 if name[1] == "img" else -1 if piece.startswith("</") else 1
            line.append((piece, "\x00" * len(piece)))
            continue
        found += _sentences(line)
        line, depth = [], 0
        found.append(Unit(piece, is_tag=True))
    return [*found, *_sentences(line)]


def _sentences(line: Sequence[tuple[str, str]]) -> Iterator[Unit]:
    text, seen = ("".join(part) for part in zip(*line, strict=True)) if line else ("", "")
    start = 0
    for end in END.finditer(seen):
        if end[1] == "." and _goes_on(seen[start : end.start(1)]):
            continue
        yield from _sentence(text[start : end.start(2)])
        start = end.start(2)
    yield from _sentence(text[start:])


def _goes_on(said: str) -> bool:
    word = LAST_WORD.search(said)
    last = word[1] if word else ""
    return bool(NO_END.fullmatch(last)) or last.lower() in ABBREVIATIONS


def _sentence(text: str) -> Iterator[Unit]:
    words = text.strip()
    if words:
        yield Unit(words, lead=text[: len(text) - len(text.lstrip())])


# ---- Putting together ------------------------------------------------------------------------------------


def _hunks(before: Units, after: Units) -> list[Hunk]:
    old, new = [unit.key for unit in before], [unit.key for unit in after]
    codes = SequenceMatcher(None, old, new, autojunk=False).get_opcodes()
    found = []
    for place, (tag, low, high, new_low, new_high) in enumerate(codes):
        # How far the change may be moved to where it takes away, or puts in, something whole.
        room = [
            codes[beside][2] - codes[beside][1] if 0 <= beside < len(codes) else 0
            for beside in (place - 1, place + 1)
        ]
        if tag == "replace" and high - low == new_high - new_low:
            # As many as before: each sentence has its own counterpart.
            found += [
                Hunk(low + step, low + step + 1, (after[new_low + step],)) for step in range(high - low)
            ]
        elif tag == "delete":
            step = _to_whole(before, low, high, *room)
            found.append(Hunk(low + step, high + step, ()))
        elif tag == "insert":
            step = _to_whole(after, new_low, new_high, *room)
            units = tuple(after[new_low + step : new_high + step])
            found.append(Hunk(low + step, low + step, units))
        elif tag == "replace":
            found.append(Hunk(low, high, tuple(after[new_low:new_high])))
    return found


def _to_whole(units: Units, low: int, high: int, room_up: int, room_down: int) -> int:
    """„B </p> <p>“ between „<p>“ and „C“ is „<p> B </p>“ as well: by how many units to move it."""
    for direction, room in ((-1, room_up), (1, room_down)):
        for step in range(room + 1):
            here = units[low + direction * step : high + direction * step]
            if _balanced(here):
                return direction * step
            left, joins = (low - step - 1, high - step - 1) if direction < 0 else (low + step, high + step)
            if not (left >= 0 and joins < len(units) and units[left].key == units[joins].key):
                break
    return 0


def _merged(base: Units, first: list[Hunk], second: list[Hunk]) -> Iterator[Unit]:
    """Both changes made. Where both put something in at one place, the first one's comes first."""
    for one in first:
        for other in second:
            if one.meets(other) and not one.says_what(other):
                raise Overlap(_first_sentence(base, max(one.low, other.low)))
    both = [*first, *(other for other in second if not any(one.says_what(other) for one in first))]
    place = 0
    for hunk in sorted(both, key=lambda hunk: (hunk.low, hunk.high)):
        yield from base[place : hunk.low]
        yield from hunk.units
        place = max(place, hunk.high)
    yield from base[place:]


def _first_sentence(units: Units, start: int = 0) -> str:
    sentences = [plain_text(unit.text) for unit in [*units[start:], *units[:start]] if not unit.is_tag]
    return next(filter(None, sentences), "")


def _balanced(units: Units) -> bool:
    still_open: list[str] = []
    for unit in units:
        name = NAME.match(unit.text) if unit.is_tag else None
        if name is None or name[1] == "br":
            continue
        if not unit.text.startswith("</"):
            still_open.append(name[1])
        elif not still_open or still_open.pop() != name[1]:
            return False
    return not still_open


def _joined(units: Iterator[Unit]) -> str:
    """Sentences of a line are parted by a space, also where one of them stood alone before."""
    text, was_tag = "", True
    for unit in units:
        lead = "" if unit.is_tag or was_tag else unit.lead or " "
        text += lead + unit.text
        was_tag = unit.is_tag
    return text
