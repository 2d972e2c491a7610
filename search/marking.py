"""The found words in what is shown: whole titles, and the part of a text where most of them stand."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from django.utils.safestring import SafeString

from search.questions import Term
from search.words import Token, tokens_of

EXCERPT = 260
"""Characters, about three lines on a desk."""
PIECE = 140
"""Of each of two pieces, where one does not show all words."""
LEAD = 50
"""How many characters may stand before the first found word."""
ELLIPSIS = "…"

Span = tuple[int, int]
Place = tuple[int, Span]
"""Which term (its number), and where it stands."""


def marked(text: str, terms: Sequence[Term]) -> SafeString:
    """The whole text."""
    return _html(text, 0, len(text), _found(text, terms))


def excerpt(text: str, terms: Sequence[Term]) -> SafeString:
    """The part of the text in which most of the terms occur, and a second one for a term that stands
    elsewhere; the beginning where there is none of them."""
    found = _found(text, terms)
    if not found:
        return _pieces(text, [(0, _word_end(text, EXCERPT))], found)
    everything = {term for term, _span in found}
    whole = _best(text, found, everything, EXCERPT)
    missing = everything - _inside(found, whole)
    if not missing:
        return _pieces(text, [whole], found)
    first = _best(text, found, everything, PIECE)
    second = _best(text, found, everything - _inside(found, first), PIECE)
    return _pieces(text, sorted((first, second)), found)


def _inside(found: Sequence[Place], span: Span) -> set[int]:
    return {term for term, (start, end) in found if span[0] <= start and end <= span[1]}


def _found(text: str, terms: Sequence[Term]) -> list[Place]:
    """In the text's order."""
    tokens: list[Token] = list(tokens_of(text))
    found = [
        (number, (tokens[first].start, tokens[last].end))
        for number, term in enumerate(terms)
        for first, last in term.spans(tokens)
    ]
    return sorted(found, key=lambda one: one[1])


def _best(text: str, found: Sequence[Place], wanted: set[int], size: int) -> Span:
    """From word to word, with as many of the wanted terms as possible; the earliest such part of the text."""
    best, most = 0, 0
    for number, (_term, (start, _end)) in enumerate(found):
        near = {term for term, (_start, end) in found[number:] if end <= start + size - LEAD}
        if len(near & wanted) > most:
            best, most = start, len(near & wanted)
    start = _word_start(text, best - LEAD)
    return start, _word_end(text, start + size)


def _word_start(text: str, place: int) -> int:
    if place <= 0:
        return 0
    gap = text.find(" ", place, place + LEAD)
    return gap + 1 if gap >= 0 else place


def _word_end(text: str, place: int) -> int:
    if place >= len(text):
        return len(text)
    gap = text.rfind(" ", place - LEAD, place + 1)
    return gap if gap > 0 else place


def _pieces(text: str, spans: Sequence[Span], found: Sequence[Place]) -> SafeString:
    """The parts of the text, with a sign wherever something is left out. Two that overlap become one."""
    joined: list[Span] = []
    for start, end in spans:
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    shown = f" {ELLIPSIS} ".join(_html(text, start, end, found) for start, end in joined)
    before = f"{ELLIPSIS} " if joined[0][0] > 0 else ""
    after = f" {ELLIPSIS}" if joined[-1][1] < len(text) else ""
    return SafeString(f"{before}{shown}{after}")


def _html(text: str, start: int, end: int, found: Sequence[Place]) -> SafeString:
    """This part of the text, escaped, with what is found in it marked."""
    parts: list[str] = []
    done = start
    for _term, (first, last) in found:
        if last <= done or first >= end:
            continue
        first, last = max(first, done), min(last, end)
        parts += [escape(text[done:first]), "<mark>", escape(text[first:last]), "</mark>"]
        done = last
    return SafeString("".join([*parts, escape(text[done:end])]))
