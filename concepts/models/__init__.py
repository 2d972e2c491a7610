"""A concept: its chapters, fields, goals, measures, indicators, grants and frozen versions; what is said
about them, and what was thrown away."""

from concepts.models.concept import (
    Chapter,
    Concept,
    ConceptHistory,
    ConceptPart,
    ConceptRevision,
    ConceptVersion,
)
from concepts.models.desk import Deletion, Opening
from concepts.models.funding import Funding, FundingCondition
from concepts.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from concepts.models.measures import AdditionalField, Measure, MeasureCost
from concepts.models.structure import ActionField, Goal
from concepts.models.talk import Comment, Suggestion

__all__ = [
    "ActionField",
    "AdditionalField",
    "Chapter",
    "Comment",
    "Concept",
    "ConceptHistory",
    "ConceptPart",
    "ConceptRevision",
    "ConceptVersion",
    "Deletion",
    "Funding",
    "FundingCondition",
    "Goal",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Measure",
    "MeasureCost",
    "Opening",
    "Suggestion",
]
