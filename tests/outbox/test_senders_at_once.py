"""Several senders at once: real processes on a database in a file, threads on PostgreSQL.

In a file of its own: the latter needs several connections, so what it writes is committed and the database
emptied afterwards; pytest-django runs such tests last.
"""

import os
import sqlite3
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.db import connection

from outbox.actions import post, send_due
from tests.outbox.mail_server import mail_server

ROOT = Path(__file__).resolve().parents[2]
SUBJECTS = sorted(f"Betreff {number}" for number in range(30))
FILL = (
    "from outbox.actions import post\n"
    "for n in range(30): post(key=str(n), to=f'p{n}@b.example', subject=f'Betreff {n}', text='x')"
)


def run(database: Path, port: int, *words: str) -> subprocess.Popen[str]:
    around = os.environ | {
        "DATABASE_URL": f"sqlite:///{database}",
        "EMAIL_URL": f"smtp://127.0.0.1:{port}",
        "DJANGO_SETTINGS_MODULE": "tests.settings",
    }
    return subprocess.Popen(
        [sys.executable, "manage.py", *words], cwd=ROOT, env=around, text=True, stdout=subprocess.PIPE
    )


@pytest.mark.once
def test_several_processes_send_each_mail_once(
    tmp_path: Path, django_db_setup: None, django_db_blocker: Any
) -> None:
    database = tmp_path / "portal.sqlite3"
    with sqlite3.connect(database) as copy, django_db_blocker.unblock():
        connection.ensure_connection()
        connection.connection.backup(copy)
    with mail_server() as server:
        run(database, server.port, "shell", "-c", FILL).communicate(timeout=60)
        senders = [run(database, server.port, "send_mails") for _ in range(2)]
        said = [process.communicate(timeout=120)[0] for process in senders]
        assert sum(int(line.split()[0]) for line in said) == 30
        assert sorted(server.subjects) == SUBJECTS


@pytest.mark.django_db(transaction=True)
@pytest.mark.skipif(
    "sqlite" in settings.DATABASES["default"]["ENGINE"],
    reason="SQLite's database in memory cannot wait for another connection; its files can, see above",
)
def test_several_threads_send_each_mail_once(settings: Any) -> None:
    settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"
    settings.EMAIL_HOST = "127.0.0.1"
    for number in range(30):
        post(key=str(number), to=f"p{number}@b.example", subject=f"Betreff {number}", text="x")

    def send() -> int:
        try:
            return send_due().sent
        finally:
            connection.close()

    with mail_server() as server, ThreadPoolExecutor(3) as pool:
        settings.EMAIL_PORT = server.port
        sent = [future.result(timeout=60) for future in [pool.submit(send) for _ in range(3)]]
        assert sum(sent) == 30
        assert sorted(server.subjects) == SUBJECTS
