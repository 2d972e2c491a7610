"""The route of a paper: its stages, and what came of them."""

from __future__ import annotations

import datetime
from copy import copy
from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.grammar import Case, enumerated
from committees.models.bodies import Committee
from committees.models.meetings import AgendaItem, Meeting, frozen_with_minutes
from committees.models.paper_parts import KeptBack, PaperPart, PaperPartQuerySet
from committees.models.papers import Paper
from documents.richtext import RichTextField
from municipalities.guards import Guard, same_parent
from municipalities.models import User

# What a committee did with it: recorded while it meets or after, and fast with the signed minutes.
RESULT_FIELDS = ("result", "outcome", "result_note")


def result_for_everybody(stage: str = "") -> Q:
    """Whose result, or whose reason to be left out, all may know who may read the paper; `stage` leads to the
    stage, as "consultation__"."""
    before = f"{stage}left_out_after"
    return _dealt_with_openly(stage) & (Q(**{before: None}) | _dealt_with_openly(f"{before}__"))


def _dealt_with_openly(stage: str) -> Q:
    return (
        Q(**{f"{stage}result_public": True})
        & ~Q(**{f"{stage}treatment": "non_public"})
        & (Q(**{f"{stage}agenda_item": None}) | Q(**{f"{stage}agenda_item__public": True}))
    )


class ConsultationQuerySet(PaperPartQuerySet):
    def of_committees(self, committees: Any) -> Self:
        """In which one of these deliberates (their ids), alone or jointly."""
        joint = Consultation.joint_committees.through.objects.filter(committee__in=committees)
        return self.filter(Q(committee__in=committees) | Q(pk__in=joint.values("consultation")))

    def with_readable_result(self, user: Any) -> Self:
        """Of the stages that the user may see those whose result they may know."""
        insiders = Paper.objects.open_to_insider(user)
        return self.visible_to(user).filter(result_for_everybody() | Q(paper__in=insiders))

    def texts_visible_to(self, user: Any) -> Self:
        """Of the stages that the user may see those whose own wording they may read."""
        insiders = Paper.objects.open_to_insider(user)
        open_stage = ~Q(treatment=Consultation.Treatment.NON_PUBLIC)
        return self.visible_to(user).filter(open_stage | Q(paper__in=insiders))


