"""The concept itself, its narrative chapters and its frozen versions."""

from __future__ import annotations

import json
from typing import Any

from django.core.exceptions import ObjectDoesNotExist, ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.models import FrozenModel, IssuedFile
from documents.richtext import RichTextField
from fuzzydates.fields import FuzzyDateField
from municipalities.models import Municipality
from municipalities.ownership import ChangeCounter, OwnedModel

MAX_GOAL_LEVELS = 5


def validate_level_names(names: Any) -> None:
    """A list of at most five distinct, non-empty names, the highest level first."""
    fine = (
        isinstance(names, list)
        and len(names) <= MAX_GOAL_LEVELS
        and all(isinstance(name, str) and name.strip() for name in names)
        and len(set(names)) == len(names)
    )
    if not fine:
        raise ValidationError(
            _("Bitte nennen Sie höchstens fünf verschiedene Zielebenen, die oberste zuerst.")
        )


class Concept(OwnedModel):
    """An Integrationskonzept. `goal_level_names` names its levels of goals, the highest first."""

    class Status(models.TextChoices):
        DRAFT = "draft", _("in Erarbeitung")
        IN_CONSULTATION = "in_consultation", _("in der Beratung")
        ADOPTED = "adopted", _("beschlossen")
        REPLACED = "replaced", _("abgelöst")

    class CodeScheme(models.TextChoices):
        LETTERS = "letters", _("A, A.1, A.1.3")
        NUMBERS = "numbers", _("1, 1.1, 1.1.3")
        FREE = "free", _("frei")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="concepts", verbose_name=_("Kommune")
    )
    title = models.CharField(_("Titel"), max_length=200)
    subtitle = models.CharField(_("Untertitel"), max_length=200, blank=True)
    slug = models.SlugField(_("Adresse"), max_length=80)
    status = models.CharField(_("Stand"), max_length=20, choices=Status, default=Status.DRAFT)
    period = FuzzyDateField(_("Laufzeit"), null=True, blank=True)
    predecessor = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="successor",
        null=True,
        blank=True,
        verbose_name=_("schreibt fort"),
    )
    goal_level_names = models.JSONField(
        _("Namen der Zielebenen"), default=list, blank=True, validators=[validate_level_names]
    )
    code_scheme = models.CharField(
        _("Kennungen"),
        max_length=8,
        choices=CodeScheme,
        default=CodeScheme.FREE,
        help_text=_("Wie Handlungsfelder, Ziele und Maßnahmen nummeriert werden."),
    )
    goals_ranked = models.BooleanField(_("Ziele haben eine Rangfolge"), default=False)
    note = models.TextField(
        _("Hinweis zu den Daten"), blank=True, help_text=_("Zum Beispiel, was erfunden und was belegt ist.")
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Konzepts"))

    class Meta:
        verbose_name = _("Konzept")
        verbose_name_plural = _("Konzepte")
        ordering = ["-period", "title"]
        constraints = [
            models.UniqueConstraint(fields=["municipality", "slug"], name="concept_unique_slug"),
            models.CheckConstraint(condition=~Q(predecessor=F("id")), name="concept_not_its_own_predecessor"),
        ]

    def __str__(self) -> str:
        return self.title

    def clean(self) -> None:
        super().clean()
        if self.goal_level_names is None:  # an emptied text field; the column takes no NULL
            self.goal_level_names = []

    def touch(self) -> None:
        """Its title stands on other pages too, so the town's counter moves with its own."""
        super().touch()
        ConceptRevision.bump(self.pk)

    def get_absolute_url(self) -> str:
        return reverse("concepts:detail", args=[self.municipality.slug, self.slug])


class ConceptRevision(ChangeCounter):
    """Counts the changes inside a concept."""

    concept = models.OneToOneField(Concept, models.CASCADE, related_name="revision", primary_key=True)


class ConceptHistoryManager(models.Manager[Any]):
    def bulk_create(self, objs: Any, *args: Any, **kwargs: Any) -> Any:
        """Rows made all at once do not pass `save`; they learn of their concept here, in one query."""
        rows = list(objs)
        first, *rest = self.model.instance_type.concept_path.split("__")
        ids = {getattr(row, f"{first}_id") for row in rows}
        concepts = {pk: pk for pk in ids}
        if rest:
            parents: Any = self.model._meta.get_field(first).related_model
            found = parents._base_manager.filter(pk__in=ids)
            concepts = dict(found.values_list("pk", "__".join([*rest, "pk"])))
        for row in rows:
            if row.of_concept_id is None:
                row.of_concept_id = concepts.get(getattr(row, f"{first}_id"))
        return super().bulk_create(rows, *args, **kwargs)


class ConceptHistory(models.Model):
    """What an entry in the history of a part knows besides: its concept, also when the part is gone."""

    objects = ConceptHistoryManager()

    of_concept = models.ForeignKey(
        Concept, models.DO_NOTHING, null=True, blank=True, db_constraint=False, related_name="+"
    )

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.of_concept_id is None:
            self.of_concept_id = self.instance.own_concept().pk  # type: ignore[attr-defined]
        super().save(*args, **kwargs)


class ConceptPart(OwnedModel):
    """Something inside a concept. `concept_path` is the attribute path that leads to it."""

    concept_path: str = "concept"
    municipality_path = "concept__municipality"

    class Meta:
        abstract = True

    def own_concept(self) -> Concept:
        row: Any = self
        for name in self.concept_path.split("__"):
            row = getattr(row, name)
        return row

    def has_concept(self) -> bool:
        """False while a form is filled in and the parent is not chosen yet."""
        try:
            return self.own_concept() is not None
        except ObjectDoesNotExist:
            return False

    def check_one_concept(self) -> None:
        """Raise ValidationError where a foreign key leads into another concept."""
        if not self.has_concept():
            return  # the missing parent is reported by itself
        own = self.own_concept().pk
        for field in self._meta.concrete_fields:
            model = field.related_model
            if not isinstance(model, type) or not issubclass(model, ConceptPart):
                continue
            other = getattr(self, field.name) if getattr(self, field.attname) is not None else None
            if other is not None and other.own_concept().pk != own:
                raise ValidationError({field.name: _("„%s“ gehört zu einem anderen Konzept.") % other})

    def clean(self) -> None:
        super().clean()
        self.check_one_concept()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_one_concept()
        super().save(*args, **kwargs)

    def touch(self) -> None:
        ConceptRevision.bump(self.own_concept().pk)


class Chapter(ConceptPart):
    """Narrative text before or after the fields: Leitbild, Bestandsaufnahme, Steuerung …"""

    class Place(models.TextChoices):
        BEFORE = "before", _("vor den Handlungsfeldern")
        AFTER = "after", _("nach den Handlungsfeldern")

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="chapters", verbose_name=_("Konzept"))
    place = models.CharField(_("Stelle"), max_length=10, choices=Place, default=Place.BEFORE)
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Überschrift"), max_length=200)
    body = RichTextField(_("Text"))

    history = HistoricalRecords(verbose_name=_("Verlauf des Kapitels"), bases=[ConceptHistory])

    class Meta:
        verbose_name = _("Kapitel")
        verbose_name_plural = _("Kapitel")
        ordering = ["concept", "-place", "position"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "place", "position"], name="chapter_unique_position"),
        ]

    def __str__(self) -> str:
        return self.title


class ConceptVersion(FrozenModel):
    """A frozen, complete copy: what was sent to the council, or what it resolved.

    `content` is the structured copy as canonical JSON text, `sha256` its hash; `pdf` the printed form.
    """

    municipality_path = "concept__municipality"
    texts_with_pictures = ("content",)

    concept = models.ForeignKey(Concept, models.PROTECT, related_name="versions", verbose_name=_("Konzept"))
    number = models.PositiveSmallIntegerField(_("Nummer"))
    name = models.CharField(
        _("Name"), max_length=150, help_text=_("Zum Beispiel „Entwurf für den Integrationsrat“.")
    )
    content = models.TextField(_("Inhalt"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    pdf = models.OneToOneField(
        IssuedFile, models.PROTECT, related_name="concept_version", verbose_name=_("PDF")
    )

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Konzeptfassung")
        verbose_name_plural = _("Konzeptfassungen")
        ordering = ["concept", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["concept", "number"], name="concept_version_unique_number"),
            models.UniqueConstraint(fields=["concept", "name"], name="concept_version_unique_name"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def data(self) -> dict[str, Any]:
        return json.loads(self.content)
