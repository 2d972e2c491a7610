"""Patterns of the papers' numbers: `{jahr}/{laufend}`, `{amt}/{laufend:3}/{jahr}`, `{nummer}-Ä{folge}`."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

# What can stand in braces, and what stands there in a number.
PLACEHOLDERS = {
    "jahr": r"\d{4}",
    "jahr2": r"\d{2}",
    "amt": r"\S+",
    "wahlperiode": r"\d+",
    "nummer": r".+",
    "laufend": r"\d+",
    "folge": r"\d+",
}
RUNNING = ("laufend", "folge")
"""Two names for the same: `folge` reads better where a paper belongs to another."""
OF_ANOTHER = "nummer"
WIDEST = 9
_PIECES = re.compile(r"\{([^{}]*)\}")


@dataclass(frozen=True)
class Piece:
    """Letters that stand for themselves, or a placeholder; `width`: filled up with zeros."""

    letters: str = ""
    name: str = ""
    width: int = 0


@dataclass(frozen=True)
class Series:
    """A pattern with everything filled in but the running number. Types of papers with the same `key` share
    their numbers."""

    before: str
    after: str
    width: int = 0

    @property
    def key(self) -> str:
        return f"{self.before}{{laufend}}{self.after}"

    def number(self, running: int) -> str:
        return f"{self.before}{running:0{self.width}d}{self.after}"

    def running(self, number: str) -> int | None:
        """The running number in `number`; None where that is of another series."""
        middle = number.removeprefix(self.before).removesuffix(self.after)
        inside = len(number) == len(self.before) + len(middle) + len(self.after)
        return int(middle) if inside and middle.isascii() and middle.isdigit() else None


def validate_number_pattern(pattern: str) -> None:
    """The town's own, for papers that stand alone."""
    check_pattern(pattern, of_another=False)


def check_pattern(pattern: str, *, of_another: bool) -> None:
    """Raises ValidationError with a sentence. `of_another`: for papers that belong to an earlier one."""
    pieces = pieces_of(pattern)
    running = [piece for piece in pieces if piece.name in RUNNING]
    if not running:
        raise ValidationError(
            _(
                "Es fehlt die laufende Nummer. Schreiben Sie {laufend} an die Stelle, an der gezählt wird, "
                "zum Beispiel „{jahr}/{laufend}“."
            )
        )
    if len(running) > 1:
        raise ValidationError(_("Die laufende Nummer darf nur einmal vorkommen: {laufend} oder {folge}."))
    if not of_another and any(piece.name == OF_ANOTHER for piece in pieces):
        raise ValidationError(
            _(
                "{nummer} steht für die Nummer einer früheren Vorlage. Das geht nur bei einer Vorlagenart, "
                "die zu einer früheren Vorlage gehört, zum Beispiel bei einem Änderungsantrag."
            )
        )


def pieces_of(pattern: str) -> list[Piece]:
    found = []
    for index, part in enumerate(_PIECES.split(pattern)):
        if index % 2:
            found.append(_placeholder(part))
        elif "{" in part or "}" in part:
            raise ValidationError(
                _("Eine geschweifte Klammer ist nicht geschlossen. Richtig ist zum Beispiel „{laufend}“.")
            )
        elif part:
            found.append(Piece(letters=part))
    return found


def _placeholder(inside: str) -> Piece:
    name, colon, width = inside.partition(":")
    if name not in PLACEHOLDERS:
        known = ", ".join(f"{{{known}}}" for known in PLACEHOLDERS)
        raise ValidationError(
            _("Den Baustein „{%(name)s}“ gibt es nicht. Möglich sind: %(known)s.")
            % {"name": inside, "known": known}
        )
    if not colon:
        return Piece(name=name)
    if name not in RUNNING or not (width.isascii() and width.isdigit()) or not 1 <= int(width) <= WIDEST:
        raise ValidationError(
            _(
                "Hinter dem Doppelpunkt steht, auf wie viele Stellen die laufende Nummer mit Nullen "
                "aufgefüllt wird: eine Zahl von 1 bis 9, zum Beispiel „{laufend:3}“ für 007."
            )
        )
    return Piece(name=name, width=int(width))


def fits_pattern(number: str, pattern: str) -> bool:
    """Whether `2017/1900` fits `{jahr}/{laufend}`. A pattern that is none fits nothing."""
    try:
        pieces = pieces_of(pattern)
    except ValidationError:
        return False
    expression = "".join(PLACEHOLDERS.get(piece.name) or re.escape(piece.letters) for piece in pieces)
    return re.fullmatch(expression, number) is not None


def filled(pattern: str, values: Mapping[str, str]) -> Series:
    """Raises ValidationError for what is no pattern."""
    check_pattern(pattern, of_another=True)
    sides, width = ["", ""], 0
    side = 0
    for piece in pieces_of(pattern):
        if piece.name in RUNNING:
            side, width = 1, piece.width
        else:
            sides[side] += values[piece.name] if piece.name else piece.letters
    return Series(before=sides[0], after=sides[1], width=width)


def names_in(pattern: str) -> set[str]:
    return {piece.name for piece in pieces_of(pattern) if piece.name}
