"""Sessions in the database, as Django keeps them, read for each page with SQL that is written once."""

from __future__ import annotations

from typing import Any

from django.contrib.sessions.backends.db import SessionStore as DatabaseStore
from django.db import connection
from django.utils import timezone

READ = "SELECT session_data FROM django_session WHERE session_key = %s AND expire_date > %s"


class SessionStore(DatabaseStore):
    def load(self) -> dict[str, Any]:
        data = self._read(self.session_key or "")
        if data is None:  # run out, or never given by us
            self._session_key = None
            return {}
        found: dict[str, Any] = self.decode(data)
        return found

    def _read(self, key: str) -> str | None:
        if not (key.isascii() and key.isalnum()):
            return None  # PostgreSQL would stumble over some characters
        now = connection.ops.adapt_datetimefield_value(timezone.now())
        with connection.cursor() as cursor:
            cursor.execute(READ, [key, now])
            row = cursor.fetchone()
        return row[0] if row else None
