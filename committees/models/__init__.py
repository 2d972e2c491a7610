"""Committees and meetings, papers and their routes, layouts and issued papers."""

from committees.models.bodies import AgendaItem, Committee, CommitteeSeat, Faction, Meeting
from committees.models.issuing import IssuedPaper, IssuingOrder, IssuingRun, Recall
from committees.models.layouts import LayoutBlock, PaperLayout, PaperType
from committees.models.numbers import CouncilTerm, NumberSeries
from committees.models.papers import (
    Assessment,
    PageReference,
    Paper,
    PaperAttachment,
    PaperRelation,
    PaperRevision,
    PaperSignature,
    ResolutionPoint,
    Section,
)
from committees.models.rounds import SigningRequest, SigningRound
from committees.models.route import Consultation
from committees.models.routes import CheckOverride, HearingRule, Land, RouteTemplate, RouteTemplateStage
from committees.models.signing import Deputyship, SigningChain, SigningStep

__all__ = [
    "AgendaItem",
    "Assessment",
    "CheckOverride",
    "Committee",
    "CommitteeSeat",
    "Consultation",
    "CouncilTerm",
    "Deputyship",
    "Faction",
    "HearingRule",
    "IssuedPaper",
    "IssuingOrder",
    "IssuingRun",
    "Land",
    "LayoutBlock",
    "Meeting",
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
    "RouteTemplate",
    "RouteTemplateStage",
    "Section",
    "SigningChain",
    "SigningRequest",
    "SigningRound",
    "SigningStep",
]
