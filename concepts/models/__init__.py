"""A concept: its fields, goals, measures, indicators, chapters, grants and frozen versions."""

from concepts.models.concept import Chapter, Concept, ConceptPart, ConceptRevision, ConceptVersion
from concepts.models.funding import Funding, FundingCondition
from concepts.models.indicators import Indicator, IndicatorTarget, IndicatorValue
from concepts.models.structure import ActionField, Goal, Measure, MeasureCost

__all__ = [
    "ActionField",
    "Chapter",
    "Concept",
    "ConceptPart",
    "ConceptRevision",
    "ConceptVersion",
    "Funding",
    "FundingCondition",
    "Goal",
    "Indicator",
    "IndicatorTarget",
    "IndicatorValue",
    "Measure",
    "MeasureCost",
]
