"""The index of the search: what there is to find, and up to which change it is known."""

from __future__ import annotations

from typing import Any, ClassVar

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from committees.models import (
    Committee,
    Consultation,
    Meeting,
    Paper,
    PaperAttachment,
    ResolutionPoint,
    Section,
)
from concepts.models import ActionField, Chapter, Concept, Funding, Goal, Indicator, Measure
from municipalities.models import Municipality
from municipalities.ownership import OwnedModel
from participation.getters import towns_of
from participation.models import Event, Group, MeasureProposal, Process


class Kind(models.TextChoices):
    """What a hit can be; the order is the order of equally good hits."""

    CONCEPT = "concept"
    FIELD = "field"
    GOAL = "goal"
    MEASURE = "measure"
    INDICATOR = "indicator"
    CHAPTER = "chapter"
    FUNDING = "funding"
    PAPER = "paper"
    POINT = "point"
    SECTION = "section"
    CONSULTATION = "consultation"
    RESULT = "result"  # what came of a stage, where not all may know it
    ATTACHMENT = "attachment"
    COMMITTEE = "committee"
    MEETING = "meeting"
    PROCESS = "process"
    GROUP = "group"
    EVENT = "event"
    PROPOSAL = "proposal"


class Area(models.TextChoices):
    """What one can narrow the hits to; the values stand in addresses."""

    CONCEPTS = "konzepte", _("Konzepte")
    FIELDS = "handlungsfelder", _("Handlungsfelder")
    GOALS = "ziele", _("Ziele")
    MEASURES = "massnahmen", _("Maßnahmen")
    INDICATORS = "indikatoren", _("Indikatoren")
    PAPERS = "vorlagen", _("Vorlagen")
    SESSIONS = "gremien", _("Gremien und Sitzungen")
    PARTICIPATION = "beteiligung", _("Beteiligung")


KINDS: dict[str, tuple[Kind, ...]] = {
    Area.CONCEPTS: (Kind.CONCEPT, Kind.CHAPTER, Kind.FUNDING),
    Area.FIELDS: (Kind.FIELD,),
    Area.GOALS: (Kind.GOAL,),
    Area.MEASURES: (Kind.MEASURE,),
    Area.INDICATORS: (Kind.INDICATOR,),
    Area.PAPERS: (
        *(Kind.PAPER, Kind.POINT, Kind.SECTION, Kind.CONSULTATION, Kind.RESULT),
        Kind.ATTACHMENT,
    ),
    Area.SESSIONS: (Kind.COMMITTEE, Kind.MEETING),
    Area.PARTICIPATION: (Kind.PROCESS, Kind.GROUP, Kind.EVENT, Kind.PROPOSAL),
}
MODELS: dict[str, type[OwnedModel]] = {
    Kind.CONCEPT: Concept,
    Kind.FIELD: ActionField,
    Kind.GOAL: Goal,
    Kind.MEASURE: Measure,
    Kind.INDICATOR: Indicator,
    Kind.CHAPTER: Chapter,
    Kind.FUNDING: Funding,
    Kind.PAPER: Paper,
    Kind.POINT: ResolutionPoint,
    Kind.SECTION: Section,
    Kind.CONSULTATION: Consultation,
    Kind.RESULT: Consultation,
    Kind.ATTACHMENT: PaperAttachment,
    Kind.COMMITTEE: Committee,
    Kind.MEETING: Meeting,
    Kind.PROCESS: Process,
    Kind.GROUP: Group,
    Kind.EVENT: Event,
    Kind.PROPOSAL: MeasureProposal,
}


class Container(models.Model):
    """A concept, a paper or a town, and the state of its change counters when it was last indexed.

    `rules` is the number of the rules by which it was indexed: see `actions.RULES`.
    """

    town = models.OneToOneField(
        Municipality, models.CASCADE, related_name="search_container", null=True, blank=True
    )
    concept = models.OneToOneField(
        Concept, models.CASCADE, related_name="search_container", null=True, blank=True
    )
    paper = models.OneToOneField(
        Paper, models.CASCADE, related_name="search_container", null=True, blank=True
    )
    own_number = models.BigIntegerField(default=-1)
    town_number = models.BigIntegerField(default=-1)
    rules = models.PositiveSmallIntegerField(default=0)

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(town__isnull=False, concept=None, paper=None)
                | Q(town=None, concept__isnull=False, paper=None)
                | Q(town=None, concept=None, paper__isnull=False),
                name="search_container_of_one_thing",
            )
        ]

    def __str__(self) -> str:
        return ":".join(map(str, self.key))

    @property
    def key(self) -> tuple[str, int]:
        """As ("concept", 12)."""
        for holder in ("town", "concept", "paper"):
            pk = getattr(self, f"{holder}_id")
            if pk is not None:
                return holder, pk
        raise ValueError("a container of nothing")


class EntryQuerySet(models.QuerySet["Entry"]):
    def visible_to(self, user: Any) -> EntryQuerySet:
        """Entries whose rows the user may see. Only the rows themselves know that."""
        if not user.is_authenticated:
            return self.none()
        allowed = Q(pk__in=[])
        for kind, model in MODELS.items():
            readable: Any = model._default_manager
            rows = readable.with_readable_result(user) if kind == Kind.RESULT else readable.visible_to(user)
            allowed |= Q(kind=kind, number__in=rows.values("pk"))
        return self.filter(allowed, municipality__in=towns_of(user))


class Entry(models.Model):
    """Something that can be found: the row `number` of the model that `kind` stands for.

    `label` says what it is in the town's words, `place` where it stands, `address` is its page. The columns
    of words are what is looked up; the database keeps its index of them (see fulltext.py).
    """

    container = models.ForeignKey(Container, models.CASCADE, related_name="entries")
    municipality = models.ForeignKey(Municipality, models.CASCADE, related_name="+")
    kind = models.CharField(max_length=20)
    number = models.BigIntegerField()
    position = models.BigIntegerField()
    digest = models.CharField(max_length=64)
    label = models.CharField(max_length=120)
    title = models.TextField()
    body = models.TextField()
    place = models.TextField()
    address = models.CharField(max_length=500)
    title_words = models.TextField()
    body_words = models.TextField()
    title_parts = models.TextField()
    body_parts = models.TextField()

    objects: ClassVar[Any] = EntryQuerySet.as_manager()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "number"], name="search_entry_unique")]

    def __str__(self) -> str:
        return self.title
