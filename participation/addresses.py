"""E-mail addresses as people paste them: one a line or many, with names before them or in angle brackets."""

from __future__ import annotations

import re
from dataclasses import dataclass, field

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.utils.translation import gettext as _

MOST_ADDRESSES = 500
LONGEST_NAME, LONGEST_ADDRESS = 100, 254
LONGEST_QUOTE = 60

_IN_ADDRESS = r"[^\s<>()\[\],;\"']+"
ENTRY = re.compile(rf"(?P<name>[^<>@]*?)[\s<(\[\"',]*(?P<email>{_IN_ADDRESS}@{_IN_ADDRESS})[\s>)\]\"']*")


@dataclass(frozen=True)
class Address:
    email: str
    """In small letters."""
    name: str
    line: int


@dataclass
class Pasted:
    """What was understood, what was not (a sentence for each, with the number of the line), and how many
    addresses stood there more than once."""

    good: list[Address] = field(default_factory=list)
    bad: list[str] = field(default_factory=list)
    repeated: int = 0
    too_many: int = 0
    """How many lines there are, if more than we take at once."""


def read_addresses(text: str) -> Pasted:
    """Nothing is read of a list that is too long: nobody wants half of it."""
    pasted = Pasted()
    lines = text.replace("\0", "").splitlines()
    written = sum(1 for line in lines if line.strip())
    if written > MOST_ADDRESSES or text.count("@") > 2 * MOST_ADDRESSES:
        pasted.too_many = max(written, text.count("@"))
        return pasted
    known: set[str] = set()
    for number, line in enumerate(lines, start=1):
        for entry in _entries(line):
            found = _read(entry, number)
            if isinstance(found, str):
                pasted.bad.append(found)
            elif found.email in known:
                pasted.repeated += 1
            else:
                known.add(found.email)
                pasted.good.append(found)
    if len(pasted.good) > MOST_ADDRESSES:
        pasted.too_many = len(pasted.good)
    return pasted


def _entries(line: str) -> list[str]:
    """The line cut at semicolons, and at commas behind an address: "Muster, Eva <e@a.de>, b@c.de"."""
    entries: list[str] = []
    for part in line.split(";"):
        waiting = ""
        for piece in part.split(","):
            waiting = f"{waiting},{piece}" if waiting else piece
            if "@" in piece:
                entries.append(waiting)
                waiting = ""
        entries.append(waiting)
    return [entry.strip() for entry in entries if entry.strip(" \t\"'<>")]


def _read(entry: str, line: int) -> Address | str:
    quote = entry if len(entry) <= LONGEST_QUOTE else f"{entry[:LONGEST_QUOTE]}…"
    where = _("Zeile %(line)d: „%(entry)s“") % {"line": line, "entry": quote}
    match = ENTRY.fullmatch(entry) if len(entry) <= LONGEST_NAME + LONGEST_ADDRESS + 10 else None
    if match is None:
        return _("%s enthält keine E-Mail-Adresse, die wir lesen können.") % where
    email = match["email"].removeprefix("mailto:").lower()
    try:
        validate_email(email)
    except ValidationError:
        return _("%s ist keine gültige E-Mail-Adresse.") % where
    if len(email) > LONGEST_ADDRESS:
        return _("%s ist zu lang.") % where
    name = " ".join(match["name"].strip(" \t\"',").split())
    family, comma, given = name.partition(",")
    if comma and "," not in given:
        name = " ".join(f"{given} {family}".replace('"', "").split())
    if len(name) > LONGEST_NAME:
        return _("%s: Der Name ist zu lang, höchstens 100 Zeichen.") % where
    return Address(email, name, line)
