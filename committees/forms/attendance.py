"""The sheet of a meeting. Each row carries the state in which it was opened: only what differs is written."""

from __future__ import annotations

import datetime
import re
from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from committees.actions.attending import Befangen, Guest, GuestTimes, function_of
from committees.attendance import Presence, State, may_stand_in, problems, seats_of
from committees.models import AgendaItem, Committee, CommitteeSeat, Exclusion, Meeting, MeetingAttendance
from participation.forms.sheet import OPENED, Rows, without_newline_noise, without_nul

Kind = MeetingAttendance.Kind
TIME = re.compile(r"([01]?\d|2[0-3])(?:[:.]([0-5]\d))?(?:\s*Uhr)?")
LONGEST = 150
MOST_LINES = 100
APART = "|"
NOT_SAID = ("", "offen")
STATES = [("", "offen"), *State.choices]
DEPUTY_STATES = [("", "nicht da"), (State.PRESENT, State.PRESENT.label)]


def time_of(text: str) -> datetime.time | None:
    """`18`, `18:30`, `18.30 Uhr`; None for what is no time."""
    found = TIME.fullmatch(text)
    return datetime.time(int(found[1]), int(found[2] or 0)) if found else None


def as_text(time: datetime.time | None) -> str:
    return f"{time:%H:%M}" if time else ""


@dataclass(frozen=True)
class Values:
    """What can be said of somebody, as the fields hold it."""

    state: str = ""
    begin: str = ""
    end: str = ""
    place: str = ""
    """The seat that they stand in for, by its id."""

    @classmethod
    def of(cls, row: MeetingAttendance | None) -> Values:
        if row is None:
            return cls()
        return cls(
            row.state, as_text(row.from_time), as_text(row.until_time), str(row.stands_in_for_id or "")
        )

    @classmethod
    def opened(cls, text: str) -> Values:
        return cls(*(text.split(APART) + [""] * 4)[:4])

    def __str__(self) -> str:
        return APART.join((self.state, self.begin, self.end, self.place))


@dataclass
class SeatRow:
    """A seat on the sheet."""

    seat: CommitteeSeat
    choices: list[CommitteeSeat]
    """Whom a deputy may stand in for."""
    values: Values
    now: Values
    error: str = ""

    @property
    def box(self) -> str:
        return f"platz-{self.seat.pk}"

    @property
    def is_deputy(self) -> bool:
        return self.seat.role == CommitteeSeat.Role.DEPUTY

    @property
    def states(self) -> list[tuple[Any, Any]]:
        return DEPUTY_STATES if self.is_deputy else STATES

    @property
    def title(self) -> str:
        return str(self.seat.person)

    @property
    def below(self) -> str:
        personal = _("vertritt %s") % self.seat.deputy_for.person if self.seat.deputy_for else ""
        return " · ".join(part for part in (function_of(self.seat), personal) if part)

    @property
    def is_there(self) -> bool:
        return self.values.state == State.PRESENT

    @property
    def has_changed(self) -> bool:
        return self.values != self.now

    @property
    def has_times(self) -> bool:
        return bool(self.values.begin or self.values.end or self.error)

    def presence(self) -> Presence:
        place = next((seat for seat in self.choices if str(seat.pk) == self.values.place), None)
        return Presence(
            self.seat,
            self.values.state,
            time_of(self.values.begin),
            time_of(self.values.end),
            place,
        )

    def in_words(self, values: Values) -> str:
        said = [str(dict(self.states).get(values.state, values.state))]
        if values.begin:
            said.append(_("ab %s Uhr") % values.begin)
        if values.end:
            said.append(_("bis %s Uhr") % values.end)
        place = next((seat for seat in self.choices if str(seat.pk) == values.place), None)
        if place is not None:
            said.append(_("in Vertretung für %s") % place.person)
        return ", ".join(said)


@dataclass
class GuestRow:
    """Somebody without a seat, as entered before."""

    row: MeetingAttendance
    stays: bool
    values: Values
    now: Values
    error: str = ""

    @property
    def box(self) -> str:
        return f"gast-{self.row.pk}"

    @property
    def has_times(self) -> bool:
        return bool(self.values.begin or self.values.end or self.error)

    @property
    def has_changed(self) -> bool:
        return self.stays and self.values != self.now

    @property
    def is_there(self) -> bool:
        return self.stays

    @property
    def title(self) -> str:
        return str(self.row)


@dataclass
class ExclusionRow:
    row: Exclusion
    stays: bool

    @property
    def box(self) -> str:
        return f"befangen-{self.row.pk}"


