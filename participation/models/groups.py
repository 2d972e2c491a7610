"""Steering, monitoring and working groups, and their seats."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models import ActionField
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.guards import Guard, fixed, same_parent
from municipalities.models import Institution, Municipality, Person
from municipalities.ownership import OwnedModel, OwnedQuerySet
from participation.models.process import PartOfProcessQuerySet, Process, moderated_by


class Group(OwnedModel):
    """A group that makes or watches over the concept, under the town's own name."""

    class Kind(models.TextChoices):
        STEERING = "steering", _("Lenkungs- oder Steuerungsgruppe")
        COORDINATION = "coordination", _("Koordinierungsgruppe")
        MONITORING = "monitoring", _("Monitoringgruppe")
        CONTROLLING = "controlling", _("Controllinggruppe")
        WORKING = "working", _("Arbeitsgruppe")
        EXPERT = "expert", _("Fachgruppe")
        ADVISORY = "advisory", _("Beirat")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="groups", verbose_name=_("Kommune")
    )
    process = models.ForeignKey(
        Process, models.PROTECT, related_name="groups", null=True, blank=True, verbose_name=_("Prozess")
    )
    kind = models.CharField(_("Art"), max_length=15, choices=Kind)
    name = models.CharField(_("Name"), max_length=150)
    mandate = RichTextField(_("Auftrag"), blank=True)
    fields = models.ManyToManyField(
        ActionField, related_name="groups", blank=True, verbose_name=_("Handlungsfelder")
    )
    active = FuzzyDateField(_("tätig"), null=True, blank=True)
    founded_at = models.ForeignKey(
        "participation.Event",
        models.SET_NULL,
        related_name="founded_groups",
        null=True,
        blank=True,
        verbose_name=_("gebildet bei"),
    )
    predecessor = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="successors",
        null=True,
        blank=True,
        verbose_name=_("hervorgegangen aus"),
    )
    continues = models.BooleanField(_("begleitet auch die Umsetzung"), default=False)

    objects: ClassVar[Any] = PartOfProcessQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Gruppe"), m2m_fields=[fields])

    class Meta:
        verbose_name = _("Gruppe")
        verbose_name_plural = _("Gruppen")
        ordering = ["municipality", "name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="group_unique_name"),
            models.CheckConstraint(condition=~Q(predecessor=F("id")), name="group_not_its_own_predecessor"),
        ]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("participation:group", args=[self.municipality.slug, self.pk])


class SeatQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> SeatQuerySet:
        if not user.is_authenticated:
            return self.none()
        own = Q(group__municipality__in=user.access.municipality_ids)
        return self.filter(own | Q(group__process__in=moderated_by(user)))

    def held_now(self) -> SeatQuerySet:
        """Without a span, or with one that covers today and is not only planned."""
        return self.filter(Q(span=None) | Q(span__covers=timezone.localdate(), span__planned=False))


class Seat(OwnedModel):
    """A place in a group: for an institution, with a person or vacant."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Leitung")
        MODERATION = "moderation", _("Moderation")
        MEMBER = "member", _("Mitglied")
        DEPUTY = "deputy", _("Stellvertretung")
        GUEST = "guest", _("Gast")

    municipality_path = "group__municipality"

    group = models.ForeignKey(Group, models.CASCADE, related_name="seats", verbose_name=_("Gruppe"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="seats",
        null=True,
        blank=True,
        verbose_name=_("Einrichtung"),
    )
    person = models.ForeignKey(
        Person,
        models.SET_NULL,
        related_name="seats",
        null=True,
        blank=True,
        verbose_name=_("Person"),
        help_text=_("Leer, solange der Platz unbesetzt ist."),
    )
    role = models.CharField(_("Funktion"), max_length=12, choices=Role, default=Role.MEMBER)
    deputises = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="deputies",
        null=True,
        blank=True,
        verbose_name=_("vertritt"),
        help_text=_("Nur bei einer Stellvertretung: den Platz, der vertreten wird."),
    )
    note = models.CharField(_("Hinweis"), max_length=150, blank=True)
    span = FuzzyDateField(_("Zeitraum"), null=True, blank=True)

    objects: ClassVar[Any] = SeatQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Platzes"))

    class Meta:
        verbose_name = _("Platz")
        verbose_name_plural = _("Plätze")
        ordering = ["group", "position"]
        constraints = [
            models.UniqueConstraint(fields=["group", "position"], name="seat_unique_position"),
            models.UniqueConstraint(
                fields=["group", "person"], condition=Q(person__isnull=False), name="seat_unique_person"
            ),
            models.CheckConstraint(
                condition=Q(institution__isnull=False) | Q(person__isnull=False),
                name="seat_for_somebody",
                violation_error_message=_("Bitte nennen Sie eine Einrichtung oder eine Person."),
            ),
            models.CheckConstraint(condition=~Q(deputises=F("id")), name="seat_not_its_own_deputy"),
        ]

    def __str__(self) -> str:
        return str(self.person or self.institution)

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "group"), same_parent(cls, "deputises", "group")]

    @property
    def vacant(self) -> bool:
        return self.person_id is None
