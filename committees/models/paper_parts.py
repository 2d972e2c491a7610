"""What a paper consists of: its texts, points, attachments, signatures and ties to other papers."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.layouts import BELONGING, RelationKind
from committees.models.papers import (
    RELEASED_IS_FROZEN,
    Paper,
    PaperRevision,
    changed_columns,
    check_text_is_open,
    says_else,
)
from concepts.models import ActionField, ConceptVersion, Measure
from documents.models import IssuedFile
from documents.richtext import RichTextField
from municipalities.guards import Guard
from municipalities.models import Institution, Person
from municipalities.ownership import OwnedModel, OwnedQuerySet


class PaperPartQuerySet(OwnedQuerySet):
    """Rows of a paper are visible where the paper is."""

    def visible_to(self, user: Any) -> Self:
        return self.filter(paper__in=Paper.objects.visible_to(user))


class PartlyPublicQuerySet(PaperPartQuerySet):
    """Rows of a paper or of its stages of which some are only for those who may read what is not public.

    `paper_path` leads to the paper; `for_everybody` says which rows all may know who may read it.
    """

    paper_path = "paper"

    @classmethod
    def for_everybody(cls) -> Q:
        raise NotImplementedError

    def everybodys(self) -> Self:
        """Without what is not public."""
        return self.filter(self.for_everybody())

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        insiders = Q(**{f"{self.paper_path}__in": Paper.objects.open_to_insider(user)})
        readable = Q(**{f"{self.paper_path}__in": Paper.objects.visible_to(user)})
        return self.filter(readable, self.for_everybody() | insiders)


class MayBeNonPublicQuerySet(PartlyPublicQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        return Q(public=True)


class PaperPart(OwnedModel):
    """A row of a paper."""

    municipality_path = "paper__municipality"

    objects: ClassVar[Any] = PaperPartQuerySet.as_manager()

    class Meta:
        abstract = True

    def touch(self) -> None:
        PaperRevision.bump(self.paper_id)  # type: ignore[attr-defined]


class PaperText(PaperPart):
    """A row of what the paper says: written while it is not released, and then never again."""

    always_open: ClassVar[tuple[str, ...]] = ()
    """Columns that say who may read it, and may change at any time."""

    class Meta:
        abstract = True

    @classmethod
    def frozen_names(cls) -> list[str]:
        return [field.name for field in cls._meta.concrete_fields if field.name not in cls.always_open]

    @classmethod
    def guards(cls) -> list[Guard]:
        table = cls._meta.db_table
        changed = f"({changed_columns(cls, cls.frozen_names())}) AND "
        frozen = [_frozen_with(table, "id = {row}.paper_id", changed)]
        for many in cls._meta.local_many_to_many:
            through: Any = many.remote_field.through
            own = f"SELECT paper_id FROM {table} WHERE id = {{row}}.{cls._meta.model_name}_id"  # noqa: S608 - our own names
            frozen.append(_frozen_with(through._meta.db_table, f"id = ({own})"))
        return [*super().guards(), *(guard for guards in frozen for guard in guards)]

    def clean(self) -> None:
        super().clean()
        self.check_open()

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_open()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        check_text_is_open(self.paper)  # type: ignore[attr-defined]
        return super().delete(*args, **kwargs)

    def check_open(self) -> None:
        if self._state.adding or says_else(self, self.frozen_names()):
            check_text_is_open(self.paper)  # type: ignore[attr-defined]


class KeptBack(models.Model):
    """Why something of a paper is not public, and who decided that."""

    non_public_reason = models.CharField(
        _("Grund der Nichtöffentlichkeit"),
        max_length=200,
        blank=True,
        help_text=_("Leer gilt der Grund der Vorlage."),
    )
    non_public_by = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("Wer das entschieden hat"),
    )

    class Meta:
        abstract = True


class MayBeNonPublic(KeptBack, PaperText):
    """A part of a paper that can be kept from those who may not read what is not public."""

    always_open = ("public", "non_public_reason", "non_public_by")

    public = models.BooleanField(_("öffentlich"), default=True)

    objects: ClassVar[Any] = MayBeNonPublicQuerySet.as_manager()

    class Meta:
        abstract = True


def _frozen_with(table: str, which: str, changed: str = "") -> list[Guard]:
    """Guards that keep a row as it is once its paper is released; `which` finds the paper."""
    guards = []
    for event, row in (("INSERT", "NEW"), ("UPDATE", "NEW"), ("DELETE", "OLD")):
        paper = which.format(row=row)
        released = f"(SELECT state FROM committees_paper WHERE {paper}) = 'released'"  # noqa: S608 - our own names
        broken = f"{changed}{released}" if event == "UPDATE" else released
        guards.append(Guard(table, "released", broken, RELEASED_IS_FROZEN, (event,)))
    return guards


class Section(MayBeNonPublic):
    """Text of a paper, printed by the layout's block with the same key."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="sections", verbose_name=_("Vorlage"))
    key = models.CharField(_("Baustein"), max_length=60)
    body = RichTextField(_("Text"), blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf des Textes"))

    class Meta:
        verbose_name = _("Textabschnitt")
        verbose_name_plural = _("Textabschnitte")
        ordering = ["paper", "key"]
        constraints = [models.UniqueConstraint(fields=["paper", "key"], name="section_unique_key")]

    def __str__(self) -> str:
        return self.key


class ResolutionPoint(MayBeNonPublic):
    """A numbered point of the proposal, its reasons ("Zu 1)"), and the measures it is about."""

    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="resolution_points", verbose_name=_("Vorlage")
    )
    position = models.PositiveSmallIntegerField(_("Nummer"))
    text = RichTextField(_("Beschlusspunkt"))
    reasons = RichTextField(_("Begründung zu diesem Punkt"), blank=True)
    measures = models.ManyToManyField(
        Measure, related_name="resolution_points", blank=True, verbose_name=_("betrifft die Maßnahmen")
    )

    history = HistoricalRecords(verbose_name=_("Verlauf des Beschlusspunkts"), m2m_fields=[measures])

    class Meta:
        verbose_name = _("Beschlusspunkt")
        verbose_name_plural = _("Beschlusspunkte")
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="resolution_point_unique_position")
        ]

    def __str__(self) -> str:
        return f"{self.position}."


