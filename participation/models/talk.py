"""What is said about proposals: comments, support, and questions back."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from municipalities.guards import Guard, fixed
from municipalities.models import User
from participation.models.proposals import LONGEST_TEXT, MeasureProposal, SaidModel


class AboutProposal(SaidModel):
    """Said about one proposal by somebody."""

    municipality_path = "proposal__process__municipality"

    proposal = models.ForeignKey(
        MeasureProposal, models.CASCADE, related_name="%(class)ss", verbose_name=_("Vorschlag")
    )
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("von"))
    written_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)

    class Meta:
        abstract = True

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "proposal")]


class ProposalComment(AboutProposal):
    """A remark that everybody reads who may read the proposal."""

    text = models.TextField(_("Kommentar"), max_length=LONGEST_TEXT)

    class Meta:
        verbose_name = _("Kommentar zu einem Vorschlag")
        verbose_name_plural = _("Kommentare zu Vorschlägen")
        ordering = ["written_at", "pk"]
        constraints = [models.CheckConstraint(condition=~Q(text=""), name="proposal_comment_says_something")]

    def __str__(self) -> str:
        return self.text[:60]


class ProposalSupport(AboutProposal):
    """Somebody is for it."""

    class Meta:
        verbose_name = _("Unterstützung eines Vorschlags")
        verbose_name_plural = _("Unterstützungen von Vorschlägen")
        ordering = ["written_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["proposal", "author"], name="proposal_supported_once")]

    def __str__(self) -> str:
        return f"{self.author}: {self.proposal}"


class ProposalQuestion(AboutProposal):
    """The staff ask back; only they and who made the proposal read question and answer."""

    text = models.TextField(_("Rückfrage"), max_length=LONGEST_TEXT)
    answer = models.TextField(_("Antwort"), max_length=LONGEST_TEXT, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("beantwortet von")
    )
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)

    class Meta:
        verbose_name = _("Rückfrage zu einem Vorschlag")
        verbose_name_plural = _("Rückfragen zu Vorschlägen")
        ordering = ["written_at", "pk"]
        constraints = [
            models.CheckConstraint(condition=~Q(text=""), name="proposal_question_asks_something"),
            models.CheckConstraint(
                condition=Q(answer="", answered_at=None, answered_by=None)
                | (~Q(answer="") & Q(answered_at__isnull=False, answered_by__isnull=False)),
                name="proposal_question_answered_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.answered_at is None