class AttendanceSheet(Rows):
    """`data` is what was sent; None when it is opened. `items` are those that the reader may know of."""

    prefix = "platz"

    def __init__(self, meeting: Meeting, items: list[AgendaItem], data: Any = None) -> None:
        super().__init__(data)
        self.meeting = meeting
        self.errors: dict[str, list[str]] = {}
        rows = list(meeting.attendance.all())
        by_seat = {row.seat_id: row for row in rows if row.seat_id is not None}
        self.everybody_else = data is not None and "alle" in data
        seats = seats_of(meeting)
        self.seats = [self._seat_row(seat, seats, by_seat.get(seat.pk)) for seat in seats]
        self.guests = [self._guest_row(row) for row in rows if row.seat_id is None]
        self.items = [item for item in items if not item.taken_off]
        found = Exclusion.objects.filter(agenda_item__in=items).select_related("agenda_item", "attendance")
        self.exclusions = [
            ExclusionRow(row, data is None or f"befangen-{row.pk}{OPENED}" not in data or box in data)
            for row in found.order_by("agenda_item__position", "attendance__name")
            for box in (f"befangen-{row.pk}",)
        ]
        texts = {kind: data.get(f"neu-{kind}", "") if data is not None else "" for kind in NEW_KINDS}
        self.new_texts = {kind: without_newline_noise(text) for kind, text in texts.items()}
        self.new = [guest for kind in NEW_KINDS for guest in self._read_lines(kind)]
        self.chosen_item = without_nul(data.get("befangen-top", "")) if data is not None else ""
        self.chosen_person = without_nul(data.get("befangen-wer", "")) if data is not None else ""
        self.excluded = self._read_exclusion()
        if data is not None:
            self._check()

    # ---- For the page ------------------------------------------------------------------------------------

    @property
    def groups(self) -> list[tuple[Committee, list[SeatRow], list[SeatRow]]]:
        """Each committee with its members and, behind them, its deputies."""
        found: dict[int, tuple[Committee, list[SeatRow], list[SeatRow]]] = {}
        for row in self.seats:
            _committee, members, deputies = found.setdefault(
                row.seat.committee_id, (row.seat.committee, [], [])
            )
            (deputies if row.is_deputy else members).append(row)
        return list(found.values())

    @property
    def rows(self) -> list[SeatRow | GuestRow]:
        return [*self.seats, *self.guests]

    @property
    def number(self) -> int:
        return sum(row.is_there for row in self.rows)

    @property
    def people(self) -> list[tuple[str, str]]:
        """Who can be befangen: all on the sheet, those who are there first."""
        rows = sorted(self.rows, key=lambda row: (not row.is_there, row.title))
        return [(row.box, row.title) for row in rows]

    @property
    def new_boxes(self) -> list[tuple[str, Any, str, str, list[str]]]:
        """Field, label, hint, what was typed, errors."""
        return [
            (f"neu-{kind}", label, hint, self.new_texts[kind], self.errors.get(f"neu-{kind}", []))
            for kind, (label, hint) in NEW_KINDS.items()
        ]

    @property
    def of_befangen(self) -> list[str]:
        return self.errors.get("befangen", [])

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Every sentence with the place that it is about."""
        rows = [(row.box, f"{row.title}: {row.error}") for row in self.rows if row.error]
        others = [(box or "bogen", sentence) for box, found in self.errors.items() for sentence in found]
        return [*((f"{self.prefix}konflikte", sentence) for sentence in self.told), *rows, *others]

    # ---- For the action ----------------------------------------------------------------------------------

    def is_valid(self) -> bool:
        wrong = any(row.error for row in self.rows)
        return not (self.errors or self.conflicts or wrong)

    def changes(self) -> dict[str, Any]:
        return {
            "seats": [row.presence() for row in self.seats if row.has_changed],
            "guests": self.new,
            "times": [
                GuestTimes(guest.row, time_of(guest.values.begin), time_of(guest.values.end))
                for guest in self.guests
                if guest.has_changed
            ],
            "leaving": [guest.row for guest in self.guests if not guest.stays],
            "excluded": [self.excluded] if self.excluded else [],
            "readmitted": [one.row for one in self.exclusions if not one.stays],
        }

    def refuse(self, error: ValidationError) -> None:
        """What the action has said, beside the row that it is about."""
        by_box = {row.box: row for row in self.seats}
        told = error.message_dict if hasattr(error, "error_dict") else {"": error.messages}
        for box, sentences in told.items():
            if box in by_box:
                by_box[box].error = sentences[0]
            else:
                self.errors.setdefault(box if box == "befangen" else "", []).extend(sentences)

    # ---- Reading -----------------------------------------------------------------------------------------

    def _typed(self, box: str, opened: Values) -> Values:
        def value(name: str, before: str) -> str:
            return without_nul(self.data.get(f"{box}-{name}", before))

        typed = Values(
            without_nul(self.data.get(box, opened.state)),
            value("ab", opened.begin),
            value("bis", opened.end),
            value("fuer", opened.place),
        )
        begin, end = time_of(typed.begin), time_of(typed.end)
        return Values(typed.state, as_text(begin) or typed.begin, as_text(end) or typed.end, typed.place)

    def _seat_row(
        self, seat: CommitteeSeat, seats: list[CommitteeSeat], found: MeetingAttendance | None
    ) -> SeatRow:
        now = Values.of(found)
        choices = [other for other in seats if may_stand_in(seat, other)]
        row = SeatRow(seat, choices, now, now)
        if self.data is None or row.box + OPENED not in self.data:
            return row  # it has come to the committee since the sheet was opened
        opened = Values.opened(without_nul(self.data.get(row.box + OPENED, "")))
        typed = self._typed(row.box, opened)
        if self.everybody_else and not typed.state and not row.is_deputy:
            typed = Values(State.PRESENT, typed.begin, typed.end, typed.place)
        if typed in (opened, now) or self.takes_theirs(row.box):
            return row
        row.values = typed
        if typed.state not in dict(row.states):
            row.error = _("Bitte wählen Sie eine der Möglichkeiten.")
        elif any(text and time_of(text) is None for text in (typed.begin, typed.end)):
            row.error = _("Bitte geben Sie eine Uhrzeit ein, zum Beispiel 18:30.")
        elif typed.place and typed.place not in {str(other.pk) for other in choices}:
            row.error = _("Bitte wählen Sie aus der Liste, wer vertreten wird.")
        elif opened != now:
            history = MeetingAttendance.history.filter(meeting_id=self.meeting.pk, seat_id=seat.pk)
            words = row.in_words(typed), row.in_words(now)
            self.both_changed(row.box, row.title, words, history)
        return row

    def _guest_row(self, found: MeetingAttendance) -> GuestRow:
        now = Values.of(found)
        row = GuestRow(found, True, now, now)
        if self.data is None or row.box + OPENED not in self.data:
            return row
        opened = Values.opened(without_nul(self.data.get(row.box + OPENED, "")))
        row.stays = row.box in self.data
        typed = self._typed(row.box, opened)
        typed = Values(now.state, typed.begin, typed.end)
        if (typed.begin, typed.end) != (opened.begin, opened.end):
            row.values = typed
            begin, end = time_of(typed.begin), time_of(typed.end)
            if (typed.begin and begin is None) or (typed.end and end is None):
                row.error = _("Bitte geben Sie eine Uhrzeit ein, zum Beispiel 18:30.")
            elif begin and end and end <= begin:
                row.error = _("„Bis“ liegt nicht nach „ab“.")
        return row

    def _read_lines(self, kind: str) -> list[Guest]:
        """A line is `Name, Funktion`."""
        lines = [line.strip() for line in self.new_texts[kind].splitlines() if line.strip()]
        box = f"neu-{kind}"
        if len(lines) > MOST_LINES:
            self.errors.setdefault(box, []).append(_("Das sind mehr als 100 Namen auf einmal."))
            return []
        found: dict[Guest, None] = {}
        for line in lines:
            name, _comma, function = (part.strip() for part in line.partition(","))
            if max(len(name), len(function)) > LONGEST:
                sentence = _("Diese Zeile ist zu lang (höchstens 150 Zeichen je Angabe): „%s…“") % line[:60]
                self.errors.setdefault(box, []).append(sentence)
            elif not name:
                sentence = _("In dieser Zeile fehlt der Name: „%s“") % line[:60]
                self.errors.setdefault(box, []).append(sentence)
            else:
                found[Guest(kind, name, function)] = None
        return list(found)

    def _read_exclusion(self) -> Befangen | None:
        if not (self.chosen_item or self.chosen_person):
            return None
        item = next((item for item in self.items if str(item.pk) == self.chosen_item), None)
        seats = {row.box: row.seat for row in self.seats}
        guests = {guest.box: guest.row for guest in self.guests}
        seat, row = seats.get(self.chosen_person), guests.get(self.chosen_person)
        if item is None or (seat is None and row is None):
            sentence = _("Bitte wählen Sie beides: den Tagesordnungspunkt und wer dabei befangen ist.")
            self.errors.setdefault("befangen", []).append(sentence)
            return None
        return Befangen(item, seat, row)

    def _check(self) -> None:
        """The rules of the house, said beside the row."""
        whole = [row for row in self.seats if not row.error]
        found = problems(self.meeting, [row.presence() for row in whole])
        for row in whole:
            row.error = found.get(row.seat.pk, "")


NEW_KINDS = {
    Kind.ADMINISTRATION.value: ("Für die Verwaltung", "Eine Zeile je Person: Name, Funktion."),
    Kind.GUEST.value: ("Gäste", "Eine Zeile je Person: Name, Funktion oder Einrichtung."),
}
