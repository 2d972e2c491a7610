"""A paper for the council: what it says, answers, resolves and carries with it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any, ClassVar

from django.core.exceptions import ValidationError
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.bodies import MAY_READ_NON_PUBLIC, committees_of
from committees.models.layouts import PaperLayout, PaperType
from committees.models.signing import Deputyship
from concepts.models import Concept
from municipalities.guards import Guard
from municipalities.models import Institution, Municipality, Person, Role, User
from municipalities.number_patterns import fits_pattern
from municipalities.ownership import ChangeCounter, OwnedModel, OwnedQuerySet
from participation.models import Process

RELEASED_IS_FROZEN = "the text of a released paper cannot be changed"
TEXT_IS_FROZEN = "text_is_frozen"
# The columns of a paper that say something. Who may read it is no part of that: it can change at any time.
FROZEN_WITH_RELEASE = (
    "paper_type",
    "layout",
    "number",
    "subject",
    "date",
    "department",
    "author",
    "contact",
    "file_number",
    "for_decision",
    "for_election",
    "for_information",
    "resolution_opening",
    "costs",
    "cost_amount",
    "cost_coverage",
    "concept",
    "process",
)


class PaperQuerySet(OwnedQuerySet):
    def everybodys(self) -> PaperQuerySet:
        """Those whose subject may be said where others look on, be they released or not."""
        return self.filter(public=True)

    def visible_to(self, user: Any) -> PaperQuerySet:
        """Released public papers for everybody of the town; drafts for the administration; what is non-public
        for those who prepare such things, for the office that writes it, and for who sits in its committees.
        """
        if not user.is_authenticated:
            return self.none()
        if user.access.towns_with(*MAY_READ_NON_PUBLIC) == user.access.municipality_ids:
            return self.in_towns_of(user)
        out_of_the_house = Q(state=Paper.State.RELEASED) | Q(
            municipality__in=user.access.towns_with(Role.Kind.DEPARTMENT)
        )
        return self.in_towns_of(user).filter(Q(public=True) & out_of_the_house | _open_to_insider(user))

    def open_to_insider(self, user: Any, **among: Any) -> PaperQuerySet:
        """Papers whose non-public parts the user may read; of those `among` which they are looked for
        (`pk=…`, `pk__in=…`), so that none of the others is looked at."""
        return self.in_towns_of(user).filter(_open_to_insider(user, **among), **among)


def _open_to_insider(user: Any, **among: Any) -> Q:
    """Who prepares papers, an office its own ones, who is asked to countersign one, who sits today in a
    committee that a released one goes to, and the offices that a released one names as its readers."""
    access = user.access
    papers = Paper.objects.filter(**among)
    consulted = deliberated_in(committees_of(user))
    readable = papers.filter(consulted, state=Paper.State.RELEASED).values("pk")
    return (
        Q(municipality__in=access.towns_with(*MAY_READ_NON_PUBLIC))
        | Q(municipality__in=access.towns_with(Role.Kind.DEPARTMENT), department__in=access.institutions)
        | Q(pk__in=readable)
        | Q(pk__in=_named_to_read(user))
        | Q(pk__in=_asked_to_sign(user, papers))
    )


def deliberated_in(committees: Any, paper: str = "") -> Q:
    """Of papers on whose route one of these committees (their ids) stands, alone or jointly, in a stage that
    is not left out; `paper` leads to the paper, as "paper__"."""
    stage = f"{paper}consultations__"
    named = Q(**{f"{stage}committee__in": committees}) | Q(**{f"{stage}joint_committees__in": committees})
    return named & Q(**{f"{stage}left_out": False})


def _named_to_read(user: Any) -> Any:
    """The released papers that name an office of the user, as far as they hold a role in the town."""
    access = user.access
    named = Paper.reading_offices.through.objects.filter(
        institution__in=access.institutions,
        paper__municipality__in=access.towns_with(),
        paper__state=Paper.State.RELEASED,
    )
    return named.values("paper")


def concerned_by_signing(user: Any, *, request: str = "", round_: str, paper: str = "") -> Q:
    """Of requests to countersign: who was asked, or has answered, reads on while the paper is on its way, and
    later as long as they hold a role in the town, whatever it is; who stands in today, while it is asked.

    The three paths lead to the request, its round and its paper.
    """
    stands_in = Deputyship.objects.in_force().filter(deputy__user=user).values("person")
    on_its_way = Q(**{f"{round_}state__in": ["running", "completed"], f"{paper}state": Paper.State.SIGNING})
    holds_a_role = Q(**{f"{paper}municipality__in": user.access.towns_with()})
    own = Q(**{f"{request}person__user": user}) | Q(**{f"{request}decided_by": user})
    was_asked = Q(**{f"{request}asked_at__isnull": False})
    waits = Q(**{f"{request}state": "asked", f"{request}person__in": stands_in})
    return was_asked & (own & (on_its_way | holds_a_role) | waits & on_its_way)


def _asked_to_sign(user: Any, papers: Any) -> Any:
    concerned = concerned_by_signing(user, request="signing_rounds__requests__", round_="signing_rounds__")
    return papers.filter(concerned).values("pk")


class Paper(OwnedModel):
    """A Vorlage. Its route is `consultations`, in order; its form is `layout`.

    Released, it has its number, and what it says stands fast: here, in its rows (`PaperText`), and in the
    database. Its route goes on living.
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        SIGNING = "signing", _("in Mitzeichnung")
        RELEASED = "released", _("freigegeben")

    class Costs(models.TextChoices):
        UNSTATED = "", _("nicht angegeben")
        NONE = "none", _("keine Kosten")
        SOME = "some", _("verursacht Kosten")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="papers", verbose_name=_("Kommune")
    )
    paper_type = models.ForeignKey(
        PaperType, models.PROTECT, related_name="papers", verbose_name=_("Art der Vorlage")
    )
    layout = models.ForeignKey(PaperLayout, models.PROTECT, related_name="papers", verbose_name=_("Layout"))
    number = models.CharField(_("Nummer"), max_length=40, blank=True)
    subject = models.CharField(_("Betreff"), max_length=300)
    date = models.DateField(_("Datum"), null=True, blank=True)
    department = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="papers",
        null=True,
        blank=True,
        verbose_name=_("Federführender Fachbereich"),
    )
    author = models.ForeignKey(
        Person, models.PROTECT, related_name="papers", null=True, blank=True, verbose_name=_("Bearbeiter/in")
    )
    contact = models.CharField(_("Ansprechpartner/in, Fachbereich, Telefon"), max_length=200, blank=True)
    file_number = models.CharField(_("Aktenzeichen"), max_length=60, blank=True)
    public = models.BooleanField(_("öffentlich"), default=True)
    non_public_reason = models.CharField(_("Grund der Nichtöffentlichkeit"), max_length=200, blank=True)
    non_public_by = models.ForeignKey(
        Institution,
        models.PROTECT,
        related_name="+",
        null=True,
        blank=True,
        verbose_name=_("Wer das entschieden hat"),
    )
    public_subject = models.CharField(
        _("Betreff für die Öffentlichkeit"),
        max_length=300,
        blank=True,
        help_text=_(
            "Steht statt des Betreffs, wo jemand die Vorlage nicht lesen darf. Leer steht dort nichts."
        ),
    )
    reading_offices = models.ManyToManyField(
        Institution,
        related_name="read_papers",
        blank=True,
        verbose_name=_("diese Stellen lesen das Nichtöffentliche"),
    )
    for_decision = models.BooleanField(_("zum Beschluss"), default=False)
    for_election = models.BooleanField(_("zur Wahl"), default=False)
    for_information = models.BooleanField(_("zur Kenntnisnahme"), default=False)
    resolution_opening = models.CharField(
        _("Einleitung des Beschlusses"),
        max_length=300,
        blank=True,
        help_text=_("{gremium} steht für das beschließende Gremium, zum Beispiel „{gremium} beschließt:“."),
    )
    costs = models.CharField(_("Kosten"), max_length=10, choices=Costs, blank=True)
    cost_amount = models.DecimalField(
        _("Betrag in Euro"),
        max_digits=12,
        decimal_places=2,
        null=True,
        blank=True,
        validators=[MinValueValidator(0)],
    )
    cost_coverage = models.CharField(
        _("Deckung"),
        max_length=300,
        blank=True,
        help_text=_("Woraus bezahlt wird, zum Beispiel Produkt und Sachkonto oder eine Förderung."),
    )
    concept = models.ForeignKey(
        Concept, models.PROTECT, related_name="papers", null=True, blank=True, verbose_name=_("Konzept")
    )
    process = models.ForeignKey(
        Process,
        models.PROTECT,
        related_name="papers",
        null=True,
        blank=True,
        verbose_name=_("Beteiligungsprozess"),
    )

    state = models.CharField(
        _("Stand"), max_length=10, choices=State, default=State.DRAFT, editable=False, db_index=True
    )
    released_at = models.DateTimeField(_("freigegeben am"), null=True, blank=True, editable=False)
    released_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("freigegeben von"),
    )

    objects: ClassVar[Any] = PaperQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Vorlage"), m2m_fields=[reading_offices])

    class Meta:
        verbose_name = _("Vorlage")
        verbose_name_plural = _("Vorlagen")
        ordering = ["-date", "number"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "number"],
                condition=~Q(number=""),
                name="paper_unique_number",
                violation_error_message=_("Diese Nummer ist in Ihrer Kommune schon vergeben."),
            ),
            models.CheckConstraint(
                condition=Q(public=True) | ~Q(non_public_reason=""),
                name="paper_non_public_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Nichtöffentlichkeit."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.number} {self.subject}".strip()

    def get_absolute_url(self) -> str:
        return reverse("committees:paper", args=[self.municipality.slug, self.pk])

    @property
    def released(self) -> bool:
        return self.state == self.State.RELEASED

    @classmethod
    def guards(cls) -> list[Guard]:
        table = cls._meta.db_table
        was, stays = "OLD.state = 'released'", "NEW.state = 'released'"
        changed = changed_columns(cls, FROZEN_WITH_RELEASE)
        issued = (
            "(EXISTS (SELECT 1 FROM committees_issuedpaper i JOIN committees_consultation c"
            " ON c.id = i.consultation_id WHERE c.paper_id = OLD.id)"
            " OR EXISTS (SELECT 1 FROM committees_consultation c"
            " WHERE c.paper_id = OLD.id AND c.recorded_at IS NOT NULL))"
        )
        return [
            *super().guards(),
            Guard(
                table, "text_frozen", f"{was} AND {stays} AND ({changed})", RELEASED_IS_FROZEN, ("UPDATE",)
            ),
            Guard(
                table,
                "stays_released",
                f"{was} AND NOT {stays} AND {issued}",
                "an issued or decided paper stays released",
                ("UPDATE",),
            ),
        ]

    def touch(self) -> None:
        """Its subject stands on other pages too, so the town's counter moves with its own."""
        super().touch()
        PaperRevision.bump(self.pk)

    def clean(self) -> None:
        super().clean()
        was_released = self.as_stored("state") == self.State.RELEASED
        if was_released and self.released and says_else(self, FROZEN_WITH_RELEASE):
            check_text_is_open(self)
        pattern = self.number_pattern
        if self.number and pattern and not fits_pattern(self.number, pattern):
            raise ValidationError(
                {
                    "number": _(
                        "Die Nummer passt nicht zum Muster „%s“ dieser Vorlagenart. "
                        "Lassen Sie sie leer, dann vergibt sie das Portal bei der Freigabe."
                    )
                    % pattern
                }
            )

    @property
    def number_pattern(self) -> str:
        """The type's own, or the town's; empty where neither is set."""
        own = self.paper_type.number_pattern if self.paper_type_id else ""
        return own or (self.municipality.number_pattern if self.municipality_id else "")


