"""The places of a paper that a note or a question can be about."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from django.utils.translation import gettext as _

from committees.blocks import BlockKind
from committees.models import Paper
from committees.openness import reads_all
from documents.keeping import release, shelf

WHOLE = ""


def passages_of(user: Any, paper: Paper) -> dict[str, str]:
    """In the paper's order: the key that is stored, and what people read. Only what the user may read."""
    return passages_for(paper, insider=reads_all(user, paper))


def with_passages() -> list[str]:
    """What of papers has to be in memory to name their passages without asking for each."""
    return ["resolution_points", "sections", "layout__blocks"]


def passages_for(paper: Paper, *, insider: bool) -> dict[str, str]:
    return {key: words for key, words, public in _all(paper) if public or insider}


def kept_passages(paper: Paper, *, insider: bool) -> dict[str, str]:
    """As `passages_for`, made once per change. Needs the revisions of the paper and of its town."""
    numbers = [getattr(row, "revision", "") for row in (paper, paper.municipality)]
    key = f"passages:{paper.pk}:{insider}:{':'.join(map(str, numbers))}:{release()}"
    found: dict[str, str] = json.loads(
        shelf.get(
            key,
            lambda: json.dumps(
                {name: str(words) for name, words in passages_for(paper, insider=insider).items()}
            ),
        )
    )
    return found


def is_public(paper: Paper, passage: str) -> bool:
    """Whether everybody who reads the paper reads the passage."""
    return all(public for key, _words, public in _all(paper) if key == passage)


def words_for(passage: str, passages: dict[str, str]) -> str:
    """One that is no longer there is named by nothing."""
    return passages.get(passage, "") if passage else ""


def _all(paper: Paper) -> Iterator[tuple[str, str, bool]]:
    """What is made of several parts is for everybody if all of them are."""
    yield WHOLE, _("ganze Vorlage"), True
    points = list(paper.resolution_points.all())
    for point in points:
        yield f"punkt-{point.position}", _("Beschlusspunkt %d") % point.position, point.public
    if points:  # also where a stage has a wording of its own, without points
        yield "beschlussvorschlag", _("ganzer Beschlussvorschlag"), all(point.public for point in points)
    sections = {section.key: section for section in paper.sections.all() if section.body}
    for block in paper.layout.blocks.all():
        if block.kind == BlockKind.POINT_REASONS:
            parts = [point.public for point in points if point.reasons]
            words = _("Zu den Beschlusspunkten")
        elif block.kind == BlockKind.QUESTIONNAIRE:
            parts = [row.public for key, row in sections.items() if key.startswith(f"{block.key}.")]
            words = _("Fragen der Vorlage")
        else:
            parts = [row.public for row in [sections.get(block.key)] if row]
            words = _("Text der Vorlage")
        if parts:
            yield block.key, block.title or words, all(parts)
