"""Two clerks record the same item at the same moment: one wins, the others are told what was recorded.

In a file of its own: on PostgreSQL the rows are committed and the database emptied afterwards.
"""

from __future__ import annotations

import os
import sqlite3
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from committees.actions.results import MEANWHILE, Recorded, record_result
from committees.models import Ballot, Consultation
from municipalities.models import User
from tests.committees.voting import Voting, make_voting, votes
from tests.forking import fork

CLERKS = 4


@pytest.mark.once
def test_on_a_file(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    database = tmp_path / "portal.sqlite3"
    with sqlite3.connect(database) as copy, django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    with django_db_blocker.unblock():
        assert os.waitpid(fork(fill, str(database)), 0)[1] == 0
        record_at_once(str(database))
        assert os.waitpid(fork(check, str(database)), 0)[1] == 0


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "sqlite" in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite's database in memory cannot wait for another connection; its files can, see above",
)
def test_on_postgresql() -> None:
    fill()
    record_at_once()
    check()


def fill() -> None:
    voting: Voting = make_voting()
    voting.council()


def record_at_once(database: str = "") -> None:
    at = time.monotonic() + 0.5  # all begin at the same moment
    processes = [fork(lambda number=number: record(number, at), database) for number in range(CLERKS)]
    assert [os.waitpid(pid, 0)[1] for pid in processes] == [0] * CLERKS


def record(number: int, at: float) -> None:
    """One of the clerks; all but one are told."""
    stage = council()
    clerk = User.objects.get(name="Petra Sitzungsdienst")
    recorded = Recorded(outcome="accepted", result=f"von Nummer {number}", votes=[votes(6 + number)])
    time.sleep(max(0, at - time.monotonic()))
    told: ValidationError | None = None
    try:
        record_result(stage=stage, recorded=recorded, by=clerk, opened="")
    except ValidationError as error:
        told = error
    now = council().result
    assert (told is None) == (now == recorded.result)
    if told is not None:
        assert told.code == MEANWHILE
        assert now in told.messages[0]


def check() -> None:
    """What stands there is whole and of one clerk."""
    stage = council()
    number = int(stage.result.rpartition(" ")[2])
    assert Ballot.objects.get(consultation=stage).votes_for == 6 + number
    assert stage.history.filter(outcome="accepted").count() == 1
    assert [point.position for point in stage.resolved_points.all()] == [1, 2]


def council() -> Consultation:
    return Consultation.objects.get(committee__name="Rat", paper__municipality__slug="neustadt")
