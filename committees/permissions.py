"""Who may do what with a paper: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from committees.models import Paper
from municipalities.models import Role


def may_issue(user: Any, paper: Paper) -> bool:
    """The council service and the Fachadministration send a stage's Vorlage out of the house."""
    return bool(user.is_authenticated) and user.access.has_role(
        paper.municipality_id, Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION
    )
