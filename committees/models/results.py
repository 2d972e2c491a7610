"""How a committee voted, and the text as it resolved it."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from committees.models.amendments import OF_STAGE, Amendment, of_secret_measure
from committees.models.bodies import Faction
from committees.models.meetings import frozen_with_minutes
from committees.models.paper_parts import PartlyPublicQuerySet, ResolutionPoint
from committees.models.papers import PaperRevision
from committees.models.route import Consultation, result_for_everybody
from documents.richtext import RichTextField
from municipalities.guards import Guard, fixed
from municipalities.ownership import OwnedModel, OwnedQuerySet

VOTE_FIELDS = ("votes_for", "votes_against", "abstentions", "excluded")


class OfStageQuerySet(PartlyPublicQuerySet):
    """Rows of a stage are for those who may know its result."""

    paper_path = "consultation__paper"

    @classmethod
    def for_everybody(cls) -> Q:
        return result_for_everybody("consultation__")


class ResolvedPointQuerySet(OfStageQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        return super().for_everybody() & (Q(point=None) | Q(point__public=True))


class BallotQuerySet(OfStageQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        """Of a point, or of an amendment to it or to a measure that it names, only where the point is
        public."""
        of_point = Q(point=None) | Q(point__public=True)
        of_amendment = Q(amendment__point=None) | Q(amendment__point__public=True)
        of_measure = ~Q(of_secret_measure("consultation__paper", "amendment__measure"))
        return super().for_everybody() & of_point & of_amendment & of_measure


class Votes(OwnedModel):
    """Counted votes; what nobody counted is empty, which is not the same as 0."""

    votes_for = models.PositiveSmallIntegerField(_("Ja"), null=True, blank=True)
    votes_against = models.PositiveSmallIntegerField(_("Nein"), null=True, blank=True)
    abstentions = models.PositiveSmallIntegerField(_("Enthaltungen"), null=True, blank=True)
    excluded = models.PositiveSmallIntegerField(_("befangen"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def counted(self) -> bool:
        return any(getattr(self, name) is not None for name in VOTE_FIELDS)

    @property
    def in_words(self) -> str:
        """`12 Ja, 3 Nein, 1 Enthaltung`; what nobody counted is not named."""
        words = [
            (self.votes_for, _now("Ja")),
            (self.votes_against, _now("Nein")),
            (self.abstentions, ngettext("Enthaltung", "Enthaltungen", self.abstentions or 0)),
            (self.excluded, _now("befangen")),
        ]
        return ", ".join(f"{number} {word}" for number, word in words if number is not None)

    @property
    def cast(self) -> int:
        """Votes for and against and abstentions: who is befangen does not vote."""
        return sum(getattr(self, name) or 0 for name in VOTE_FIELDS[:3])


class Ballot(Votes):
    """One vote in a stage: on the whole, on one point, on an amendment, or on one of several wordings."""

    class Kind(models.TextChoices):
        WHOLE = "whole", _("über das Ganze")
        POINT = "point", _("über einen Punkt")
        AMENDMENT = "amendment", _("über einen Änderungsantrag")
        ALTERNATIVE = "alternative", _("über einen von mehreren Wortlauten")

    municipality_path = "consultation__paper__municipality"

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="ballots", verbose_name=_("Beratung")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    kind = models.CharField(_("Worüber"), max_length=12, choices=Kind, default=Kind.WHOLE)
    point = models.ForeignKey(
        ResolutionPoint,
        models.PROTECT,
        related_name="ballots",
        null=True,
        blank=True,
        verbose_name=_("Beschlusspunkt"),
    )
    amendment = models.ForeignKey(
        Amendment,
        models.PROTECT,
        related_name="ballots",
        null=True,
        blank=True,
        verbose_name=_("Änderungsantrag"),
        help_text=_("Bei mehreren Wortlauten: der, der zur Wahl steht. Leer der ursprüngliche."),
    )
    result = models.CharField(
        _("Ergebnis"), max_length=255, blank=True, help_text=_("Im Wortlaut Ihrer Kommune.")
    )
    outcome = models.CharField(
        _("Bedeutung des Ergebnisses"), max_length=12, choices=Consultation.Outcome, blank=True
    )
    unanimous = models.BooleanField(_("einstimmig"), default=False)

    objects: ClassVar[Any] = BallotQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Abstimmung"))

    class Meta:
        verbose_name = _("Abstimmung")
        verbose_name_plural = _("Abstimmungen")
        ordering = ["consultation", "position"]
        constraints = [
            models.UniqueConstraint(fields=["consultation", "position"], name="ballot_unique_position"),
            models.UniqueConstraint(
                fields=["consultation"], condition=Q(kind="whole"), name="ballot_one_on_the_whole"
            ),
            models.UniqueConstraint(
                fields=["consultation", "point"], condition=Q(kind="point"), name="ballot_one_per_point"
            ),
            models.UniqueConstraint(
                fields=["consultation", "amendment"],
                condition=Q(kind="amendment"),
                name="ballot_one_per_amendment",
            ),
            models.CheckConstraint(
                condition=Q(kind="whole", point=None, amendment=None)
                | Q(kind="point", point__isnull=False, amendment=None)
                | Q(kind="amendment", point=None, amendment__isnull=False)
                | Q(kind="alternative"),
                name="ballot_on_one_thing",
            ),
            models.CheckConstraint(
                condition=Q(unanimous=False) | Q(votes_against=None) | Q(votes_against=0),
                name="ballot_unanimous_without_nay",
                violation_error_message=_("Einstimmig heißt: ohne Gegenstimme."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.result or self.get_outcome_display()}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [
            *super().guards(),
            fixed(cls, "consultation"),
            *frozen_with_minutes(cls._meta.db_table, OF_STAGE),
            Guard(
                cls._meta.db_table,
                "left_out",
                "(SELECT left_out FROM committees_consultation WHERE id = NEW.consultation_id)",
                "a stage that is left out has no votes",
            ),
        ]

    def touch(self) -> None:
        PaperRevision.bump(self.consultation.paper_id)


class FactionVoteQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> FactionVoteQuerySet:
        return self.filter(ballot__in=Ballot.objects.visible_to(user))


class FactionVote(Votes):
    """How one faction voted in a ballot."""

    municipality_path = "ballot__consultation__paper__municipality"

    ballot = models.ForeignKey(
        Ballot, models.CASCADE, related_name="faction_votes", verbose_name=_("Abstimmung")
    )
    faction = models.ForeignKey(Faction, models.PROTECT, related_name="votes", verbose_name=_("Fraktion"))

    objects: ClassVar[Any] = FactionVoteQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Stimmen einer Fraktion"))

    class Meta:
        verbose_name = _("Stimmen einer Fraktion")
        verbose_name_plural = _("Stimmen der Fraktionen")
        ordering = ["ballot", "faction__name"]
        constraints = [
            models.UniqueConstraint(fields=["ballot", "faction"], name="faction_vote_once"),
            models.CheckConstraint(
                condition=Q(votes_for__isnull=False)
                | Q(votes_against__isnull=False)
                | Q(abstentions__isnull=False)
                | Q(excluded__isnull=False),
                name="faction_vote_counts_something",
            ),
        ]

    def __str__(self) -> str:
        return str(self.faction)

    @classmethod
    def guards(cls) -> list[Guard]:
        meeting = (
            "(SELECT c.meeting_id FROM committees_consultation c JOIN committees_ballot b"
            " ON b.consultation_id = c.id WHERE b.id = {row}.ballot_id)"
        )
        return [*super().guards(), fixed(cls, "ballot"), *frozen_with_minutes(cls._meta.db_table, meeting)]

    def touch(self) -> None:
        PaperRevision.bump(self.ballot.consultation.paper_id)


class ResolvedPoint(OwnedModel):
    """A point as the deciding committee resolved it: the text for good, and where it came from."""

    class Origin(models.TextChoices):
        CARRIED = "carried", _("wie zuletzt vorgelegt")
        ORIGINAL = "original", _("wie von der Verwaltung vorgeschlagen")
        ALTERNATIVE = "alternative", _("in einem anderen empfohlenen Wortlaut")

    municipality_path = "consultation__paper__municipality"

    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="resolved_points", verbose_name=_("Beratung")
    )
    position = models.PositiveSmallIntegerField(_("Nummer"))
    point = models.ForeignKey(
        ResolutionPoint,
        models.PROTECT,
        related_name="resolved",
        null=True,
        blank=True,
        verbose_name=_("Beschlusspunkt"),
        help_text=_("Leer bei einem Punkt, der erst in der Beratung dazukam."),
    )
    text = RichTextField(_("Beschlusstext"))
    origin = models.CharField(_("Fassung"), max_length=12, choices=Origin, default=Origin.CARRIED)
    rejected = models.BooleanField(_("abgelehnt"), default=False)

    objects: ClassVar[Any] = ResolvedPointQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Beschlusstextes"))

    class Meta:
        verbose_name = _("Beschlusstext")
        verbose_name_plural = _("Beschlusstexte")
        ordering = ["consultation", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "position"], name="resolved_point_unique_position"
            ),
            models.UniqueConstraint(
                fields=["consultation", "point"],
                condition=Q(point__isnull=False),
                name="resolved_point_once",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}."

    @classmethod
    def guards(cls) -> list[Guard]:
        return [
            *super().guards(),
            fixed(cls, "consultation"),
            *frozen_with_minutes(cls._meta.db_table, OF_STAGE),
        ]

    def touch(self) -> None:
        PaperRevision.bump(self.consultation.paper_id)
