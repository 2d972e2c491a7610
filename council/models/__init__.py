"""What a council member reads, notes and prepares."""

from council.models.preparing import FactionNote, FactionStaff, IntendedVote, PaperQuestion
from council.models.reading import (
    CalendarKey,
    LinkUse,
    MeetingLink,
    PrivateNote,
    ReadMark,
    Reminder,
)

__all__ = [
    "CalendarKey",
    "FactionNote",
    "FactionStaff",
    "IntendedVote",
    "LinkUse",
    "MeetingLink",
    "PaperQuestion",
    "PrivateNote",
    "ReadMark",
    "Reminder",
]
