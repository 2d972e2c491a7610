"""What a user may reach: the towns, and the roles there. Read once per request, asked in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.apps import apps

from municipalities.rows import RowsById


def _of_user(model: str, *columns: str) -> RowsById[Any]:
    return RowsById(
        lambda user: (
            apps.get_model("municipalities", model)._base_manager.filter(user=user).values_list(*columns)
        )
    )


PERSONS = _of_user("Person", "municipality_id", "institution_id")
ROLES = _of_user("Role", "municipality_id", "kind")


@dataclass(frozen=True)
class Access:
    """`roles` maps a municipality's id to the kinds of role held there; a person without a role
    (a member of a working group or of a committee) has an empty set. `institutions` are those that the
    user's persons belong to."""

    roles: dict[int, frozenset[str]]
    institutions: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user_id: int) -> Access:
        persons = PERSONS.rows(user_id)
        found: dict[int, set[str]] = {town: set() for town, _institution in persons}
        for town, kind in ROLES.rows(user_id):
            found.setdefault(town, set()).add(kind)
        return cls(
            {town: frozenset(kinds) for town, kinds in found.items()},
            frozenset(institution for _town, institution in persons if institution),
        )

    @property
    def municipality_ids(self) -> frozenset[int]:
        return frozenset(self.roles)

    def towns_with(self, *kinds: str) -> frozenset[int]:
        """Ids of the municipalities where the user holds one of these roles; any role if none is named."""
        wanted = set(kinds)
        return frozenset(town for town, held in self.roles.items() if (held & wanted if kinds else held))

    def has_role(self, municipality_id: int | None, *kinds: str) -> bool:
        return municipality_id in self.towns_with(*kinds)
