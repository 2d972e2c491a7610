"""Rows of a concept, read without Django writing the same SQL again for each page."""

from __future__ import annotations

from municipalities.rows import Found, Row, RowsById

__all__ = ["ConceptRows", "Row"]


class ConceptRows(RowsById[Found]):
    """`make` gives the query for a concept's id."""