class Assessment(PaperText):
    """The answer to a printed question. No row, or `unanswered`, is not the same as "nein"."""

    class Answer(models.TextChoices):
        UNANSWERED = "unanswered", _("nicht angegeben")
        YES = "yes", _("ja")
        NO = "no", _("nein")
        OPEN = "open", _("noch nicht zu übersehen")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="assessments", verbose_name=_("Vorlage"))
    key = models.CharField(
        _("Baustein"),
        max_length=60,
        help_text=_("Schlüssel des Bausteins und der Frage: auswirkungen.finanziell"),
    )
    answer = models.CharField(_("Antwort"), max_length=12, choices=Answer, default=Answer.UNANSWERED)

    history = HistoricalRecords(verbose_name=_("Verlauf der Antwort"))

    class Meta:
        verbose_name = _("Antwort")
        verbose_name_plural = _("Antworten")
        ordering = ["paper", "key"]
        constraints = [models.UniqueConstraint(fields=["paper", "key"], name="assessment_unique_key")]

    def __str__(self) -> str:
        return f"{self.key}: {self.get_answer_display()}"


class PaperSignature(PaperText):
    """A line of the signature block: who signs, in which function, and under which heading."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="signatures", verbose_name=_("Vorlage"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    line_above = models.CharField(
        _("Zeile darüber"), max_length=80, blank=True, help_text=_("Zum Beispiel „In Vertretung“.")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="signatures", null=True, blank=True, verbose_name=_("Person")
    )
    function = models.CharField(_("Funktion"), max_length=100, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Unterschrift"))

    class Meta:
        verbose_name = _("Unterschrift")
        verbose_name_plural = _("Unterschriften")
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="paper_signature_unique_position"),
            models.CheckConstraint(
                condition=Q(person__isnull=False) | ~Q(function=""), name="paper_signature_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return str(self.person or self.function)


class PaperAttachment(MayBeNonPublic):
    """An Anlage: a frozen version of the concept, a file, or only a title for what lies elsewhere."""

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="attachments", verbose_name=_("Vorlage"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Titel"), max_length=200)
    concept_version = models.ForeignKey(
        ConceptVersion,
        models.PROTECT,
        related_name="attached_to",
        null=True,
        blank=True,
        verbose_name=_("Konzeptfassung"),
    )
    file = models.ForeignKey(
        IssuedFile, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Datei")
    )

    history = HistoricalRecords(verbose_name=_("Verlauf der Anlage"))

    class Meta:
        verbose_name = _("Anlage")
        verbose_name_plural = _("Anlagen")
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="paper_attachment_unique_position"),
            models.CheckConstraint(
                condition=Q(concept_version=None) | Q(file=None), name="paper_attachment_one_content"
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def issued_file(self) -> IssuedFile | None:
        return self.concept_version.pdf if self.concept_version else self.file


class PageReference(PaperText):
    """On which pages of the attached concept a field stands that the paper names ("S. 11 ff.")."""

    paper = models.ForeignKey(
        Paper, models.CASCADE, related_name="page_references", verbose_name=_("Vorlage")
    )
    field = models.ForeignKey(
        ActionField, models.CASCADE, related_name="page_references", verbose_name=_("Handlungsfeld")
    )
    pages = models.CharField(_("Seiten"), max_length=30, help_text=_("Zum Beispiel „S. 11 ff.“."))

    history = HistoricalRecords(verbose_name=_("Verlauf der Fundstelle"))

    class Meta:
        verbose_name = _("Fundstelle")
        verbose_name_plural = _("Fundstellen im Konzept")
        ordering = ["paper", "field"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "field"], name="page_reference_unique_field"),
            models.CheckConstraint(condition=~Q(pages=""), name="page_reference_has_pages"),
        ]

    def __str__(self) -> str:
        return f"{self.field}: {self.pages}"

    def clean(self) -> None:
        super().clean()
        if self.field_id and self.field.concept_id != self.paper.concept_id:
            raise ValidationError({"field": _("Dieses Handlungsfeld gehört nicht zum Konzept der Vorlage.")})


class PaperRelation(PaperPart):
    """A tie to another paper: in the portal, or named by its number only."""

    Kind = RelationKind

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="relations", verbose_name=_("Vorlage"))
    kind = models.CharField(_("Beziehung"), max_length=12, choices=Kind)
    other = models.ForeignKey(
        Paper,
        models.PROTECT,
        related_name="related_from",
        null=True,
        blank=True,
        verbose_name=_("andere Vorlage"),
    )
    other_number = models.CharField(_("Nummer der anderen Vorlage"), max_length=60, blank=True)
    note = models.CharField(_("Hinweis"), max_length=200, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Beziehung"))

    class Meta:
        verbose_name = _("Bezug")
        verbose_name_plural = _("Bezüge")
        ordering = ["paper", "kind"]
        constraints = [
            models.CheckConstraint(
                condition=Q(other__isnull=False) | ~Q(other_number=""), name="paper_relation_names_a_paper"
            ),
            models.CheckConstraint(
                condition=~Q(other=models.F("paper")), name="paper_relation_not_to_itself"
            ),
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(kind__in=BELONGING),
                name="paper_relation_belongs_to_one",
                violation_error_message=_("Diese Vorlage gehört schon zu einer anderen."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.other.number if self.other else self.other_number}"

    def clean(self) -> None:
        super().clean()
        if self.kind in BELONGING and self.other and self._leads_back():
            raise ValidationError(
                {"other": _("„%s“ gehört selbst zu dieser Vorlage. So entstünde ein Kreis.") % self.other}
            )

    def _leads_back(self) -> bool:
        """Whether the other paper belongs, directly or not, to this one."""
        place, seen = self.other_id, set()
        while place and place not in seen:
            if place == self.paper_id:
                return True
            seen.add(place)
            ties = PaperRelation.objects.filter(paper=place, kind__in=BELONGING)
            place = ties.values_list("other", flat=True).first()
        return False
