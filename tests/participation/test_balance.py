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


def session(
    process: Process, number: int, date: str | None, attendance: int | None = None, **more: object
) -> Event:
    return Event.objects.create(
        process=process,
        kind=Event.Kind.SESSION,
        title=f"{number}. Sitzung",
        date=parse(date) if date else None,
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
    session(process, 5, None, 17)
    session(process, 6, None, 90, state=Event.State.PLANNED)
    found = lines(process)
    assert found["Sitzungen und Workshops, durchgeführt"] == "3"
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


def test_geplant_behind_the_date_is_the_events_state(process: Process) -> None:
    planned = session(process, 1, "Mai 2008 (geplant)")
    planned.refresh_from_db()
    assert (planned.state, str(planned.date), planned.when) == ("planned", "Mai 2008", "Mai 2008 (geplant)")
    cancelled = session(process, 2, "Mai 2008 (geplant)", state=Event.State.CANCELLED)
    cancelled.refresh_from_db()
    assert (cancelled.state, cancelled.when) == ("cancelled", "Mai 2008")
