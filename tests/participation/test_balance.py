"""Participation in numbers is counted from the records."""

import pytest

from fuzzydates.value import parse
from municipalities.models import Municipality
from participation.balance import balance_of
from participation.counts import Accuracy, Basis
from participation.models import Event, Process

pytestmark = pytest.mark.django_db


@pytest.fixture
def process() -> Process:
    town = Municipality.objects.create(
        name="Stadt Hier",
        short_name="Hier",
        slug="hier",
        kind="city",
        head_title="Die Bürgermeisterin",
        state_law="go_nrw",
    )
    return Process.objects.create(
        municipality=town,
        title="Konzept",
        institutions=40,
        institutions_accuracy=Accuracy.ABOUT,
        persons=50,
        persons_accuracy=Accuracy.MORE_THAN,
    )


def session(process: Process, number: int, date: str, attendance: int | None = None, **more: object) -> Event:
    return Event.objects.create(
        process=process,
        kind=Event.Kind.SESSION,
        title=f"{number}. Sitzung",
        date=parse(date),
        attendance=attendance,
        attendance_basis=Basis.LIST if attendance else "",
        **more,
    )


def lines(process: Process) -> dict[str, str]:
    return dict(balance_of(process, process.events.all(), groups=4).lines())


def test_only_what_was_held_counts(process: Process) -> None:
    session(process, 1, "05.03.2008", 16)
    session(process, 2, "April 2008", 18)
    session(process, 3, "geplant: Mai 2008", 90)
    session(process, 4, "Juni 2008", 90, state=Event.State.CANCELLED)
    found = lines(process)
    assert found["Sitzungen und Workshops, durchgeführt"] == "2"
    assert found["Teilnehmende je Sitzung im Durchschnitt"] == "17"
    assert found["Gruppen"] == "4"


def test_ca_and_ueber_are_kept(process: Process) -> None:
    session(process, 1, "05.03.2008", 16, attendance_accuracy=Accuracy.ABOUT)
    session(process, 2, "April 2008", 18)
    found = lines(process)
    assert found["Teilnehmende je Sitzung im Durchschnitt"] == "ca. 17"
    assert found["beteiligte Einrichtungen"] == "ca. 40"
    assert found["beteiligte Personen"] == "über 50"


def test_what_nobody_counted_is_not_printed(process: Process) -> None:
    assert "Teilnehmende je Sitzung im Durchschnitt" not in lines(process)
