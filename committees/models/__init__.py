"""Committees and meetings, papers and their routes, layouts and issued papers."""

from committees.models.bodies import AgendaItem, Committee, CommitteeSeat, Faction, Meeting
from committees.models.issuing import IssuedPaper, IssuingOrder, IssuingRun, Recall
from committees.models.layouts import LayoutBlock, PaperLayout, PaperType
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
from committees.models.route import Consultation

__all__ = [
    "AgendaItem",
    "Assessment",
    "Committee",
    "CommitteeSeat",
    "Consultation",
    "Faction",
    "IssuedPaper",
    "IssuingOrder",
    "IssuingRun",
    "LayoutBlock",
    "Meeting",
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
    "Section",
]
