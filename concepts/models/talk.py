"""What readers say about a part of a concept: comments, and other wordings that they suggest."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from concepts.models.concept import Chapter, Concept, ConceptPart
from concepts.models.funding import Funding
from concepts.models.indicators import Indicator
from concepts.models.measures import Measure
from concepts.models.structure import ActionField, Goal
from documents.richtext import RichTextField, clean, plain_text
from municipalities.models import Role, User
from municipalities.ownership import OwnedModel, OwnedQuerySet

PARTS: dict[str, type[ConceptPart]] = {
    "chapter": Chapter,
    "field": ActionField,
    "goal": Goal,
    "measure": Measure,
    "indicator": Indicator,
    "funding": Funding,
}
NAMES = {model: name for name, model in PARTS.items()}


def about_exactly_one(name: str) -> models.CheckConstraint:
    """One of the parts is named, and no other."""
    condition = Q()
    for part in PARTS:
        condition |= Q(**{f"{other}__isnull": other != part for other in PARTS})
    return models.CheckConstraint(condition=condition, name=name)


def about(part: ConceptPart) -> dict[str, ConceptPart]:
    """The part under the name of its column."""
    return {NAMES[type(part)]: part}


class TalkQuerySet(OwnedQuerySet):
    def about(self, part: ConceptPart) -> Self:
        return self.filter(**about(part))

    def for_editors(self, user: Any) -> Self:
        """What is about parts that the user may edit; for rows at hand see `may_edit_part`."""
        writers = user.access.towns_with(Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
        own = Q(
            concept__municipality__in=user.access.towns_with(Role.Kind.DEPARTMENT),
            measure__responsible__in=user.access.institutions,
        )
        return self.filter(Q(concept__municipality__in=writers) | own)

    def with_parts(self) -> Self:
        """With what is needed to name the parts and to find the fields they stand in."""
        return self.select_related(
            "author", "concept__municipality", *PARTS, "indicator__goal", "indicator__measure"
        )


class AboutPart(OwnedModel):
    """Said about one part of a concept. It is no part of the concept itself: no version contains it."""

    municipality_path = "concept__municipality"

    concept = models.ForeignKey(Concept, models.CASCADE, related_name="%(class)ss", verbose_name=_("Konzept"))
    chapter = models.ForeignKey(Chapter, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    field = models.ForeignKey(ActionField, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    goal = models.ForeignKey(Goal, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    measure = models.ForeignKey(Measure, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    indicator = models.ForeignKey(Indicator, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    funding = models.ForeignKey(Funding, models.CASCADE, related_name="%(class)ss", null=True, blank=True)
    author = models.ForeignKey(User, models.PROTECT, related_name="+", verbose_name=_("von"))
    written_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)

    objects: ClassVar[Any] = TalkQuerySet.as_manager()

    class Meta:
        abstract = True

    @property
    def part_name(self) -> str:
        return next(name for name in PARTS if getattr(self, f"{name}_id") is not None)

    @property
    def part(self) -> ConceptPart:
        part: ConceptPart = getattr(self, self.part_name)
        return part

    @part.setter
    def part(self, part: ConceptPart) -> None:
        """The same part, where it is at hand already."""
        setattr(self, self.part_name, part)

    @property
    def anchor(self) -> str:
        """Its place on the page of its part."""
        return f"{self._meta.model_name}-{self.pk}"

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.part.own_concept().pk != self.concept_id:
            raise ValidationError(_("„%s“ gehört zu einem anderen Konzept.") % self.part)
        super().save(*args, **kwargs)

    def touch(self) -> None:
        """Neither the concept's pages nor its PDF show it."""


class CommentQuerySet(TalkQuerySet):
    def open(self) -> Self:
        return self.filter(done_at=None)


