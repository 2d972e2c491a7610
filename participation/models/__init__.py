"""Who took part in making a concept, where and when."""

from participation.models.events import Event
from participation.models.groups import Group, Seat
from participation.models.process import Phase, Process
from participation.models.proposals import (
    Decision,
    MeasureProposal,
    ProposalComment,
    ProposalMeasure,
    ProposalQuestion,
    ProposalSupport,
)

__all__ = [
    "Decision",
    "Event",
    "Group",
    "MeasureProposal",
    "Phase",
    "Process",
    "ProposalComment",
    "ProposalMeasure",
    "ProposalQuestion",
    "ProposalSupport",
    "Seat",
]
