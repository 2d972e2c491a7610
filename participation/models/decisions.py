"""What was decided about proposals, and the measures that came of them."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models import Measure
from municipalities.guards import Guard, fixed
from municipalities.models import User
from municipalities.ownership import OwnedQuerySet
from participation.models.groups import Group
from participation.models.process import moderated_by
from participation.models.proposals import STAFF, MeasureProposal, SaidModel

LONGEST_REASON = 2000


class DecisionQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """Published ones for everybody in the town and for those who guide the process from outside, the
        others for the staff."""
        if not user.is_authenticated:
            return self.none()
        staff = Q(proposal__process__municipality__in=user.access.towns_with(*STAFF))
        reads = Q(proposal__process__municipality__in=user.access.municipality_ids) | Q(
            proposal__process__in=moderated_by(user)
        )
        return self.filter(staff | (reads & Q(published_at__isnull=False)))


class Decision(SaidModel):
    """What became of a proposal, and why. Once it is published it stays as it is."""

    class Kind(models.TextChoices):
        TAKEN_OVER = "taken_over", _("übernommen")
        PARTLY = "partly", _("teilweise übernommen")
        MERGED = "merged", _("zusammengeführt")
        NOT_TAKEN_OVER = "not_taken_over", _("nicht übernommen")
        NOTED = "noted", _("zur Kenntnis genommen")

    TAKEN: ClassVar = (Kind.TAKEN_OVER, Kind.PARTLY)

    municipality_path = "proposal__process__municipality"

    proposal = models.OneToOneField(
        MeasureProposal, models.PROTECT, related_name="decision", verbose_name=_("Vorschlag")
    )
    kind = models.CharField(_("Entscheidung"), max_length=15, choices=Kind)
    reason = models.TextField(
        _("Begründung"),
        max_length=LONGEST_REASON,
        blank=True,
        help_text=_("Alle lesen sie, sobald die Entscheidung veröffentlicht ist."),
    )
    merged_into = models.ForeignKey(
        MeasureProposal,
        models.PROTECT,
        related_name="brought_in",
        null=True,
        blank=True,
        verbose_name=_("zusammengeführt mit"),
    )
    group = models.ForeignKey(
        Group,
        models.PROTECT,
        related_name="decisions",
        null=True,
        blank=True,
        verbose_name=_("entschieden von"),
    )
    decided_on = models.DateField(_("entschieden am"))
    decided_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("eingetragen von"))
    published_at = models.DateTimeField(_("veröffentlicht am"), null=True, blank=True)

    objects: ClassVar[Any] = DecisionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Entscheidung"))

    class Meta:
        verbose_name = _("Entscheidung über einen Vorschlag")
        verbose_name_plural = _("Entscheidungen über Vorschläge")
        ordering = ["decided_on", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(kind="taken_over") | ~Q(reason=""),
                name="decision_gives_its_reason",
                violation_error_message=_("Bitte begründen Sie die Entscheidung."),
            ),
            models.CheckConstraint(
                condition=Q(kind="merged", merged_into__isnull=False)
                | (~Q(kind="merged") & Q(merged_into=None)),
                name="decision_merged_into_something",
            ),
            models.CheckConstraint(
                condition=Q(merged_into=None) | ~Q(merged_into=F("proposal")),
                name="decision_not_merged_into_itself",
            ),
        ]

    def __str__(self) -> str:
        return str(self.get_kind_display())

    @classmethod
    def guards(cls) -> list[Guard]:
        published = Guard(
            cls._meta.db_table,
            "published_stays",
            "OLD.published_at IS NOT NULL",
            "a published decision stays as it is",
            ("UPDATE",),
        )
        return [*super().guards(), fixed(cls, "proposal"), published]

    @property
    def is_published(self) -> bool:
        return self.published_at is not None

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.as_stored("published_at") is not None:
            raise ValidationError(_now("Eine veröffentlichte Entscheidung bleibt, wie sie ist."))
        if self.merged_into is not None and self.merged_into.process_id != self.proposal.process_id:
            raise ValidationError(_now("Zusammenführen lassen sich nur Vorschläge desselben Prozesses."))
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise ValidationError(_now("Eine Entscheidung wird nicht gelöscht, sondern neu getroffen."))


class ProposalMeasure(SaidModel):
    """A proposal and a measure of the concept that came of it, whole or in part."""

    municipality_path = "proposal__process__municipality"

    proposal = models.ForeignKey(
        MeasureProposal, models.PROTECT, related_name="ties", verbose_name=_("Vorschlag")
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="proposal_ties", verbose_name=_("Maßnahme")
    )
    outcome = models.CharField(
        _("Was daraus wurde"),
        max_length=300,
        blank=True,
        help_text=_("Zum Beispiel „als Kurs am Vormittag, ohne Fahrdienst“."),
    )
    tied_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("verbunden von"))
    tied_at = models.DateTimeField(_("verbunden am"), auto_now_add=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Verbindung"))

    class Meta:
        verbose_name = _("Herkunft einer Maßnahme")
        verbose_name_plural = _("Herkunft der Maßnahmen")
        ordering = ["measure__field", "measure__position", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["proposal", "measure"], name="proposal_measure_tied_once")
        ]

    def __str__(self) -> str:
        return f"{self.proposal} → {self.measure}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "proposal")]

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.measure.concept_id != self.proposal.process.concept_id:
            raise ValidationError({"measure": _now("Diese Maßnahme gehört nicht zum Konzept des Prozesses.")})
        super().save(*args, **kwargs)
