"""The options of a block are data from a file or a form: checked strictly, with sentences in German."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

MOST_ROWS = 60
SLUG = re.compile(r"[a-z0-9][a-z0-9_-]{0,39}")


class OptionError(ValueError):
    """A value does not fit. The message is a German sentence that names the place."""


@dataclass(frozen=True, kw_only=True)
class Option:
    required: bool = False

    def check(self, value: Any, place: str) -> None:
        raise NotImplementedError


@dataclass(frozen=True)
class Text(Option):
    longest: int
    placeholder: str = ""

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str):
            raise OptionError(
                _("„%s“ muss ein Text sein. Bitte setzen Sie ihn in Anführungszeichen.") % place
            )
        if self.required and not value.strip():
            raise OptionError(_("„%s“ darf nicht leer sein.") % place)
        if len(value) > self.longest:
            raise OptionError(
                _("„%(place)s“ ist zu lang: höchstens %(longest)d Zeichen.")
                % {"place": place, "longest": self.longest}
            )
        if self.placeholder and self.placeholder not in value:
            raise OptionError(
                _("In „%(place)s“ fehlt der Platzhalter %(placeholder)s.")
                % {"place": place, "placeholder": self.placeholder}
            )


@dataclass(frozen=True)
class Slug(Option):
    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, str) or not SLUG.fullmatch(value):
            raise OptionError(
                _(
                    "„%s“ darf nur aus höchstens 40 kleinen Buchstaben ohne Umlaute, "
                    "Ziffern und Bindestrichen bestehen."
                )
                % place
            )


@dataclass(frozen=True)
class Flag(Option):
    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, bool):
            raise OptionError(_("„%s“ muss true oder false sein.") % place)


@dataclass(frozen=True)
class Number(Option):
    least: int
    most: int

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, int) or isinstance(value, bool) or not self.least <= value <= self.most:
            raise OptionError(
                _("„%(place)s“ muss eine ganze Zahl von %(least)d bis %(most)d sein.")
                % {"place": place, "least": self.least, "most": self.most}
            )


@dataclass(frozen=True)
class Choice(Option):
    values: tuple[str, ...]

    def check(self, value: Any, place: str) -> None:
        if value not in self.values:
            raise OptionError(
                _("„%(place)s“ muss einer dieser Werte sein: %(values)s. Angegeben ist „%(value)s“.")
                % {"place": place, "values": ", ".join(self.values), "value": str(value)[:60]}
            )


@dataclass(frozen=True)
class Entries(Option):
    """A list. What stands in it is checked elsewhere, or by `Rows`."""

    def check(self, value: Any, place: str) -> None:
        if not isinstance(value, list):
            raise OptionError(_("„%s“ muss eine Liste sein.") % place)
        if not value and self.required:
            raise OptionError(_("„%s“ braucht mindestens einen Eintrag.") % place)
        if len(value) > MOST_ROWS:
            raise OptionError(
                _("„%(place)s“ hat mehr als %(most)d Einträge.") % {"place": place, "most": MOST_ROWS}
            )


@dataclass(frozen=True)
class Rows(Entries):
    """A list of entries of the same shape."""

    fields: Mapping[str, Option]
    unique: str = ""

    def check(self, value: Any, place: str) -> None:
        super().check(value, place)
        seen: set[str] = set()
        for number, row in enumerate(value, start=1):
            where = _("%(place)s, %(number)d. Eintrag") % {"place": place, "number": number}
            if not isinstance(row, dict):
                raise OptionError(_("„%s“ muss aus Namen und Werten bestehen.") % where)
            check_fields(self.fields, row, where)
            if self.unique and row[self.unique] in seen:
                raise OptionError(
                    _("„%(where)s“: „%(value)s“ kommt mehrfach vor.")
                    % {"where": where, "value": row[self.unique]}
                )
            seen.add(row.get(self.unique, ""))


def check_fields(fields: Mapping[str, Option], values: Mapping[Any, Any], place: str = "") -> None:
    """Raises OptionError for an unknown name, a missing one, or a value that does not fit."""
    for name in values:
        if name not in fields:
            known = ", ".join(fields) or _("keine")
            where = _("In „%s“ gibt es") % place if place else _("Hier gibt es")
            raise OptionError(
                _("%(where)s die Einstellung „%(name)s“ nicht. Möglich sind: %(known)s.")
                % {"where": where, "name": str(name)[:60], "known": known}
            )
    for name, option in fields.items():
        where = f"{place}: {name}" if place else name
        if name in values:
            option.check(values[name], where)
        elif option.required:
            raise OptionError(_("Die Einstellung „%s“ fehlt.") % where)
