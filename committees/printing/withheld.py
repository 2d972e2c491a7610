"""What stands in the public variant of a paper instead of what is not public.

Done to the rows in memory, before a block sees them: a block that is added later cannot print what it never
gets. Each place says that something is left out, and nothing of what.
"""

from __future__ import annotations

from collections.abc import Iterable
from copy import copy
from typing import Any, TypeVar

from django.utils.translation import gettext_lazy

from committees.carrying import Carried, accepted
from committees.models import Amendment, Ballot, Consultation, Paper, PaperAttachment, ResolutionPoint
from committees.results_in_words import BallotLine, ballot_lines

Text = TypeVar("Text", bound=Carried)

NOT_PUBLIC = gettext_lazy("An dieser Stelle ist etwas nicht öffentlich.")
NON_PUBLIC_MARK = gettext_lazy("Nichtöffentlich")


def as_text() -> str:
    """The sentence where rich text stands."""
    return f"<p>{NOT_PUBLIC}</p>"


def is_public(stage: Consultation) -> bool:
    """Whether the stage's Vorlage can be read by everybody of the town, if only in part."""
    return stage.paper.public and stage.treatment != Consultation.Treatment.NON_PUBLIC


def is_partly_non_public(paper: Paper) -> bool:
    """Of a paper with its rows in memory; whether a given stage prints any of it, its page tells."""
    parts: Iterable[Any] = (
        *paper.sections.all(),
        *paper.resolution_points.all(),
        *paper.attachments.all(),
    )
    stages = paper.consultations.all()
    return not (
        paper.public
        and all(part.public for part in parts)
        and all(stage.has_public_result for stage in stages)
    )


def public_text(paper: Paper, row: Any, text: str) -> str:
    """The text of a section or a point; nothing stays nothing."""
    return text if not text or (row.public and paper.public) else as_text()


def public_points(paper: Paper, points: Iterable[ResolutionPoint]) -> list[ResolutionPoint]:
    return [_point(paper, point) for point in points]


def _point(paper: Paper, point: ResolutionPoint) -> ResolutionPoint:
    shown = copy(point)
    shown.text = public_text(paper, point, point.text)
    shown.reasons = public_text(paper, point, point.reasons)
    return shown


def public_attachments(paper: Paper, attachments: Iterable[PaperAttachment]) -> list[PaperAttachment]:
    return [
        attachment
        if attachment.public and paper.public
        else PaperAttachment(position=attachment.position, title=str(NOT_PUBLIC))
        for attachment in attachments
    ]


def public_paper(paper: Paper) -> Paper:
    """With the subject that everybody may read."""
    if paper.public:
        return paper
    shown = copy(paper)
    shown.subject = paper.public_subject or str(NOT_PUBLIC)
    return shown


def public_stage(paper: Paper, stage: Consultation) -> Consultation:
    """Without the wording and the result that only those inside read; its votes go with the result."""
    shown = copy(stage)
    shown.paper = paper
    if not is_public(stage) and stage.own_wording:
        shown.own_wording = as_text()
    if not stage.has_public_result:
        shown.withhold_result(str(NOT_PUBLIC))
    return shown


def secret_measures(paper: Paper) -> set[int]:
    """Which a point names that is not public. Needs the points' measures in memory."""
    secret = [point for point in paper.resolution_points.all() if not point.public]
    return {measure.pk for point in secret for measure in point.measures.all()}


def is_on_secret(amendment: Amendment, paper: Paper) -> bool:
    """Whether it changes a point that is not public, or a measure that one names."""
    if amendment.measure_id is not None:
        return amendment.measure_id in secret_measures(paper)
    return amendment.point is not None and not amendment.point.public


def is_of_secret_wording(amendment: Amendment, paper: Paper) -> bool:
    """Whether a stage before, whose result is not public, has changed the same text, or brought a point."""
    return bool(amendment.before) and any(
        (one.point_id, one.measure_id) == (amendment.point_id, amendment.measure_id)
        and one.consultation.position < amendment.consultation.position
        and not one.consultation.has_public_result
        for one in accepted(paper.amendments.all())
    )


def is_public_on_its_way(text: Carried) -> bool:
    """Neither the point nor a change of the text is not public."""
    point = getattr(text, "point", None)
    secret_point = point is not None and not (point.public and point.paper.public)
    return not secret_point and all(one.consultation.has_public_result for one in text.amendments)


def public_text_on_its_way(text: Text) -> Text:
    """A point or a measure: withheld as a whole where a change of it, or the text itself, is not public."""
    if is_public_on_its_way(text):
        return text
    shown = copy(text)
    shown.changes, shown.alternatives, shown.unfit = [], [], []
    shown.withheld = text.touched
    if not text.only_beside:
        shown.original = shown.text = as_text()
    return shown


def public_ballot_lines(stage: Consultation) -> list[BallotLine]:
    """The votes; of one on what is not public only that there was one."""
    if not stage.has_public_result:
        return []
    told = {row.pk for row in public_ballots(stage)}
    secret = {row.pk for row in stage.ballots.all()} - told
    return ballot_lines(stage, withheld=secret, sentence=str(NOT_PUBLIC))


def public_ballots(stage: Consultation) -> list[Ballot]:
    """Those on something that is public."""
    return [row for row in stage.ballots.all() if not _on_secret(row, stage.paper)]


def _on_secret(row: Ballot, paper: Paper) -> bool:
    if row.point is not None and not row.point.public:
        return True
    return row.amendment is not None and is_on_secret(row.amendment, paper)
