"""A paper on its way through the house: who was asked, and what each of them answered to which text."""

from __future__ import annotations

import datetime
from typing import Any, ClassVar

from django.db import models
from django.db.models import Exists, OuterRef, Q
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from committees.models.paper_parts import PaperPart, PaperPartQuerySet
from committees.models.papers import Paper, PaperRevision, concerned_by_signing
from committees.models.signing import Concern, Deputyship
from municipalities.guards import Guard, fixed
from municipalities.models import Person, User
from municipalities.ownership import OwnedModel, OwnedQuerySet


class SigningRoundQuerySet(PaperPartQuerySet):
    def returned_to(self, user: Any) -> SigningRoundQuerySet:
        """Those that came back to the user, who may still read the paper, and were not started anew since."""
        later = SigningRound.objects.filter(paper=OuterRef("paper"), number__gt=OuterRef("number"))
        mine = Q(started_by=user) | Q(paper__author__user=user)
        rows: SigningRoundQuerySet = self.visible_to(user).filter(
            mine, ~Exists(later), state=SigningRound.State.RETURNED, paper__state=Paper.State.DRAFT
        )
        return rows.select_related("paper__municipality")

    def to_release(self, user: Any) -> SigningRoundQuerySet:
        """Complete, and not yet released."""
        rows = self.filter(state=SigningRound.State.COMPLETED, paper__state=Paper.State.SIGNING)
        return rows.filter(paper__in=Paper.objects.visible_to(user)).select_related("paper__municipality")


class SigningRound(PaperPart):
    """From the start to the last signature, or until it is sent back. The next start is a new round."""

    class State(models.TextChoices):
        RUNNING = "running", _("läuft")
        COMPLETED = "completed", _("vollständig")
        RETURNED = "returned", _("zurückgegeben")
        CANCELLED = "cancelled", _("abgebrochen")

    CURRENT = (State.RUNNING, State.COMPLETED)

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="signing_rounds", verbose_name=_("Vorlage"))
    number = models.PositiveSmallIntegerField(_("Durchgang"))
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.RUNNING)
    started_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("begonnen von"))
    started_at = models.DateTimeField(_("begonnen am"), default=timezone.now)
    ended_at = models.DateTimeField(_("beendet am"), null=True, blank=True)
    reason = models.TextField(_("Grund"), max_length=1000, blank=True)

    objects: ClassVar[Any] = SigningRoundQuerySet.as_manager()

    class Meta:
        verbose_name = _("Durchgang der Mitzeichnung")
        verbose_name_plural = _("Durchgänge der Mitzeichnung")
        ordering = ["paper", "-number"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "number"], name="signing_round_unique_number"),
            models.UniqueConstraint(
                fields=["paper"],
                condition=Q(state__in=["running", "completed"]),
                name="signing_round_one_current",
            ),
        ]

    def __str__(self) -> str:
        return _("%(number)d. Durchgang: %(paper)s") % {"number": self.number, "paper": self.paper}

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), fixed(cls, "paper")]

    @property
    def is_current(self) -> bool:
        return self.state in self.CURRENT


class SigningRequestQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> SigningRequestQuerySet:
        return self.filter(round__paper__in=Paper.objects.visible_to(user))

    def asked(self) -> SigningRequestQuerySet:
        """Those that wait for an answer now."""
        return self.filter(state=SigningRequest.State.ASKED, round__state=SigningRound.State.RUNNING).exclude(
            round__paper__state=Paper.State.RELEASED
        )

    def counting(self) -> SigningRequestQuerySet:
        """Signatures that have not been overtaken by a change."""
        return self.filter(state__in=SigningRequest.SIGNED)

    def waiting_for(self, user: Any) -> SigningRequestQuerySet:
        """What the user is asked: for themselves, or because somebody is away."""
        return self.asked().filter(_person_is(user) | Q(person__in=_persons_of(user, absent_only=True)))

    def to_decide(self, user: Any) -> SigningRequestQuerySet:
        """What the user may sign, also where the one who is asked is there."""
        return self.asked().filter(_person_is(user) | Q(person__in=_persons_of(user)))

    def concerning(self, user: Any) -> SigningRequestQuerySet:
        """What opens the paper to the user, because they were asked or sign for somebody today."""
        return self.filter(concerned_by_signing(user, round_="round__", paper="round__paper__"))

    def with_all(self) -> SigningRequestQuerySet:
        return self.select_related(
            "person__user", "decided_by", "repeats", "round__paper__municipality", "round__started_by"
        )


def _person_is(user: Any) -> Q:
    return Q(person__user=user)


def _persons_of(user: Any, *, absent_only: bool = False) -> Any:
    """The ids of those for whom the user signs today."""
    rows = Deputyship.objects.of_absent() if absent_only else Deputyship.objects.in_force()
    return rows.filter(deputy__user=user).values("person")


