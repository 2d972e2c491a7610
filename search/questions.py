"""What somebody typed, as a question to the stored words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from search.words import Token, Word, is_stop_word, parts_of, tokens_of

# What is stored of a text (see Entry): A title, B body; C and D the parts of their words.
TITLE, BODY, TITLE_PARTS, BODY_PARTS = "ABCD"
WORDS, PARTS = TITLE + BODY, TITLE_PARTS + BODY_PARTS
# From this many letters on a word is also found at the beginning, and from that many inside of longer ones.
SHORTEST_BEGINNING, SHORTEST_INSIDE = 4, 5
SHORTEST_OPEN_BEGINNING = 2

QUOTATION_MARKS = str.maketrans(dict.fromkeys("„“”‟»«", '"'))
PIECE = re.compile(r'(?P<minus>(?<!\S)-)?(?:"(?P<quoted>[^"]*)"?|(?P<plain>[^\s"]+))')


@dataclass(frozen=True, slots=True)
class Lookup:
    """Words in a row, looked up in some columns; `beginning` if the last is only the beginning of one."""

    words: tuple[str, ...]
    columns: str
    beginning: bool = False

    def fits(self, row: Sequence[Word]) -> bool:
        """Whether these words in a row, as many as are looked up, are found by it wherever they stand."""
        *before, last = row
        *wanted, end = self.words
        if before:
            stored: Iterable[str] = (last.stem,)
        else:
            stored = last.forms if self.columns[0] in WORDS else parts_of(last)
        return [word.stem for word in before] == wanted and any(
            form.startswith(end) if self.beginning else form == end for form in stored
        )


@dataclass(frozen=True, slots=True)
class Term:
    """A word or several in a row. `exact` was put in quotes, `open` is still being typed."""

    words: tuple[Word, ...]
    exact: bool = False
    open: bool = False
    typed: str = field(default="", compare=False)

    def whole(self, columns: str = WORDS) -> list[Lookup]:
        """The word itself, in any of its forms."""
        if len(self.words) > 1:
            # Word by word in one column: from the end of the title to the text is no step.
            return [Lookup(tuple(word.stem for word in self.words), column) for column in columns]
        (word,) = self.words
        return [Lookup((form,), columns) for form in sorted(word.forms)]

    def anywhere(self, columns: str = WORDS, parts: str = PARTS) -> list[Lookup]:
        """The word itself, longer ones that begin with it, and compounds that it is a part of."""
        found = self.whole(columns)
        if self.exact:
            return found
        *before, last = self.words
        if before:
            stems = tuple(word.stem for word in before)
            return found + [
                Lookup((*stems, last.folded), column, beginning=True) for column in columns if self.open
            ]
        if self.open and len(last.folded) >= SHORTEST_OPEN_BEGINNING:
            found.append(Lookup((last.folded,), columns, beginning=True))
        for form in sorted(last.forms):
            if form.isalpha() and len(form) >= SHORTEST_BEGINNING:
                found.append(Lookup((form,), columns, beginning=True))
                found.append(Lookup((form,), parts, beginning=len(form) >= SHORTEST_INSIDE))
        return found

    def in_title(self) -> list[Lookup]:
        return self.anywhere(TITLE, TITLE_PARTS)

    def spans(self, tokens: Sequence[Token]) -> Iterator[tuple[int, int]]:
        """Where in the text the term stands, as places of the first and the last of its words."""
        size = len(self.words)
        for place in range(len(tokens) - size + 1):
            if _fits(self, tuple(token.word for token in tokens[place : place + size])):
                yield place, place + size - 1


@lru_cache(maxsize=20_000)
def _fits(term: Term, row: tuple[Word, ...]) -> bool:
    """Remembered, because the same words stand in the texts again and again."""
    return any(lookup.fits(row) for lookup in term.anywhere())


@dataclass(frozen=True, slots=True)
class Question:
    """All of `terms` have to occur, none of `without`."""

    terms: tuple[Term, ...] = ()
    without: tuple[Term, ...] = ()
    stop_words: bool = False
    """Whether words were left out because they stand in every text."""

    def __bool__(self) -> bool:
        return bool(self.terms)


def question_of(typed: str) -> Question:
    """Understands "several words in a row" and -not; everything else that is no letter or digit is a gap."""
    terms: list[Term] = []
    without: list[Term] = []
    stop_words = False
    line = typed.translate(QUOTATION_MARKS).strip()
    for piece in PIECE.finditer(line):
        quoted = piece["quoted"] is not None
        words = tuple(token.word for token in tokens_of(piece["quoted"] if quoted else piece["plain"]))
        if not words:
            continue
        if len(words) == 1 and not quoted and is_stop_word(words[0]):
            stop_words = True
        elif piece["minus"]:
            without.append(Term(words, exact=True, typed=piece[0]))
        else:
            is_last = piece.end() == len(line)
            terms.append(Term(words, exact=quoted, open=is_last and not quoted, typed=piece[0]))
    return Question(_each_once(terms), _each_once(without), stop_words)


def _each_once(terms: Iterable[Term]) -> tuple[Term, ...]:
    return tuple(dict.fromkeys(terms))
