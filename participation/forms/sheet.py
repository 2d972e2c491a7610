"""The sheet of a session: who is there, how many, the minutes; and replies entered for others.

Each row carries the state in which it was opened. Only what differs from that is written, so that two people
can tick at the same time; where both have changed the same row, the second decides (`Rows.conflicts`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, ClassVar

from django import forms
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _

from municipalities.choice_widgets import QuickSelect
from municipalities.merging_forms import DECISION, THEIRS, Conflict, MergingForm, told_of
from municipalities.models import Municipality, Person
from participation.actions.attending import SeatChange
from participation.counts import Basis
from participation.forms.processes import limit
from participation.models import Attendance, Event, EventReply, Group, Minutes, Seat

LONGEST_NAME = 150
MOST_GUESTS = 300
OPENED = "-offen"


def without_nul(text: str) -> str:
    return text.replace("\x00", "").strip()


class Rows:
    """Rows of their own beside the forms of a page. Two versions of a row are shown like those of a field."""

    prefix = ""

    def __init__(self, data: Any) -> None:
        self.data = data
        self.conflicts: list[Conflict] = []
        self.told: list[str] = []

    def takes_theirs(self, box: str) -> bool:
        return bool(self.data.get(DECISION + box) == THEIRS)

    def both_changed(self, box: str, label: str, words: tuple[str, str], history: Any) -> None:
        """`words` are mine and theirs, `history` the entries of the row, newest first."""
        mine, theirs = words
        self.conflicts.append(Conflict(box, label, mine, theirs, False, DECISION + box))
        sentence = told_of(history.first())
        if sentence not in self.told:
            self.told.append(sentence)


@dataclass
class SeatRow:
    """A seat as it stands on the sheet. `name` is who is there instead of the seat's own person."""

    seat: Seat
    is_there: bool
    name: str
    was_there: bool
    old_name: str
    """As they stand now, whoever wrote it."""
    reply: EventReply | None = None
    error: str = ""

    @property
    def box(self) -> str:
        return f"platz-{self.seat.pk}"

    @property
    def title(self) -> str:
        return self.seat.person.name if self.seat.person else str(self.seat.institution)

    @property
    def below(self) -> str:
        """What else says which seat it is: institution, function, note."""
        institution = self.seat.institution if self.seat.person else None
        if institution is None and self.seat.person is not None:
            institution = self.seat.person.institution
        role = "" if self.seat.role == Seat.Role.MEMBER else self.seat.get_role_display()
        if self.seat.deputises:
            role = _now("vertritt %s") % self.seat.deputises
        vacant = _now("unbesetzt") if self.seat.vacant else ""
        said = reply_in_words(self.reply.answer, self.reply.remark) if self.reply else ""
        return " · ".join(str(part) for part in (institution, role, vacant, self.seat.note, said) if part)

    def in_words(self, is_there: bool, name: str) -> str:
        if not is_there:
            return _now("niemand da")
        return _now("da in Vertretung: %s") % name if name else _now("da: %s") % self.title

    @property
    def has_changed(self) -> bool:
        return (self.is_there, self.name) != (self.was_there, self.old_name)


@dataclass
class GuestRow:
    row: Attendance
    is_there: bool

    @property
    def box(self) -> str:
        return f"gast-{self.row.pk}"


