"""Fields, goals and measures: the skeleton of a concept."""

from __future__ import annotations

from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models.concept import Concept, ConceptPart
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.models import Institution, Person


class ActionField(ConceptPart):
    """A Handlungsfeld, a cross-cutting theme, or a theme that is put before the fields."""

    class Kind(models.TextChoices):
        LEADING_THEME = "leading_theme", _("vorangestelltes Thema")
        FIELD = "field", _("Handlungsfeld")
        CROSS_CUTTING = "cross_cutting", _("Querschnittsthema")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="fields", verbose_name=_("Konzept"))
    kind = models.CharField(_("Art"), max_length=15, choices=Kind, default=Kind.FIELD)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    code = models.CharField(_("Kennung"), max_length=20, blank=True)
    title = models.CharField(_("Titel"), max_length=200)
    situation = RichTextField(_("Ausgangslage"), blank=True)
    deficits = RichTextField(_("Defizite"), blank=True)
    potentials = RichTextField(_("Potenziale"), blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf des Handlungsfelds"))

    class Meta:
        verbose_name = _("Handlungsfeld")
        verbose_name_plural = _("Handlungsfelder")
        ordering = ["concept", "position"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "position"], name="action_field_unique_position"),
            models.UniqueConstraint(
                fields=["concept", "code"], condition=~Q(code=""), name="action_field_unique_code"
            ),
            models.UniqueConstraint(fields=["concept", "title"], name="action_field_unique_title"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()


class Goal(ConceptPart):
    """A goal of a field; its level in the tree has a name in the concept (Leitziel, Handlungsziel …)."""

    concept_path = "field__concept"
    municipality_path = "field__concept__municipality"

    field = models.ForeignKey(
        ActionField, models.CASCADE, related_name="goals", verbose_name=_("Handlungsfeld")
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="subgoals",
        null=True,
        blank=True,
        verbose_name=_("übergeordnetes Ziel"),
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    code = models.CharField(_("Kennung"), max_length=20, blank=True)
    text = models.TextField(_("Ziel"), max_length=1000)
    description = RichTextField(_("Erläuterung"), blank=True)
    rank = models.PositiveSmallIntegerField(
        _("Rang"),
        null=True,
        blank=True,
        validators=[MinValueValidator(1)],
        help_text=_("1 ist der höchste Rang."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Ziels"))

    class Meta:
        verbose_name = _("Ziel")
        verbose_name_plural = _("Ziele")
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(fields=["field", "parent", "position"], name="goal_unique_position"),
            models.UniqueConstraint(
                fields=["field", "position"], condition=Q(parent=None), name="goal_unique_top_position"
            ),
            models.UniqueConstraint(fields=["field", "code"], condition=~Q(code=""), name="goal_unique_code"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="goal_not_its_own_parent"),
            models.CheckConstraint(condition=Q(rank=None) | Q(rank__gte=1), name="goal_rank_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()

    def clean(self) -> None:
        super().clean()
        if self.parent and self.parent.field_id != self.field_id:
            raise ValidationError(
                {"parent": _("Das übergeordnete Ziel gehört zu einem anderen Handlungsfeld.")}
            )


class Measure(ConceptPart):
    """What is to be done. Where it stands (`phase`) and whether it is on track (`track`) are two things."""

    class Kind(models.TextChoices):
        MEASURE = "measure", _("Maßnahme")
        APPROACH = "approach", _("Handlungsansatz")
        OFFER = "offer", _("bestehendes Angebot")

    class Phase(models.TextChoices):
        NOT_STARTED = "not_started", _("nicht begonnen")
        PLANNING = "planning", _("in Planung")
        RUNNING = "running", _("in Umsetzung")
        COMPLETED = "completed", _("abgeschlossen")
        PERMANENT = "permanent", _("Daueraufgabe")

    class Track(models.TextChoices):
        ON_TRACK = "on_track", _("im Plan")
        DELAYED = "delayed", _("verzögert")
        SUSPENDED = "suspended", _("ausgesetzt")
        ABANDONED = "abandoned", _("aufgegeben")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="measures", verbose_name=_("Konzept"))
    field = models.ForeignKey(
        ActionField, models.CASCADE, related_name="measures", verbose_name=_("Handlungsfeld")
    )
    goals = models.ManyToManyField(
        Goal, related_name="measures", blank=True, verbose_name=_("dient den Zielen")
    )
    kind = models.CharField(_("Art"), max_length=10, choices=Kind, default=Kind.MEASURE)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    code = models.CharField(_("Kennung"), max_length=20, blank=True)
    title = models.CharField(_("Titel"), max_length=200)
    text = RichTextField(_("Beschreibung"), blank=True)
    target_groups = models.CharField(_("Zielgruppen"), max_length=300, blank=True)
    responsible = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="measures",
        null=True,
        blank=True,
        verbose_name=_("Verantwortlich"),
    )
    contact = models.ForeignKey(
        Person,
        models.SET_NULL,
        related_name="measures",
        null=True,
        blank=True,
        verbose_name=_("Ansprechperson"),
    )
    partners = models.ManyToManyField(
        Institution, related_name="partner_measures", blank=True, verbose_name=_("Beteiligte")
    )
    span = FuzzyDateField(_("Zeitraum"), null=True, blank=True)
    funding_note = models.CharField(_("Finanzierung"), max_length=300, blank=True)
    budget_reservation = models.CharField(
        _("Haushaltsvorbehalt"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel „vorbehaltlich der Haushaltslage“."),
    )
    phase = models.CharField(
        _("Stand der Umsetzung"), max_length=15, choices=Phase, default=Phase.NOT_STARTED
    )
    track = models.CharField(_("Verlauf"), max_length=15, choices=Track, default=Track.ON_TRACK)
    track_reason = models.TextField(_("Grund der Abweichung"), max_length=1000, blank=True)
    as_of = FuzzyDateField(_("Stand der Angaben"), null=True, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Maßnahme"), m2m_fields=[goals, partners])

    class Meta:
        verbose_name = _("Maßnahme")
        verbose_name_plural = _("Maßnahmen")
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(fields=["field", "position"], name="measure_unique_position"),
            models.UniqueConstraint(
                fields=["concept", "code"], condition=~Q(code=""), name="measure_unique_code"
            ),
            models.CheckConstraint(
                condition=Q(track="on_track") | ~Q(track_reason=""),
                name="measure_off_track_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Abweichung vom Plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.field_id and not self.concept_id:
            self.concept = self.field.concept
        super().save(*args, **kwargs)


class MeasureCost(ConceptPart):
    """What a measure costs in one year, in euros, and which grant or budget bears it."""

    concept_path = "measure__concept"
    municipality_path = "measure__concept__municipality"

    measure = models.ForeignKey(Measure, models.CASCADE, related_name="costs", verbose_name=_("Maßnahme"))
    year = models.PositiveSmallIntegerField(_("Jahr"))
    amount = models.DecimalField(_("Betrag in Euro"), max_digits=12, decimal_places=2)
    funding = models.ForeignKey(
        "concepts.Funding",
        models.PROTECT,
        related_name="costs",
        null=True,
        blank=True,
        verbose_name=_("Förderung"),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Kosten"))

    class Meta:
        verbose_name = _("Kosten")
        verbose_name_plural = _("Kosten")
        ordering = ["measure", "year"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "year", "funding"], name="measure_cost_unique"),
            models.UniqueConstraint(
                fields=["measure", "year"], condition=Q(funding=None), name="measure_cost_unique_unfunded"
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="measure_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100), name="measure_cost_sensible_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {self.amount}"
