"""What is wrong with a paper before it is released: each check explains itself and names its source."""

from __future__ import annotations

from dataclasses import dataclass

from committees.models import Paper


@dataclass(frozen=True)
class Finding:
    """`where` is the address below the paper at which one mends it; `overruled` is the reason given."""

    code: str
    severity: str
    sentence: str
    source: str
    where: str
    overruled: str = ""


def findings_of(paper: Paper) -> list[Finding]:
    """Errors first; warnings that were overruled are among them, with their reason."""
    return []
