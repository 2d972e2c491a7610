"""What the staff open or close out of turn, beside what the phases say."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from municipalities.guards import Guard, same_parent
from municipalities.models import User
from municipalities.ownership import OwnedModel
from participation.models.process import PartOfProcessQuerySet, Phase, Process


class Right(models.TextChoices):
    """Something a phase opens and closes."""

    PROPOSE = "propose", _("Vorschläge einbringen")
    COMMENT = "comment", _("Vorschläge kommentieren")
    RANK = "rank", _("Vorschläge unterstützen")


class PhaseOverrideQuerySet(PartOfProcessQuerySet):
    def in_order(self) -> PhaseOverrideQuerySet:
        """The newest first: of two for the same day the later decision counts."""
        return self.order_by("-decided_at", "-pk")


class PhaseOverride(OwnedModel):
    """A right opened or closed out of turn, with the reason; taken back, but never deleted.

    Without a phase it holds for the whole process and outweighs every phase.
    """

    municipality_path = "process__municipality"

    process = models.ForeignKey(Process, models.CASCADE, related_name="overrides", verbose_name=_("Prozess"))
    phase = models.ForeignKey(
        Phase,
        models.CASCADE,
        related_name="overrides",
        null=True,
        blank=True,
        verbose_name=_("Nur für diese Phase"),
        help_text=_("Leer: für den ganzen Prozess, gleich in welcher Phase."),
    )
    right = models.CharField(_("Was"), max_length=10, choices=Right)
    opens = models.BooleanField(_("geöffnet"), default=True)
    first_day = models.DateField(_("ab"))
    last_day = models.DateField(
        _("bis einschließlich"), null=True, blank=True, help_text=_("Leer: bis Sie es beenden.")
    )
    reason = models.CharField(
        _("Grund"), max_length=300, help_text=_("Steht für alle Mitglieder auf der Seite des Prozesses.")
    )
    decided_at = models.DateTimeField(_("festgelegt am"), auto_now_add=True)
    decided_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("festgelegt von")
    )
    withdrawn_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    withdrawn_by = models.ForeignKey(
        User, models.SET_NULL, null=True, blank=True, related_name="+", verbose_name=_("beendet von")
    )

    objects: ClassVar[Any] = PhaseOverrideQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Freigabe"))

    class Meta:
        verbose_name = _("Freigabe außer der Reihe")
        verbose_name_plural = _("Freigaben außer der Reihe")
        ordering = ["-decided_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="override_ends_after_start",
                violation_error_message=_("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage."),
            ),
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="override_has_reason",
                violation_error_message=_("Bitte nennen Sie den Grund."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_right_display()}: {self.what}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), same_parent(cls, "phase", "process")]

    def clean(self) -> None:
        super().clean()
        if self.phase and self.phase.process_id != self.process_id:
            raise ValidationError({"phase": _("Diese Phase gehört zu einem anderen Prozess.")})

    @property
    def what(self) -> str:
        return str(_("geöffnet") if self.opens else _("geschlossen"))

    def covers(self, day: Any) -> bool:
        """Whether it holds on that day; withdrawn it holds on none."""
        if self.withdrawn_at is not None:
            return False
        return self.first_day <= day and (self.last_day is None or day <= self.last_day)
