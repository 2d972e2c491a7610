"""What every page of the workbench shows around what is opened: head, outline, tabs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _

from concepts import talk
from concepts.kinds import kind_of, workbench_url
from concepts.models import Concept, ConceptPart, Measure
from concepts.outline import outline_html
from concepts.pages import head_of
from concepts.permissions import may_edit, may_edit_measure
from concepts.pictures import State, state_of


@dataclass(frozen=True)
class Tab:
    """`number` is what waits there."""

    label: Any
    url: str
    current: bool
    number: int = 0


# The address below the concept or the part, and what the tab is called.
CONCEPT_TABS = (
    ("", _("Übersicht")),
    ("massnahmen/", _("Maßnahmen")),
    ("vollstaendigkeit/", _("Vollständigkeit")),
    (talk.PAGE, _("Kommentare")),
    ("verlauf/", _("Verlauf")),
    ("fassungen/", _("Fassungen")),
    ("papierkorb/", _("Papierkorb")),
)
PART_TABS = (("", _("Bearbeiten")), ("verlauf/", _("Verlauf")), (talk.PAGE, _("Kommentare")))


def may_edit_part(user: Any, part: ConceptPart) -> bool:
    if isinstance(part, Measure):
        return may_edit_measure(user, part)
    return may_edit(user, part.own_concept())


def tabs_of(concept: Concept, part: ConceptPart | None, page: str) -> list[Tab]:
    tabs = CONCEPT_TABS if part is None else PART_TABS
    numbers = {talk.PAGE: talk.count_open(concept.pk, part)}
    base = workbench_url(concept, part)
    return [Tab(label, base + below, below == page, numbers.get(below, 0)) for below, label in tabs]


def workbench_context(
    request: HttpRequest,
    concept: Concept,
    part: ConceptPart | None = None,
    page: str = "",
    state: State | None = None,
) -> dict[str, Any]:
    """For `concepts/workbench/base.html`. `page` is the tab's address below the part: „verlauf/“."""
    return {
        **head_of(concept),
        "workbench": workbench_url(concept),
        "outline": outline_html(concept, state or state_of(concept), part),
        "part": part,
        "kind": kind_of(part) if part is not None else None,
        "tabs": tabs_of(concept, part, page),
        "may_edit": may_edit(request.user, concept),
        "may_edit_part": part is not None and may_edit_part(request.user, part),
    }
