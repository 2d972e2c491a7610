"""Who may do what with a concept: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from concepts.models import Comment, Concept, Indicator, Measure, Suggestion
from municipalities.models import Municipality, Role


def may_see(user: Any, concept: Concept) -> bool:
    """The same rule as `Concept.objects.visible_to`, for a row at hand."""
    return bool(user.is_authenticated) and concept.municipality_id in user.access.municipality_ids


def may_download(user: Any, concept: Concept) -> bool:
    """Who may read a concept may take it home."""
    return may_see(user, concept)


def may_edit(user: Any, concept: Concept) -> bool:
    """Editors and the Fachadministration write everything in the concept."""
    return bool(user.is_authenticated) and user.access.has_role(
        concept.municipality_id, Role.Kind.ADMINISTRATION, Role.Kind.EDITING
    )


def may_found(user: Any, municipality: Municipality) -> bool:
    """Who writes concepts may begin one."""
    return bool(user.is_authenticated) and user.access.has_role(
        municipality.pk, Role.Kind.ADMINISTRATION, Role.Kind.EDITING
    )


def may_edit_measure(user: Any, measure: Measure) -> bool:
    """Besides the editors, the Fachamt that is responsible for the measure."""
    return may_edit(user, measure.concept) or is_responsible_for(user, measure)


def may_edit_figures(user: Any, indicator: Indicator) -> bool:
    """Values are entered by the editors, or by the Fachamt whose measure the indicator observes."""
    if may_edit(user, indicator.concept):
        return True
    return indicator.measure is not None and is_responsible_for(user, indicator.measure)


def is_responsible_for(user: Any, measure: Measure) -> bool:
    """A Fachamt is responsible through the institution that its member belongs to."""
    return (
        bool(user.is_authenticated)
        and user.access.has_role(measure.concept.municipality_id, Role.Kind.DEPARTMENT)
        and measure.responsible_id in user.access.institutions
    )


def may_comment(user: Any, concept: Concept) -> bool:
    """Who may read may say something about it and suggest other words."""
    return may_see(user, concept)


def may_withdraw(user: Any, said: Comment | Suggestion) -> bool:
    """Nobody takes back what somebody else has said."""
    return bool(user.is_authenticated) and said.author_id == user.pk


def may_freeze(user: Any, concept: Concept) -> bool:
    """Editors and the Fachadministration make a version that nobody changes any more."""
    return may_edit(user, concept)


def may_set_up_fields(user: Any, municipality: Municipality) -> bool:
    """The Fachadministration says what its town asks about every measure."""
    return bool(user.is_authenticated) and user.access.has_role(municipality.pk, Role.Kind.ADMINISTRATION)


def rights(user: Any, concept: Concept) -> frozenset[str]:
    """What the user may do here, by name: part of the key under which a picture of the concept is kept."""
    named = {"see": may_see, "download": may_download, "edit": may_edit, "freeze": may_freeze}
    return frozenset(name for name, predicate in named.items() if predicate(user, concept))