class Comment(AboutPart):
    """A remark on a part. Who wrote it may withdraw it; who edits the concept may mark it as dealt with."""

    text = models.TextField(_("Kommentar"), max_length=5000)
    done_at = models.DateTimeField(_("erledigt am"), null=True, blank=True)
    done_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("erledigt von")
    )

    objects: ClassVar[Any] = CommentQuerySet.as_manager()

    class Meta:
        verbose_name = _("Kommentar")
        verbose_name_plural = _("Kommentare")
        ordering = ["written_at", "pk"]
        constraints = [
            about_exactly_one("comment_about_exactly_one"),
            models.CheckConstraint(condition=~Q(text=""), name="comment_says_something"),
            models.CheckConstraint(
                condition=Q(done_at=None, done_by=None) | Q(done_at__isnull=False, done_by__isnull=False),
                name="comment_done_by_somebody",
            ),
        ]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def is_open(self) -> bool:
        return self.done_at is None

    @property
    def words(self) -> str:
        return self.text


class SuggestionQuerySet(TalkQuerySet):
    def open(self) -> Self:
        return self.filter(state=Suggestion.State.OPEN)


class Suggestion(AboutPart):
    """Another wording for one text of a part, and what became of it.

    `text_name` is the name of the part's text field; `original` what stood there when it was suggested,
    `decided_wording` what was written there if it was changed before it was taken over. All three are HTML
    where the part's text is, else plain text.
    """

    class State(models.TextChoices):
        OPEN = "open", _("offen")
        ACCEPTED = "accepted", _("übernommen")
        CHANGED = "changed", _("geändert übernommen")
        REFUSED = "refused", _("nicht übernommen")

    texts_with_pictures = ("original", "wording", "decided_wording")

    text_name = models.CharField(_("Text"), max_length=30)
    original = models.TextField(_("bisheriger Wortlaut"), blank=True)
    wording = models.TextField(_("vorgeschlagener Wortlaut"))
    reason = models.TextField(_("Begründung"), max_length=2000, blank=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.OPEN)
    decided_at = models.DateTimeField(_("entschieden am"), null=True, blank=True)
    decided_by = models.ForeignKey(
        User, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("entschieden von")
    )
    decided_wording = models.TextField(_("übernommener Wortlaut"), blank=True)
    decision_reason = models.TextField(_("Grund der Entscheidung"), max_length=2000, blank=True)

    objects: ClassVar[Any] = SuggestionQuerySet.as_manager()

    class Meta:
        verbose_name = _("Formulierungsvorschlag")
        verbose_name_plural = _("Formulierungsvorschläge")
        ordering = ["written_at", "pk"]
        constraints = [
            about_exactly_one("suggestion_about_exactly_one"),
            models.CheckConstraint(
                condition=Q(state="open", decided_at=None, decided_by=None)
                | (~Q(state="open") & Q(decided_at__isnull=False, decided_by__isnull=False)),
                name="suggestion_decided_by_somebody",
            ),
            models.CheckConstraint(
                condition=Q(state="changed") & ~Q(decided_wording="")
                | ~Q(state="changed") & Q(decided_wording=""),
                name="suggestion_changed_says_how",
            ),
            models.CheckConstraint(
                condition=~Q(state="refused") | ~Q(decision_reason=""),
                name="suggestion_refused_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Ablehnung."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.part}: {self.get_state_display()}"

    @property
    def is_open(self) -> bool:
        return self.state == self.State.OPEN

    @property
    def text_field(self) -> Any:
        """The part's field that another wording is suggested for."""
        return self.part._meta.get_field(self.text_name)

    @property
    def is_rich(self) -> bool:
        return isinstance(self.text_field, RichTextField)

    @property
    def text_label(self) -> str:
        return str(self.text_field.verbose_name)

    @property
    def words(self) -> str:
        """The suggested wording without markup."""
        return plain_text(self.wording) if self.is_rich else self.wording

    @property
    def today(self) -> str:
        """What stands there now."""
        return str(getattr(self.part, self.text_name))

    @property
    def is_outdated(self) -> bool:
        """Whether the text has changed since the suggestion was made."""
        return self.today != self.original

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.is_rich:
            self.original, self.wording = clean(self.original), clean(self.wording)
            self.decided_wording = clean(self.decided_wording)
        super().save(*args, **kwargs)
