"""Measures that members propose. What is said of them stands in `talk`, what became of them in `decisions`.

The way of an original goes along three kinds of step: it was taken over (`ProposalMeasure`), it went up in
another one (`Decision.merged_into`), or it was divided into several (`MeasureProposal.split_from`). A step
only ever leads on from a proposal that had none before, so no way runs in a circle.
"""

from __future__ import annotations

import uuid
from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.urls import reverse
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from concepts.models import ActionField, Goal
from municipalities.guards import Guard
from municipalities.models import Person, Role, User
from municipalities.ownership import OwnedModel, OwnedQuerySet
from participation.models.events import Event
from participation.models.groups import Group, Seat
from participation.models.process import Process, moderated_by

LONGEST_TEXT = 5000
RIGHT_TO_LEFT = {"ar", "fa", "ckb"}
STAFF = (Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
"""Who handles proposals; for a row at hand see `permissions.may_manage`."""


class SaidModel(OwnedModel):
    """Said or decided in a process. Neither the concept's pages nor its PDF show it."""

    class Meta:
        abstract = True

    def touch(self) -> None:
        """Leaves the counter of the town alone."""


class MeasureProposalQuerySet(OwnedQuerySet):
    def delete(self) -> tuple[int, dict[str, int]]:
        if self.exclude(state=MeasureProposal.State.DRAFT).exists():
            refuse_loss()
        return super().delete()

    def visible_to(self, user: Any) -> Self:
        """Submitted ones for the staff, for the members of their process and for those who guide it from
        outside; drafts for who writes them."""
        if not user.is_authenticated:
            return self.none()
        inside = Q(process__municipality__in=user.access.municipality_ids)
        member = Seat.objects.held_now().filter(person__user=user).values("group__process")
        takes_part = (
            Q(process__municipality__in=user.access.towns_with(*STAFF))
            | (inside & Q(process__in=member))
            | Q(process__in=moderated_by(user))
        )
        submitted = ~Q(state=MeasureProposal.State.DRAFT) & takes_part
        return self.filter(submitted | (inside & (Q(entered_by=user) | Q(submitter=user))))

    def handled_by(self, user: Any) -> Self:
        """What the user decides about."""
        rows = self.exclude(state=MeasureProposal.State.DRAFT)
        return rows.filter(process__municipality__in=user.access.towns_with(*STAFF))

    def open(self) -> Self:
        return self.filter(state__in=MeasureProposal.OPEN)

    def decided_inside(self) -> Self:
        """Decided, and nobody outside knows."""
        return self.filter(decision__published_at=None, decision__isnull=False)

    def with_all(self) -> Self:
        """With what lists and pages name."""
        return self.select_related(
            "process__municipality", "process__concept__municipality", "field", "goal", "group", "event",
            "decision__merged_into", "decision__group", "split_from",
        )  # fmt: skip


class MeasureProposal(SaidModel):
    """A measure that somebody proposes, in their own words.

    Title and text stay as they were when it is submitted; the German wording beside them may be edited.
    `submitter` is empty for a slip of paper, which `entered_by` has typed; `submitter_name` says who it was.
    A part of a divided proposal has `split_from`; its words are the staff's, the original's stand there.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        SUBMITTED = "submitted", _("eingereicht")
        REVIEW = "review", _("in Prüfung")
        QUESTION = "question", _("Rückfrage offen")
        DECIDED = "decided", _("entschieden")
        SPLIT = "split", _("aufgeteilt")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    class Language(models.TextChoices):
        DE = "de", "Deutsch"
        AR = "ar", "العربية (Arabisch)"
        BG = "bg", "български (Bulgarisch)"
        EN = "en", "English (Englisch)"
        ES = "es", "español (Spanisch)"
        FA = "fa", "فارسی (Persisch, Dari)"
        FR = "fr", "français (Französisch)"
        IT = "it", "italiano (Italienisch)"
        KMR = "kmr", "kurdî (Kurmandschi)"
        CKB = "ckb", "سۆرانی (Sorani)"
        PL = "pl", "polski (Polnisch)"
        RO = "ro", "română (Rumänisch)"
        RU = "ru", "русский (Russisch)"
        SH = "sh", "bosanski, hrvatski, srpski"
        SQ = "sq", "shqip (Albanisch)"
        TA = "ta", "தமிழ் (Tamil)"
        TI = "ti", "ትግርኛ (Tigrinya)"
        TR = "tr", "Türkçe (Türkisch)"
        UK = "uk", "українська (Ukrainisch)"
        VI = "vi", "tiếng Việt (Vietnamesisch)"
        OTHER = "und", _("eine andere Sprache")

    class CarryOut(models.TextChoices):
        YES = "yes", _("Ja, das würde ich oder würden wir selbst umsetzen")
        NO = "no", _("Nein, das sollten andere umsetzen")

    OPEN: ClassVar = (State.SUBMITTED, State.REVIEW, State.QUESTION)
    # What nobody changes any more once it is submitted.
    IMMUTABLE: ClassVar = (
        "process", "split_from", "submitter", "person", "submitter_name", "entered_by", "group", "event",
        "language", "title", "text", "carry_out", "submitted_at",
    )  # fmt: skip

    municipality_path = "process__municipality"

    process = models.ForeignKey(
        Process, models.PROTECT, related_name="proposals", verbose_name=_("Beteiligungsprozess")
    )
    split_from = models.ForeignKey(
        "self",
        models.PROTECT,
        related_name="parts",
        null=True,
        blank=True,
        verbose_name=_("abgeteilt von"),
    )
    field = models.ForeignKey(
        ActionField,
        models.PROTECT,
        related_name="proposals",
        null=True,
        blank=True,
        verbose_name=_("Handlungsfeld"),
    )
    goal = models.ForeignKey(
        Goal, models.SET_NULL, related_name="proposals", null=True, blank=True, verbose_name=_("Ziel")
    )
    group = models.ForeignKey(
        Group, models.PROTECT, related_name="proposals", null=True, blank=True, verbose_name=_("Gruppe")
    )
    event = models.ForeignKey(
        Event,
        models.PROTECT,
        related_name="proposals",
        null=True,
        blank=True,
        verbose_name=_("Veranstaltung"),
    )
    submitter = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("vorgeschlagen von")
    )
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="proposals", null=True, blank=True, verbose_name=_("Person")
    )
    submitter_name = models.CharField(_("Name"), max_length=100, blank=True)
    entered_by = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("eingegeben von"))
    form_key = models.UUIDField(_("Kennzeichen des Formulars"), default=uuid.uuid4, editable=False)
    language = models.CharField(_("Sprache"), max_length=3, choices=Language, default=Language.DE)
    title = models.CharField(_("Titel"), max_length=200, blank=True)
    text = models.TextField(_("Vorschlag im Wortlaut"), max_length=LONGEST_TEXT, blank=True)
    german_title = models.CharField(_("Titel auf Deutsch"), max_length=200, blank=True)
    german_text = models.TextField(_("Deutsche Fassung"), max_length=LONGEST_TEXT, blank=True)
    carry_out = models.CharField(_("Umsetzung"), max_length=3, choices=CarryOut, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.DRAFT)
    created_at = models.DateTimeField(_("begonnen am"), auto_now_add=True)
    submitted_at = models.DateTimeField(_("eingereicht am"), null=True, blank=True)
    withdrawn_at = models.DateTimeField(_("zurückgezogen am"), null=True, blank=True)

    objects: ClassVar[Any] = MeasureProposalQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Vorschlags"))

    class Meta:
        verbose_name = _("Vorschlag")
        verbose_name_plural = _("Vorschläge")
        ordering = ["process", "-submitted_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["entered_by", "form_key"], name="proposal_sent_once"),
            models.CheckConstraint(
                condition=Q(state="draft", submitted_at=None)
                | (~Q(state="draft") & Q(submitted_at__isnull=False) & ~Q(title="") & ~Q(text="")),
                name="proposal_submitted_with_words",
            ),
            models.CheckConstraint(
                condition=Q(state="draft") | ~Q(submitter_name=""), name="proposal_from_somebody"
            ),
            models.CheckConstraint(
                condition=Q(state="withdrawn", withdrawn_at__isnull=False)
                | (~Q(state="withdrawn") & Q(withdrawn_at=None)),
                name="proposal_withdrawn_at_a_time",
            ),
            models.CheckConstraint(
                condition=Q(split_from=None) | ~Q(split_from=F("id")), name="proposal_not_its_own_part"
            ),
        ]

    def __str__(self) -> str:
        return self.german_title or self.title or str(_now("Vorschlag ohne Titel"))

    @classmethod
    def guards(cls) -> list[Guard]:
        table = cls._meta.db_table
        columns = cls.immutable_columns()
        changed = " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)
        return [
            *super().guards(),
            Guard(
                table,
                "original_stays",
                f"OLD.state <> 'draft' AND ({changed})",
                "what was submitted stays as it is",
                ("UPDATE",),
            ),
            Guard(
                table,
                "no_way_back",
                "OLD.state <> 'draft' AND NEW.state = 'draft'",
                "what was submitted is no draft any more",
                ("UPDATE",),
            ),
            Guard(
                table,
                "last_word",
                "OLD.state IN ('withdrawn', 'split') AND NEW.state <> OLD.state",
                "a withdrawn or divided proposal stays so",
                ("UPDATE",),
            ),
        ]

    @classmethod
    def immutable_columns(cls) -> list[str]:
        return [field.attname for field in cls._meta.concrete_fields if field.name in cls.IMMUTABLE]

    def get_absolute_url(self) -> str:
        return reverse("participation:proposal", args=[self.process.municipality.slug, self.pk])

    def save(self, *args: Any, **kwargs: Any) -> None:
        self.check_places()
        self.check_original()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.state != self.State.DRAFT:
            refuse_loss()
        return super().delete(*args, **kwargs)

    def clean(self) -> None:
        super().clean()
        self.check_places()

    def check_places(self) -> None:
        """Raise ValidationError where field, goal, group or event belong to another concept or process."""
        concept = self.process.concept_id
        wrong: dict[str, str] = {}
        if self.field is not None and self.field.concept_id != concept:
            wrong["field"] = _now("Dieses Handlungsfeld gehört nicht zum Konzept des Prozesses.")
        if self.goal is not None and (self.field is None or self.goal.field_id != self.field_id):
            wrong["goal"] = _now("Dieses Ziel steht nicht in dem gewählten Handlungsfeld.")
        if self.group is not None and self.group.process_id != self.process_id:
            wrong["group"] = _now("Diese Gruppe gehört nicht zu dem Prozess.")
        if self.event is not None and self.event.process_id != self.process_id:
            wrong["event"] = _now("Diese Veranstaltung gehört nicht zu dem Prozess.")
        if wrong:
            raise ValidationError(wrong)

    def check_original(self) -> None:
        """Raise ValidationError where something would change that was submitted."""
        if self._state.adding:
            return
        columns = self.immutable_columns()
        before = MeasureProposal.objects.filter(pk=self.pk).values("state", *columns).first()
        if before is None or before["state"] == self.State.DRAFT:
            return
        if any(before[column] != getattr(self, column) for column in columns):
            raise ValidationError(
                _now(
                    "Ein eingereichter Vorschlag bleibt in seinem Wortlaut, wie er ist. "
                    "Ändern lässt sich die deutsche Fassung daneben."
                )
            )
        if self.state == self.State.DRAFT:
            raise ValidationError(_now("Ein eingereichter Vorschlag wird nicht wieder zum Entwurf."))

    @property
    def is_open(self) -> bool:
        """Submitted, and nothing is decided yet."""
        return self.state in self.OPEN

    @property
    def is_open_outside(self) -> bool:
        """As far as anybody knows who is not of the staff."""
        decision = self.decision_or_none()
        return self.is_open or bool(
            self.state == self.State.DECIDED and decision and not decision.is_published
        )

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_german(self) -> bool:
        return self.language == self.Language.DE

    @property
    def title_in_german(self) -> str:
        return self.german_title or self.title

    @property
    def text_in_german(self) -> str:
        return self.german_text or self.text

    @property
    def has_german_wording(self) -> bool:
        """Whether there is one beside the original."""
        return bool(self.german_title or self.german_text)

    @property
    def lacks_german(self) -> bool:
        return not self.is_german and not self.german_text

    @property
    def text_direction(self) -> str:
        return "rtl" if self.language in RIGHT_TO_LEFT else "ltr"

    @property
    def from_whom(self) -> str:
        """For readers outside: the group, never a person's name."""
        if self.group is not None:
            return str(self.group)
        return str(_now("Einzelvorschlag"))

    @property
    def code(self) -> str:
        """How papers name it."""
        return f"V{self.pk}"

    def decision_or_none(self) -> Any:
        """The `Decision`, if there is one."""
        return getattr(self, "decision", None)


def refuse_loss() -> NoReturn:
    raise ValidationError(
        _now("Ein eingereichter Vorschlag wird nicht gelöscht. Er lässt sich zurückziehen oder entscheiden.")
    )
