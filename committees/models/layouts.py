"""What a Vorlage looks like: an ordered list of blocks, as data."""

from __future__ import annotations

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.blocks import BlockError, BlockKind, check_options
from municipalities.models import Municipality
from municipalities.ownership import OwnedModel


class PaperLayout(OwnedModel):
    """The form of a town's papers of one type."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="paper_layouts", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=100)

    history = HistoricalRecords(verbose_name=_("Verlauf des Layouts"))

    class Meta:
        verbose_name = _("Layout")
        verbose_name_plural = _("Layouts")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="paper_layout_unique_name")
        ]

    def __str__(self) -> str:
        return self.name


class LayoutBlock(OwnedModel):
    """One block of a layout: its kind, its title in the town's words, and its options.

    `key` ties what a paper says (sections, answers) to the block that prints it.
    """

    municipality_path = "layout__municipality"

    layout = models.ForeignKey(PaperLayout, models.CASCADE, related_name="blocks", verbose_name=_("Layout"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    key = models.SlugField(_("Schlüssel"), max_length=40)
    kind = models.CharField(_("Art"), max_length=25, choices=BlockKind)
    title = models.CharField(_("Überschrift"), max_length=250, blank=True)
    options = models.JSONField(_("Einstellungen"), default=dict, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf des Bausteins"))

    class Meta:
        verbose_name = _("Baustein")
        verbose_name_plural = _("Bausteine")
        ordering = ["layout", "position"]
        constraints = [
            models.UniqueConstraint(fields=["layout", "position"], name="layout_block_unique_position"),
            models.UniqueConstraint(fields=["layout", "key"], name="layout_block_unique_key"),
            models.CheckConstraint(condition=~Q(key=""), name="layout_block_has_key"),
        ]

    def __str__(self) -> str:
        return self.title or self.get_kind_display()

    def clean(self) -> None:
        super().clean()
        if self.kind not in BlockKind.values:
            return  # reported by the field itself
        if self.options is None:  # an emptied text field
            self.options = {}
        try:
            check_options(BlockKind(self.kind), self.options)
        except BlockError as error:
            raise ValidationError({"options": str(error)}) from error


class RelationKind(models.TextChoices):
    """What a paper is to an earlier one."""

    FOLLOWS = "follows", _("folgt auf")
    SUPPLEMENTS = "supplements", _("ergänzt")
    REPLACES = "replaces", _("ersetzt")
    AMENDS = "amends", _("ändert")
    COMMENTS = "comments", _("nimmt Stellung zu")
    EXCHANGES = "exchanges", _("tauscht Seiten aus in")


BELONGING = [kind for kind in RelationKind if kind is not RelationKind.FOLLOWS]
"""What follows an earlier paper is a matter of its own; the rest belongs to it."""


class PaperType(OwnedModel):
    """A type of paper in the town's words (Mitteilungsvorlage, Beschlussvorlage …) and its layout.

    A type with a `relation` is for papers that belong to an earlier one: Ergänzung, Änderungsantrag …
    """

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="paper_types", verbose_name=_("Kommune")
    )
    name = models.CharField(_("Name"), max_length=80)
    layout = models.ForeignKey(
        PaperLayout, models.PROTECT, related_name="paper_types", verbose_name=_("Layout")
    )

    relation = models.CharField(
        _("Verhältnis zu einer früheren Vorlage"),
        max_length=12,
        choices=RelationKind,
        blank=True,
        help_text=_("Leer bei einer Vorlage, die für sich steht."),
    )
    number_pattern = models.CharField(
        _("eigenes Nummernmuster"),
        max_length=60,
        blank=True,
        help_text=_("Leer gilt das Muster der Kommune."),
    )
    needs_decision = models.BooleanField(
        _("braucht eine Entscheidung"),
        default=True,
        help_text=_("Eine Mitteilung, die nur zur Kenntnis genommen wird, braucht keine."),
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Vorlagenart"))

    class Meta:
        verbose_name = _("Vorlagenart")
        verbose_name_plural = _("Vorlagenarten")
        ordering = ["name"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "name"], name="paper_type_unique_name")
        ]

    def __str__(self) -> str:
        return self.name
