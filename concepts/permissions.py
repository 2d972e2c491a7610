"""Who may do what with a concept: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from concepts.models import Concept
from municipalities.models import Role


def may_see(user: Any, concept: Concept) -> bool:
    """The same rule as `Concept.objects.visible_to`, for a row at hand."""
    return bool(user.is_authenticated) and concept.municipality_id in user.access.municipality_ids


def may_download(user: Any, concept: Concept) -> bool:
    """Who may read a concept may take it home."""
    return may_see(user, concept)


def may_freeze(user: Any, concept: Concept) -> bool:
    """Editors and the Fachadministration make a version that nobody changes any more."""
    return bool(user.is_authenticated) and user.access.has_role(
        concept.municipality_id, Role.Kind.ADMINISTRATION, Role.Kind.EDITING
    )


def rights(user: Any, concept: Concept) -> frozenset[str]:
    """What the user may do here, by name: part of the key under which a picture of the concept is kept."""
    named = {"see": may_see, "download": may_download, "freeze": may_freeze}
    return frozenset(name for name, predicate in named.items() if predicate(user, concept))
