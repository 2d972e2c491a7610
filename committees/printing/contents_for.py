"""What a reader gets of a paper on paper: all of it, or only what is for everybody."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from django.db.models import prefetch_related_objects

from committees.models import Paper, PaperAttachment, Section
from committees.openness import (
    everybodys_amendments,
    keep_result_back,
    left_out,
    left_out_sentence,
    reads_all,
)
from committees.printing.contents import PaperContents
from committees.results_in_words import with_ballots


def contents_for(user: Any, paper: Paper) -> PaperContents:
    contents = PaperContents.of(paper.pk)
    return contents if reads_all(user, paper) else for_everybody(contents)


def for_everybody(contents: PaperContents) -> PaperContents:
    """The same without what is not public; where something is left out, a line says so."""
    paper = contents.paper
    for stage in contents.route:
        keep_result_back(stage)
        del stage._prefetched_objects_cache["ballots"]  # type: ignore[attr-defined]  # noqa: SLF001
    prefetch_related_objects(list(contents.route), with_ballots(everything=False))
    texts = dict(contents.texts)
    for section in Section.objects.filter(paper=paper, public=False):
        texts[section.key] = left_out()
    for point in contents.points:
        if not point.public:
            point.text, point.reasons = left_out(), left_out() if point.reasons else ""
    stages = {stage.pk: stage for stage in contents.route}
    del paper._prefetched_objects_cache["amendments"]  # type: ignore[attr-defined]  # noqa: SLF001
    prefetch_related_objects([paper], everybodys_amendments())
    amendments = list(paper.amendments.all())
    for amendment in amendments:
        amendment.paper, amendment.consultation = paper, stages[amendment.consultation_id]
    return replace(
        contents,
        texts=texts,
        amendments=amendments,
        attachments=[_attachment(row) for row in contents.attachments],
    )


def _attachment(row: PaperAttachment) -> PaperAttachment:
    if not row.public:
        row.title = left_out_sentence()
    return row