def check_text_is_open(paper: Paper) -> None:
    """Raises ValidationError once the paper is released."""
    if paper.released:
        raise ValidationError(
            _(
                "Diese Vorlage ist freigegeben; was in ihr steht, ändert sich nicht mehr. "
                "Legen Sie für eine Änderung eine Ergänzung, Neufassung oder ein Austauschblatt an."
            ),
            code=TEXT_IS_FROZEN,
        )


def says_else(row: models.Model, names: Iterable[str]) -> bool:
    """Whether one of these columns differs from what is stored."""
    columns = [row._meta.get_field(name).attname for name in names]  # type: ignore[union-attr]
    stored = type(row)._base_manager.filter(pk=row.pk).values_list(*columns).first()
    return stored != tuple(getattr(row, column) for column in columns)


def changed_columns(model: type[models.Model], names: Iterable[str]) -> str:
    """SQL: one of these columns changes."""
    columns = [model._meta.get_field(name).column for name in names]  # type: ignore[union-attr]
    return " OR ".join(f"NEW.{column} IS DISTINCT FROM OLD.{column}" for column in columns)


class PaperRevision(ChangeCounter):
    """Counts the changes of a paper and its parts."""

    paper = models.OneToOneField(Paper, models.CASCADE, related_name="revision", primary_key=True)
