"""Inviting by e-mail, and what is answered."""

from __future__ import annotations

import secrets
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from concepts.actions.signing import sign
from municipalities.models import Municipality, Person, User
from outbox.actions import cancel, post
from participation.actions.groups import free_position, lock
from participation.addresses import Address
from participation.models import Group, Invitation, Process, ProcessModeration, Seat
from participation.models.invitations import VALID_FOR, hash_of

LinkOf = Callable[[str], str]
"""The whole address of the page behind a token."""
State = Invitation.State
LONGEST_FUNCTION = 110


@dataclass
class Outcome:
    """Who was invited, and who needs no invitation because one is open or they already belong to it."""

    sent: list[Invitation] = field(default_factory=list)
    already: list[Address] = field(default_factory=list)


@dataclass(frozen=True)
class Invited:
    """What somebody is invited to: a group, with a seat that waits for them or none, or a process."""

    group: Group | None = None
    process: Process | None = None
    seat: Seat | None = None
    role: str = Seat.Role.MEMBER

    @property
    def municipality(self) -> Municipality:
        owner = self.group or self.process
        assert owner is not None
        return owner.municipality

    def open_addresses(self) -> set[str]:
        waiting = Invitation.objects.filter(state=State.SENT, expires_at__gt=timezone.now())
        return set(waiting.filter(group=self.group, process=self.process).values_list("email", flat=True))

    def members(self) -> set[str]:
        """Addresses of those who need no invitation any more."""
        if self.group:
            rows = Seat.objects.held_now().filter(group=self.group, person__user__isnull=False)
            found = rows.values_list("person__user__email", flat=True)
        else:
            found = ProcessModeration.objects.filter(process=self.process).values_list(
                "user__email", flat=True
            )
        return {email.lower() for email in found}


@transaction.atomic
def invite(*, to: Invited, addresses: Iterable[Address], message: str, by: User, link_of: LinkOf) -> Outcome:
    """Writes an invitation and its mail to everybody who has no open one."""
    if to.group:
        lock(to.group)  # two who paste the same list at once
    outcome = Outcome()
    known = to.open_addresses() | to.members()
    for address in addresses:
        if address.email in known:
            outcome.already.append(address)
            continue
        # One that has run out makes room for the new one, and is remembered as what it is.
        run_out = Invitation.objects.filter(
            group=to.group, process=to.process, email=address.email, state=State.SENT
        )
        for old in run_out:
            cancel(key=old.mail_key)
            old.state = State.EXPIRED
            sign(old, by=by)
            old.save()
        outcome.sent.append(_send_new(to, address, message, by, link_of))
    return outcome


def _send_new(to: Invited, address: Address, message: str, by: User, link_of: LinkOf) -> Invitation:
    token, now = secrets.token_urlsafe(32), timezone.now()
    invitation = Invitation(
        municipality=to.municipality,
        group=to.group,
        process=to.process,
        seat=to.seat,
        role=to.role,
        email=address.email,
        name=address.name,
        message=message,
        token_hash=hash_of(token),
        sent_at=now,
        expires_at=now + VALID_FOR,
        invited_by=by,
    )
    sign(invitation, by=by)
    invitation.save()
    _mail(invitation, token, link_of)
    return invitation


