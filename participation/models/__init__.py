"""Who took part in making a concept, where and when."""

from participation.models.decisions import Decision, ProposalMeasure
from participation.models.events import Event
from participation.models.groups import Group, Seat
from participation.models.invitations import Invitation
from participation.models.meetings import (
    Attendance,
    Audience,
    EventAgendaItem,
    EventDocument,
    EventNotice,
    EventReply,
    Minutes,
)
from participation.models.opening import PhaseOverride, Right
from participation.models.process import Phase, Process, ProcessModeration
from participation.models.proposals import MeasureProposal
from participation.models.talk import ProposalComment, ProposalQuestion, ProposalSupport

__all__ = [
    "Attendance",
    "Audience",
    "Decision",
    "Event",
    "EventAgendaItem",
    "EventDocument",
    "EventNotice",
    "EventReply",
    "Group",
    "Invitation",
    "MeasureProposal",
    "Minutes",
    "Phase",
    "PhaseOverride",
    "Process",
    "ProcessModeration",
    "ProposalComment",
    "ProposalMeasure",
    "ProposalQuestion",
    "ProposalSupport",
    "Right",
    "Seat",
]
