"""What a reader gets of a paper on paper: all of it, or only what is for everybody."""

from __future__ import annotations

from typing import Any

from committees.models import Paper
from committees.openness import reads_all
from committees.printing.contents import PaperContents


def contents_for(user: Any, paper: Paper) -> PaperContents:
    return PaperContents.of(paper.pk, public_only=not reads_all(user, paper))
