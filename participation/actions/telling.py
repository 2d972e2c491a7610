"""Mails to those who made proposals: that there is news, at most one a day to each.

A mail names what is new when it is written, and that there may be more by the time it is read. So news that
comes while a mail of the same day still waits needs none of its own, and news after it goes out the next
morning.
"""

from __future__ import annotations

import datetime
from collections.abc import Iterable, Sequence

from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities.models import User
from outbox.actions import post
from outbox.models import OutgoingMail
from participation.models import MeasureProposal, Process, ProposalQuestion

MORNING = datetime.time(7)
MOST_NAMED = 20


def tell_question(question: ProposalQuestion, *, portal: str) -> bool:
    """Whether there is somebody to be told by mail. `portal` is where the portal is found: `https://…`."""
    return tell_submitters([question.proposal], portal=portal) > 0


def tell_submitters(proposals: Iterable[MeasureProposal], *, portal: str) -> int:
    """How many people there are to be told; slips of paper have nobody."""
    by_user: dict[int, list[MeasureProposal]] = {}
    for proposal in proposals:
        if proposal.submitter_id is not None:
            by_user.setdefault(proposal.submitter_id, []).append(proposal)
    for user in User.objects.filter(pk__in=by_user, is_active=True):
        _tell(user, by_user[user.pk], portal)
    return len(by_user)


def _tell(user: User, proposals: Sequence[MeasureProposal], portal: str) -> None:
    today = timezone.localdate()
    known = OutgoingMail.objects.filter(key=_key(user, today)).first()
    if known is None:
        day, not_before = today, None
    elif known.state == OutgoingMail.State.WAITING:
        return
    else:
        day = today + datetime.timedelta(days=1)
        not_before = timezone.make_aware(datetime.datetime.combine(day, MORNING))
    post(
        key=_key(user, day),
        to=user.email,
        subject=_("Neues zu Ihren Vorschlägen"),
        text=_text(user, proposals, portal),
        not_before=not_before,
    )


def _key(user: User, day: datetime.date) -> str:
    return f"proposals-{user.pk}-{day:%Y-%m-%d}"


def _text(user: User, proposals: Sequence[MeasureProposal], portal: str) -> str:
    named = [f"- {proposal}\n  {portal}{proposal.get_absolute_url()}" for proposal in proposals[:MOST_NAMED]]
    processes = {proposal.process_id: proposal.process for proposal in proposals}
    lists = "\n".join(f"{portal}{_list_url(process)}" for process in processes.values())
    return _(
        "Guten Tag %(name)s,\n\n"
        "zu Ihren Vorschlägen gibt es etwas Neues, eine Entscheidung oder eine Rückfrage:\n\n"
        "%(named)s\n\n"
        "Vielleicht ist inzwischen noch mehr dazugekommen. Alle Ihre Vorschläge stehen hier:\n"
        "%(lists)s\n\n"
        "Sie bekommen höchstens eine solche Nachricht am Tag.\n"
    ) % {"name": user.name, "named": "\n".join(named), "lists": lists}


def _list_url(process: Process) -> str:
    return reverse("participation:proposals", args=[process.municipality.slug, process.pk])
