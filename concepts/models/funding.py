"""Grants and their conditions."""

from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models.concept import Concept, ConceptHistory, ConceptPart
from fuzzydates.fields import FuzzyDateField


class Funding(ConceptPart):
    """A grant (Zuwendung) for the concept or for its measures; amount in euros, if known."""

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="fundings", verbose_name=_("Konzept"))
    programme = models.CharField(_("Programm"), max_length=200)
    grantor = models.CharField(_("Zuwendungsgeber"), max_length=200)
    legal_basis = models.CharField(_("Rechtsgrundlage"), max_length=200, blank=True)
    amount = models.DecimalField(_("Betrag in Euro"), max_digits=12, decimal_places=2, null=True, blank=True)
    granted_on = FuzzyDateField(_("bewilligt"), null=True, blank=True)
    period = FuzzyDateField(_("Förderzeitraum"), null=True, blank=True)
    purpose = models.TextField(_("Zweck"), blank=True, max_length=2000)

    history = HistoricalRecords(verbose_name=_("Verlauf der Förderung"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Förderung")
        verbose_name_plural = _("Förderungen")
        ordering = ["concept", "programme"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "programme", "grantor"], name="funding_unique"),
            models.CheckConstraint(condition=Q(amount=None) | Q(amount__gte=0), name="funding_not_negative"),
        ]

    def __str__(self) -> str:
        return self.programme


class FundingCondition(ConceptPart):
    """What the grantor asks for, and until when."""

    concept_path = "funding__concept"
    municipality_path = "funding__concept__municipality"

    funding = models.ForeignKey(
        Funding, models.CASCADE, related_name="conditions", verbose_name=_("Förderung")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    text = models.CharField(_("Auflage"), max_length=500)
    deadline = FuzzyDateField(_("Frist"), null=True, blank=True)
    fulfilled_on = FuzzyDateField(_("erfüllt"), null=True, blank=True)
    fulfilment = models.CharField(_("wie erfüllt"), max_length=500, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Auflage"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Auflage")
        verbose_name_plural = _("Auflagen")
        ordering = ["funding", "position"]
        constraints = [
            models.UniqueConstraint(fields=["funding", "position"], name="funding_condition_unique_position"),
        ]

    def __str__(self) -> str:
        return self.text
