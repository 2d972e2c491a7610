"""Committees with their seats, and the factions of the council."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.grammar import Article, Case, article
from fuzzydates.fields import FuzzyDateField
from municipalities.guards import Guard, fixed, same_parent
from municipalities.models import Municipality, Person, Role
from municipalities.ownership import OwnedModel, OwnedQuerySet

# Who runs the council's business: committees, meetings, agendas, results, minutes, what comes of them.
LEADING = (Role.Kind.COUNCIL_SERVICE, Role.Kind.ADMINISTRATION)
MAY_READ_NON_PUBLIC = (
    Role.Kind.ADMINISTRATION,
    Role.Kind.EDITING,
    Role.Kind.COUNTERSIGNING,
    Role.Kind.COUNCIL_SERVICE,
)


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

    class AgendaNumbers(models.TextChoices):
        THROUGH = "through", _("durchgehend: 1, 2, 3")
        PARTS = "parts", _("je Teil: Ö 1, Ö 2 und N 1, N 2")

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
    voting_seats = models.PositiveSmallIntegerField(
        _("Stimmberechtigte insgesamt"),
        null=True,
        blank=True,
        help_text=_(
            "Mit Vorsitz, ohne beratende Mitglieder. Leer zählt das Portal die eingetragenen Sitze. "
            "Mehr Stimmen nimmt es in einer Abstimmung nicht an."
        ),
    )
    agenda_numbers = models.CharField(
        _("Nummern der Tagesordnung"),
        max_length=10,
        choices=AgendaNumbers,
        default=AgendaNumbers.THROUGH,
    )
    minutes_signers = models.TextField(
        _("Niederschrift unterschreiben"),
        max_length=500,
        default="Vorsitz\nSchriftführung",
        help_text=_("Eine Funktion in jeder Zeile, in der Reihenfolge der Unterschriften."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Gremiums"))

    class Meta:
        verbose_name = _("Gremium")
        verbose_name_plural = _("Gremien")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="committee_unique_name")]

    def __str__(self) -> str:
        return self.name

    def get_absolute_url(self) -> str:
        return reverse("committees:committee", args=[self.municipality.slug, self.pk])

    def in_case(self, case: Case) -> str:
        """With article: `der Rat`, `des Rates`, `dem Rat`, `den Rat`."""
        return f"{article(self.article, case)} {self.genitive_name if case is Case.GENITIVE else self.name}"


def holds_on(day: datetime.date, span: str = "span") -> Q:
    """Of rows without a span, or with one that covers the day and is not only planned."""
    return Q(**{span: None}) | Q(**{f"{span}__covers": day, f"{span}__planned": False})


class SpanQuerySet(OwnedQuerySet):
    """Rows that hold for a `span`, or always."""

    def on(self, day: datetime.date) -> Self:
        """Those that hold on the day."""
        return self.filter(holds_on(day))


class Faction(OwnedModel):
    """A faction or group in the council."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="factions", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=100)
    short_name = models.CharField(_("Kurzname"), max_length=20, blank=True)
    span = FuzzyDateField(
        _("Zeitraum"),
        null=True,
        blank=True,
        help_text=_(
            "Zum Beispiel „ab 01.11.2020“ oder „01.11.2020–31.10.2025“. Nur in dieser Zeit kann sie "
            "abstimmen und Anträge stellen. Leer gilt sie immer."
        ),
    )

    objects: ClassVar[Any] = SpanQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Fraktion"))

    class Meta:
        verbose_name = _("Fraktion")
        verbose_name_plural = _("Fraktionen")
        ordering = ["name"]
        constraints = [models.UniqueConstraint(fields=["municipality", "name"], name="faction_unique_name")]

    def __str__(self) -> str:
        return self.name


class CommitteeSeatQuerySet(SpanQuerySet):
    def on(self, day: datetime.date) -> Self:
        """A personal deputy's seat holds only while that of the member does."""
        return super().on(day).filter(holds_on(day, "deputy_for__span"))

    def open(self) -> Self:
        """Seats held today."""
        return self.on(timezone.localdate())

    def voting(self) -> Self:
        """Who votes by their own right; deputies do in somebody's place only."""
        return self.filter(role__in=CommitteeSeat.VOTING)


class CommitteeSeat(OwnedModel):
    """A person's seat in a committee."""

    class Role(models.TextChoices):
        CHAIR = "chair", _("Vorsitz")
        VICE_CHAIR = "vice_chair", _("stellvertretender Vorsitz")
        MEMBER = "member", _("Mitglied")
        DEPUTY = "deputy", _("Stellvertretung")
        ADVISORY = "advisory", _("beratendes Mitglied")

    VOTING = (Role.CHAIR, Role.VICE_CHAIR, Role.MEMBER)

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

    deputy_for = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="deputies",
        null=True,
        blank=True,
        verbose_name=_("vertritt persönlich"),
        help_text=_(
            "Nur bei einer persönlichen Stellvertretung; sie endet mit dem Sitz des Mitglieds. "
            "Leer vertritt sie jeden der Fraktion."
        ),
    )

    objects: ClassVar[Any] = CommitteeSeatQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Sitzes"))

    class Meta:
        verbose_name = _("Sitz")
        verbose_name_plural = _("Sitze")
        ordering = ["committee", "person"]
        # The same person may come again in a later term.
        constraints = [
            models.UniqueConstraint(
                fields=["committee", "person"],
                condition=Q(span=None),
                name="committee_seat_unique",
                violation_error_message=_("Diese Person hat in dem Gremium schon einen Sitz."),
            ),
            models.UniqueConstraint(
                fields=["committee", "person", "span"],
                name="committee_seat_unique_in_span",
                violation_error_message=_("Diese Person hat in dem Gremium schon einen Sitz."),
            ),
            models.CheckConstraint(
                condition=Q(deputy_for=None) | Q(role="deputy"),
                name="committee_seat_only_deputies_stand_in",
                violation_error_message=_("Nur eine Stellvertretung vertritt ein anderes Mitglied."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.person} ({self.committee})"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "committee"), same_parent(cls, "deputy_for", "committee")]

    def clean(self) -> None:
        super().clean()
        if self.deputy_for and self.deputy_for.committee_id != self.committee_id:
            raise ValidationError({"deputy_for": _("Dieser Sitz gehört zu einem anderen Gremium.")})


def committees_of(user: Any) -> Any:
    """The ids of the committees in which the user sits today."""
    return CommitteeSeat.objects.open().filter(person__user=user).values("committee")
