"""A paper as it is being typed, to be printed without being saved."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from django.utils.translation import gettext as _

from committees.actions.writing import Row, Written
from committees.models import Committee, Consultation, PaperAttachment, PaperSignature, ResolutionPoint
from committees.printing.contents import PaperContents, of_concept, of_process
from municipalities.models import Person

NO_STAGE = 0
"""The position of the stage that is shown while the paper has no route."""


def typed_contents(paper_id: int, written: Written) -> PaperContents:
    """The paper as `written`: what `PaperContents.of` would read after it was saved."""
    stored = PaperContents.of(paper_id)
    paper = stored.paper
    sources = (paper.concept_id, paper.process_id)
    for name, value in written.facts.items():
        setattr(paper, name, value)
    changes: dict[str, Any] = {}
    if sources != (paper.concept_id, paper.process_id):
        changes = {"events": (), "groups": 0, "fields": (), "goals": {}}
        changes |= {**of_process(paper, stored.blocks), **of_concept(paper, stored.blocks)}
    changes["pages"] = {pk: pages for pk, pages in written.pages.items() if pages}
    return replace(
        stored,
        points=[
            ResolutionPoint(
                paper=paper, position=place, text=row.values["text"], reasons=row.values["reasons"]
            )
            for place, row in enumerate(written.points, start=1)
        ],
        amendments=(),  # a text that can still be written is not amended
        texts=_over(stored.texts, written.texts),
        answers=_over(stored.answers, written.answers),
        signatures=_signatures(written.signatures),
        attachments=[
            PaperAttachment(title=row.values["title"], public=row.values["public"])
            for row in written.attachments
        ],
        **changes,
    )


def _over(stored: Any, typed: Any) -> dict[str, str]:
    return {key: value for key, value in {**stored, **typed}.items() if value}


def _signatures(rows: Sequence[Row]) -> list[PaperSignature]:
    persons = Person.objects.in_bulk({row.values["person_id"] for row in rows} - {None})
    return [
        PaperSignature(
            line_above=row.values["line_above"] or "",
            person=persons.get(row.values["person_id"]),
            function=row.values["function"] or "",
        )
        for row in rows
    ]


def stages_to_show(contents: PaperContents) -> list[Consultation]:
    """Those that take place; one without a committee while there are none."""
    return contents.stages_to_print or [_no_stage(contents)]


def _no_stage(contents: PaperContents) -> Consultation:
    committee = Committee(
        municipality=contents.paper.municipality,
        name=_("Gremium (noch offen)"),
        genitive_name=_("Gremiums (noch offen)"),
        article="das",
    )
    stage = Consultation(pk=0, paper=contents.paper, position=NO_STAGE)
    stage.committee = committee
    return stage
