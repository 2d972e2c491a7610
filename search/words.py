"""German words as they are compared: one spelling, one form, and the parts of long words.

Everything is worked out here and stored, so that SQLite and PostgreSQL, which only look up what was stored,
find the same.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

import snowballstemmer

LONGEST_WORD = 60
MOST_PART_CHARACTERS = 200_000
"""PostgreSQL refuses more than a megabyte in all for one row."""
SHORTEST_PART, SHORTEST_REST = 4, 3
# A letter or digit, with the combining marks and soft hyphens in between.
WORD = re.compile(r"[^\W_](?:[^\W_]|[\u0300-\u036f\u00ad])*")
NOT_DECOMPOSED = str.maketrans({"ı": "i", "ø": "o", "đ": "d", "ł": "l", "æ": "ae", "œ": "oe"})
# ä may be written ae; but the ue in „neue“, „Bauer“ and „Quelle“ is no ü.
WRITTEN_OUT = re.compile("ae|oe|(?<![aeiouyq])ue")
# With these a word begins without being put together of two.
PREFIXES = frozenset({"ver", "ent", "zer"})
# The stemmer takes their last letter for an ending: „Kurs“ would be „kur“, but „Kurse“ stay „kurs“.
NO_GENITIVE = ("kurs", "puls")
# Stands between the words of a text and what else they are found by, so that no phrase reaches across. No
# word is stored like this: numbers have a letter before them.
BORDER = "0"

STOP_WORDS = frozenset(
    """ab aber alle allem allen aller alles als also am an auch auf aus bei beim bin bis bist da damit dann
    das dass dem den denn der des die dies diese diesem diesen dieser dieses doch dort du durch ein eine
    einem einen einer eines er es etwa für gegen habe haben hat hatte hatten hier ich ihm ihn ihnen ihr
    ihre ihrem ihren ihrer ihres im in ins ist ja jede jedem jeden jeder jedes kann können mit muss
    müssen nach nicht noch nun nur ob oder ohne sehr sein seine seinem seinen seiner seines sich sie
    sind so soll sollen sowie über um und uns unser unsere unter vom von vor war waren was wenn werden
    wer wie wir wird wo wurde wurden zu zum zur zwischen""".split()
)

_stemmer = snowballstemmer.stemmer("german")


@dataclass(frozen=True, slots=True)
class Word:
    """A word in one spelling (`folded`) and without its ending (`stem`); both ASCII, a letter first."""

    folded: str
    stem: str

    @property
    def forms(self) -> frozenset[str]:
        return frozenset((self.folded, self.stem))


@dataclass(frozen=True, slots=True)
class Token:
    """A word where it stands in a text."""

    start: int
    end: int
    word: Word


@lru_cache(maxsize=50_000)
def word_of(written: str) -> Word | None:
    """The word as it is compared; None where nothing is left of it."""
    folded = _folded(written[:LONGEST_WORD])
    if not folded:
        return None
    if not folded.isascii():
        # Both databases split other scripts in their own ways, so they see them spelt in digits.
        folded = "x" + folded[: LONGEST_WORD // 2].encode(errors="replace").hex()
        return Word(folded, folded)
    if folded[0].isdigit():
        # PostgreSQL would read 3e5 as a number and 3e5a as two words.
        return Word(f"n{folded}", f"n{folded}")
    return Word(folded, _stem(folded))


def _folded(written: str) -> str:
    spelt = unicodedata.normalize("NFKD", written).casefold().translate(NOT_DECOMPOSED)
    return WRITTEN_OUT.sub(lambda two: two[0][0], "".join(filter(str.isalnum, spelt)))


def _stem(folded: str) -> str:
    if folded.endswith(NO_GENITIVE):
        return folded
    stem = _stemmer.stemWord(folded)
    return stem[:-1] if stem.endswith("inn") else stem  # Migrantinnen, Migrantin


def tokens_of(text: str) -> Iterator[Token]:
    for found in WORD.finditer(text):
        word = word_of(found[0])
        if word is not None:
            yield Token(found.start(), found.end(), word)


@lru_cache(maxsize=50_000)
def parts_of(word: Word) -> frozenset[str]:
    """What a compound may end with: of „integrationskonzept“ also „konzept“ (and „onzept“, which nobody
    looks for). Only a dictionary could tell the real parts from the others."""
    return frozenset(
        form[place:]
        for form in word.forms
        if form.isalpha()
        for place in range(SHORTEST_REST, len(form) - SHORTEST_PART + 1)
        if form[:place] not in PREFIXES
    )


def stored_words(text: str) -> tuple[str, str]:
    """What the database keeps of a text: its words in their order, and the parts of its words."""
    words = [token.word for token in tokens_of(text)]
    stems = [word.stem for word in words]
    others = sorted({word.folded for word in words}.difference(stems))
    line = " ".join([*stems, BORDER, *others] if others else stems)
    parts = " ".join(sorted({part for word in set(words) for part in parts_of(word)}))
    if len(parts) > MOST_PART_CHARACTERS:
        parts = parts[:MOST_PART_CHARACTERS].rpartition(" ")[0]
    return line, parts


STOP_FORMS = frozenset(word.folded for written in STOP_WORDS if (word := word_of(written)))


def is_stop_word(word: Word) -> bool:
    return word.folded in STOP_FORMS
