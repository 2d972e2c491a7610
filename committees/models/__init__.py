"""Committees and meetings, papers and their routes, layouts and issued papers."""

from committees.models.bodies import AgendaItem, Committee, CommitteeSeat, Faction, Meeting
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
from committees.models.route import Consultation, IssuedPaper
from committees.models.signing import Deputyship, SigningChain, SigningStep

__all__ = [
    "AgendaItem",
    "Assessment",
    "Committee",
    "CommitteeSeat",
    "Consultation",
    "CouncilTerm",
    "Deputyship",
    "Faction",
    "IssuedPaper",
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
    "ResolutionPoint",
    "Section",
    "SigningChain",
    "SigningRequest",
    "SigningRound",
    "SigningStep",
]
