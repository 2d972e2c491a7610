"""What a town prepares for its routes, the rules a Land sets for them, and what was overruled and why."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.bodies import Committee
from committees.models.layouts import PaperType
from committees.models.papers import Paper, PaperRevision
from committees.models.route import Consultation
from documents.models import FrozenModel, FrozenQuerySet
from municipalities.choices import CheckedModel
from municipalities.models import Municipality, User
from municipalities.ownership import OwnedModel


class RouteTemplate(OwnedModel):
    """A route as the town usually takes it (Muster), to be taken over into a paper."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="route_templates", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=100)
    paper_types = models.ManyToManyField(
        PaperType,
        related_name="route_templates",
        blank=True,
        verbose_name=_("für die Vorlagenarten"),
        help_text=_("Ohne Auswahl steht das Muster bei jeder Vorlage zur Wahl."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Musters"), m2m_fields=[paper_types])

    class Meta:
        verbose_name = _("Muster einer Beratungsfolge")
        verbose_name_plural = _("Muster für Beratungsfolgen")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="route_template_unique_name")
        ]

    def __str__(self) -> str:
        return self.name


class RouteTemplateStage(OwnedModel):
    """One stage of a template: all that a stage has before it has a meeting."""

    municipality_path = "template__municipality"

    template = models.ForeignKey(
        RouteTemplate, models.CASCADE, related_name="stages", verbose_name=_("Muster")
    )
    position = models.PositiveSmallIntegerField(_("Stufe"))
    committee = models.ForeignKey(
        Committee, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Gremium")
    )
    joint_committees = models.ManyToManyField(
        Committee, related_name="+", blank=True, verbose_name=_("gemeinsam mit")
    )
    role = models.CharField(_("Zuständigkeit"), max_length=60, blank=True)
    meaning = models.CharField(_("Bedeutung"), max_length=10, choices=Consultation.Meaning, blank=True)
    treatment = models.CharField(_("Behandlung"), max_length=10, choices=Consultation.Treatment, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Stufe"), m2m_fields=[joint_committees])

    class Meta:
        verbose_name = _("Stufe eines Musters")
        verbose_name_plural = _("Stufen eines Musters")
        ordering = ["template", "position"]
        constraints = [
            models.UniqueConstraint(
                fields=["template", "position"], name="route_template_stage_unique_position"
            ),
            models.CheckConstraint(
                condition=Q(committee__isnull=False) | Q(meaning="release"),
                name="route_template_stage_has_committee",
                violation_error_message=_("Bitte wählen Sie ein Gremium. Nur eine Freigabe kommt ohne aus."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.committee or self.get_meaning_display()}"


class Land(models.TextChoices):
    """The first two digits of the Amtlicher Gemeindeschlüssel."""

    SH = "01", "Schleswig-Holstein"
    HH = "02", "Hamburg"
    NI = "03", "Niedersachsen"
    HB = "04", "Bremen"
    NW = "05", "Nordrhein-Westfalen"
    HE = "06", "Hessen"
    RP = "07", "Rheinland-Pfalz"
    BW = "08", "Baden-Württemberg"
    BY = "09", "Bayern"
    SL = "10", "Saarland"
    BE = "11", "Berlin"
    BB = "12", "Brandenburg"
    MV = "13", "Mecklenburg-Vorpommern"
    SN = "14", "Sachsen"
    ST = "15", "Sachsen-Anhalt"
    TH = "16", "Thüringen"


LAND_OF_LAW = {
    Municipality.StateLaw.GO_NRW: Land.NW,
    Municipality.StateLaw.KRO_NRW: Land.NW,
    Municipality.StateLaw.NKOMVG: Land.NI,
}


def land_of(municipality: Municipality) -> Land | None:
    """By the Gemeindeschlüssel; without one by the law that the town lives under."""
    digits = (municipality.ags or "")[:2]
    if digits in Land.values:
        return Land(digits)
    return LAND_OF_LAW.get(Municipality.StateLaw(municipality.state_law))


class HearingRule(CheckedModel):
    """Which committee the law of a Land wants to be heard, from a day on and until another.

    Set up for the whole installation: laws are no town's own.
    """

    land = models.CharField(_("Land"), max_length=2, choices=Land)
    for_counties = models.BooleanField(
        _("gilt auch für Kreise"),
        default=False,
        help_text=_("Eine Gemeindeordnung gilt für Städte und Gemeinden, nicht für Kreise."),
    )
    committee_kind = models.CharField(_("Art des Gremiums"), max_length=12, choices=Committee.Kind)
    valid_from = models.DateField(_("gilt ab"))
    valid_until = models.DateField(_("gilt bis"), null=True, blank=True)
    sentence = models.TextField(
        _("Hinweis"),
        max_length=1000,
        help_text=_("Steht bei der Vorlage, wenn das Gremium vor der Entscheidung nicht vorkommt."),
    )
    source = models.CharField(_("Rechtsgrundlage"), max_length=200)

    history = HistoricalRecords(verbose_name=_("Verlauf der Regel"))

    class Meta:
        verbose_name = _("Beteiligungsregel eines Landes")
        verbose_name_plural = _("Beteiligungsregeln der Länder")
        ordering = ["land", "valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until=None) | Q(valid_until__gte=F("valid_from")),
                name="hearing_rule_span_in_order",
                violation_error_message=_("Das Ende liegt vor dem Anfang. Bitte prüfen Sie beide Tage."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_land_display()}: {self.source}"

    def applies_to(self, municipality: Municipality, day: datetime.date) -> bool:
        return (
            self.land == land_of(municipality)
            and (self.for_counties or municipality.kind != Municipality.Kind.COUNTY)
            and self.valid_from <= day
            and (self.valid_until is None or day <= self.valid_until)
        )


class CheckOverrideQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> CheckOverrideQuerySet:
        return self.filter(paper__in=Paper.objects.visible_to(user))


class CheckOverride(FrozenModel):
    """Somebody has read a warning and goes on, for a reason. Printed nowhere, kept as long as the paper.

    It holds for one finding about one thing (`subject`): when the facts change, the finding is another
    one. It is taken back by a later row (`withdraws`); the newest row holds.
    """

    municipality_path = "paper__municipality"

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="overrides", verbose_name=_("Vorlage"))
    code = models.CharField(_("Prüfung"), max_length=40)
    subject = models.CharField(_("Gegenstand"), max_length=200, blank=True)
    sentence = models.TextField(_("Hinweis, wie er zu lesen war"))
    withdraws = models.BooleanField(_("zurückgenommen"), default=False)
    reason = models.CharField(_("Grund"), max_length=500)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("von"))
    at = models.DateTimeField(_("am"), auto_now_add=True)

    objects: ClassVar[Any] = CheckOverrideQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("hingenommener Hinweis")
        verbose_name_plural = _("hingenommene Hinweise")
        ordering = ["paper", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(reason=""),
                name="check_override_has_reason",
                violation_error_message=_("Bitte nennen Sie den Grund."),
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper}: {self.code}"

    def clean(self) -> None:
        super().clean()
        if not self.reason.strip():
            raise ValidationError({"reason": _("Bitte nennen Sie den Grund.")})

    def touch(self) -> None:
        PaperRevision.bump(self.paper_id)
