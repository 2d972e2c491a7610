"""Who may do what in a process: named predicates, nothing else decides."""

from __future__ import annotations

from typing import Any

from municipalities.models import Municipality, Person, Role
from participation.models import (
    Event,
    MeasureProposal,
    Minutes,
    Process,
    ProcessModeration,
    ProposalComment,
    Seat,
)
from participation.phases import Right, is_open


def may_manage(user: Any, municipality: Municipality) -> bool:
    """Editors and the Fachadministration keep processes, groups and events, and decide about proposals."""
    return bool(user.is_authenticated) and user.access.has_role(
        municipality.pk, Role.Kind.ADMINISTRATION, Role.Kind.EDITING
    )


def is_member(user: Any, process: Process) -> bool:
    """Sits in one of the groups of the process now."""
    return bool(user.is_authenticated) and bool(
        Seat.objects.held_now().filter(group__process=process, person__user=user).exists()
    )


def may_propose(user: Any, process: Process) -> bool:
    """Members while the phase allows it; the staff at any time, for paper slips have no login."""
    if may_manage(user, process.municipality):
        return True
    return is_member(user, process) and is_open(process, Right.PROPOSE)


def may_discuss(user: Any, process: Process) -> bool:
    """Say something about the proposals of others."""
    if may_manage(user, process.municipality):
        return True
    return is_member(user, process) and is_open(process, Right.COMMENT)


def may_rank(user: Any, process: Process) -> bool:
    """Support the proposals of others; how many do, puts them in an order."""
    if may_manage(user, process.municipality):
        return True
    return is_member(user, process) and is_open(process, Right.RANK)


def leads(user: Any, event: Event) -> bool:
    """Leads through this event: who guides the process from outside, the institution that moderates the
    event or the process, and such a seat in one of its groups."""
    if not user.is_authenticated:
        return False
    if moderates(user, event.process):
        return True
    institutions = {event.moderator_id, event.process.moderator_id} - {None}
    if institutions & user.access.institutions:
        return True
    seats = Seat.objects.held_now().filter(role=Seat.Role.MODERATION, person__user=user)
    return bool(seats.filter(group__events=event).exists())


def may_hold(user: Any, event: Event) -> bool:
    """Keep the sheet of the session: who is there, and the draft of the minutes."""
    return may_manage(user, event.process.municipality) or leads(user, event)


def may_write_minutes(user: Any, event: Event, minutes: Minutes | None) -> bool:
    """Only drafts are written on; what is agreed or published is not."""
    return (minutes is None or minutes.is_draft) and may_hold(user, event)


def replying_person(user: Any, event: Event) -> Person | None:
    """As whom the user says whether they come: for a planned event of their group, one they are invited to
    or one for everybody. None where they are not asked."""
    if event.state != Event.State.PLANNED:
        return None
    person = Person.objects.filter(municipality=event.process.municipality_id, user=user).first()
    if person is None:
        return None
    seats = Seat.objects.held_now().filter(person=person, group__events=event)
    asked = event.open_to_all or seats.exists() or event.notices.filter(person=person).exists()
    return person if asked else None


def moderates(user: Any, process: Process) -> bool:
    """Guides the process from outside the town."""
    return bool(user.is_authenticated) and bool(
        ProcessModeration.objects.filter(process=process, user=user).exists()
    )


def may_write_proposal(user: Any, process: Process) -> bool:
    """Members may begin one at any time; outside of the phase it stays a draft."""
    return may_manage(user, process.municipality) or is_member(user, process)


def may_read_proposals(user: Any, process: Process) -> bool:
    """Those who take part, and who guides the process from outside."""
    return may_write_proposal(user, process) or moderates(user, process)


def made_by(user: Any, proposal: MeasureProposal) -> bool:
    """Their own words; a slip of paper is nobody's who has a login."""
    return bool(user.is_authenticated) and proposal.submitter_id == user.pk


def may_edit_draft(user: Any, proposal: MeasureProposal) -> bool:
    """Nobody else sees it."""
    return bool(user.is_authenticated) and proposal.is_draft and proposal.entered_by_id == user.pk


def may_withdraw_proposal(user: Any, proposal: MeasureProposal) -> bool:
    """Who made it; for a slip of paper the staff, who hear of it."""
    if proposal.submitter_id is None:
        return may_manage(user, proposal.process.municipality)
    return made_by(user, proposal)


def may_answer(user: Any, proposal: MeasureProposal) -> bool:
    """Questions go to who made the proposal; about a slip of paper the staff ask by other ways."""
    return may_withdraw_proposal(user, proposal)


def may_read_questions(user: Any, proposal: MeasureProposal) -> bool:
    return made_by(user, proposal) or may_manage(user, proposal.process.municipality)


def may_word_in_german(user: Any, proposal: MeasureProposal) -> bool:
    """The staff at any time, who made it until it is decided."""
    if may_manage(user, proposal.process.municipality):
        return True
    return made_by(user, proposal) and proposal.is_open_outside


def may_support(user: Any, proposal: MeasureProposal) -> bool:
    """The proposals of others, as long as nothing is decided."""
    return not made_by(user, proposal) and proposal.is_open_outside and may_rank(user, proposal.process)


def may_withdraw_remark(user: Any, comment: ProposalComment) -> bool:
    """Nobody takes back what somebody else has said."""
    return bool(user.is_authenticated) and comment.author_id == user.pk
