"""Conferences, workshops, sessions, surveys and rounds of agreement."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.models import Institution
from municipalities.ownership import OwnedModel
from participation.counts import Accuracy, Basis, german_count
from participation.models.groups import Group
from participation.models.process import Phase, Process


class Event(OwnedModel):
    """Something that is planned, took place or was cancelled.

    `date` says by its own note whether it is planned or was held; `planned_date` keeps the first
    plan where it came differently.
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

    municipality_path = "process__municipality"

    process = models.ForeignKey(Process, models.CASCADE, related_name="events", verbose_name=_("Prozess"))
    phase = models.ForeignKey(
        Phase, models.SET_NULL, related_name="events", null=True, blank=True, verbose_name=_("Phase")
    )
    kind = models.CharField(_("Art"), max_length=15, choices=Kind)
    title = models.CharField(_("Titel"), max_length=200)
    date = FuzzyDateField(_("Zeitpunkt"))
    planned_date = FuzzyDateField(_("ursprünglich geplant"), null=True, blank=True)
    several = models.BooleanField(
        _("mehrere Termine"),
        default=False,
        help_text=_("Steht für mehrere Sitzungen, deren Zahl nicht bekannt ist."),
    )
    cancelled = models.BooleanField(_("abgesagt"), default=False)
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

    history = HistoricalRecords(verbose_name=_("Verlauf der Veranstaltung"), m2m_fields=[groups])

    class Meta:
        verbose_name = _("Veranstaltung")
        verbose_name_plural = _("Veranstaltungen")
        ordering = ["process", "date"]
        constraints = [
            models.UniqueConstraint(fields=["process", "title", "date"], name="event_unique"),
            models.CheckConstraint(
                condition=Q(attendance=None) | ~Q(attendance_basis=""),
                name="event_attendance_has_basis",
                violation_error_message=_("Bitte geben Sie an, worauf die Zahl der Teilnehmenden beruht."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def attendance_text(self) -> str:
        return german_count(self.attendance, self.attendance_accuracy)

    @property
    def held(self) -> bool:
        return not self.cancelled and not self.date.planned
