"""Mails about countersigning: who is asked, who is reminded, and whose paper came back."""

from __future__ import annotations

import datetime
from collections.abc import Iterable

from django.conf import settings
from django.db import transaction
from django.db.models import Model
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Deputyship, Paper, SigningRequest
from committees.openness import lasting_name
from committees.signatures import can_sign
from municipalities.models import Person, User
from outbox.actions import Naming, post
from outbox.models import OutgoingMail, Wording


def recipients_of(row: SigningRequest) -> list[User]:
    """The one who is asked; while they are away, those who stand in."""
    if row.person is None:
        return []
    stands_in = Deputyship.objects.of_absent().filter(person=row.person).select_related("deputy__user")
    deputies = [deputyship.deputy for deputyship in stands_in if can_sign(deputyship.deputy)]
    return _users(deputies or [row.person])


def _users(persons: Iterable[Person]) -> list[User]:
    return [person.user for person in persons if person.user is not None and person.user.is_active]


def tell_asked(row: SigningRequest) -> None:
    _mail(row, recipients_of(row), "asked", _("Bitte mitzeichnen"))


@transaction.atomic
def remind(day: datetime.date | None = None) -> int:
    """Once for each request whose day has come; how many were told."""
    day = day or timezone.localdate()
    due = SigningRequest.objects.asked().filter(due_on__lte=day).with_all()
    told = 0
    for row in due:
        told += _mail(row, recipients_of(row), "due", _("Erinnerung, bitte mitzeichnen"))
    return told


def tell_returned(row: SigningRequest) -> None:
    """Who writes the paper, and who has sent it round."""
    paper = row.round.paper
    users = {user.pk: user for user in _users([paper.author] if paper.author else [])}
    users[row.round.started_by_id] = row.round.started_by
    concerned = [user for user in users.values() if user.pk != row.decided_by_id and user.is_active]
    _mail(row, concerned, "returned", _("Zurückgegeben"))


def _mail(row: SigningRequest, users: list[User], occasion: str, subject: str) -> int:
    """How many mails are new; each is written once."""
    paper, new = row.round.paper, 0
    for user in users:
        key = f"signing-{row.pk}-{occasion}-{user.pk}"
        new += not OutgoingMail.objects.filter(key=key).exists()
        lasting = _wording(row, user, occasion, subject, name=lasting_name(paper))
        open_one = _wording(row, user, occasion, subject, name=paper.subject, in_full=True)
        post(
            key=key,
            to=user.email,
            subject=lasting.subject,
            text=lasting.text,
            naming=Naming(_named(paper, occasion), open_one),
        )
    return new


def _named(paper: Paper, occasion: str) -> list[Model]:
    """Why it comes back may speak of any part of it."""
    if occasion != "returned":
        return [paper]
    return [paper, *paper.sections.all(), *paper.resolution_points.all(), *paper.attachments.all()]


def _wording(
    row: SigningRequest, user: User, occasion: str, subject: str, *, name: str, in_full: bool = False
) -> Wording:
    """`in_full`: with what was written while signing, which speaks of what the paper says."""
    paper = row.round.paper
    address = row.get_absolute_url() if occasion != "returned" else f"{paper.get_absolute_url()}mitzeichnung/"
    context = {
        "request": row,
        "paper": _("die Vorlage „%s“") % name if name else _("eine Vorlage"),
        "town": paper.municipality,
        "user": user,
        "occasion": occasion,
        "deputy": row.person is not None and row.person.user_id != user.pk,
        "address": settings.PORTAL_URL + address,
        "in_full": in_full,
    }
    text = render_to_string("committees/signing/mails/asked.txt", context)
    return Wording(f"{subject}: {name}" if name else subject, text)
