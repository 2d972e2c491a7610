"""`kill -9` while a route is issued: what is there afterwards is whole, and nothing is there twice."""

from __future__ import annotations

import hashlib
import os
import signal
import sqlite3
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection

from committees.actions import issuing_runs
from committees.models import IssuingRun
from municipalities.models import Role, User
from tests.committees.factories import make_committee, make_paper, make_stage, make_town, make_user, release
from tests.forking import fork

KILLS = 50
STAGES = 4


@pytest.mark.once
def test_fifty_kills_leave_nothing_half_done(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    database = tmp_path / "portal.sqlite3"
    with sqlite3.connect(database) as copy, django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
        finish(database, fill)
        began = time.monotonic()
        finish(database, work)
        whole = time.monotonic() - began
        cut_off = 0
        for number in range(KILLS):
            finish(database, order_if_idle)
            child = fork(work, str(database))
            time.sleep(whole * (number % 10 + 0.5) / 10)
            os.kill(child, signal.SIGKILL)
            _pid, status = os.waitpid(child, 0)
            cut_off += os.WIFSIGNALED(status)
            check(database)
        assert cut_off > KILLS / 3, "most children were faster than their end"
        finish(database, work)
    check(database)
    with sqlite3.connect(database) as rows:
        for left in ("issuingrun WHERE state <> 'done'", "issuingorder WHERE issued_paper_id IS NULL"):
            assert rows.execute(f"SELECT count(*) FROM committees_{left}").fetchone() == (0,)


def check(database: Path) -> None:
    with sqlite3.connect(database) as rows:
        files = rows.execute(
            "SELECT f.content, f.sha256, f.size, p.id, o.id FROM documents_issuedfile f"
            " JOIN municipalities_municipality m ON m.id = f.municipality_id AND m.slug = 'neuhausen'"
            " LEFT JOIN committees_issuedpaper p ON p.file_id = f.id"
            " LEFT JOIN committees_issuingorder o ON o.issued_paper_id = p.id"
        ).fetchall()
        for content, sha256, size, issued, order in files:
            assert (hashlib.sha256(content).hexdigest(), len(content)) == (sha256, size)
            assert content.startswith(b"%PDF-")
            assert content.rstrip().endswith(b"%%EOF")
            assert issued
            assert order, "issued, but its order not ticked off: it would be issued twice"
        numbers = rows.execute("SELECT consultation_id, number FROM committees_issuedpaper").fetchall()
        for stage in {stage for stage, _number in numbers}:
            mine = sorted(number for which, number in numbers if which == stage)
            assert mine == list(range(1, len(mine) + 1))


def finish(database: Path, what: Callable[[], None]) -> None:
    _pid, status = os.waitpid(fork(what, str(database)), 0)
    assert status == 0


def fill() -> None:
    paper = make_paper(make_town("Neuhausen"), "Das Konzept wird beschlossen.", layout="bergkamen")
    for number in range(STAGES):
        make_stage(paper, make_committee(paper.municipality, f"Ausschuss {number}"), "advise")
    release(paper)
    order(make_user(paper.municipality, Role.Kind.COUNCIL_SERVICE))


def order(by: User) -> None:
    paper = by.roles.get().municipality.papers.get()
    issuing_runs.start_issuing(paper=paper, stages=paper.consultations.all(), by=by, reason="noch einmal")


def order_if_idle() -> None:
    if not IssuingRun.objects.exclude(state=IssuingRun.State.DONE).exists():
        order(User.objects.get(email="sitzungsdienst@neuhausen.example"))


def work() -> None:
    issuing_runs.GIVEN_UP_AFTER *= 0
    issuing_runs.issue_due()
