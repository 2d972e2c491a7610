"""What is prepared together: questions to the administration, and what a faction keeps for itself."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import CharField, Exists, OuterRef, Q, Value
from django.db.models.functions import Cast, Concat
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.blocks import BlockKind
from committees.models import (
    CommitteeSeat,
    Consultation,
    Faction,
    LayoutBlock,
    Paper,
    ResolutionPoint,
    Section,
)
from committees.models.bodies import MAY_READ_NON_PUBLIC, SpanQuerySet, committees_of
from committees.models.papers import deliberated_in
from fuzzydates.fields import FuzzyDateField
from municipalities.models import Person, Role, User
from municipalities.ownership import OwnedModel, OwnedQuerySet


class FactionStaff(OwnedModel):
    """Somebody who works for a faction without a seat: reads what its members read."""

    municipality_path = "faction__municipality"

    faction = models.ForeignKey(Faction, models.CASCADE, related_name="staff", verbose_name=_("Fraktion"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="faction_work", verbose_name=_("Person"))
    function = models.CharField(_("Funktion"), max_length=100, blank=True)
    span = FuzzyDateField(_("Zeitraum"), null=True, blank=True)

    objects: ClassVar[Any] = SpanQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Mitarbeit"))

    class Meta:
        verbose_name = _("Mitarbeit in einer Fraktion")
        verbose_name_plural = _("Mitarbeit in Fraktionen")
        ordering = ["faction", "person"]
        constraints = [models.UniqueConstraint(fields=["faction", "person"], name="faction_staff_once")]

    def __str__(self) -> str:
        return f"{self.person} ({self.faction})"


def factions_of(user: Any) -> Any:
    """The ids of the factions to which the user belongs today: by a seat or as staff."""
    today = timezone.localdate()
    working = FactionStaff.objects.on(today).filter(person__user=user)
    belonging = Q(pk__in=factions_with_seat(user)) | Q(pk__in=working.values("faction"))
    return Faction.objects.on(today).filter(belonging).values("pk")


def factions_with_seat(user: Any) -> Any:
    """The factions for which the user sits in a committee today."""
    seats = CommitteeSeat.objects.open().filter(person__user=user)
    return Faction.objects.on(timezone.localdate()).filter(pk__in=seats.values("faction"))


def in_open_passage(user: Any) -> Q:
    """Of rows with a `paper` and a `passage` (`council/passages.py`): the user may read all of the passage,
    which may have become non-public after somebody wrote about it."""
    return ~_secret_points() & ~Q(_secret_texts()) | Q(paper__in=Paper.objects.open_to_insider(user))


def _secret_points() -> Q:
    """The passage is a point that is not public, or is made of several and one of them is not."""
    points = ResolutionPoint.objects.filter(paper=OuterRef("paper"), public=False)
    place = Concat(Value("punkt-"), Cast("position", CharField()))
    reasons = LayoutBlock.objects.filter(
        layout=OuterRef("paper__layout"), key=OuterRef("passage"), kind=BlockKind.POINT_REASONS
    )
    return (
        Q(Exists(points.annotate(place=place).filter(place=OuterRef("passage"))))
        | Q(Exists(points), passage="beschlussvorschlag")
        | Q(Exists(points.exclude(reasons="")), Exists(reasons))
    )


def _secret_texts() -> Exists:
    """The passage is a text that is not public, or a questionnaire with one that is not."""
    texts = Section.objects.filter(paper=OuterRef("paper"), public=False)
    within = Concat(OuterRef("passage"), Value("."))
    return Exists(texts.filter(Q(key=OuterRef("passage")) | Q(key__startswith=within)))


class FactionQuerySet(OwnedQuerySet):
    """For the faction alone: no role opens it, not the administration's either."""

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(faction__in=factions_of(user), paper__in=Paper.objects.visible_to(user))


class FactionNoteQuerySet(FactionQuerySet):
    def visible_to(self, user: Any) -> Self:
        """A note may tell of its passage: only for who may read that too. Its staff seldom may."""
        visible = super().visible_to(user)
        return visible.filter(in_open_passage(user)) if user.is_authenticated else visible

    def left_behind(self, user: Any) -> Self:
        """What somebody shared with a faction to which they belong no more. They can take it back, and read
        it as far as they may read its passage."""
        readable = Q(paper__in=Paper.objects.visible_to(user)) & in_open_passage(user)
        own = self.in_towns_of(user).filter(author=user).exclude(faction__in=factions_of(user))
        return own.annotate(readable=readable)


