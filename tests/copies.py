"""The tests' databases: made once, and copied as long as what they are made of stays the same.

Migrating an empty database takes half a minute, loading the five towns as long again. So the first process
that needs one keeps it; the processes beside it wait for it, and they and every later run copy it. What is
kept has a name after the content of all it was made of: a folder under var/tests/ with the uploads and, on
SQLite, the database; on PostgreSQL the database is one of the cluster's, and the copying is the server's.
"""

from __future__ import annotations

import fcntl
import hashlib
import shutil
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import connection
from django.utils import timezone

FOLDER = settings.BASE_DIR / "var" / "tests"
IN_MEMORY = "file:tests?mode=memory&cache=shared"
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


class SQLiteInMemory:
    """A database in the memory of this process, and files in the folders."""

    kind = "sqlite"

    def name_for_tests(self, database: dict[str, Any]) -> str:
        return IN_MEMORY

    def is_kept(self, folder: Path) -> bool:
        return folder.is_dir()

    def forget(self, folder: Path) -> None:
        shutil.rmtree(folder)

    def make_empty(self) -> None:
        """There as soon as it is opened."""

    def copy_from(self, folder: Path) -> None:
        connection.ensure_connection()
        with closing(sqlite3.connect(folder / "portal.sqlite3")) as kept:
            kept.backup(connection.connection)

    def copy_to(self, folder: Path) -> None:
        with closing(sqlite3.connect(folder / "portal.sqlite3")) as kept:
            connection.connection.backup(kept)


class PostgreSQL:
    """A database for this process, and others in the same cluster, named like the folders."""

    kind = "postgresql"

    def name_for_tests(self, database: dict[str, Any]) -> str:
        return database["TEST"]["NAME"] or f"test_{database['NAME']}"

    def is_kept(self, folder: Path) -> bool:
        with connection._nodb_cursor() as cursor:
            cursor.execute("SELECT 1 FROM pg_database WHERE datname = %s", [folder.name])
            return folder.is_dir() and cursor.fetchone() is not None

    def forget(self, folder: Path) -> None:
        shutil.rmtree(folder)
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{folder.name}"')

    def make_empty(self) -> None:
        self._make(connection.settings_dict["NAME"], "template0")

    def copy_from(self, folder: Path) -> None:
        self._make(connection.settings_dict["NAME"], folder.name)

    def copy_to(self, folder: Path) -> None:
        self._make(folder.name, connection.settings_dict["NAME"])

    def _make(self, name: str, template: str) -> None:
        connection.close()  # a database in use is no template, nor can it be dropped
        with connection._nodb_cursor() as cursor:
            cursor.execute(f'DROP DATABASE IF EXISTS "{name}" WITH (FORCE)')
            cursor.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')


def of_the_settings() -> SQLiteInMemory | PostgreSQL | None:
    """None for a SQLite file, which is made anew each time."""
    database = settings.DATABASES["default"]
    if database["ENGINE"].endswith("postgresql"):
        return PostgreSQL()
    return SQLiteInMemory() if database["NAME"] == ":memory:" else None


server = of_the_settings()


def fill(name: str, patterns: tuple[str, ...], make: Callable[[], None], *, anew: bool = False) -> None:
    """Fill the database, and the folder of uploads: with a copy of what is kept, else by `make`."""
    if server is None:
        make()
        return
    with one_process_at_a_time():
        kept = FOLDER / f"{server.kind}-{name}-{content(patterns)}"
        if server.is_kept(kept):
            server.copy_from(kept)
            shutil.copytree(kept / "media", settings.MEDIA_ROOT, dirs_exist_ok=True)
            return
        if anew:
            server.make_empty()
        make()
        for old in FOLDER.glob(f"{server.kind}-{name}-*"):
            server.forget(old)
        unfinished = FOLDER / "unfinished" / kept.name
        shutil.rmtree(unfinished.parent, ignore_errors=True)
        shutil.copytree(settings.MEDIA_ROOT, unfinished / "media")
        server.copy_to(unfinished)
        unfinished.rename(kept)
