"""Questions to the administration about a paper, and their answers."""

from __future__ import annotations

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.actions.locking import lock_paper
from committees.models import Paper
from concepts.actions.signing import sign
from council.actions.mails import tell_answered, tell_asked
from council.models import PaperQuestion
from council.passages import is_public, passages_of
from council.permissions import may_answer, may_ask
from municipalities.models import User


@transaction.atomic
def ask(*, paper: Paper, by: User, passage: str, text: str) -> PaperQuestion:
    paper = lock_paper(paper.pk)
    if not may_ask(by, paper):
        raise PermissionDenied
    if passage not in passages_of(by, paper):
        raise ValidationError({"passage": _("Diese Stelle gibt es in der Vorlage nicht.")})
    same = PaperQuestion.objects.filter(paper=paper, asked_by=by, text=text, passage=passage, answer="")
    if same.exists():
        raise ValidationError({"text": _("Diese Frage haben Sie schon gestellt.")})
    question = PaperQuestion(paper=paper, passage=passage, text=text, asked_by=by)
    sign(question, by=by)
    question.save()
    tell_asked(question)
    return question


@transaction.atomic
def withdraw(*, question: PaperQuestion, by: User) -> None:
    """Who asked, until there is an answer. No page shows it any more; the history keeps that it was asked."""
    lock_paper(question.paper_id)
    found = PaperQuestion.objects.select_for_update().filter(pk=question.pk).first()
    if found is None:
        return
    if found.asked_by_id != by.pk:
        raise PermissionDenied
    if found.answered_at is not None:
        raise ValidationError(
            _("Die Verwaltung hat die Frage inzwischen beantwortet. Sie lässt sich nicht mehr zurückziehen.")
        )
    sign(found, by=by, reason=_("zurückgezogen"))
    found.delete()


def was_withdrawn(paper: Paper, question: int) -> bool:
    return bool(PaperQuestion.history.filter(id=question, paper_id=paper.pk, history_type="-").exists())


@transaction.atomic
def answer(*, question: PaperQuestion, by: User, text: str, audience: str, seen: str) -> PaperQuestion:
    """Also once more, to mend an answer; who asked is told the first time. `seen` is `stand` of the question
    that the one who answers had before their eyes."""
    lock_paper(question.paper_id)
    rows = PaperQuestion.objects.select_for_update(of=("self",)).select_related("paper", "asked_by")
    if not may_answer(by, question.paper):
        raise PermissionDenied
    current = rows.filter(pk=question.pk).first()
    if current is None:
        raise Withdrawn
    question = current
    if seen != stand(question):
        raise ValidationError(
            _(
                "%(who)s hat die Frage inzwischen beantwortet: „%(answer)s“ "
                "Ihr Text steht noch im Feld. Wenn Sie noch einmal speichern, ersetzt er diese Antwort."
            )
            % {"who": question.answered_by, "answer": question.answer}
        )
    if audience == PaperQuestion.Audience.PUBLIC and not is_public(question.paper, question.passage):
        raise ValidationError(
            {
                "audience": _(
                    "Die Stelle ist nicht öffentlich. Bitte antworten Sie der Person oder den Gremien."
                )
            }
        )
    first = question.answered_at is None
    question.answer, question.audience = text, audience
    question.answered_by, question.answered_at = by, timezone.now()
    sign(question, by=by)
    question.save()
    if first:
        tell_answered(question)
    return question


class Withdrawn(Exception):
    """The question was withdrawn while it was being answered."""


def stand(question: PaperQuestion) -> str:
    return question.answered_at.isoformat() if question.answered_at else ""
