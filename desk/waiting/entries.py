"""One line of what is waiting, and the list in which it stands."""

from __future__ import annotations

from dataclasses import dataclass, field

MOST_ENTRIES = 12
LONGEST_NAME, LONGEST_REASON = 80, 200


@dataclass(frozen=True)
class Entry:
    """One line: where it leads, and in a word how it stands (`tone` names the badge's look)."""

    label: str
    url: str
    badge: str = ""
    tone: str = "info"
    when: str = ""


@dataclass
class WaitingList:
    """A heading with its lines; `nothing` is the sentence that stands there when there are none."""

    title: str
    hint: str
    nothing: str
    entries: list[Entry] = field(default_factory=list)