class RollCall(Rows):
    """The ticks of a sheet. `data` is what was sent; None when it is opened."""

    prefix = "platz"

    def __init__(self, event: Event, data: Any = None) -> None:
        super().__init__(data)
        self.event = event
        self.errors: list[str] = []
        present = list(event.present.select_related("seat"))
        by_seat = {row.seat_id: row for row in present if row.seat_id is not None}
        self.groups: list[tuple[Group, list[SeatRow]]] = []
        self.replies = {reply.person_id: reply for reply in event.replies.all()}
        groups = event.groups.prefetch_related(
            "seats__person__institution", "seats__institution", "seats__deputises__person",
            "seats__deputises__institution",
        )  # fmt: skip
        held_now = set(Seat.objects.held_now().filter(group__events=event).values_list("pk", flat=True))
        for group in groups:
            # Who has been ticked stays on the sheet when the seat has ended since.
            seats = [seat for seat in group.seats.all() if seat.pk in held_now or seat.pk in by_seat]
            rows = [self._seat_row(seat, by_seat.get(seat.pk)) for seat in with_deputies(seats)]
            self.groups.append((group, rows))
        self._count_deputies_once()
        shown = {row.seat.pk for _group, rows in self.groups for row in rows}
        self.guests = [self._guest_row(row) for row in present if row.seat_id not in shown]
        self.more_text = without_newline_noise(data.get("gaeste", "")) if data is not None else ""
        self.more = self._read_guests() if data is not None else []

    @property
    def rows(self) -> list[SeatRow]:
        return [row for _group, rows in self.groups for row in rows]

    @property
    def number(self) -> int:
        """How many are there, as the sheet stands."""
        return sum(row.is_there for row in self.rows) + sum(guest.is_there for guest in self.guests)

    def is_valid(self) -> bool:
        return not (self.errors or self.conflicts or any(row.error for row in self.rows))

    def changes(self) -> list[SeatChange]:
        return [SeatChange(row.seat, row.is_there, row.name) for row in self.rows if row.has_changed]

    def leaving(self) -> list[Attendance]:
        return [guest.row for guest in self.guests if not guest.is_there]

    def _count_deputies_once(self) -> None:
        """Whose deputy was typed as the stand-in: it is the deputy who is ticked."""
        deputies = {(row.seat.deputises_id, row.title): row for row in self.rows if row.seat.deputises_id}
        for row in self.rows:
            deputy = deputies.get((row.seat.pk, row.name)) if row.has_changed and row.name else None
            if deputy is not None:
                row.is_there, row.name = False, ""
                deputy.is_there = True

    def _seat_row(self, seat: Seat, found: Attendance | None) -> SeatRow:
        own = seat.person.name if seat.person else ""
        is_there = found is not None
        name = found.name if found is not None and found.name != own else ""
        reply = self.replies.get(seat.person_id) if seat.person_id else None
        row = SeatRow(seat, is_there, name, is_there, name, reply)
        if self.data is None or row.box + OPENED not in self.data:
            return row  # it has come to the group since the sheet was opened
        opened_name = without_nul(self.data.get(f"{row.box}-name{OPENED}", ""))
        opened = self.data.get(row.box + OPENED) == "1", opened_name
        typed = without_nul(self.data.get(f"{row.box}-name", ""))
        ticked = row.box in self.data
        if (ticked, typed) == opened or self.takes_theirs(row.box):
            return row  # as it is now
        # A name typed into an empty row says that somebody is there.
        came = bool(typed) and typed != opened_name
        row.is_there, row.name = ticked or came, typed if ticked or came else ""
        if len(row.name) > LONGEST_NAME:
            row.error = _now("Der Name ist zu lang: höchstens 150 Zeichen.")
        elif row.has_changed and opened != (row.was_there, row.old_name):
            words = row.in_words(row.is_there, row.name), row.in_words(row.was_there, row.old_name)
            history = Attendance.history.filter(event_id=self.event.pk, seat_id=seat.pk)
            self.both_changed(row.box, row.title, words, history)
        return row

    def _guest_row(self, row: Attendance) -> GuestRow:
        guest = GuestRow(row, True)
        if self.data is not None and guest.box + OPENED in self.data:
            guest.is_there = guest.box in self.data
        return guest

    def _read_guests(self) -> list[tuple[str, str]]:
        """A line is `Name, Einrichtung` or either of them."""
        lines = [line.strip() for line in self.more_text.splitlines() if line.strip()]
        if len(lines) > MOST_GUESTS:
            self.errors.append(
                _now("Das sind mehr als 300 Namen auf einmal. Bitte tragen Sie stattdessen eine Zahl ein.")
            )
            return []
        found: dict[tuple[str, str], None] = {}
        for line in lines:
            name, _comma, institution = (part.strip() for part in line.partition(","))
            if max(len(name), len(institution)) > LONGEST_NAME:
                sentence = _now("Diese Zeile ist zu lang (höchstens 150 Zeichen je Angabe): „%s…“")
                self.errors.append(sentence % line[:60])
            elif name or institution:
                found[name, institution] = None
        return list(found)


def with_deputies(seats: list[Seat]) -> list[Seat]:
    """Each seat with those behind it who sit there in its place."""
    shown = {seat.pk for seat in seats}
    behind: dict[int, list[Seat]] = {}
    for seat in seats:
        if seat.deputises_id in shown:
            behind.setdefault(seat.deputises_id, []).append(seat)
    moved = {deputy.pk for deputies in behind.values() for deputy in deputies}
    return [one for seat in seats if seat.pk not in moved for one in (seat, *behind.get(seat.pk, ()))]


def without_newline_noise(text: str) -> str:
    return text.replace("\x00", "").replace("\r\n", "\n")


