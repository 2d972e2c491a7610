"""Committees with their seats and factions; meetings with their agendas."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.grammar import Article, Case, article
from fuzzydates.fields import FuzzyDateField
from municipalities.guards import Guard, fixed
from municipalities.models import Municipality, Person
from municipalities.ownership import OwnedModel, OwnedQuerySet


class Committee(OwnedModel):
    """A body of the council: the council itself, a committee, a district body, an Integrationsrat."""

    class Kind(models.TextChoices):
        COUNCIL = "council", _("Rat oder Kreistag")
        MAIN = "main", _("Haupt- oder Kreisausschuss")
        COMMITTEE = "committee", _("Ausschuss")
        INTEGRATION = "integration", _("Integrationsrat oder -ausschuss")
        DISTRICT = "district", _("Bezirksvertretung oder Ortsrat")

    class CountedDays(models.TextChoices):
        ALL = "all", _("alle Tage")
        WERKTAGE = "werktage", _("Werktage: Montag bis Samstag, ohne Feiertage")
        WORKDAYS = "workdays", _("Arbeitstage: Montag bis Freitag, ohne Feiertage")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="committees", verbose_name=_("Kommune")
    )
    kind = models.CharField(_("Art"), max_length=12, choices=Kind)
    name = models.CharField(_("Name"), max_length=150)
    article = models.CharField(_("Artikel"), max_length=3, choices=Article)
    genitive_name = models.CharField(
        _("Name im Genitiv"), max_length=160, help_text=_("Ohne Artikel, zum Beispiel „Sozialausschusses“.")
    )
    short_name = models.CharField(_("Kurzzeichen"), max_length=20, blank=True)
    decides = models.BooleanField(_("darf abschließend entscheiden"), default=False)
    summons_days = models.PositiveSmallIntegerField(_("Ladungsfrist in vollen Tagen"), null=True, blank=True)
    summons_counts = models.CharField(
        _("In der Ladungsfrist zählen"),
        max_length=10,
        choices=CountedDays,
        default=CountedDays.ALL,
        help_text=_(
            "So, wie es in Ihrer Geschäftsordnung steht. "
            "Der Tag der Ladung und der Sitzungstag zählen nie mit."
        ),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Gremiums"))

    class Meta:
        verbose_name = _("Gremium")
        verbose_name_plural = _("Gremien")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="committee_unique_name")]

    def __str__(self) -> str:
        return self.name

    def in_case(self, case: Case) -> str:
        """With article: `der Rat`, `des Rates`, `dem Rat`, `den Rat`."""
        return f"{article(self.article, case)} {self.genitive_name if case is Case.GENITIVE else self.name}"


class Faction(OwnedModel):
    """A faction or group in the council."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="factions", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=100)

    history = HistoricalRecords(verbose_name=_("Verlauf der Fraktion"))

    class Meta:
        verbose_name = _("Fraktion")
        verbose_name_plural = _("Fraktionen")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="faction_unique_name")]

    def __str__(self) -> str:
        return self.name


class CommitteeSeatQuerySet(OwnedQuerySet):
    def open(self) -> CommitteeSeatQuerySet:
        """Seats held today: without a span, or with one that covers today and is not only planned."""
        today = timezone.localdate()
        return self.filter(Q(span=None) | Q(span__covers=today, span__planned=False))


class CommitteeSeat(OwnedModel):
    """A person's seat in a committee."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Vorsitz")
        MEMBER = "member", _("Mitglied")
        DEPUTY = "deputy", _("Stellvertretung")
        ADVISORY = "advisory", _("beratendes Mitglied")

    municipality_path = "committee__municipality"

    committee = models.ForeignKey(Committee, models.CASCADE, related_name="seats", verbose_name=_("Gremium"))
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="committee_seats", verbose_name=_("Person")
    )
    faction = models.ForeignKey(
        Faction, models.SET_NULL, related_name="seats", null=True, blank=True, verbose_name=_("Fraktion")
    )
    role = models.CharField(_("Funktion"), max_length=10, choices=Role, default=Role.MEMBER)
    span = FuzzyDateField(
        _("Zeitraum"),
        null=True,
        blank=True,
        help_text=_(
            "Zum Beispiel „ab 01.11.2020“ oder „01.11.2020–31.10.2025“. Nur in dieser Zeit öffnet der Sitz "
            "nichtöffentliche Vorlagen. Leer gilt er immer."
        ),
    )

    objects: ClassVar[Any] = CommitteeSeatQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Sitzes"))

    class Meta:
        verbose_name = _("Sitz")
        verbose_name_plural = _("Sitze")
        ordering = ["committee", "person"]
        constraints = [models.UniqueConstraint(fields=["committee", "person"], name="committee_seat_unique")]

    def __str__(self) -> str:
        return f"{self.person} ({self.committee})"


class Meeting(OwnedModel):
    """A meeting of one or several committees on a day."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="meetings", verbose_name=_("Kommune")
    )
    committees = models.ManyToManyField(Committee, related_name="meetings", verbose_name=_("Gremien"))
    title = models.CharField(
        _("Bezeichnung"), max_length=200, help_text=_("Zum Beispiel „21. Sitzung des Rates“.")
    )
    date = models.DateField(_("Datum"))
    start = models.TimeField(_("Beginn"), null=True, blank=True)
    place = models.CharField(_("Ort"), max_length=150, blank=True)
    cancelled = models.BooleanField(_("abgesagt"), default=False)

    history = HistoricalRecords(verbose_name=_("Verlauf der Sitzung"), m2m_fields=[committees])

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")
        ordering = ["date", "start"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "title", "date"], name="meeting_unique")
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.date:%d.%m.%Y}"


class AgendaItem(OwnedModel):
    """A Tagesordnungspunkt; its number as the town writes it (9, 9.1, Ö 5.1)."""

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("Sitzung"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    number = models.CharField(_("TOP"), max_length=12)
    title = models.CharField(_("Betreff"), max_length=300)
    public = models.BooleanField(_("öffentlich"), default=True)

    history = HistoricalRecords(verbose_name=_("Verlauf des Tagesordnungspunkts"))

    class Meta:
        verbose_name = _("Tagesordnungspunkt")
        verbose_name_plural = _("Tagesordnungspunkte")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_item_unique_position"),
            models.UniqueConstraint(fields=["meeting", "number", "public"], name="agenda_item_unique_number"),
            models.CheckConstraint(condition=~Q(number=""), name="agenda_item_has_number"),
        ]

    def __str__(self) -> str:
        return f"TOP {self.number}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "meeting")]

    def clean(self) -> None:
        super().clean()
        if self.as_stored("meeting") not in (None, self.meeting_id):
            raise ValidationError(
                {"meeting": _("Ein TOP bleibt in seiner Sitzung. Legen Sie ihn in der anderen neu an.")}
            )
