"""What becomes of a resolution: the measures' decisions, and the tasks of the Beschlusskontrolle."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.amendments import of_secret_measure
from committees.models.paper_parts import PaperPart, PartlyPublicQuerySet
from committees.models.papers import Paper, PaperRevision
from committees.models.results import OfStageQuerySet, ResolvedPoint
from committees.models.route import Consultation, result_for_everybody
from concepts.models import ConceptRevision, ConceptVersion, Measure
from documents.models import FrozenModel, FrozenQuerySet
from documents.richtext import RichTextField, plain_text
from municipalities.guards import Guard, fixed
from municipalities.models import Institution, Person, User
from municipalities.ownership import OwnedModel


class MeasureDecisionQuerySet(OfStageQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        """Not of a measure that a point of the paper names which is not public."""
        return super().for_everybody() & ~Q(of_secret_measure("consultation__paper", "measure"))


class MeasureDecision(OwnedModel):
    """What the council decided about a measure, with the stage that did; its paper and day follow."""

    class Kind(models.TextChoices):
        ADOPTED = "adopted", _("beschlossen")
        AMENDED = "amended", _("geändert beschlossen")
        REJECTED = "rejected", _("abgelehnt")
        BUDGET = "budget", _("beschlossen vorbehaltlich der Haushaltslage")

    municipality_path = "measure__concept__municipality"

    measure = models.ForeignKey(
        Measure, models.PROTECT, related_name="council_decisions", verbose_name=_("Maßnahme")
    )
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="measure_decisions", verbose_name=_("Beratung")
    )
    kind = models.CharField(_("Entscheidung"), max_length=10, choices=Kind)
    note = models.CharField(_("Hinweis"), max_length=300, blank=True)

    objects: ClassVar[Any] = MeasureDecisionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Entscheidung"))

    class Meta:
        verbose_name = _("Entscheidung über eine Maßnahme")
        verbose_name_plural = _("Entscheidungen über Maßnahmen")
        ordering = ["measure", "consultation__meeting__date", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["measure", "consultation"], name="measure_decision_once")
        ]

    def __str__(self) -> str:
        return f"{self.measure}: {self.get_kind_display()}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "measure"), fixed(cls, "consultation")]

    def touch(self) -> None:
        """It stands with the measure and with the paper."""
        ConceptRevision.bump(self.measure.concept_id)
        PaperRevision.bump(self.consultation.paper_id)


class ResolvedVersion(FrozenModel):
    """The concept as the council resolved it: the version that was frozen after the decision."""

    municipality_path = "consultation__paper__municipality"

    consultation = models.OneToOneField(
        Consultation, models.PROTECT, related_name="resolved_version", verbose_name=_("Beratung")
    )
    version = models.OneToOneField(
        ConceptVersion, models.PROTECT, related_name="resolved_by", verbose_name=_("Konzeptfassung")
    )

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Beschlossene Fassung")
        verbose_name_plural = _("Beschlossene Fassungen")
        ordering = ["consultation"]

    def __str__(self) -> str:
        return str(self.version)

    def touch(self) -> None:
        ConceptRevision.bump(self.version.concept_id)
        PaperRevision.bump(self.consultation.paper_id)


class ResolutionTaskQuerySet(PartlyPublicQuerySet):
    @classmethod
    def for_everybody(cls) -> Q:
        """Neither of a paper or a point that is not public, nor of a stage whose result is not."""
        of_point = Q(resolved_point__point=None) | Q(resolved_point__point__public=True)
        return of_point & Q(paper__public=True) & result_for_everybody("consultation__")

    def visible_to(self, user: Any) -> Self:
        """What came of a paper; and what somebody has to do they know of, whatever it comes from."""
        if not user.is_authenticated:
            return self.none()
        readable = Q(paper__in=Paper.objects.visible_to(user)) & self.for_everybody()
        insiders = Q(paper__in=Paper.objects.open_to_insider(user))
        return self.in_towns_of(user).filter(readable | insiders | _responsible(user))

    def concerning(self, user: Any) -> Self:
        """Those that the user, or their office, is responsible for."""
        return self.in_towns_of(user).filter(_responsible(user)) if user.is_authenticated else self.none()

    def still_open(self) -> Self:
        return self.filter(state__in=ResolutionTask.OPEN)

    def overdue(self, day: datetime.date | None = None) -> Self:
        return self.still_open().filter(due__lt=day or timezone.localdate())


def _responsible(user: Any) -> Q:
    """A person by name; an office's people as far as they hold a role in the town."""
    offices = Q(institution__in=user.access.institutions, paper__municipality__in=user.access.towns_with())
    return Q(person__user=user) | offices


class ResolutionTask(PaperPart):
    """What is to be done because of a resolution: who, until when, how far (Beschlusskontrolle)."""

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        RUNNING = "running", _("in Arbeit")
        DONE = "done", _("erledigt")
        DROPPED = "dropped", _("entfallen")

    OPEN = (State.OPEN, State.RUNNING)

    paper = models.ForeignKey(Paper, models.PROTECT, related_name="tasks", verbose_name=_("Vorlage"))
    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="tasks", verbose_name=_("beschlossen in")
    )
    resolved_point = models.ForeignKey(
        ResolvedPoint,
        models.PROTECT,
        related_name="tasks",
        null=True,
        blank=True,
        verbose_name=_("Beschlusspunkt"),
    )
    title = models.CharField(_("Auftrag"), max_length=300)
    institution = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="resolution_tasks",
        null=True,
        blank=True,
        verbose_name=_("zuständige Stelle"),
    )
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="resolution_tasks",
        null=True,
        blank=True,
        verbose_name=_("zuständige Person"),
    )
    due = models.DateField(_("Frist"), null=True, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.OPEN)
    reminded_at = models.DateTimeField(_("zuletzt erinnert"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = ResolutionTaskQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Auftrags"))

    class Meta:
        verbose_name = _("Auftrag aus einem Beschluss")
        verbose_name_plural = _("Aufträge aus Beschlüssen")
        ordering = ["due", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["resolved_point"],
                condition=Q(resolved_point__isnull=False),
                name="resolution_task_once_per_point",
            )
        ]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("committees:task", args=[self.paper.municipality.slug, self.pk])

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "paper"), fixed(cls, "consultation")]

    @property
    def open(self) -> bool:
        return self.state in self.OPEN

    @property
    def overdue(self) -> bool:
        return self.open and self.due is not None and self.due < timezone.localdate()


class TaskReportQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> TaskReportQuerySet:
        return self.filter(task__in=ResolutionTask.objects.visible_to(user))


class TaskReport(FrozenModel):
    """What the responsible office says about a task, and where it stood then."""

    municipality_path = "task__paper__municipality"

    task = models.ForeignKey(
        ResolutionTask, models.PROTECT, related_name="reports", verbose_name=_("Auftrag")
    )
    state = models.CharField(_("Stand"), max_length=10, choices=ResolutionTask.State)
    text = RichTextField(_("Bericht"), blank=True)
    at = models.DateTimeField(_("am"), auto_now_add=True)
    by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("von"))

    objects: ClassVar[Any] = TaskReportQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Bericht zum Auftrag")
        verbose_name_plural = _("Berichte zu Aufträgen")
        ordering = ["task", "-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.task}: {self.get_state_display()}"

    @property
    def words(self) -> str:
        """The report without its markup, for a line of a list."""
        return plain_text(self.text)

    def touch(self) -> None:
        PaperRevision.bump(self.task.paper_id)