class CountForm(MergingForm):
    """How many: counted from the ticks, or a number of its own with its basis."""

    LIST, OWN = "list", "own"

    mode = forms.ChoiceField(
        label=_("Wie viele waren da?"),
        choices=((LIST, _("So viele, wie oben angehakt sind")), (OWN, _("Eine eigene Zahl"))),
        widget=forms.RadioSelect,
        error_messages={"required": _("Bitte wählen Sie, woher die Zahl kommt.")},
    )

    class Meta:
        model = Event
        fields: ClassVar = ("attendance", "attendance_accuracy", "attendance_basis")
        widgets: ClassVar = {"attendance_accuracy": QuickSelect, "attendance_basis": QuickSelect}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        event = self.instance
        listed = event.attendance is None or (event.attendance_basis == Basis.LIST and event.present.exists())
        self.initial["mode"] = self.LIST if listed else self.OWN
        self.fields["attendance_accuracy"].required = False
        limit(self, "attendance")

    @property
    def counts_the_list(self) -> bool:
        return self.cleaned_data.get("mode") == self.LIST

    def keeps(self, name: str) -> bool:
        """What is counted from the ticks is nobody's own wording."""
        return self.data.get(self.add_prefix("mode")) == self.OWN and super().keeps(name)

    def clean_attendance_accuracy(self) -> str:
        return self.cleaned_data["attendance_accuracy"] or "exact"

    def clean(self) -> dict[str, Any] | None:
        if self.counts_the_list:
            # Counted when it is saved; what stands in the fields below does not count.
            for name in ("attendance", "attendance_basis"):
                self.errors.pop(name, None)
            self.cleaned_data |= {"attendance": None, "attendance_basis": ""}
        elif self.cleaned_data.get("mode") == self.OWN and "attendance" not in self.errors:
            if self.cleaned_data.get("attendance") is None:
                self.add_error("attendance", _("Bitte geben Sie an, wie viele da waren."))
            elif not self.cleaned_data.get("attendance_basis"):
                self.add_error("attendance_basis", _("Bitte geben Sie an, worauf die Zahl beruht."))
        return super().clean()


class MinutesForm(MergingForm):
    prefix = "niederschrift"

    class Meta:
        model = Minutes
        fields: ClassVar = ("text",)

    def __init__(self, *args: Any, municipality: Municipality, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["text"].widget.town_id = municipality.pk


@dataclass
class ReplyRow:
    """A person with the answer that the staff have, or enter."""

    person: Person
    answer: str
    remark: str
    reply: EventReply | None
    error: str = ""
    has_changed: bool = False

    @property
    def box(self) -> str:
        return f"antwort-{self.person.pk}"


class ReplyRows(Rows):
    """All who are asked, each a row."""

    def __init__(self, event: Event, persons: list[Person], data: Any = None) -> None:
        super().__init__(data)
        self.event = event
        replies = {reply.person_id: reply for reply in event.replies.select_related("entered_by")}
        self.rows = [self._row(person, replies.get(person.pk)) for person in persons]

    def is_valid(self) -> bool:
        return not (self.conflicts or any(row.error for row in self.rows))

    def changed(self) -> list[ReplyRow]:
        return [row for row in self.rows if row.has_changed]

    def _row(self, person: Person, reply: EventReply | None) -> ReplyRow:
        data = self.data
        row = ReplyRow(person, reply.answer if reply else "", reply.remark if reply else "", reply)
        if data is None or row.box + OPENED not in data:
            return row
        answer, remark = data.get(row.box, ""), without_nul(data.get(f"{row.box}-bemerkung", ""))
        opened = (data[row.box + OPENED], data.get(f"{row.box}-bemerkung{OPENED}", ""))
        now = row.answer, row.remark
        if (answer, remark) in (opened, now) or self.takes_theirs(row.box):
            return row
        row.answer, row.remark, row.has_changed = answer, remark, True
        if answer and answer not in EventReply.Answer.values:
            row.error = _now("Bitte wählen Sie eine der drei Antworten.")
        elif remark and not answer:
            row.error = _now("Zu einer Bemerkung gehört eine Antwort. Bitte wählen Sie eine.")
        elif len(remark) > 300:
            row.error = _now("Die Bemerkung ist zu lang: höchstens 300 Zeichen.")
        elif opened != now:
            history = EventReply.history.filter(event_id=self.event.pk, person_id=person.pk)
            words = reply_in_words(answer, remark), reply_in_words(*now)
            self.both_changed(row.box, person.name, words, history)
        return row


def reply_in_words(answer: str, remark: str) -> str:
    said = EventReply.Answer(answer).label if answer else _now("noch keine Antwort")
    return f"{said}, {remark}" if remark else str(said)
