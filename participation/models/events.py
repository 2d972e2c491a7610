"""Conferences, workshops, sessions, surveys and rounds of agreement."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from fuzzydates.value import FuzzyDate
from municipalities.guards import Guard, same_parent
from municipalities.models import Institution
from municipalities.ownership import OwnedModel
from participation.counts import Accuracy, Basis, german_count
from participation.models.groups import Group
from participation.models.process import PartOfProcessQuerySet, Phase, Process


class EventQuerySet(PartOfProcessQuerySet):
    def in_order(self) -> EventQuerySet:
        """By date; those without one at the end, as they were entered."""
        return self.order_by(F("date").asc(nulls_last=True), "pk")


class Event(OwnedModel):
    """Something that is planned, took place or was cancelled.

    `date` is empty where nobody knows it; "(geplant)" behind it is a way to type the state.
    `planned_date` keeps the first plan where it came differently.
    """

    class Kind(models.TextChoices):
        CONFERENCE = "conference", _("Konferenz")
        WORKSHOP = "workshop", _("Workshop")
        SESSION = "session", _("Sitzung")
        INFORMATION = "information", _("Informationsveranstaltung")
        SURVEY = "survey", _("Befragung")
        INTERVIEWS = "interviews", _("Interviewreihe")
        AGREEMENT = "agreement", _("Abstimmungsrunde")
        PUBLICATION = "publication", _("Veröffentlichung")
        DRAFTING = "drafting", _("Erarbeitung")
        MILESTONE = "milestone", _("Meilenstein")

    class State(models.TextChoices):
        PLANNED = "planned", _("geplant")
        HELD = "held", _("durchgeführt")
        CANCELLED = "cancelled", _("abgesagt")

    municipality_path = "process__municipality"

    process = models.ForeignKey(Process, models.CASCADE, related_name="events", verbose_name=_("Prozess"))
    phase = models.ForeignKey(
        Phase, models.SET_NULL, related_name="events", null=True, blank=True, verbose_name=_("Phase")
    )
    kind = models.CharField(_("Art"), max_length=15, choices=Kind)
    title = models.CharField(_("Titel"), max_length=200)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.HELD)
    date = FuzzyDateField(
        _("Zeitpunkt"),
        null=True,
        blank=True,
        help_text=_(
            "Zum Beispiel 19.06.2008, Juni 2017, 1. Halbjahr 2009 oder Anfang 2014. "
            "Leer, wenn kein Zeitpunkt bekannt ist."
        ),
    )
    planned_date = FuzzyDateField(_("ursprünglich geplant"), null=True, blank=True)
    several = models.BooleanField(
        _("mehrere Termine"),
        default=False,
        help_text=_("Steht für mehrere Sitzungen, deren Zahl nicht bekannt ist."),
    )
    groups = models.ManyToManyField(Group, related_name="events", blank=True, verbose_name=_("Gruppen"))
    place = models.CharField(_("Ort"), max_length=200, blank=True)
    moderator = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="moderated_events",
        null=True,
        blank=True,
        verbose_name=_("moderiert von"),
    )
    open_to_all = models.BooleanField(_("offen für alle"), default=False)
    attendance = models.PositiveSmallIntegerField(_("Teilnehmende"), null=True, blank=True)
    attendance_accuracy = models.CharField(
        _("Genauigkeit"), max_length=10, choices=Accuracy, default=Accuracy.EXACT
    )
    attendance_basis = models.CharField(_("Grundlage"), max_length=10, choices=Basis, blank=True)
    summary = RichTextField(_("Ergebnisse"), blank=True)
    in_paper = models.BooleanField(
        _("in der Vorlage nennen"), default=True, help_text=_("Erscheint in der Zeitleiste der Vorlage.")
    )

    objects: ClassVar[Any] = EventQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Veranstaltung"), m2m_fields=[groups])

    class Meta:
        verbose_name = _("Veranstaltung")
        verbose_name_plural = _("Veranstaltungen")
        ordering = ["process", "date"]
        constraints = [
            models.UniqueConstraint(fields=["process", "title", "date"], name="event_unique"),
            models.UniqueConstraint(
                fields=["process", "title"], condition=Q(date=None), name="event_unique_undated"
            ),
            models.CheckConstraint(
                condition=Q(date=None) | Q(date__planned=False), name="event_plan_is_its_state"
            ),
            models.CheckConstraint(
                condition=Q(attendance=None) | ~Q(attendance_basis=""),
                name="event_attendance_has_basis",
                violation_error_message=_("Bitte geben Sie an, worauf die Zahl der Teilnehmenden beruht."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), same_parent(cls, "phase", "process")]

    def clean(self) -> None:
        super().clean()
        self._read_plan()
        if self.phase and self.phase.process_id != self.process_id:
            raise ValidationError({"phase": _("Diese Phase gehört zu einem anderen Prozess.")})

    def save(self, *args: Any, **kwargs: Any) -> None:
        self._read_plan()
        super().save(*args, **kwargs)

    def _read_plan(self) -> None:
        """ "(geplant)" typed behind the date becomes the state; the date keeps only when."""
        field: Any = self._meta.get_field("date")
        date: FuzzyDate | None = field.to_python(self.date)
        if date is not None and date.planned:
            self.date = date.as_planned(False)
            if self.state == self.State.HELD:
                self.state = self.State.PLANNED

    @property
    def date_text(self) -> str:
        return self.date.german() if self.date else str(_("ohne Datum"))

    @property
    def when(self) -> str:
        """`19.06.2008`, `1. Halbjahr 2009 (geplant)`, `ohne Datum`."""
        planned = self.state == self.State.PLANNED
        return f"{self.date_text} ({self.get_state_display()})" if planned else self.date_text

    @property
    def attendance_text(self) -> str:
        return german_count(self.attendance, self.attendance_accuracy)
