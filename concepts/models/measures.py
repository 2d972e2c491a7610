"""Measures, what they cost, and the fields that a town adds to them."""

from __future__ import annotations

from collections import Counter
from decimal import Decimal
from typing import Any

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext
from simple_history.models import HistoricalRecords

from concepts.models.concept import Concept, ConceptHistory, ConceptPart
from concepts.models.structure import ActionField, Goal
from documents.charts import german_number
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.models import Institution, Municipality, Person
from municipalities.ownership import OwnedModel

LONGEST_CHOICE = 200
MOST_CHOICES = 100


def validate_choices(choices: Any) -> None:
    """A list of distinct, non-empty texts."""
    fine = (
        isinstance(choices, list)
        and all(isinstance(choice, str) and choice.strip() for choice in choices)
        and len(set(choices)) == len(choices)
    )
    if not fine:
        raise ValidationError(_("Bitte nennen Sie jede Möglichkeit genau einmal."))
    if len(choices) > MOST_CHOICES:
        raise ValidationError(_("Bitte nennen Sie höchstens %d Möglichkeiten.") % MOST_CHOICES)
    if any(len(choice) > LONGEST_CHOICE for choice in choices):
        raise ValidationError(
            _("Bitte kürzen Sie: Eine Möglichkeit darf höchstens %d Zeichen lang sein.") % LONGEST_CHOICE
        )


def validate_answers(answers: Any) -> None:
    """Answers by the id of their question."""
    fine = isinstance(answers, dict) and all(
        question.isdecimal() and isinstance(answer, (str, bool, int, float))
        for question, answer in answers.items()
    )
    if not fine:
        raise ValidationError(_("Bitte geben Sie zu jeder Nummer eines Zusatzfelds genau eine Antwort an."))


class AdditionalField(OwnedModel):
    """A question of the town's own that every measure answers, set up without programming.

    The answers stand in `Measure.additional` under this row's id. A field that is no longer asked
    (`active` is false) keeps what was answered.
    """

    class Kind(models.TextChoices):
        TEXT = "text", _("Text")
        CHOICE = "choice", _("Auswahl")
        NUMBER = "number", _("Zahl")
        DATE = "date", _("Datum")
        YES_NO = "yes_no", _("ja oder nein")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="additional_fields", verbose_name=_("Kommune")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    label = models.CharField(_("Bezeichnung"), max_length=100)
    kind = models.CharField(_("Art"), max_length=10, choices=Kind, default=Kind.TEXT)
    choices = models.JSONField(_("Auswahl"), default=list, blank=True, validators=[validate_choices])
    help_text = models.CharField(_("Hinweis zum Ausfüllen"), max_length=200, blank=True)
    active = models.BooleanField(_("wird abgefragt"), default=True)

    history = HistoricalRecords(verbose_name=_("Verlauf des Zusatzfelds"))

    class Meta:
        verbose_name = _("Zusatzfeld")
        verbose_name_plural = _("Zusatzfelder")
        ordering = ["municipality", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "label"],
                name="additional_field_unique_label",
                violation_error_message=_("Ein Zusatzfeld mit dieser Bezeichnung gibt es schon."),
            ),
            models.UniqueConstraint(
                fields=["municipality", "position"], name="additional_field_unique_position"
            ),
        ]

    def __str__(self) -> str:
        return self.label

    def clean(self) -> None:
        super().clean()
        if self.choices is None:  # an emptied text field; the column takes no NULL
            self.choices = []
        if self.kind == self.Kind.CHOICE and not self.choices:
            raise ValidationError({"choices": _("Bitte nennen Sie, was zur Auswahl steht.")})
        if self.kind != self.Kind.CHOICE and self.choices:
            raise ValidationError(
                {
                    "choices": _(
                        "Möglichkeiten gibt es nur bei der Art „Auswahl“. "
                        "Bitte wählen Sie diese Art, oder leeren Sie die Liste."
                    )
                }
            )
        if self.pk:
            self.check_answers_still_fit()

    def answers(self) -> Counter[Any]:
        """What was answered, and by how many measures."""
        key = str(self.pk)
        measures = Measure.objects.filter(concept__municipality=self.municipality_id, additional__has_key=key)
        given = (answers[key] for answers in measures.values_list("additional", flat=True))
        return Counter(answer for answer in given if answer not in (None, ""))

    def check_answers_still_fit(self) -> None:
        """Raise ValidationError where a changed question would make answers unreadable."""
        before = AdditionalField.objects.filter(pk=self.pk).values("kind", "choices").first()
        if before is None or (before["kind"], before["choices"]) == (self.kind, self.choices):
            return
        answers = self.answers()
        number = answers.total()
        if number and before["kind"] != self.kind:
            sentence = ngettext(
                "Die Art lässt sich nicht mehr ändern: %d Maßnahme hat schon geantwortet. "
                "Legen Sie ein neues Zusatzfeld an.",
                "Die Art lässt sich nicht mehr ändern: %d Maßnahmen haben schon geantwortet. "
                "Legen Sie ein neues Zusatzfeld an.",
                number,
            )
            raise ValidationError({"kind": sentence % number})
        sentences = [
            ngettext(
                "„%(choice)s“ lässt sich nicht entfernen: %(number)d Maßnahme hat so geantwortet.",
                "„%(choice)s“ lässt sich nicht entfernen: %(number)d Maßnahmen haben so geantwortet.",
                answers[choice],
            )
            % {"choice": choice, "number": answers[choice]}
            for choice in before["choices"]
            if choice not in self.choices and answers[choice]
        ]
        if sentences:
            raise ValidationError({"choices": sentences})


