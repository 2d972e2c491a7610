"""A date as exactly as it is known: a day, a month, "Anfang 2014", "1. Halbjahr 2009"."""

from __future__ import annotations

import calendar
import datetime
import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from functools import total_ordering

MONTHS = "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split()
SHORT_MONTHS = "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.".split()
PARTS = {"Anfang": (1, 4), "Mitte": (5, 8), "Ende": (9, 12)}
PLANNED_WORD = "geplant"


class Precision(StrEnum):
    """How exactly the date is known. The value is what the database stores."""

    DAY = "day"
    DAYS = "days"  # 10.03.–31.03.2017
    FROM_DAY = "from"  # ab 01.02.2017
    MONTH = "month"
    MONTHS = "months"  # Aug./Sept. 2017
    PART_OF_YEAR = "part"  # Anfang 2014
    QUARTER = "quarter"
    HALF_YEAR = "half"
    YEAR = "year"
    YEARS = "years"  # 2017–2020


class FuzzyDateError(ValueError):
    """The text is no date we can read. The message is a German sentence for the person who typed it."""


@total_ordering
@dataclass(frozen=True)
class FuzzyDate:
    """A span from `first` to `last` day (both included) and how exactly it is meant.

    Sorts by first day, then last day. `planned` tells an intention from what took place.
    """

    first: datetime.date
    last: datetime.date
    precision: Precision
    planned: bool = False

    def __post_init__(self) -> None:
        if self.first > self.last:
            raise FuzzyDateError("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Angaben.")

    def __lt__(self, other: object) -> bool:
        if not isinstance(other, FuzzyDate):
            return NotImplemented
        return self.sort_key < other.sort_key

    @property
    def sort_key(self) -> tuple[datetime.date, datetime.date, str, bool]:
        return (self.first, self.last, self.precision, self.planned)

    def covers(self, date: datetime.date) -> bool:
        """Whether the day lies in the span. What begins on a day ("ab 01.02.2017") has no end."""
        return self.first <= date and (date <= self.last or self.precision is Precision.FROM_DAY)

    # Storage: one text column whose alphabetical order is the chronological one.

    def __str__(self) -> str:
        text = self.german()
        return f"{text} ({PLANNED_WORD})" if self.planned else text

    def encode(self) -> str:
        """`2017-03-10/2017-03-31/days`, with `/planned` behind it where it is only intended."""
        parts = [self.first.isoformat(), self.last.isoformat(), str(self.precision)]
        return "/".join([*parts, "planned"] if self.planned else parts)

    @classmethod
    def decode(cls, text: str) -> FuzzyDate:
        first, last, precision, *planned = text.split("/")
        return cls(
            datetime.date.fromisoformat(first),
            datetime.date.fromisoformat(last),
            Precision(precision),
            bool(planned),
        )

    def as_planned(self, planned: bool = True) -> FuzzyDate:
        return replace(self, planned=planned)

    def german(self) -> str:
        """The date in words, without the note that it is planned."""
        first, last = self.first, self.last
        match self.precision:
            case Precision.DAY:
                return f"{first:%d.%m.%Y}"
            case Precision.DAYS:
                start = f"{first:%d.%m.}" if first.year == last.year else f"{first:%d.%m.%Y}"
                return f"{start}–{last:%d.%m.%Y}"
            case Precision.FROM_DAY:
                return f"ab {first:%d.%m.%Y}"
            case Precision.MONTH:
                return f"{MONTHS[first.month - 1]} {first.year}"
            case Precision.MONTHS:
                return self._months()
            case Precision.PART_OF_YEAR:
                word = next(w for w, months in PARTS.items() if months[0] == first.month)
                return f"{word} {first.year}"
            case Precision.QUARTER:
                return f"{(first.month + 2) // 3}. Quartal {first.year}"
            case Precision.HALF_YEAR:
                return f"{1 if first.month == 1 else 2}. Halbjahr {first.year}"
            case Precision.YEAR:
                return str(first.year)
            case Precision.YEARS:
                return f"{first.year}–{last.year}"

    def _months(self) -> str:
        first, last = self.first, self.last
        if first.year != last.year:
            return f"{MONTHS[first.month - 1]} {first.year} – {MONTHS[last.month - 1]} {last.year}"
        if last.month == first.month + 1:
            return f"{SHORT_MONTHS[first.month - 1]}/{SHORT_MONTHS[last.month - 1]} {first.year}"
        return f"{MONTHS[first.month - 1]} – {MONTHS[last.month - 1]} {first.year}"


def day(value: datetime.date) -> FuzzyDate:
    return FuzzyDate(value, value, Precision.DAY)


def months(year: int, first: int, last: int, precision: Precision, last_year: int | None = None) -> FuzzyDate:
    """The whole months from `first` to `last` (1–12)."""
    last_year = last_year or year
    end = calendar.monthrange(last_year, last)[1]
    return FuzzyDate(datetime.date(year, first, 1), datetime.date(last_year, last, end), precision)