class Consultation(KeptBack, PaperPart):
    """One stage: one or several committees, in a meeting or none yet.

    `role` and `result` are the town's own words; `meaning` and `outcome` map them to a small set,
    and stay empty where an imported stage does not say. Why and by whom it is kept back is said of a stage
    that is not public, or whose result is not.
    """

    class Meaning(models.TextChoices):
        ADVISE = "advise", _("berät vor")
        DECIDE = "decide", _("entscheidet")
        NOTE = "note", _("nimmt zur Kenntnis")
        HEAR = "hear", _("wird angehört")
        RELEASE = "release", _("gibt frei")

    class Treatment(models.TextChoices):
        PUBLIC = "public", _("öffentlich")
        NON_PUBLIC = "non_public", _("nichtöffentlich")
        UNSTATED = "", _("nicht angegeben")

    class Outcome(models.TextChoices):
        ACCEPTED = "accepted", _("angenommen")
        AMENDED = "amended", _("geändert angenommen")
        REJECTED = "rejected", _("abgelehnt")
        DEFERRED = "deferred", _("vertagt")
        REFERRED = "referred", _("verwiesen")
        NOTED = "noted", _("zur Kenntnis genommen")
        WITHOUT_VOTE = "without_vote", _("ohne Abstimmung")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    paper = models.ForeignKey(Paper, models.CASCADE, related_name="consultations", verbose_name=_("Vorlage"))
    position = models.PositiveSmallIntegerField(_("Stufe"))
    committee = models.ForeignKey(
        Committee,
        models.PROTECT,
        related_name="consultations",
        null=True,
        blank=True,
        verbose_name=_("Gremium"),
    )
    joint_committees = models.ManyToManyField(
        Committee, related_name="joint_consultations", blank=True, verbose_name=_("gemeinsam mit")
    )
    meeting = models.ForeignKey(
        Meeting,
        models.PROTECT,
        related_name="consultations",
        null=True,
        blank=True,
        verbose_name=_("Sitzung"),
    )
    agenda_item = models.OneToOneField(
        AgendaItem, models.SET_NULL, related_name="consultation", null=True, blank=True, verbose_name=_("TOP")
    )
    role = models.CharField(
        _("Zuständigkeit"),
        max_length=60,
        blank=True,
        help_text=_("Im Wortlaut Ihrer Kommune, zum Beispiel „Vorberatung“."),
    )
    meaning = models.CharField(_("Bedeutung"), max_length=10, choices=Meaning, blank=True)
    treatment = models.CharField(_("Behandlung"), max_length=10, choices=Treatment, blank=True)
    own_wording = RichTextField(_("eigener Wortlaut des Beschlussvorschlags"), blank=True)
    left_out = models.BooleanField(_("entfällt"), default=False)
    left_out_reason = models.TextField(_("Grund des Entfallens"), max_length=1000, blank=True)
    left_out_after = models.ForeignKey(
        "self",
        models.RESTRICT,
        related_name="ended",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("entfällt nach"),
        help_text=_("Die Beratung, deren Ergebnis der Grund ist."),
    )
    result = models.CharField(
        _("Ergebnis"),
        max_length=255,
        blank=True,
        help_text=_("Im Wortlaut, zum Beispiel „einstimmig beschlossen“."),
    )
    outcome = models.CharField(_("Bedeutung des Ergebnisses"), max_length=12, choices=Outcome, blank=True)
    result_note = models.TextField(
        _("Bemerkung zum Ergebnis"),
        max_length=2000,
        blank=True,
        help_text=_("Was das Gremium dazu gesagt oder erbeten hat, in seinen Worten."),
    )
    result_public = models.BooleanField(_("Ergebnis ist öffentlich"), default=True)
    recorded_at = models.DateTimeField(_("eingetragen am"), null=True, blank=True, editable=False)
    recorded_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("eingetragen von"),
    )
    comes_of = models.ForeignKey(
        "self",
        models.SET_NULL,
        related_name="led_to",
        null=True,
        blank=True,
        editable=False,
        verbose_name=_("kommt aus"),
        help_text=_("Die Beratung, die vertagt oder hierher verwiesen hat."),
    )

    objects: ClassVar[Any] = ConsultationQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Beratung"), m2m_fields=[joint_committees])

    class Meta:
        verbose_name = _("Beratung")
        verbose_name_plural = _("Beratungsfolge")
        ordering = ["paper", "position"]
        constraints = [
            models.UniqueConstraint(fields=["paper", "position"], name="consultation_unique_position"),
            models.CheckConstraint(
                condition=Q(committee__isnull=False) | Q(meaning="release"),
                name="consultation_has_committee",
                violation_error_message=_("Bitte wählen Sie ein Gremium. Nur eine Freigabe kommt ohne aus."),
            ),
            models.CheckConstraint(
                condition=Q(left_out=False) | ~Q(left_out_reason=""),
                name="consultation_left_out_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund, warum diese Beratung entfällt."),
            ),
            models.CheckConstraint(
                condition=Q(left_out=False) | Q(result="", outcome=""),
                name="consultation_left_out_has_no_result",
                violation_error_message=_("Eine entfallene Beratung kann kein Ergebnis haben."),
            ),
            models.CheckConstraint(
                condition=Q(left_out=True) | Q(left_out_after=None),
                name="consultation_left_out_after_something",
            ),
        ]

    def __str__(self) -> str:
        return f"{self.position}. {self.committee_names()}"

    @classmethod
    def guards(cls) -> list[Guard]:
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in RESULT_FIELDS)
        minuted = frozen_with_minutes(cls._meta.db_table, "{row}.meeting_id", changed)
        # A stage may still come to a meeting whose minutes are signed: as history that is entered late.
        return [
            *super().guards(),
            same_parent(cls, "agenda_item", "meeting"),
            *(guard for guard in minuted if guard.events != ("INSERT",)),
        ]

    def clean(self) -> None:
        super().clean()
        if not self.left_out:
            self.left_out_after = None
        if self.agenda_item and self.agenda_item.meeting_id != self.meeting_id:
            # Without a field's name: in the paper's form the stage has no field for the agenda item.
            raise ValidationError(
                _(
                    "Der Tagesordnungspunkt „%s“ dieser Beratung gehört zu einer anderen Sitzung. "
                    "Bitte öffnen Sie die Beratung und wählen Sie Sitzung und Tagesordnungspunkt zusammen."
                )
                % self.agenda_item
            )

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        """The history tells that it was dealt with in the non-public part, as the row cannot any more."""
        if self.agenda_item and not self.agenda_item.public:
            self.result_public = False
        return super().delete(*args, **kwargs)

    def committees(self) -> list[Committee]:
        """The lead committee first; empty for a release by the head of the administration."""
        if self.committee is None:
            return []
        return [self.committee, *self.joint_committees.all()]

    def committee_names(self) -> str:
        """`Sozialausschuss und Schulausschuss`; the head's title for a release."""
        names = [committee.name for committee in self.committees()]
        return enumerated(names) if names else self.paper.municipality.head_title

    def committees_in_case(self, case: Case) -> str:
        """`der Sozialausschuss und der Schulausschuss`; the head's title for a release."""
        names = [committee.in_case(case) for committee in self.committees()]
        return enumerated(names) if names else self.paper.municipality.head_title

    @property
    def date(self) -> datetime.date | None:
        return self.meeting.date if self.meeting else None

    @property
    def has_public_result(self) -> bool:
        """The same as `result_for_everybody`, of a row in memory."""
        before = self.left_out_after
        return self.dealt_with_openly and (before is None or before.dealt_with_openly)

    @property
    def dealt_with_openly(self) -> bool:
        item = self.agenda_item
        return (
            self.result_public
            and self.treatment != self.Treatment.NON_PUBLIC
            and (item is None or item.public)
        )

    def withhold_result(self, sentence: str) -> None:
        """In memory: it stays answered or left out, but nothing says how or why, nor where it stands on an
        agenda that hides it. Such a row is not saved."""
        if self.is_over:
            self.result, self.outcome = sentence, ""
        if self.left_out:
            self.left_out_reason = sentence
        self.result_note, self.recorded_at = "", None
        if self.agenda_item and not (self.agenda_item.public or self.agenda_item.public_title):
            self.agenda_item = copy(self.agenda_item)
            self.agenda_item.number = ""

    @property
    def is_over(self) -> bool:
        """Whether the committee has answered."""
        return bool(self.result or self.outcome)

    @property
    def ballot(self) -> Any:
        """The vote on the whole; None where nobody counted, or each point was voted on by itself."""
        return next((one for one in self.ballots.all() if one.kind == one.Kind.WHOLE), None)
