"""Mails to those who made proposals: that there is news, at most one a day."""

from __future__ import annotations

from collections.abc import Iterable

from participation.models import MeasureProposal, ProposalQuestion


def tell_question(question: ProposalQuestion) -> bool:
    """Whether there is somebody to be told by mail."""
    return tell_submitters([question.proposal])


def tell_submitters(proposals: Iterable[MeasureProposal]) -> bool:
    return any(proposal.submitter_id for proposal in proposals)
