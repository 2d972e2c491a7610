"""What the numbers of papers are made of, besides the patterns: the terms of the council, and how far each
series has come."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from municipalities.models import Municipality
from municipalities.ownership import OwnedModel, OwnedQuerySet


class CouncilTermQuerySet(OwnedQuerySet):
    def on(self, day: datetime.date) -> CouncilTermQuerySet:
        return self.filter(Q(last_day=None) | Q(last_day__gte=day), first_day__lte=day)


class CouncilTerm(OwnedModel):
    """A Wahlperiode, for the numbers of papers that name it."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="council_terms", verbose_name=_("Kommune")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"))
    first_day = models.DateField(_("erster Tag"))
    last_day = models.DateField(
        _("letzter Tag"), null=True, blank=True, help_text=_("Leer, solange er nicht feststeht.")
    )

    objects: ClassVar[Any] = CouncilTermQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Wahlperiode"))

    class Meta:
        verbose_name = _("Wahlperiode")
        verbose_name_plural = _("Wahlperioden")
        ordering = ["first_day"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                name="council_term_unique_number",
                violation_error_message=_("Diese Wahlperiode gibt es schon."),
            ),
            models.CheckConstraint(
                condition=Q(last_day=None) | Q(last_day__gte=F("first_day")),
                name="council_term_ends_after_it_began",
                violation_error_message=_("Der letzte Tag liegt vor dem ersten."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number}. {_('Wahlperiode')}"

    def clean(self) -> None:
        super().clean()
        if not all((self.municipality_id, self.first_day)):
            return
        others = CouncilTerm.objects.filter(municipality=self.municipality_id).exclude(pk=self.pk)
        if self.last_day:
            others = others.filter(first_day__lte=self.last_day)
        for other in others.filter(Q(last_day=None) | Q(last_day__gte=self.first_day))[:1]:
            raise ValidationError(
                _(
                    "In diese Zeit fällt schon: %(other)s. Jeder Tag gehört zu höchstens einer Wahlperiode; "
                    "bitte tragen Sie zuerst dort den letzten Tag ein."
                )
                % {"other": other}
            )


class NumberSeries(OwnedModel):
    """How far the numbers with one beginning and end have come: `2017/{laufend}`."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="number_series", verbose_name=_("Kommune")
    )
    key = models.CharField(
        _("Reihe"),
        max_length=80,
        help_text=_("Die Nummer mit {laufend} an der Stelle, an der gezählt wird: „2017/{laufend}“."),
    )
    last = models.PositiveIntegerField(
        _("zuletzt vergebene laufende Nummer"),
        default=0,
        help_text=_("Die nächste Vorlage bekommt die darauf folgende, die noch frei ist."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Nummernreihe"))

    class Meta:
        verbose_name = _("Nummernreihe")
        verbose_name_plural = _("Nummernreihen")
        ordering = ["key"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "key"], name="number_series_unique_key")
        ]

    def __str__(self) -> str:
        return self.key

    def touch(self) -> None:
        """No page shows it."""

    def clean(self) -> None:
        super().clean()
        if self.key.count("{laufend}") != 1:
            raise ValidationError(
                {"key": _("Bitte schreiben Sie die Nummer mit einmal {laufend}: „2017/{laufend}“.")}
            )