class SigningRequest(OwnedModel):
    """One who is asked. Answered, it stays as it is: asked again, that is a new row that `repeats` this one.

    `content` is what was answered to.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("noch nicht an der Reihe")
        ASKED = "asked", _("gefragt")
        SIGNED = "signed", _("gezeichnet")
        SIGNED_WITH_REMARK = "signed_with_remark", _("mit Bemerkung gezeichnet")
        RETURNED = "returned", _("zurückgegeben")
        OVERTAKEN = "overtaken", _("durch Änderung überholt")
        LEFT_OUT = "left_out", _("ausgelassen")
        CANCELLED = "cancelled", _("nicht mehr gefragt")

    SIGNED = (State.SIGNED, State.SIGNED_WITH_REMARK)
    OPEN = (State.WAITING, State.ASKED)

    municipality_path = "round__paper__municipality"

    round = models.ForeignKey(
        SigningRound, models.CASCADE, related_name="requests", verbose_name=_("Durchgang")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Bezeichnung"), max_length=80)
    person = models.ForeignKey(
        Person,
        models.PROTECT,
        related_name="signing_requests",
        null=True,
        blank=True,
        verbose_name=_("Person"),
    )
    by_author = models.BooleanField(_("Sachbearbeitung"), default=False)
    concerns = models.CharField(_("zeichnet"), max_length=10, choices=Concern, default=Concern.EVERYTHING)
    for_free = models.BooleanField(
        _("ausgelassen, weil keine Kosten entstehen"),
        default=False,
        help_text=_("Gefragt, sobald es anders ist."),
    )
    days = models.PositiveSmallIntegerField(_("Frist in Tagen"), default=5)
    state = models.CharField(_("Stand"), max_length=20, choices=State, default=State.WAITING)
    asked_at = models.DateTimeField(_("gefragt am"), null=True, blank=True)
    due_on = models.DateField(_("Frist"), null=True, blank=True)
    decided_at = models.DateTimeField(_("entschieden am"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("entschieden von")
    )
    remark = models.TextField(_("Bemerkung oder Grund"), max_length=2000, blank=True)
    content = models.JSONField(_("gezeichneter Stand"), null=True, blank=True)
    repeats = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="repeated_by",
        null=True,
        blank=True,
        verbose_name=_("fragt noch einmal"),
    )

    objects: ClassVar[Any] = SigningRequestQuerySet.as_manager()

    class Meta:
        verbose_name = _("Mitzeichnung")
        verbose_name_plural = _("Mitzeichnungen")
        ordering = ["round", "position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="left_out") | Q(person__isnull=False), name="signing_request_asks_somebody"
            ),
            models.CheckConstraint(
                condition=Q(
                    state__in=["signed", "signed_with_remark", "returned", "overtaken"],
                    decided_at__isnull=False,
                    decided_by__isnull=False,
                    content__isnull=False,
                )
                | Q(
                    state__in=["waiting", "asked", "left_out", "cancelled"],
                    decided_at=None,
                    decided_by=None,
                ),
                name="signing_request_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(state__in=["signed_with_remark", "returned", "left_out"]) | ~Q(remark=""),
                name="signing_request_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}: {self.person or '–'}"

    @classmethod
    def guards(cls) -> list[Guard]:
        kept = ("person_id", "title", "concerns", "decided_at", "decided_by_id", "remark", "content")
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in kept)
        changed += " OR NEW.state NOT IN (OLD.state, 'overtaken')"
        return [
            *super().guards(),
            fixed(cls, "round"),
            Guard(
                cls._meta.db_table,
                "answer_stays",
                f"OLD.decided_at IS NOT NULL AND ({changed})",
                "a signature stays as it is",
                ("UPDATE",),
            ),
        ]

    def get_absolute_url(self) -> str:
        paper = self.round.paper
        return reverse("committees:countersign", args=[paper.municipality.slug, paper.pk, self.pk])

    def touch(self) -> None:
        PaperRevision.bump(self.round.paper_id)

    @property
    def is_signed(self) -> bool:
        return self.state in self.SIGNED

    @property
    def by_deputy(self) -> bool:
        """Somebody else than the one who was asked has answered."""
        return bool(self.decided_by_id and self.person and self.person.user_id != self.decided_by_id)

    @property
    def overdue(self) -> bool:
        return self.state == self.State.ASKED and self.is_past(timezone.localdate())

    def is_past(self, day: datetime.date) -> bool:
        return self.due_on is not None and self.due_on < day

    def seen_before(self) -> dict[str, Any] | None:
        """What the one who is asked has signed before; None for who is asked for the first time."""
        return self.repeats.content if self.repeats else None
