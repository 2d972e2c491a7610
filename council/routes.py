"""The routes of many papers as a list tells of them: the stages in order and the vote on the whole of each.

A paper's own page shows more of them (`committees.getters.read_routes`).
"""

from __future__ import annotations

from collections.abc import Collection, Sequence

from committees.models import Ballot, Consultation, Paper
from committees.openness import keep_result_back
from municipalities.rows import RowsById, hand_out

STAGES = RowsById(
    lambda papers: (
        Consultation.objects.filter(paper__in=[papers])
        .select_related("committee", "meeting", "agenda_item", "left_out_after__agenda_item")
        .order_by("position")
    )
)
JOINT = RowsById(
    lambda stages: (
        Consultation.joint_committees.through.objects.filter(consultation__in=[stages])
        .select_related("committee")
        .order_by("committee__name")
    )
)
VOTES = RowsById(
    lambda stages: Ballot.objects.filter(consultation__in=[stages], kind=Ballot.Kind.WHOLE).order_by()
)


def read_short_routes(papers: Sequence[Paper], whole: Collection[int]) -> list[Consultation]:
    """Gives these papers their stages, each without what the reader may not know of it: they read those
    `whole` (ids) whose non-public parts are for them. Three queries."""
    by_pk = {paper.pk: paper for paper in papers}
    stages = STAGES.models(list(by_pk))
    for stage in stages:
        stage.paper = by_pk[stage.paper_id]
    known = {stage.pk for stage in stages if stage.has_public_result or stage.paper_id in whole}
    ids = [stage.pk for stage in stages]
    joint = [(row.consultation_id, row.committee) for row in JOINT.models(ids)]
    votes = [(row.consultation_id, row) for row in VOTES.models(ids) if row.consultation_id in known]
    hand_out(papers, "consultations", ((stage.paper_id, stage) for stage in stages))
    hand_out(stages, "joint_committees", joint)
    hand_out(stages, "ballots", votes)
    for stage in stages:
        if stage.pk not in known:
            keep_result_back(stage)
    return stages
