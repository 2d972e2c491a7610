"""Eight processes release papers at the same moment: numbers 1 … n, none twice, none missing.

In a file of its own: on PostgreSQL the rows are committed and the database emptied afterwards.
"""

from __future__ import annotations

import os
import sqlite3
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import connection

from committees.actions import releasing
from committees.actions.releasing import release_paper
from committees.models import NumberSeries, Paper
from municipalities.models import User
from tests.committees.signers import House, make_house
from tests.forking import fork

ROOT = Path(__file__).resolve().parents[2]
PROCESSES, EACH = 8, 5
# Each process takes all papers, in its own order: most of them somebody else has released meanwhile.
RELEASE = """
import random, sys
from django.core.exceptions import ValidationError
from committees.actions import releasing
from committees.models import Paper
from municipalities.models import User
releasing.findings_of = lambda paper: []
clerk = User.objects.get(name="Petra Sitzungsdienst")
papers = list(Paper.objects.filter(municipality__slug="neustadt").order_by("pk"))
random.Random(int({seed})).shuffle(papers)
told = 0
for paper in papers:
    try:
        releasing.release_paper(paper=paper, by=clerk)
    except ValidationError:
        told += 1
print(len(papers) - told)
"""


def fill() -> House:
    house = make_house()
    house.chain.delete()
    for number in range(PROCESSES * EACH):
        house.paper(subject=f"Vorlage {number}")
    return house


@pytest.mark.once
def test_eight_processes_on_a_file(tmp_path: Path, django_db_setup: None, django_db_blocker: Any) -> None:
    database = tmp_path / "portal.sqlite3"
    with sqlite3.connect(database) as copy, django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    around = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
        "PYTHONPATH": str(ROOT),
    }

    def run(code: str) -> subprocess.Popen[str]:
        words = [sys.executable, "manage.py", "shell", "-c", code]
        return subprocess.Popen(words, cwd=ROOT, env=around, text=True, stdout=subprocess.PIPE)

    fill_code = "from tests.committees.test_releasing_at_once import fill; fill()"
    run(fill_code).communicate(timeout=120)
    workers = [run(RELEASE.format(seed=seed)) for seed in range(PROCESSES)]
    released = [int(worker.communicate(timeout=300)[0].split()[-1]) for worker in workers]
    assert [worker.returncode for worker in workers] == [0] * PROCESSES
    assert sum(released) == PROCESSES * EACH
    with sqlite3.connect(database) as opened:
        rows = opened.execute(
            "SELECT number FROM committees_paper WHERE subject LIKE 'Vorlage %' AND state = 'released'"
        ).fetchall()
        last = opened.execute("SELECT last FROM committees_numberseries").fetchall()
    found = sorted(int(number.rpartition("/")[2]) for (number,) in rows)
    assert found == list(range(1, PROCESSES * EACH + 1))
    assert last == [(PROCESSES * EACH,)]


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "sqlite" in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite's database in memory cannot wait for another connection; its files can, see above",
)
def test_eight_processes_on_postgresql(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(releasing, "findings_of", lambda paper: [])
    house = fill()
    papers = list(Paper.objects.filter(municipality=house.town).order_by("pk"))
    at = time.monotonic() + 0.5  # all begin at the same moment
    processes = [
        fork(lambda n=n: release_all(papers[n:] + papers[:n], house.clerk.pk, at)) for n in range(PROCESSES)
    ]
    assert [os.waitpid(pid, 0)[1] for pid in processes] == [0] * PROCESSES
    expected = range(1, len(papers) + 1)
    numbers = Paper.objects.filter(municipality=house.town).values_list("number", flat=True)
    assert sorted(int(number.rpartition("/")[2]) for number in numbers) == list(expected)
    assert NumberSeries.objects.get(municipality=house.town).last == len(papers)


def release_all(papers: list[Paper], clerk: int, at: float) -> None:
    """Most of them somebody else has released meanwhile."""
    by = User.objects.get(pk=clerk)
    time.sleep(max(0, at - time.monotonic()))
    for paper in papers:
        try:
            release_paper(paper=paper, by=by)
        except ValidationError:
            assert Paper.objects.get(pk=paper.pk).released
