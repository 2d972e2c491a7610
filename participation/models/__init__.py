"""Who took part in making a concept, where and when."""

from participation.models.events import Event
from participation.models.groups import Group, Seat
from participation.models.invitations import Invitation
from participation.models.process import Phase, Process, ProcessModeration

__all__ = ["Event", "Group", "Invitation", "Phase", "Process", "ProcessModeration", "Seat"]
