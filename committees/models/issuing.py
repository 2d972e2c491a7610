"""What left the house: the PDFs of the stages, how they were made, and which were called back."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.db.models.functions import Coalesce
from django.utils.translation import gettext_lazy as _

from committees.models.amendments import Amendment
from committees.models.meetings import AgendaItem
from committees.models.paper_parts import PaperAttachment, PaperPart, ResolutionPoint, Section
from committees.models.papers import Paper, PaperRevision
from committees.models.route import Consultation, result_for_everybody
from documents.models import FrozenModel, FrozenQuerySet, IssuedFile, when_issued
from municipalities.models import User
from municipalities.ownership import OwnedModel


def _for_everybody() -> Q:
    """Of issues: nothing in it is kept from others, also not since it left the house."""
    return (
        Q(public=True)
        & ~Q(consultation__treatment=Consultation.Treatment.NON_PUBLIC)
        & ~Q(_with_parts_closed_since(Section))
        & ~Q(_with_parts_closed_since(ResolutionPoint))
        & ~Q(_with_parts_closed_since(PaperAttachment))
        & ~Q(_with_results_closed_since())
        & ~Q(_with_closed_stages_gone())
    )


def _with_closed_stages_gone() -> Exists:
    gone = Consultation.history.filter(
        _kept_back(),
        paper_id=OuterRef("consultation__paper"),
        history_type="-",
        history_date__gt=OuterRef("file__issued_at"),
    )
    return Exists(gone)


def _kept_back() -> Q:
    return Q(result_public=False) | Q(treatment=Consultation.Treatment.NON_PUBLIC)


def _with_parts_closed_since(model: Any) -> Exists:
    (public,) = when_issued(model, "public")
    closed = model.objects.filter(paper=OuterRef("consultation__paper"), public=False)
    return Exists(closed.annotate(was_public=public).filter(was_public=True))


def _with_results_closed_since() -> Exists:
    """Stages that had told a result, or why they were left out, or had changed a text, and are not public
    now; or were not in between, and tell another result now."""
    then = dict(
        zip(
            ("was_result", "was_outcome", "why_left_out", "was_public", "was_treated", "was_item"),
            when_issued(
                Consultation,
                *("result", "outcome", "left_out_reason", "result_public", "treatment", "agenda_item_id"),
            ),
            strict=True,
        )
    )
    (item_public,) = when_issued(AgendaItem, "public", of="was_item")
    issued_at = OuterRef(OuterRef("file__issued_at"))
    moved = Amendment.history.filter(consultation_id=OuterRef("pk"), history_date__lte=issued_at)
    between = Consultation.history.filter(_kept_back(), id=OuterRef("pk"), history_date__gt=issued_at)
    return Exists(
        Consultation.objects.filter(paper=OuterRef("consultation__paper"))
        .annotate(**then)
        .annotate(item_was_public=Coalesce(item_public, True))
        .filter(~result_for_everybody() | Q(Exists(between)) & ~Q(was_result=F("result")))
        .filter(Q(was_result__gt="") | Q(was_outcome__gt="") | Q(why_left_out__gt="") | Q(Exists(moved)))
        .filter(was_public=True, item_was_public=True)
        .exclude(was_treated=Consultation.Treatment.NON_PUBLIC)
    )


class IssuedPaperQuerySet(FrozenQuerySet):
    def everybodys(self) -> Self:
        """Without those in which something is not public, be it since they were issued."""
        return self.filter(_for_everybody())

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        papers = Paper.objects
        insiders = Q(consultation__paper__in=papers.open_to_insider(user))
        return self.filter(_for_everybody() | insiders, consultation__paper__in=papers.visible_to(user))

    def in_order(self) -> IssuedPaperQuerySet:
        """The newest number first, the complete one before the public one; the files without their bytes."""
        ordered: Any = self.order_by("consultation", "-number", "public").select_related("file")
        found: IssuedPaperQuerySet = ordered.defer("file__content")
        return found


class IssuedPaper(FrozenModel):
    """The PDF of one stage as it left the house. A correction is a new issue; the old one stays."""

    municipality_path = "consultation__paper__municipality"

    consultation = models.ForeignKey(
        Consultation, models.PROTECT, related_name="issues", verbose_name=_("Beratung")
    )
    number = models.PositiveSmallIntegerField(_("Ausfertigung"))
    public = models.BooleanField(
        _("öffentliche Fassung"),
        default=True,
        help_text=_("Nein bei dem PDF, in dem auch steht, was nicht öffentlich ist."),
    )
    file = models.OneToOneField(
        IssuedFile, models.PROTECT, related_name="issued_paper", verbose_name=_("Datei")
    )
    reason = models.CharField(_("Grund der neuen Ausfertigung"), max_length=300, blank=True)

    objects: ClassVar[Any] = IssuedPaperQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Ausfertigung")
        verbose_name_plural = _("Ausfertigungen")
        ordering = ["consultation", "-number"]
        constraints = [
            models.UniqueConstraint(
                fields=["consultation", "number", "public"], name="issued_paper_unique_number"
            ),
            models.CheckConstraint(
                condition=Q(number=1) | ~Q(reason=""),
                name="issued_paper_again_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der neuen Ausfertigung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.consultation.committee_names()}, {self.number}. Ausfertigung"

    def touch(self) -> None:
        PaperRevision.bump(self.consultation.paper_id)

    @property
    def called_back(self) -> bool:
        return hasattr(self, "recall")


class RecallQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> RecallQuerySet:
        return self.filter(issued_paper__in=IssuedPaper.objects.visible_to(user))


class Recall(FrozenModel):
    """An issue that is no longer valid. It stays readable; a new issue takes its place."""

    municipality_path = "issued_paper__consultation__paper__municipality"

    issued_paper = models.OneToOneField(
        IssuedPaper, models.PROTECT, related_name="recall", verbose_name=_("Ausfertigung")
    )
    reason = models.CharField(_("Grund des Rückrufs"), max_length=300)
    recalled_at = models.DateTimeField(_("zurückgerufen am"), auto_now_add=True)
    recalled_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("zurückgerufen von")
    )

    objects: ClassVar[Any] = RecallQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Rückruf")
        verbose_name_plural = _("Rückrufe")
        ordering = ["-recalled_at"]
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="recall_has_reason")]

    def __str__(self) -> str:
        return f"{self.issued_paper}: {self.reason}"

    def touch(self) -> None:
        PaperRevision.bump(self.issued_paper.consultation.paper_id)


class IssuingRun(PaperPart):
    """Somebody has asked for the PDFs of several stages; they are issued one after the other.

    A process that dies leaves the run as far as it has come, and another goes on with it.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        RUNNING = "running", _("läuft")
        DONE = "done", _("fertig")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="issuing_runs", verbose_name=_("Vorlage"))
    reason = models.CharField(_("Grund der neuen Ausfertigung"), max_length=300, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.WAITING)
    started_at = models.DateTimeField(_("begonnen am"), auto_now_add=True)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("begonnen von"))
    claimed_at = models.DateTimeField(_("zuletzt bearbeitet"), null=True, blank=True)

    class Meta:
        verbose_name = _("Ausfertigungslauf")
        verbose_name_plural = _("Ausfertigungsläufe")
        ordering = ["-started_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(state__in=["waiting", "running"]),
                name="issuing_run_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.paper} ({self.get_state_display()})"

    def touch(self) -> None:
        """What it brings forth moves the paper's counter, not the waiting."""

    @property
    def number_of_orders(self) -> int:
        return len(self.orders.all())

    @property
    def number_done(self) -> int:
        return sum(not order.open for order in self.orders.all())

    @property
    def problems(self) -> list[IssuingOrder]:
        return [order for order in self.orders.all() if order.problem]


class IssuingOrder(OwnedModel):
    """A stage of a run: issued, refused with a sentence, or still to come."""

    municipality_path = "run__paper__municipality"

    run = models.ForeignKey(IssuingRun, models.CASCADE, related_name="orders", verbose_name=_("Lauf"))
    consultation = models.ForeignKey(
        Consultation, models.CASCADE, related_name="issuing_orders", verbose_name=_("Beratung")
    )
    issued_paper = models.OneToOneField(
        IssuedPaper,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="order",
        verbose_name=_("Ausfertigung"),
    )
    problem = models.CharField(_("Hindernis"), max_length=500, blank=True)

    class Meta:
        verbose_name = _("Auftrag zur Ausfertigung")
        verbose_name_plural = _("Aufträge zur Ausfertigung")
        ordering = ["run", "consultation__position"]
        constraints = [
            models.UniqueConstraint(fields=["run", "consultation"], name="issuing_order_once_per_stage"),
            models.CheckConstraint(
                condition=Q(issued_paper=None) | Q(problem=""), name="issuing_order_one_outcome"
            ),
        ]

    def __str__(self) -> str:
        return str(self.consultation)

    @property
    def open(self) -> bool:
        return self.issued_paper_id is None and not self.problem

    def touch(self) -> None:
        """What it brings forth moves the paper's counter, not the order."""
