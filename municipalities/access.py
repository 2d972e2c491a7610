"""What a user may reach: the towns, and the roles there. Read once per request, asked in memory."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from municipalities.models import User


@dataclass(frozen=True)
class Access:
    """`roles` maps a municipality's id to the kinds of role held there; a person without a role
    (a member of a working group or of a committee) has an empty set. `institutions` are those that the
    user's persons belong to."""

    roles: dict[int, frozenset[str]]
    institutions: frozenset[int] = frozenset()

    @classmethod
    def of(cls, user: User) -> Access:
        persons = list(user.persons.values_list("municipality_id", "institution_id"))
        found: dict[int, set[str]] = {town: set() for town, _institution in persons}
        for town, kind in user.roles.values_list("municipality_id", "kind"):
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