class Measure(ConceptPart):
    """What is to be done. Where it stands (`phase`) and whether it is on track (`track`) are two things.

    `additional` holds the answers to the town's own questions by the id of the `AdditionalField`, as text;
    `True` and `False` for yes and no.
    """

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

    class Priority(models.TextChoices):
        HIGH = "high", _("hoch")
        MEDIUM = "medium", _("mittel")
        LOW = "low", _("niedrig")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="measures", verbose_name=_("Konzept"))
    field = models.ForeignKey(
        ActionField, models.CASCADE, related_name="measures", verbose_name=_("Handlungsfeld")
    )
    goals = models.ManyToManyField(
        Goal, related_name="measures", blank=True, verbose_name=_("dient den Zielen")
    )
    themes = models.ManyToManyField(
        ActionField,
        related_name="theme_measures",
        blank=True,
        verbose_name=_("Querschnittsthemen"),
        limit_choices_to={"kind": ActionField.Kind.CROSS_CUTTING},
    )
    kind = models.CharField(_("Art"), max_length=10, choices=Kind, default=Kind.MEASURE)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    code = models.CharField(_("Kennung"), max_length=20, blank=True)
    title = models.CharField(_("Titel"), max_length=200)
    text = RichTextField(_("Beschreibung"), blank=True)
    reason = RichTextField(_("Begründung"), blank=True)
    target_groups = models.CharField(_("Zielgruppen"), max_length=300, blank=True)
    responsible = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="measures",
        null=True,
        blank=True,
        verbose_name=_("Verantwortlich"),
    )
    responsible_person = models.ForeignKey(
        Person,
        models.SET_NULL,
        related_name="measures",
        null=True,
        blank=True,
        verbose_name=_("Zuständige Person"),
    )
    partners = models.ManyToManyField(
        Institution, related_name="partner_measures", blank=True, verbose_name=_("Beteiligte")
    )
    contacts = models.ManyToManyField(
        Person, related_name="contact_measures", blank=True, verbose_name=_("Ansprechpersonen")
    )
    span = FuzzyDateField(_("Zeitraum"), null=True, blank=True)
    permanent = models.BooleanField(
        _("auf Dauer"), default=False, help_text=_("Der Zeitraum nennt dann nur den Beginn.")
    )
    funding_note = models.CharField(_("Finanzierung"), max_length=300, blank=True)
    budget_reservation = models.CharField(
        _("Haushaltsvorbehalt"),
        max_length=200,
        blank=True,
        help_text=_("Zum Beispiel „vorbehaltlich der Haushaltslage“."),
    )
    origin = models.CharField(
        _("Herkunft"),
        max_length=300,
        blank=True,
        help_text=_("Woher die Maßnahme kommt, zum Beispiel „Workshop am 08.05.2017“."),
    )
    legal_basis = models.CharField(_("Rechtsgrundlage"), max_length=300, blank=True)
    priority = models.CharField(_("Priorität"), max_length=6, choices=Priority, blank=True)
    phase = models.CharField(
        _("Stand der Umsetzung"), max_length=15, choices=Phase, default=Phase.NOT_STARTED
    )
    track = models.CharField(_("Verlauf"), max_length=15, choices=Track, default=Track.ON_TRACK)
    track_reason = models.TextField(_("Grund der Abweichung"), max_length=1000, blank=True)
    as_of = FuzzyDateField(_("Stand der Angaben"), null=True, blank=True)
    additional = models.JSONField(_("Zusatzfelder"), default=dict, blank=True, validators=[validate_answers])

    history = HistoricalRecords(
        verbose_name=_("Verlauf der Maßnahme"),
        m2m_fields=[goals, themes, partners, contacts],
        bases=[ConceptHistory],
    )

    class Meta:
        verbose_name = _("Maßnahme")
        verbose_name_plural = _("Maßnahmen")
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(fields=["field", "position"], name="measure_unique_position"),
            models.UniqueConstraint(
                fields=["concept", "code"],
                condition=~Q(code=""),
                name="measure_unique_code",
                violation_error_message=_("Diese Kennung hat in diesem Konzept schon eine andere Maßnahme."),
            ),
            models.CheckConstraint(
                condition=Q(track="on_track") | ~Q(track_reason=""),
                name="measure_off_track_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Abweichung vom Plan."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.title}".strip()

    def clean(self) -> None:
        super().clean()
        if self.additional is None:  # an emptied text field; the column takes no NULL
            self.additional = {}

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
    source = models.CharField(
        _("Herkunft der Mittel"),
        max_length=150,
        blank=True,
        help_text=_("Zum Beispiel „Eigenmittel, Produkt 05.03“."),
    )
    reserved = models.BooleanField(_("unter Haushaltsvorbehalt"), default=False)

    history = HistoricalRecords(verbose_name=_("Verlauf der Kosten"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Kosten")
        verbose_name_plural = _("Kosten")
        ordering = ["measure", "year"]
        constraints = [
            models.UniqueConstraint(
                fields=["measure", "year", "funding", "source"], name="measure_cost_unique"
            ),
            models.UniqueConstraint(
                fields=["measure", "year", "source"],
                condition=Q(funding=None),
                name="measure_cost_unique_unfunded",
            ),
            models.CheckConstraint(condition=Q(amount__gte=0), name="measure_cost_not_negative"),
            models.CheckConstraint(
                condition=Q(year__gte=1990, year__lte=2100), name="measure_cost_sensible_year"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.year}: {german_number(Decimal(self.amount), 2)} Euro"
