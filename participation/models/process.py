"""The process of making a concept, and its phases."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models import Concept
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.guards import Guard, fixed
from municipalities.models import Institution, Municipality
from municipalities.ownership import OwnedModel, OwnedQuerySet
from participation.counts import Accuracy, german_count


def moderated_by(user: Any) -> models.QuerySet[Any, Any]:
    """Ids of the processes that the user guides from outside the town."""
    return ProcessModeration.objects.filter(user=user.pk).values("process")


class ProcessQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """To the town, and to those who guide the process from outside."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(Q(municipality__in=user.access.municipality_ids) | Q(pk__in=moderated_by(user)))


class PartOfProcessQuerySet(OwnedQuerySet):
    """Rows with a `process`."""

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        own = Q(**{f"{self.model.municipality_path}__in": user.access.municipality_ids})
        return self.filter(own | Q(process__in=moderated_by(user)))


class Process(OwnedModel):
    """How a concept comes about: who guides it, in which phases, and how many took part in all."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="processes", verbose_name=_("Kommune")
    )
    concept = models.ForeignKey(
        Concept, models.PROTECT, related_name="processes", null=True, blank=True, verbose_name=_("Konzept")
    )
    title = models.CharField(_("Titel"), max_length=200)
    description = RichTextField(_("Beschreibung"), blank=True)
    span = FuzzyDateField(_("Zeitraum"), null=True, blank=True)
    organiser = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="organised_processes",
        null=True,
        blank=True,
        verbose_name=_("organisiert von"),
    )
    moderator = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="moderated_processes",
        null=True,
        blank=True,
        verbose_name=_("extern begleitet von"),
    )
    institutions = models.PositiveSmallIntegerField(_("beteiligte Einrichtungen"), null=True, blank=True)
    institutions_accuracy = models.CharField(
        _("Genauigkeit (Einrichtungen)"), max_length=10, choices=Accuracy, default=Accuracy.EXACT
    )
    persons = models.PositiveSmallIntegerField(_("beteiligte Personen"), null=True, blank=True)
    persons_accuracy = models.CharField(
        _("Genauigkeit (Personen)"), max_length=10, choices=Accuracy, default=Accuracy.EXACT
    )

    objects: ClassVar[Any] = ProcessQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Prozesses"))

    class Meta:
        verbose_name = _("Beteiligungsprozess")
        verbose_name_plural = _("Beteiligungsprozesse")
        ordering = ["municipality", "-span"]
        constraints = [models.UniqueConstraint(fields=["municipality", "title"], name="process_unique_title")]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("participation:process", args=[self.municipality.slug, self.pk])

    @property
    def institutions_text(self) -> str:
        return german_count(self.institutions, self.institutions_accuracy)

    @property
    def persons_text(self) -> str:
        return german_count(self.persons, self.persons_accuracy)


class Phase(OwnedModel):
    """A part of the process and what members may do meanwhile."""

    municipality_path = "process__municipality"

    process = models.ForeignKey(Process, models.CASCADE, related_name="phases", verbose_name=_("Prozess"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Titel"), max_length=200)
    description = RichTextField(_("Beschreibung"), blank=True)
    span = FuzzyDateField(_("Zeitraum"))
    may_propose = models.BooleanField(_("Vorschläge möglich"), default=False)
    may_comment = models.BooleanField(_("Kommentare möglich"), default=False)
    may_rank = models.BooleanField(_("Unterstützen möglich"), default=False)

    objects: ClassVar[Any] = PartOfProcessQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Phase"))

    class Meta:
        verbose_name = _("Phase")
        verbose_name_plural = _("Phasen")
        ordering = ["process", "position"]
        constraints = [
            models.UniqueConstraint(fields=["process", "position"], name="phase_unique_position"),
            models.CheckConstraint(condition=~Q(title=""), name="phase_has_title"),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "process")]

    def clean(self) -> None:
        super().clean()
        if self.as_stored("process") not in (None, self.process_id):
            raise ValidationError(
                {"process": _("Eine Phase bleibt in ihrem Prozess. Legen Sie dort eine neue an.")}
            )


class ProcessModeration(OwnedModel):
    """Somebody guides a process from outside, for an institute: they see this process and nothing else."""

    municipality_path = "process__municipality"

    process = models.ForeignKey(
        Process, models.CASCADE, related_name="moderations", verbose_name=_("Prozess")
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.CASCADE,
        related_name="moderations",
        verbose_name=_("Benutzerkonto"),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Begleitung"))

    class Meta:
        verbose_name = _("Prozessbegleitung")
        verbose_name_plural = _("Prozessbegleitungen")
        ordering = ["process", "user"]
        constraints = [models.UniqueConstraint(fields=["process", "user"], name="moderation_unique")]

    def __str__(self) -> str:
        return f"{self.user}: {self.process}"
