"""What is measured, what was measured, and what is aimed at."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models.concept import Concept, ConceptHistory, ConceptPart
from concepts.models.measures import Measure
from concepts.models.structure import ActionField, Goal
from fuzzydates.fields import FuzzyDateField


class Indicator(ConceptPart):
    """A figure or an observation that shows how things go, in a field, for a goal or a measure."""

    class Level(models.TextChoices):
        CONTEXT = "context", _("Kontext")
        OUTPUT = "output", _("Leistung")
        OUTCOME = "outcome", _("Wirkung")

    class Trend(models.TextChoices):
        UP = "up", _("soll steigen")
        DOWN = "down", _("soll sinken")
        HOLD = "hold", _("soll gleich bleiben")
        NONE = "none", _("keine Richtung")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="indicators", verbose_name=_("Konzept"))
    field = models.ForeignKey(
        ActionField,
        models.CASCADE,
        related_name="indicators",
        null=True,
        blank=True,
        verbose_name=_("Handlungsfeld"),
    )
    goal = models.ForeignKey(
        Goal, models.SET_NULL, related_name="indicators", null=True, blank=True, verbose_name=_("Ziel")
    )
    measure = models.ForeignKey(
        Measure, models.SET_NULL, related_name="indicators", null=True, blank=True, verbose_name=_("Maßnahme")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Bezeichnung"), max_length=200)
    description = models.TextField(_("Erläuterung"), blank=True, max_length=2000)
    level = models.CharField(_("Ebene"), max_length=10, choices=Level, default=Level.OUTCOME)
    quantitative = models.BooleanField(_("in Zahlen"), default=True)
    unit = models.CharField(
        _("Einheit"), max_length=40, blank=True, help_text=_("Zum Beispiel „%“ oder „Personen“.")
    )
    source = models.CharField(_("Quelle"), max_length=200, blank=True)
    interval = models.CharField(
        _("Erhebung"), max_length=60, blank=True, help_text=_("Zum Beispiel „jährlich“.")
    )
    trend = models.CharField(_("gewünschte Richtung"), max_length=5, choices=Trend, default=Trend.NONE)

    history = HistoricalRecords(verbose_name=_("Verlauf des Indikators"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Indikator")
        verbose_name_plural = _("Indikatoren")
        ordering = ["concept", "position"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "position"], name="indicator_unique_position"),
            models.UniqueConstraint(fields=["concept", "field", "title"], name="indicator_unique_title"),
        ]

    def __str__(self) -> str:
        return self.title


class IndicatorFigure(ConceptPart):
    """A number or a sentence for a period, of everybody or of one comparison group."""

    concept_path = "indicator__concept"
    municipality_path = "indicator__concept__municipality"

    period = FuzzyDateField(_("Zeitraum"))
    group = models.CharField(_("Vergleichsgruppe"), max_length=80, blank=True)
    value = models.DecimalField(_("Wert"), max_digits=14, decimal_places=3, null=True, blank=True)
    text = models.CharField(_("Beobachtung"), max_length=500, blank=True)

    class Meta:
        abstract = True

    def __str__(self) -> str:
        return f"{self.period}: {self.text or self.value}"


def figure_constraints(name: str) -> list[models.BaseConstraint]:
    return [
        models.UniqueConstraint(fields=["indicator", "period", "group"], name=f"{name}_unique"),
        models.CheckConstraint(
            condition=Q(value__isnull=False) | ~Q(text=""),
            name=f"{name}_says_something",
            violation_error_message=_("Bitte geben Sie einen Wert oder eine Beobachtung an."),
        ),
    ]


class IndicatorValue(IndicatorFigure):
    """What was measured or observed."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="values", verbose_name=_("Indikator")
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Messwerts"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Messwert")
        verbose_name_plural = _("Messwerte")
        ordering = ["indicator", "group", "period"]
        constraints = figure_constraints("indicator_value")


class IndicatorTarget(IndicatorFigure):
    """What is aimed at."""

    indicator = models.ForeignKey(
        Indicator, models.CASCADE, related_name="targets", verbose_name=_("Indikator")
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Zielwerts"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Zielwert")
        verbose_name_plural = _("Zielwerte")
        ordering = ["indicator", "group", "period"]
        constraints = figure_constraints("indicator_target")
