"""What is sealed of a private note: its words, and those of the paper that it is about."""

from __future__ import annotations

from dataclasses import dataclass

from council.secrets import seal, unseal
from municipalities.models import User

BETWEEN = "\0"
"""No form lets it through. What has no quote has none."""


@dataclass(frozen=True)
class Contents:
    """`before` is what stood in front of the quote, which may stand in the paper more than once."""

    text: str
    quote: str = ""
    before: str = ""

    def sealed(self, *, user: User, paper_id: int) -> bytes:
        parts = [self.text, self.quote, self.before] if self.quote else [self.text]
        return seal(BETWEEN.join(parts), user=user, paper_id=paper_id)

    @classmethod
    def of(cls, sealed: bytes | memoryview[int], *, user: User, paper_id: int, address: str = "") -> Contents:
        return cls(*unseal(sealed, user=user, paper_id=paper_id, address=address).split(BETWEEN, 2))
