"""Rows that depend on what a user may read, without Django writing that question's SQL for each page.

What a user may read takes several subqueries to say. The SQL depends on the user's roles and offices, which
few users have to themselves, and on the day, which decides about seats and deputyships; on nothing else. So
it is written once a day for each set of roles (`municipalities/rows.py`).
"""

from __future__ import annotations

import datetime
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Generic

from django.core.exceptions import EmptyResultSet
from django.db.models import QuerySet
from django.utils import timezone

from municipalities.access import Access
from municipalities.models import User
from municipalities.rows import Found, Row, RowsById

MOST_KEPT = 64
"""Sets of roles, for each question."""


class RowsByReader(Generic[Found]):
    """`make` gives the query for a user and for the ids that it names besides. It asks of the user nothing
    but the id and the access."""

    def __init__(self, make: Callable[..., QuerySet[Found, Any]]) -> None:
        self.make = make
        self._kept = lru_cache(MOST_KEPT)(self._rows)

    def rows(self, user: Any, *ids: Any, most: int | None = None) -> list[Row]:
        """None for who is not signed in, and for who may read none by their roles; at `most` so many."""
        if not user.is_authenticated:
            return []
        try:
            return self._for(user).rows(user.pk, *ids, most=most)
        except EmptyResultSet:
            return []

    def models(self, user: Any, *ids: Any) -> list[Found]:
        if not user.is_authenticated:
            return []
        try:
            return self._for(user).models(user.pk, *ids)
        except EmptyResultSet:
            return []

    def _for(self, user: Any) -> RowsById[Found]:
        access: Access = user.access
        return self._kept(timezone.localdate(), frozenset(access.roles.items()), access.institutions)

    def _rows(
        self, _day: datetime.date, roles: frozenset[tuple[int, frozenset[str]]], institutions: frozenset[int]
    ) -> RowsById[Found]:
        access = Access(dict(roles), institutions)
        return RowsById(lambda pk, *ids: self.make(_stand_in(access, pk), *ids))


def _stand_in(access: Access, pk: int) -> User:
    """A user with these roles; the id stands for anybody's."""
    user = User(pk=pk)
    user.__dict__["access"] = access
    return user
