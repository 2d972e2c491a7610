"""Mails about questions and reminders.

A mail lies open on its way and in mailboxes. So its subject and its text name a paper only where everybody
may read it when the mail leaves, and never say what was asked, answered or noted: that stands behind the
link.
"""

from __future__ import annotations

import datetime

from django.conf import settings
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Paper
from council.models import PaperQuestion, Reminder
from council.paper_tabs import reading_address
from municipalities.models import Role, User
from outbox.actions import Naming, post
from outbox.models import Wording


def tell_asked(question: PaperQuestion) -> int:
    """Who writes the paper; where they have no account, the council service. How many mails."""
    paper = question.paper
    author = paper.author.user if paper.author else None
    if author is not None and author.is_active and Paper.objects.visible_to(author).filter(pk=paper.pk):
        recipients = [author]
    else:
        service = Role.objects.filter(municipality=paper.municipality_id, kind=Role.Kind.COUNCIL_SERVICE)
        recipients = list(User.objects.filter(pk__in=service.values("user"), is_active=True))
    for user in recipients:
        _mail(
            key=f"question-{question.pk}-asked-{user.pk}",
            user=user,
            subject=_("Frage zu einer Vorlage"),
            paper=paper,
            occasion="asked",
            address=f"{_questions(paper)}{question.pk}/",
        )
    return len(recipients)


def tell_answered(question: PaperQuestion) -> None:
    """Who has asked, as long as they may read the paper."""
    user, paper = question.asked_by, question.paper
    if not user.is_active or not PaperQuestion.objects.visible_to(user).filter(pk=question.pk).exists():
        return
    _mail(
        key=f"question-{question.pk}-answered",
        user=user,
        subject=_("Antwort auf Ihre Frage"),
        paper=paper,
        occasion="answered",
        address=f"{_questions(paper)}#frage-{question.pk}",
    )


@transaction.atomic
def remind_readers(day: datetime.date | None = None) -> int:
    """Once for each reminder whose day has come, if the paper may still be read; how many were told."""
    day = day or timezone.localdate()
    due = Reminder.objects.filter(day__lte=day, sent_at=None, user__is_active=True)
    told = 0
    for row in due.select_related("user", "paper__municipality").order_by("pk"):
        if not Paper.objects.visible_to(row.user).filter(pk=row.paper_id).exists():
            continue
        _mail(
            key=f"reading-reminder-{row.pk}",
            user=row.user,
            subject=_("Erinnerung an eine Vorlage"),
            paper=row.paper,
            occasion="reminder",
            address=reading_address(row.paper),
        )
        row.sent_at = timezone.now()
        row.save(update_fields=["sent_at"])
        told += 1
    return told


def _questions(paper: Paper) -> str:
    return f"{reading_address(paper)}fragen/"


def _mail(*, key: str, user: User, subject: str, paper: Paper, occasion: str, address: str) -> None:
    def text(name: str) -> str:
        context = {
            "user": user,
            "name": name,
            "town": paper.municipality,
            "occasion": occasion,
            "address": settings.PORTAL_URL + address,
        }
        return render_to_string("council/mails/paper.txt", context)

    name = f"{paper.number} {paper.subject}".strip()
    naming = Naming([paper], Wording(f"{subject}: {name}", text(name))) if paper.released else None
    post(key=key, to=user.email, subject=subject, text=text(""), naming=naming)