@transaction.atomic
def send_again(*, invitation: Invitation, by: User, link_of: LinkOf) -> bool:
    """With a new way in, so the old one leads nowhere; False where somebody has answered meanwhile."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.state != State.SENT:
        return False
    cancel(key=invitation.mail_key)
    token, now = secrets.token_urlsafe(32), timezone.now()
    invitation.token_hash, invitation.sent_at, invitation.expires_at = hash_of(token), now, now + VALID_FOR
    invitation.times_sent += 1
    sign(invitation, by=by)
    invitation.save()
    _mail(invitation, token, link_of)
    return True


@transaction.atomic
def withdraw(*, invitation: Invitation, by: User) -> bool:
    """False where somebody has answered meanwhile, or it has run out by itself. A mail that still waits
    does not leave any more."""
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not invitation.is_open:
        return False
    cancel(key=invitation.mail_key)
    invitation.state, invitation.answered_at = State.WITHDRAWN, timezone.now()
    sign(invitation, by=by)
    invitation.save()
    return True


def _mail(invitation: Invitation, token: str, link_of: LinkOf) -> None:
    town = invitation.municipality
    what = invitation.group or invitation.process
    context = {"invitation": invitation, "town": town, "what": what, "link": link_of(token)}
    post(
        key=invitation.mail_key,
        to=invitation.email,
        subject=_("Einladung: %(what)s (%(town)s)") % {"what": what, "town": town.short_name},
        text=render_to_string("participation/mail/invitation.txt", context),
        secret=True,
    )


# ---- Answering -------------------------------------------------------------------------------------------


@transaction.atomic
def accept(*, invitation: Invitation, name: str) -> Invitation:
    """Gives the invited one an account, if they have none, and their place. Once more does no harm.

    What comes back says by its state whether it was accepted: withdrawn or run out, it was too late.
    """
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if not invitation.is_open:
        return invitation
    user = _account(invitation, name)
    if invitation.group:
        _take_seat(invitation, invitation.group, user, name)
    else:
        moderation = ProcessModeration.objects.filter(process=invitation.process, user=user).first()
        if moderation is None:
            moderation = ProcessModeration(process=invitation.process, user=user)
            sign(moderation, by=user)
            moderation.save()
    invitation.state, invitation.answered_at = State.ACCEPTED, timezone.now()
    sign(invitation, by=user)
    invitation.save()
    return invitation


@transaction.atomic
def decline(*, invitation: Invitation) -> Invitation:
    invitation = Invitation.objects.select_for_update(of=("self",)).get(pk=invitation.pk)
    if invitation.is_open:
        invitation.state, invitation.answered_at = State.DECLINED, timezone.now()
        invitation.save()
    return invitation


def _account(invitation: Invitation, name: str) -> User:
    """The account with this address. One that exists stays as it is, with its own name."""
    found = User.objects.filter(email__iexact=invitation.email).first()
    return found or User.objects.create_user(invitation.email, name=name)


def _take_seat(invitation: Invitation, group: Group, user: User, name: str) -> None:
    lock(group)
    person = Person.objects.filter(municipality=group.municipality, user=user).first()
    seat = invitation.seat
    if person is None:
        person = _person_of(seat, group.municipality, user, name, group.name)
    own = Seat.objects.filter(group=group, person=person).first()
    if own:
        if own.span and own not in Seat.objects.held_now():
            own.span = None  # was here before, and is here again
    elif seat and seat.person is None:
        own, seat.person = seat, person
    else:
        own = Seat(
            group=group,
            position=free_position(group),
            person=person,
            institution=person.institution,
            role=invitation.role,
        )
    sign(own, by=user)
    own.save()


def _person_of(seat: Seat | None, town: Municipality, user: User, name: str, group: str) -> Person:
    """The person whom the staff has seated there already, or a new one. Nobody becomes somebody else by
    typing their name."""
    if seat and seat.person and seat.person.user_id is None:
        person = seat.person
        person.user = user
    else:
        person = Person(
            municipality=town,
            name=name,
            function=_free_function(town, name, group),
            user=user,
            institution=seat.institution if seat and not seat.person else None,
        )
    sign(person, by=user)
    person.save()
    return person


def _free_function(town: Municipality, name: str, group: str) -> str:
    """Two people of one name are told apart by their function."""
    taken = set(Person.objects.filter(municipality=town, name=name).values_list("function", flat=True))
    function, number = "", 1
    while function in taken:
        function = group[:LONGEST_FUNCTION] if number == 1 else f"{group[:LONGEST_FUNCTION]} ({number})"
        number += 1
    return function
