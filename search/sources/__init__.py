"""What there is to find, read from the domain apps in a constant number of queries."""

from search.sources.base import Source
from search.sources.committees import sources_of_papers, sources_of_sessions
from search.sources.concepts import sources_of_concepts
from search.sources.participation import sources_of_participation

__all__ = [
    "Source",
    "sources_of_concepts",
    "sources_of_papers",
    "sources_of_participation",
    "sources_of_sessions",
]
