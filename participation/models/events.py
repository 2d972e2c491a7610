"""Conferences, workshops, sessions, surveys and rounds of agreement."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from fuzzydates.value import FuzzyDate, Precision
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
        SURVEY = "survey", _("Online-Befragung")
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
    start_time = models.TimeField(
        _("Beginn"), null=True, blank=True, help_text=_("Nur bei einem einzelnen Tag, zum Beispiel 18:00.")
    )
    end_time = models.TimeField(_("Ende"), null=True, blank=True)
    reason = models.TextField(
        _("Grund"),
        max_length=1000,
        blank=True,
        help_text=_("Warum etwas Geplantes noch nicht, anders oder gar nicht stattfand."),
    )
    sequence = models.PositiveIntegerField(
        _("Stand der Einladung"),
        default=0,
        editable=False,
        help_text=_("Wächst, wenn sich Zeit, Ort, Titel oder Stand ändern: Kalender erkennen es daran."),
    )
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
            models.CheckConstraint(
                condition=Q(start_time=None) | Q(date__isnull=False, date__is_day=True),
                name="event_time_needs_day",
                violation_error_message=_(
                    "Eine Uhrzeit gibt es nur zu einem einzelnen Tag, zum Beispiel 19.06.2008."
                ),
            ),
            models.CheckConstraint(
                condition=Q(end_time=None) | Q(end_time__gt=F("start_time"), start_time__isnull=False),
                name="event_ends_after_start",
                violation_error_message=_("Das Ende muss nach dem Beginn liegen, am selben Tag."),
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
        self._check_times()

    def _check_times(self) -> None:
        """What the database keeps too, said next to the field."""
        if self.start_time is None and self.end_time is not None:
            raise ValidationError({"start_time": _("Zu einem Ende gehört ein Beginn.")})
        if self.start_time is None:
            return
        date: FuzzyDate | None = self.date
        if date is None or date.precision is not Precision.DAY:
            sentence = _(
                "Eine Uhrzeit gibt es nur zu einem einzelnen Tag wie 19.06.2008. Bitte geben Sie den Tag an "
                "oder lassen Sie die Uhrzeit leer."
            )
            raise ValidationError({"start_time": sentence})
        if self.end_time is not None and self.end_time <= self.start_time:
            raise ValidationError({"end_time": _("Das Ende muss nach dem Beginn liegen, am selben Tag.")})

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

    def get_absolute_url(self) -> str:
        return reverse("participation:event", args=[self.process.municipality.slug, self.pk])

    @property
    def time_text(self) -> str:
        """`18:00 bis 20:00 Uhr`, `18:00 Uhr`, empty where nobody knows."""
        if self.start_time is None:
            return ""
        if self.end_time is None:
            return _("%s Uhr") % f"{self.start_time:%H:%M}"
        return _("%(start)s bis %(end)s Uhr") % {
            "start": f"{self.start_time:%H:%M}",
            "end": f"{self.end_time:%H:%M}",
        }

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
