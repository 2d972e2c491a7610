"""What members do with proposals: write, submit, withdraw, answer, comment, support."""

from __future__ import annotations

import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from municipalities.models import Person, User
from participation.models import (
    MeasureProposal,
    Process,
    ProposalComment,
    ProposalQuestion,
    ProposalSupport,
)

State = MeasureProposal.State
LONGEST_REASON = 100
"""The column of the history takes no more."""


def sign(row: Any, *, by: User, reason: str = "") -> None:
    """What the history will say about the next save."""
    row._history_user = by
    row._change_reason = reason[:LONGEST_REASON] or None


def locked(proposal: MeasureProposal) -> MeasureProposal:
    """The proposal as it is now; nobody else handles the proposals of its process meanwhile."""
    Process.objects.select_for_update().only("pk").get(pk=proposal.process_id)
    found: MeasureProposal = MeasureProposal.objects.with_all().get(pk=proposal.pk)
    return found


@transaction.atomic
def save_draft(*, proposal: MeasureProposal, by: User) -> MeasureProposal:
    """A draft as it is typed. The form was sent before: the one that came of it is written on.

    Raises ValidationError where that one has been submitted already.
    """
    Process.objects.select_for_update().only("pk").get(pk=proposal.process_id)
    known = MeasureProposal.objects.filter(entered_by=by, form_key=proposal.form_key).first()
    if known is not None and known.pk != proposal.pk:
        if not known.is_draft:
            raise ValidationError(already_submitted(), code="sent")
        for field in MeasureProposal._meta.concrete_fields:
            if field.name not in ("id", "created_at"):
                setattr(known, field.attname, getattr(proposal, field.attname))
        proposal = known
    proposal.entered_by = by
    sign(proposal, by=by)
    proposal.save()
    return proposal


def already_submitted() -> str:
    return _("Dieser Vorschlag ist schon eingereicht. Was daraus wird, lesen Sie hier.")


@transaction.atomic
def submit(*, proposal: MeasureProposal, by: User) -> MeasureProposal:
    """From now on the members of the process read it, and its words stay as they are.

    Raises ValidationError where it was submitted before or says too little.
    """
    proposal = locked(proposal)
    if not proposal.is_draft:
        raise ValidationError(already_submitted(), code="sent")
    if not proposal.title.strip() or not proposal.text.strip():
        raise ValidationError(_("Bitte nennen Sie einen Titel, und beschreiben Sie Ihren Vorschlag."))
    if not proposal.submitter_name:
        proposal.submitter_name = by.name
    if proposal.submitter is not None and proposal.person is None:
        town = proposal.process.municipality_id
        proposal.person = Person.objects.filter(municipality=town, user=proposal.submitter).first()
    proposal.state, proposal.submitted_at = State.SUBMITTED, timezone.now()
    sign(proposal, by=by, reason=_("eingereicht"))
    proposal.save()
    return proposal


@transaction.atomic
def discard_draft(*, proposal: MeasureProposal) -> None:
    """Raises ValidationError once it is submitted."""
    locked(proposal).delete()


@transaction.atomic
def withdraw(*, proposal: MeasureProposal, by: User) -> MeasureProposal:
    """It stays to be read, and nobody decides about it any more.

    Raises ValidationError once it is decided, or where others went up in it.
    """
    proposal = locked(proposal)
    if proposal.state == State.WITHDRAWN:
        raise ValidationError(_("Dieser Vorschlag ist schon zurückgezogen."))
    if not proposal.is_open:
        raise ValidationError(
            _(
                "Dieser Vorschlag lässt sich nicht mehr zurückziehen, denn über ihn wird schon entschieden. "
                "Bitte wenden Sie sich an die Fachadministration."
            )
        )
    if proposal.brought_in.exists():
        raise ValidationError(
            _(
                "Mit diesem Vorschlag sind andere zusammengeführt. Er lässt sich deshalb nicht zurückziehen. "
                "Bitte wenden Sie sich an die Fachadministration."
            )
        )
    proposal.state, proposal.withdrawn_at = State.WITHDRAWN, timezone.now()
    sign(proposal, by=by, reason=_("zurückgezogen"))
    proposal.save()
    return proposal


@transaction.atomic
def word_in_german(*, form: Any, by: User) -> MeasureProposal:
    """Title and text in German, beside the original."""
    sign(form.instance, by=by, reason=_("deutsche Fassung"))
    saved: MeasureProposal = form.save()
    return saved


@transaction.atomic
def answer(*, question: ProposalQuestion, text: str, by: User) -> ProposalQuestion:
    """The proposal goes back to those who examine it once nothing is open any more.

    Raises ValidationError where it was answered before.
    """
    proposal = locked(question.proposal)
    question = ProposalQuestion.objects.get(pk=question.pk)
    if not question.is_open:
        raise ValidationError(_("Diese Rückfrage ist schon beantwortet."))
    question.answer, question.answered_by, question.answered_at = text, by, timezone.now()
    question.save()
    waiting = proposal.proposalquestions.filter(answered_at=None).exists()
    if proposal.state == State.QUESTION and not waiting:
        proposal.state = State.REVIEW
        sign(proposal, by=by, reason=_("Rückfrage beantwortet"))
        proposal.save()
    return question


TWICE = datetime.timedelta(minutes=10)


@transaction.atomic
def add_comment(*, proposal: MeasureProposal, text: str, by: User) -> ProposalComment:
    """The same words by the same person within ten minutes are a double click: there is one comment."""
    proposal = locked(proposal)
    same = proposal.proposalcomments.filter(
        author=by, text=text, written_at__gte=timezone.now() - TWICE
    ).first()
    comment: ProposalComment = same or ProposalComment.objects.create(proposal=proposal, author=by, text=text)
    return comment


def withdraw_comment(*, comment: ProposalComment) -> None:
    comment.delete()


@transaction.atomic
def set_support(*, proposal: MeasureProposal, supported: bool, by: User) -> None:
    """Said twice, it counts once."""
    if supported:
        ProposalSupport.objects.get_or_create(proposal=locked(proposal), author=by)
    else:
        ProposalSupport.objects.filter(proposal=proposal, author=by).delete()
