"""The tests' SQLite databases: made once, and copied as long as what they are made of stays the same.

Migrating an empty database takes half a minute, loading the five towns as long again. So the first process
that needs one leaves it under var/tests/, in a folder named after the content of all it was made of; the
processes beside it wait for it, and they and every later run copy it into their memory.

On PostgreSQL each process makes its own: waiting for another's would take just as long.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager

from django.conf import settings
from django.utils import timezone

FOLDER = settings.BASE_DIR / "var" / "tests"
IN_MEMORY = "file:tests?mode=memory&cache=shared"
ON_SQLITE_IN_MEMORY = (
    settings.DATABASES["default"]["ENGINE"].endswith("sqlite3")
    and settings.DATABASES["default"]["NAME"] == ":memory:"
)
# What is not written in the migrations (permissions, the guards), migrate brings up to date in the copy.
TABLES = ("requirements-dev.lock", "*/migrations/*.py", "search/fulltext.py")
TOWNS = (
    "requirements-dev.lock",
    "*/*.py",
    "*/*/*.py",
    "demo/towns/**/*",
    "templates/print/**/*",
    "static/print/*",
)
# The layers of pyproject.toml see to it that loading a town calls none of these.
ONLY_PAGES = {"tests", "desk", "views", "forms", "views.py", "forms.py", "urls.py", "admin.py"}


def content(patterns: tuple[str, ...]) -> str:
    state = hashlib.sha256(timezone.localdate().isoformat().encode())  # rows know the day they were made
    for path in sorted({path for pattern in patterns for path in settings.BASE_DIR.glob(pattern)}):
        name = path.relative_to(settings.BASE_DIR)
        if path.is_file() and not ONLY_PAGES.intersection(name.parts):
            state.update(f"\n{name}\n".encode() + path.read_bytes())
    return state.hexdigest()[:16]


@contextmanager
def one_process_at_a_time() -> Iterator[None]:
    FOLDER.mkdir(parents=True, exist_ok=True)
    with (FOLDER / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield


def fill(
    database: sqlite3.Connection, name: str, patterns: tuple[str, ...], make: Callable[[], None]
) -> None:
    """Fill the database, and the folder of uploads: with a copy of what is kept, else by `make`."""
    with one_process_at_a_time():
        kept = FOLDER / f"{name}-{content(patterns)}"
        if kept.is_dir():
            with closing(sqlite3.connect(kept / "portal.sqlite3")) as source:
                source.backup(database)
            shutil.copytree(kept / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
            return
        make()
        for old in FOLDER.glob(f"{name}-*"):
            shutil.rmtree(old)
        unfinished = FOLDER / f"unfinished-{name}"
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(settings.MEDIA_ROOT, unfinished / "media")
        with closing(sqlite3.connect(unfinished / "portal.sqlite3")) as copy:
            database.backup(copy)
        unfinished.rename(kept)
