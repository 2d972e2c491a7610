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


def may_create_paper(user: Any, municipality_id: int) -> bool:
    """Who writes papers in this town: every office of the administration."""
    return bool(user.is_authenticated) and user.access.has_role(
        municipality_id,
        Role.Kind.EDITING,
        Role.Kind.ADMINISTRATION,
        Role.Kind.COUNCIL_SERVICE,
        Role.Kind.DEPARTMENT,
    )


def may_write(user: Any, paper: Paper) -> bool:
    """Before its release; a Fachamt writes the papers of its own office only."""
    return not paper.released and _prepares(user, paper)


def may_route(user: Any, paper: Paper) -> bool:
    """Who writes the paper plans its route; once it is released, the council service leads it."""
    return may_issue(user, paper) or may_write(user, paper)


def may_check(user: Any, paper: Paper) -> bool:
    """Who writes, signs or sends out the paper sees what is wrong with it."""
    return may_route(user, paper) or (
        bool(user.is_authenticated)
        and (user.access.has_role(paper.municipality_id, Role.Kind.COUNTERSIGNING) or _prepares(user, paper))
    )


def may_release(user: Any, paper: Paper) -> bool:
    """The same offices that issue: they give the number."""
    return may_issue(user, paper)


def _prepares(user: Any, paper: Paper) -> bool:
    if not user.is_authenticated:
        return False
    access, town = user.access, paper.municipality_id
    if access.has_role(town, Role.Kind.EDITING, Role.Kind.ADMINISTRATION, Role.Kind.COUNCIL_SERVICE):
        return True
    return access.has_role(town, Role.Kind.DEPARTMENT) and paper.department_id in access.institutions
