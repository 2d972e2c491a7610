"""Changes that a committee or a faction wants in the text while it goes its way."""

from __future__ import annotations

from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.bodies import Faction
from committees.models.meetings import frozen_with_minutes
from committees.models.paper_parts import PaperPart, PartlyPublicQuerySet, ResolutionPoint
from committees.models.papers import Paper
from committees.models.route import Consultation, result_for_everybody
from concepts.models import Measure
from documents.richtext import RichTextField
from municipalities.guards import Guard, fixed

OF_STAGE = "(SELECT meeting_id FROM committees_consultation WHERE id = {row}.consultation_id)"


def of_secret_measure(paper: str, measure: str) -> Exists:
    """Whether a point of the paper names the measure which is not public; the arguments lead to both."""
    points = ResolutionPoint.objects.filter(public=False, paper=OuterRef(paper), measures=OuterRef(measure))
    return Exists(points)


class AmendmentQuerySet(PartlyPublicQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        """Neither of a point that is not public, or of a measure that one names, nor of a stage whose result
        is not; nor of a wording that came of such a stage."""
        of_text = (Q(point=None) | Q(point__public=True)) & ~Q(of_secret_measure("paper", "measure"))
        of_wording = Q(before="") | ~_of_secret_wording()
        return of_text & of_wording & result_for_everybody("consultation__")


def _of_secret_wording() -> Q:
    """Whether a stage before, whose result is not public, has changed the same text, or brought a point."""
    earlier = Amendment.objects.filter(
        ~result_for_everybody("consultation__"),
        paper=OuterRef("paper"),
        state=Amendment.State.ACCEPTED,
        consultation__position__lt=OuterRef("consultation__position"),
    )
    brought = Q(point=None, measure=None)
    return (
        Q(Exists(earlier.filter(point=OuterRef("point"))))
        | Q(Exists(earlier.filter(measure=OuterRef("measure"))))
        | (brought & Q(Exists(earlier.filter(brought))))
    )


class Amendment(PaperPart):
    """A change of one text: of a resolution point, of a measure's text, or a new point (neither named).

    `before` is the whole text that its mover had before them, `after` the same text with the change, empty
    where it is struck. What differs between the two is what was moved: it is carried on sentence by sentence
    (committees/carrying.py), so several can change one text.
    """

    class State(models.TextChoices):
        MOVED = "moved", _("gestellt")
        ACCEPTED = "accepted", _("angenommen")
        REJECTED = "rejected", _("abgelehnt")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="amendments", verbose_name=_("Vorlage"))
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="amendments", verbose_name=_("Beratung")
    )
    number = models.PositiveSmallIntegerField(_("Nummer"), help_text=_("Zählt durch die ganze Vorlage."))
    faction = models.ForeignKey(
        Faction, models.PROTECT, related_name="amendments", null=True, blank=True, verbose_name=_("Fraktion")
    )
    mover = models.CharField(
        _("Wer ihn stellt"),
        max_length=150,
        blank=True,
        help_text=_("Leer, wenn ihn eine Fraktion oder das Gremium selbst stellt."),
    )
    point = models.ForeignKey(
        ResolutionPoint,
        models.PROTECT,
        related_name="amendments",
        null=True,
        blank=True,
        verbose_name=_("Beschlusspunkt"),
    )
    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="amendments", null=True, blank=True, verbose_name=_("Maßnahme")
    )
    before = RichTextField(_("bisheriger Wortlaut"), blank=True)
    after = RichTextField(_("neuer Wortlaut"), blank=True)
    beside = models.BooleanField(
        _("als anderer Wortlaut daneben"),
        default=False,
        help_text=_(
            "Die nächsten Gremien sehen dann beide Fassungen nebeneinander, und das entscheidende wählt."
        ),
    )
    reason = models.TextField(_("Begründung"), max_length=3000, blank=True)
    comment = models.TextField(
        _("Stellungnahme der Verwaltung"),
        max_length=3000,
        blank=True,
        help_text=_("Steht ab dem nächsten Gremium in der Vorlage."),
    )
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.MOVED)
    decided_order = models.PositiveSmallIntegerField(
        _("Reihenfolge der Annahme"), null=True, blank=True, editable=False
    )
    filed_as = models.ForeignKey(
        Paper,
        models.PROTECT,
        related_name="moves",
        null=True,
        blank=True,
        verbose_name=_("eigene Vorlage"),
        help_text=_("Wenn der Antrag als eigene Drucksache vorliegt."),
    )

    objects: ClassVar[Any] = AmendmentQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Änderungsantrags"))

    class Meta:
        verbose_name = _("Änderungsantrag")
        verbose_name_plural = _("Änderungsanträge")
        ordering = ["paper", "number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="amendment_unique_number"),
            models.UniqueConstraint(
                fields=["paper", "decided_order"],
                condition=Q(decided_order__isnull=False),
                name="amendment_unique_order",
            ),
            models.CheckConstraint(condition=Q(point=None) | Q(measure=None), name="amendment_of_one_text"),
            models.CheckConstraint(
                condition=~Q(before=models.F("after")),
                name="amendment_changes_something",
                violation_error_message=_("Der neue Wortlaut ist derselbe wie der bisherige."),
            ),
            models.CheckConstraint(
                condition=Q(state="accepted", decided_order__isnull=False)
                | (~Q(state="accepted") & Q(decided_order=None)),
                name="amendment_accepted_in_order",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Änderungsantrag')} {self.number}"

    @classmethod
    def guards(cls) -> list[Guard]:
        # The administration may still say something to it, and give it a paper of its own.
        names = ("state", "before", "after", "beside", "decided_order", "point_id", "measure_id")
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)
        table = cls._meta.db_table
        return [
            *super().guards(),
            fixed(cls, "paper"),
            fixed(cls, "consultation"),
            *frozen_with_minutes(table, OF_STAGE, changed),
            Guard(
                table,
                "of_the_paper",
                "NEW.paper_id <>"
                " (SELECT paper_id FROM committees_consultation WHERE id = NEW.consultation_id)"
                " OR NEW.paper_id <>"
                " (SELECT paper_id FROM committees_resolutionpoint WHERE id = NEW.point_id)",
                "the amendment belongs to another paper",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.consultation_id and self.consultation.paper_id != self.paper_id:
            raise ValidationError({"consultation": _("Diese Beratung gehört zu einer anderen Vorlage.")})
        if self.point_id and self.point and self.point.paper_id != self.paper_id:
            raise ValidationError({"point": _("Dieser Punkt gehört zu einer anderen Vorlage.")})
        if self.measure_id and self.measure and self.measure.concept_id != self.paper.concept_id:
            raise ValidationError({"measure": _("Diese Maßnahme gehört nicht zum Konzept der Vorlage.")})

    @property
    def moved_by(self) -> str:
        """Who wants it, in words; the committee itself where nobody else is named."""
        return self.mover or (self.faction.name if self.faction else self.consultation.committee_names())
