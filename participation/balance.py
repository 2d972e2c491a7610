"""How broad the participation was, computed from the records and never stored."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from django.utils.translation import gettext as _

from participation.counts import Accuracy, german_count
from participation.models import Event, Process

WITH_ATTENDANCE = (Event.Kind.SESSION, Event.Kind.WORKSHOP)
PUBLIC_EVENTS = (Event.Kind.CONFERENCE, Event.Kind.INFORMATION)


@dataclass(frozen=True)
class Balance:
    """Numbers of groups and conferences held; the rest as German text, empty where unknown."""

    groups: int
    sessions: str
    conferences: int
    average_attendance: str
    institutions: str
    persons: str

    def lines(self) -> list[tuple[str, str]]:
        """What is known, as pairs of label and figure."""
        lines = [
            (_("Gruppen"), str(self.groups or "")),
            (_("Sitzungen und Workshops, durchgeführt"), self.sessions),
            (_("Teilnehmende je Sitzung im Durchschnitt"), self.average_attendance),
            (_("Konferenzen und Informationsveranstaltungen, durchgeführt"), str(self.conferences or "")),
            (_("beteiligte Einrichtungen"), self.institutions),
            (_("beteiligte Personen"), self.persons),
        ]
        return [(label, figure) for label, figure in lines if figure]


def balance_of(process: Process, events: Iterable[Event], groups: int) -> Balance:
    """Count what was held; planned and cancelled events don't count."""
    held = [event for event in events if event.state == Event.State.HELD]
    sessions = [event for event in held if event.kind in WITH_ATTENDANCE]
    return Balance(
        groups=groups,
        sessions=_number_of(sessions),
        conferences=sum(event.kind in PUBLIC_EVENTS for event in held),
        average_attendance=_average(sessions),
        institutions=process.institutions_text,
        persons=process.persons_text,
    )


def _number_of(sessions: list[Event]) -> str:
    """`12`; `mindestens 4` where one entry stands for several sessions; empty for none."""
    if not sessions:
        return ""
    several = any(event.several for event in sessions)
    return _("mindestens %d") % (len(sessions) + 1) if several else str(len(sessions))


def _average(sessions: list[Event]) -> str:
    """The mean rounded to a whole person; as vague as its vaguest part."""
    counted = [
        (event.attendance, event.attendance_accuracy) for event in sessions if event.attendance is not None
    ]
    if not counted:
        return ""
    mean = round(sum(number for number, _accuracy in counted) / len(counted))
    accuracies = {accuracy for _number, accuracy in counted}
    vaguest = next((a for a in (Accuracy.MORE_THAN, Accuracy.ABOUT) if a in accuracies), Accuracy.EXACT)
    return german_count(mean, vaguest)
