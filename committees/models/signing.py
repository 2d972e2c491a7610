"""How a town has its papers countersigned: its chains, and who signs for whom."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.layouts import PaperType
from municipalities.models import Municipality, Person
from municipalities.ownership import OwnedModel, OwnedQuerySet

LONGEST_DEADLINE = 365


class SigningChain(OwnedModel):
    """Who signs a paper, in which order, before it leaves the house."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="signing_chains", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=80)
    paper_types = models.ManyToManyField(
        PaperType,
        related_name="signing_chains",
        blank=True,
        verbose_name=_("für die Vorlagenarten"),
    )
    default = models.BooleanField(
        _("für alle übrigen Vorlagenarten"),
        default=False,
        help_text=_("Gilt für jede Vorlagenart, die keine eigene Mitzeichnung hat."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Mitzeichnungsfolge"), m2m_fields=[paper_types])

    class Meta:
        verbose_name = _("Mitzeichnungsfolge")
        verbose_name_plural = _("Mitzeichnungsfolgen")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="signing_chain_unique_name"),
            models.UniqueConstraint(
                fields=["municipality"],
                condition=Q(default=True),
                name="signing_chain_one_default",
                violation_error_message=_("Für alle übrigen Vorlagenarten gilt schon eine andere Folge."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class Concern(models.TextChoices):
    """What in a paper a signature is about: what else changes leaves it valid."""

    EVERYTHING = "everything", _("die ganze Vorlage")
    COSTS = "costs", _("nur Kosten, Beschluss und Auswirkungen")


class SigningStep(OwnedModel):
    """One who signs. Steps with the same position are asked at the same time."""

    class Who(models.TextChoices):
        AUTHOR = "author", _("Sachbearbeitung (Bearbeiter/in der Vorlage)")
        HEAD = "head", _("Leitung des federführenden Fachbereichs")
        HEAD_ABOVE = "head_above", _("Leitung der Stelle, zu der er gehört")
        PERSON = "person", _("eine bestimmte Person")

    municipality_path = "chain__municipality"

    chain = models.ForeignKey(SigningChain, models.CASCADE, related_name="steps", verbose_name=_("Folge"))
    position = models.PositiveSmallIntegerField(
        _("Reihenfolge"), help_text=_("Schritte mit derselben Zahl werden gleichzeitig gefragt.")
    )
    title = models.CharField(
        _("Bezeichnung"), max_length=80, help_text=_("Im Wortlaut Ihrer Kommune, zum Beispiel „Amtsleitung“.")
    )
    who = models.CharField(_("wer"), max_length=10, choices=Who)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="signing_steps",
        null=True,
        blank=True,
        verbose_name=_("Person"),
        help_text=_("Nur bei „eine bestimmte Person“."),
    )
    only_if_costs = models.BooleanField(
        _("nur wenn Kosten entstehen"),
        default=False,
        help_text=_("Entfällt bei Vorlagen, in denen „keine Kosten“ angegeben ist."),
    )
    days = models.PositiveSmallIntegerField(
        _("Frist in Tagen"),
        default=5,
        validators=[MinValueValidator(1), MaxValueValidator(LONGEST_DEADLINE)],
    )
    concerns = models.CharField(
        _("zeichnet"),
        max_length=10,
        choices=Concern,
        default=Concern.EVERYTHING,
        help_text=_("Ändert sich anderes, bleibt die Mitzeichnung gültig."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Schritts"))

    class Meta:
        verbose_name = _("Schritt der Mitzeichnung")
        verbose_name_plural = _("Schritte der Mitzeichnung")
        ordering = ["chain", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(who="person", person__isnull=False) | (~Q(who="person") & Q(person=None)),
                name="signing_step_names_its_person",
                violation_error_message=_(
                    "Bitte wählen Sie die Person – oder lassen Sie sie leer, wenn sich aus der Vorlage "
                    "ergibt, wer zeichnet."
                ),
            )
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.title}"


class DeputyshipQuerySet(OwnedQuerySet):
    def in_force(self, day: datetime.date | None = None) -> DeputyshipQuerySet:
        day = day or timezone.localdate()
        return self.filter(Q(first_day=None) | Q(first_day__lte=day), Q(last_day=None) | Q(last_day__gte=day))

    def of_absent(self, day: datetime.date | None = None) -> DeputyshipQuerySet:
        """Those who stand in today because somebody is away."""
        return self.in_force(day).exclude(first_day=None, last_day=None)

    def open(self) -> DeputyshipQuerySet:
        """In force, or to come."""
        return self.filter(Q(last_day=None) | Q(last_day__gte=timezone.localdate()))


class Deputyship(OwnedModel):
    """Who signs for somebody: always, or while they are away, and then the deputy is the one who is asked."""

    municipality_path = "person__municipality"

    person = models.ForeignKey(
        Person, models.CASCADE, related_name="deputyships", verbose_name=_("vertretene Person")
    )
    deputy = models.ForeignKey(Person, models.CASCADE, related_name="stands_in", verbose_name=_("Vertretung"))
    first_day = models.DateField(_("abwesend ab"), null=True, blank=True)
    last_day = models.DateField(
        _("abwesend bis"),
        null=True,
        blank=True,
        help_text=_(
            "Ohne Tage darf die Vertretung immer zeichnen. "
            "Mit Tagen wird sie in dieser Zeit an Ihrer Stelle gefragt."
        ),
    )

    objects: ClassVar[Any] = DeputyshipQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Vertretung"))

    class Meta:
        verbose_name = _("Vertretung")
        verbose_name_plural = _("Vertretungen")
        ordering = ["person", "first_day", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(person=F("deputy")),
                name="deputyship_of_another",
                violation_error_message=_(
                    "Niemand vertritt sich selbst. Bitte wählen Sie eine andere Person."
                ),
            ),
            models.CheckConstraint(
                condition=Q(first_day=None) | Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="deputyship_ends_after_it_began",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return _("%(deputy)s für %(person)s") % {"deputy": self.deputy, "person": self.person}

    @property
    def span(self) -> str:
        """`immer`, `24.12.2017 bis 05.01.2018`, `ab 24.12.2017`."""
        first, last = (f"{day:%d.%m.%Y}" if day else "" for day in (self.first_day, self.last_day))
        if first and last:
            return _("%(first)s bis %(last)s") % {"first": first, "last": last}
        if first:
            return _("ab %s") % first
        return _("bis %s") % last if last else str(_("immer"))

    def touch(self) -> None:
        """No kept page shows it."""

    def clean(self) -> None:
        super().clean()
        if self.person_id and self.person_id == self.deputy_id:
            raise ValidationError(
                {"deputy": _("Niemand vertritt sich selbst. Bitte wählen Sie jemand anderen.")}
            )