_DAY = r"(\d{1,2})\.\s?(\d{1,2})\.\s?(\d{4})"
_DASH = r"\s*(?:–|—|-|bis)\s*"
_MONTH = r"([A-Za-zäÄ]+)\.?"
_YEAR = r"(\d{4})"


def _date(day_: str, month: str, year: str) -> datetime.date:
    return datetime.date(int(year), int(month), int(day_))


def _month_number(word: str) -> int:
    low = word.lower().rstrip(".")
    for number, name in enumerate(MONTHS, start=1):
        if len(low) >= 3 and name.lower().startswith(low):
            return number
    if low in {"sept", "mrz", "maerz"}:
        return 9 if low == "sept" else 3
    raise FuzzyDateError(f"„{word}“ ist kein Monatsname.")


def parse(text: str) -> FuzzyDate:
    """Read a date as people write it in German; `FuzzyDateError` with a sentence if nobody could."""
    words = " ".join(text.split())
    planned = False
    match = re.fullmatch(rf"(?:{PLANNED_WORD}:?\s+(.+)|(.+?)\s*\({PLANNED_WORD}\))", words, re.IGNORECASE)
    if match:
        planned, words = True, match[1] or match[2]
    try:
        return _parse(words).as_planned(planned)
    except FuzzyDateError:
        raise
    except ValueError as error:
        raise FuzzyDateError(
            f"„{text}“ gibt es im Kalender nicht. Bitte prüfen Sie Tag und Monat."
        ) from error


def _day_span(*parts: str) -> FuzzyDate:
    return FuzzyDate(_date(*parts[:3]), _date(*parts[3:]), Precision.DAYS)


def _from_day(*parts: str) -> FuzzyDate:
    first = _date(*parts)
    return FuzzyDate(first, first, Precision.FROM_DAY)


def _month_span(first: str, first_year: str, last: str, last_year: str) -> FuzzyDate:
    return months(
        int(first_year), _month_number(first), _month_number(last), Precision.MONTHS, int(last_year)
    )


def _month(word: str, year: str) -> FuzzyDate:
    number = _month_number(word)
    return months(int(year), number, number, Precision.MONTH)


def _part_of_year(number: str, year: str, length: int, precision: Precision) -> FuzzyDate:
    last = int(number) * length
    return months(int(year), last - length + 1, last, precision)


# What people write, and what it means; the first that fits counts.
_FORMS: tuple[tuple[str, Callable[..., FuzzyDate]], ...] = (
    (_DAY, lambda *d: day(_date(*d))),
    (rf"(?:ab|seit) {_DAY}", _from_day),
    (rf"{_DAY}{_DASH}{_DAY}", _day_span),
    (
        rf"(\d{{1,2}})\.\s?(\d{{1,2}})\.{_DASH}{_DAY}",
        lambda a, b, c, d, year: _day_span(a, b, year, c, d, year),
    ),
    (rf"(\d{{1,2}})\.{_DASH}{_DAY}", lambda a, b, m, year: _day_span(a, m, year, b, m, year)),
    (
        rf"(Anfang|Mitte|Ende) {_YEAR}",
        lambda word, year: months(int(year), *PARTS[word.capitalize()], Precision.PART_OF_YEAR),
    ),
    (
        rf"([1-4])\. ?(?:Quartal|Vierteljahr) {_YEAR}",
        lambda n, year: _part_of_year(n, year, 3, Precision.QUARTER),
    ),
    (
        rf"([12])\. ?(?:Halbjahr|Jahreshälfte) {_YEAR}",
        lambda n, year: _part_of_year(n, year, 6, Precision.HALF_YEAR),
    ),
    (_YEAR, lambda year: months(int(year), 1, 12, Precision.YEAR)),
    (rf"{_YEAR}{_DASH}{_YEAR}", lambda a, b: months(int(a), 1, 12, Precision.YEARS, int(b))),
    (rf"{_MONTH} {_YEAR}", _month),
    (rf"{_MONTH}(?:/|{_DASH}){_MONTH} {_YEAR}", lambda a, b, year: _month_span(a, year, b, year)),
    (rf"{_MONTH} {_YEAR}{_DASH}{_MONTH} {_YEAR}", _month_span),
)


def _parse(text: str) -> FuzzyDate:
    for pattern, build in _FORMS:
        if match := re.fullmatch(pattern, text, re.IGNORECASE):
            return build(*match.groups())
    raise FuzzyDateError(
        f"„{text}“ ist kein Zeitpunkt, den wir lesen können. Möglich sind zum Beispiel: 19.06.2008 · "
        "10.03.–31.03.2017 · ab 01.02.2017 · Juni 2017 · Aug./Sept. 2017 · 1. Halbjahr 2009 · Anfang 2014 · "
        "2017–2020."
    )
