"""Who took part in making a concept, where and when."""

from participation.models.decisions import Decision, ProposalMeasure
from participation.models.events import Event
from participation.models.groups import Group, Seat
from participation.models.process import Phase, Process
from participation.models.proposals import MeasureProposal
from participation.models.talk import ProposalComment, ProposalQuestion, ProposalSupport

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
