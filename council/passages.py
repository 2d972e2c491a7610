"""The places of a paper that a note or a question can be about."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from committees.models import Paper
from committees.openness import reads_all

WHOLE = ""


def passages_of(user: Any, paper: Paper) -> dict[str, str]:
    """In the paper's order: the key that is stored, and what people read. Only what the user may read."""
    insider = reads_all(user, paper)
    return {key: words for key, words, public in _all(paper) if public or insider}


def is_public(paper: Paper, passage: str) -> bool:
    """Whether everybody who reads the paper reads the passage."""
    return all(public for key, _words, public in _all(paper) if key == passage)


def words_for(passage: str, passages: dict[str, str]) -> str:
    """One that is no longer there is named by nothing."""
    return passages.get(passage, "") if passage else ""


def _all(paper: Paper) -> Iterator[tuple[str, str, bool]]:
    yield WHOLE, _("ganze Vorlage"), True
    for point in paper.resolution_points.all():
        yield f"punkt-{point.position}", _("Beschlusspunkt %d") % point.position, point.public
    sections = {section.key: section for section in paper.sections.all()}
    for key, title in paper.layout.blocks.values_list("key", "title"):
        section = sections.get(key)
        if section is not None and section.body:
            yield key, title or _("Text der Vorlage"), section.public