class FactionNote(OwnedModel):
    """A note that a member shares with the faction."""

    municipality_path = "faction__municipality"

    faction = models.ForeignKey(Faction, models.CASCADE, related_name="notes", verbose_name=_("Fraktion"))
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="faction_notes", verbose_name=_("Vorlage"))
    passage = models.CharField(_("Stelle"), max_length=80, blank=True)
    text = models.TextField(_("Text"), max_length=5000)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("von"))
    written_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)

    objects: ClassVar[Any] = FactionNoteQuerySet.as_manager()

    class Meta:
        verbose_name = _("Notiz in der Fraktion")
        verbose_name_plural = _("Notizen in der Fraktion")
        ordering = ["paper", "written_at", "pk"]

    def __str__(self) -> str:
        return f"{self.author}, {self.written_at:%d.%m.%Y}"

    def touch(self) -> None:
        """No page that is kept shows it."""


class IntendedVote(OwnedModel):
    """How the faction means to vote on a stage."""

    class Vote(models.TextChoices):
        FOR = "for", _("Zustimmung")
        AGAINST = "against", _("Ablehnung")
        ABSTAIN = "abstain", _("Enthaltung")
        FREE = "free", _("freigegeben")
        OPEN = "open", _("noch offen")

    municipality_path = "faction__municipality"

    faction = models.ForeignKey(
        Faction, models.CASCADE, related_name="intended_votes", verbose_name=_("Fraktion")
    )
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="intended_votes", verbose_name=_("Vorlage"))
    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="intended_votes", verbose_name=_("Beratung")
    )
    vote = models.CharField(_("Abstimmungsverhalten"), max_length=10, choices=Vote, default=Vote.OPEN)
    speaker = models.CharField(_("Wer spricht"), max_length=150, blank=True)
    remark = models.CharField(_("Bemerkung"), max_length=500, blank=True)
    changed_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("zuletzt von"))
    changed_at = models.DateTimeField(_("zuletzt am"), auto_now=True)

    objects: ClassVar[Any] = FactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Abstimmungsverhalten")
        verbose_name_plural = _("Abstimmungsverhalten")
        ordering = ["faction", "consultation"]
        constraints = [models.UniqueConstraint(fields=["faction", "consultation"], name="intended_vote_once")]

    def __str__(self) -> str:
        return f"{self.faction}: {self.get_vote_display()}"

    def touch(self) -> None:
        """No page that is kept shows it."""


class PaperQuestionQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Who asked, who answers (the house), and whom the answer is for; the paper must be readable."""
        if not user.is_authenticated:
            return self.none()
        staffed = user.access.towns_with(*MAY_READ_NON_PUBLIC)
        consulted = deliberated_in(committees_of(user), "paper__")
        answered = Q(answered_at__isnull=False)
        offices = Q(
            paper__municipality__in=user.access.towns_with(Role.Kind.DEPARTMENT),
            paper__department__in=user.access.institutions,
        )
        found = self.filter(
            Q(asked_by=user)
            | Q(paper__municipality__in=staffed)
            | offices
            | answered & Q(audience=PaperQuestion.Audience.PUBLIC) & in_open_passage(user)
            | answered & Q(audience=PaperQuestion.Audience.COMMITTEE) & consulted
        )
        return found.filter(paper__in=Paper.objects.visible_to(user)).distinct()


class PaperQuestion(OwnedModel):
    """A question to the administration about a paper or one of its passages, and its answer."""

    class Audience(models.TextChoices):
        PERSON = "person", _("nur wer fragt")
        COMMITTEE = "committee", _("alle Mitglieder der beteiligten Gremien")
        PUBLIC = "public", _("alle, die die Vorlage lesen")

    municipality_path = "paper__municipality"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="questions", verbose_name=_("Vorlage"))
    passage = models.CharField(_("Stelle"), max_length=80, blank=True)
    text = models.TextField(_("Frage"), max_length=3000)
    asked_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("gefragt von"))
    asked_at = models.DateTimeField(_("gefragt am"), auto_now_add=True)
    audience = models.CharField(
        _("Wer die Antwort liest"), max_length=10, choices=Audience, default=Audience.PERSON
    )
    answer = models.TextField(_("Antwort"), max_length=5000, blank=True)
    answered_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("beantwortet von")
    )
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)

    objects: ClassVar[Any] = PaperQuestionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Frage"))

    class Meta:
        verbose_name = _("Frage zur Vorlage")
        verbose_name_plural = _("Fragen zur Vorlage")
        ordering = ["paper", "asked_at", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(answered_at=None, answer="") | (Q(answered_at__isnull=False) & ~Q(answer="")),
                name="paper_question_answer_has_day",
                violation_error_message=_("Bitte schreiben Sie eine Antwort."),
            )
        ]

    def __str__(self) -> str:
        return self.text[:80]

    def touch(self) -> None:
        """No page that is kept shows it."""
