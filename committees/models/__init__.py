"""Committees and meetings, papers and their routes, layouts and issued papers."""

from committees.models.amendments import Amendment
from committees.models.bodies import Committee, CommitteeSeat, Faction
from committees.models.issuing import IssuedPaper, IssuingOrder, IssuingRun, Recall
from committees.models.layouts import LayoutBlock, PaperLayout, PaperType
from committees.models.meetings import AgendaItem, Meeting, MeetingFile, MeetingNotice
from committees.models.minutes import (
    Excerpt,
    Exclusion,
    MeetingAttendance,
    MeetingMinutes,
    MinutesSignature,
)
from committees.models.numbers import CouncilTerm, NumberSeries
from committees.models.paper_parts import (
    Assessment,
    PageReference,
    PaperAttachment,
    PaperRelation,
    PaperSignature,
    ResolutionPoint,
    Section,
)
from committees.models.papers import Paper, PaperRevision
from committees.models.results import Ballot, FactionVote, ResolvedPoint
from committees.models.rounds import SigningRequest, SigningRound
from committees.models.route import Consultation
from committees.models.routes import CheckOverride, HearingRule, Land, RouteTemplate, RouteTemplateStage
from committees.models.signing import Deputyship, SigningChain, SigningStep
from committees.models.tasks import MeasureDecision, ResolutionTask, ResolvedVersion, TaskReport

__all__ = [
    "AgendaItem",
    "Amendment",
    "Assessment",
    "Ballot",
    "CheckOverride",
    "Committee",
    "CommitteeSeat",
    "Consultation",
    "CouncilTerm",
    "Deputyship",
    "Excerpt",
    "Exclusion",
    "Faction",
    "FactionVote",
    "HearingRule",
    "IssuedPaper",
    "IssuingOrder",
    "IssuingRun",
    "Land",
    "LayoutBlock",
    "MeasureDecision",
    "Meeting",
    "MeetingAttendance",
    "MeetingFile",
    "MeetingMinutes",
    "MeetingNotice",
    "MinutesSignature",
    "NumberSeries",
    "PageReference",
    "Paper",
    "PaperAttachment",
    "PaperLayout",
    "PaperRelation",
    "PaperRevision",
    "PaperSignature",
    "PaperType",
    "Recall",
    "ResolutionPoint",
    "ResolutionTask",
    "ResolvedPoint",
    "ResolvedVersion",
    "RouteTemplate",
    "RouteTemplateStage",
    "Section",
    "SigningChain",
    "SigningRequest",
    "SigningRound",
    "SigningStep",
    "TaskReport",
]
