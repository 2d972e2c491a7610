"""Fields and goals: the skeleton of a concept."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models.concept import Concept, ConceptHistory, ConceptPart
from documents.richtext import RichTextField


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

    history = HistoricalRecords(verbose_name=_("Verlauf des Handlungsfelds"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Handlungsfeld")
        verbose_name_plural = _("Handlungsfelder")
        ordering = ["concept", "position"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "position"], name="action_field_unique_position"),
            models.UniqueConstraint(
                fields=["concept", "code"],
                condition=~Q(code=""),
                name="action_field_unique_code",
                violation_error_message=_(
                    "Diese Kennung hat in diesem Konzept schon ein anderes Handlungsfeld."
                ),
            ),
            models.UniqueConstraint(
                fields=["concept", "title"],
                name="action_field_unique_title",
                violation_error_message=_(
                    "Ein Handlungsfeld mit diesem Titel gibt es in diesem Konzept schon."
                ),
            ),
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

    history = HistoricalRecords(verbose_name=_("Verlauf des Ziels"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Ziel")
        verbose_name_plural = _("Ziele")
        ordering = ["field", "position"]
        constraints = [
            models.UniqueConstraint(fields=["field", "parent", "position"], name="goal_unique_position"),
            models.UniqueConstraint(
                fields=["field", "position"], condition=Q(parent=None), name="goal_unique_top_position"
            ),
            models.UniqueConstraint(
                fields=["field", "code"],
                condition=~Q(code=""),
                name="goal_unique_code",
                violation_error_message=_(
                    "Diese Kennung hat in diesem Handlungsfeld schon ein anderes Ziel."
                ),
            ),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="goal_not_its_own_parent"),
            models.CheckConstraint(condition=Q(rank=None) | Q(rank__gte=1), name="goal_rank_from_1"),
        ]

    def __str__(self) -> str:
        return f"{self.code} {self.text}".strip()

    @property
    def level(self) -> int:
        """0 for the goals right below the field."""
        level, above = 0, self.parent
        while above is not None:
            level, above = level + 1, above.parent
        return level

    def clean(self) -> None:
        super().clean()
        if self.parent and self.parent.field_id != self.field_id:
            raise ValidationError(
                {"parent": _("Das übergeordnete Ziel gehört zu einem anderen Handlungsfeld.")}
            )
