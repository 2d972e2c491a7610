"""Meetings with their agendas, and what was sent out for them."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Exists, F, OuterRef, Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.bodies import LEADING, MAY_READ_NON_PUBLIC, Committee, committees_of
from documents.models import FrozenModel, FrozenQuerySet, IssuedFile, when_issued
from documents.richtext import RichTextField
from municipalities.guards import Guard, fixed, same_parent
from municipalities.models import Municipality, Person, User
from municipalities.ownership import OwnedModel, OwnedQuerySet

SIGNED_IS_FROZEN = "the minutes of this meeting are signed"


class MeetingQuerySet(OwnedQuerySet):
    """The town's members see that a meeting takes place; what is dealt with, see `AgendaItem`."""

    def led_by(self, user: Any) -> Self:
        """Where the user runs the council's business (`permissions.may_lead`)."""
        return self.filter(municipality__in=user.access.towns_with(*LEADING))

    def open_to_insider(self, user: Any) -> Self:
        """Meetings whose non-public part the user may know of: who prepares it, and who sits in one of its
        committees today."""
        if not user.is_authenticated:
            return self.none()
        staffed = Q(municipality__in=user.access.towns_with(*MAY_READ_NON_PUBLIC))
        seated = Meeting.committees.through.objects.filter(committee__in=committees_of(user))
        return self.in_towns_of(user).filter(staffed | Q(pk__in=seated.values("meeting")))


class Meeting(OwnedModel):
    """A meeting of one or several committees on a day."""

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="meetings", verbose_name=_("Kommune")
    )
    committees = models.ManyToManyField(Committee, related_name="meetings", verbose_name=_("Gremien"))
    title = models.CharField(
        _("Bezeichnung"), max_length=200, help_text=_("Zum Beispiel „21. Sitzung des Rates“.")
    )
    date = models.DateField(_("Datum"))
    start = models.TimeField(_("Beginn"), null=True, blank=True)
    end = models.TimeField(_("voraussichtliches Ende"), null=True, blank=True)
    place = models.CharField(_("Ort"), max_length=150, blank=True)
    cancelled = models.BooleanField(_("abgesagt"), default=False)
    moved_from = models.DateField(_("verlegt vom"), null=True, blank=True, editable=False)
    reason = models.CharField(
        _("Grund der Verlegung oder Absage"), max_length=300, blank=True, editable=False
    )
    continues = models.OneToOneField(
        "self",
        models.PROTECT,
        related_name="continuation",
        null=True,
        blank=True,
        verbose_name=_("setzt fort"),
        help_text=_("Die Sitzung, die unterbrochen wurde und hier weitergeht."),
    )
    own_numbers = models.BooleanField(
        _("Nummern von Hand"),
        default=False,
        help_text=_("Sonst nummeriert das Portal die Tagesordnung nach der Reihenfolge."),
    )
    sequence = models.PositiveIntegerField(
        _("Stand der Einladung"),
        default=0,
        editable=False,
        help_text=_("Wächst, wenn sich Zeit, Ort, Titel oder Stand ändern: Kalender erkennen es daran."),
    )

    objects: ClassVar[Any] = MeetingQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Sitzung"), m2m_fields=[committees])

    class Meta:
        verbose_name = _("Sitzung")
        verbose_name_plural = _("Sitzungen")
        ordering = ["date", "start"]
        constraints = [
            models.UniqueConstraint(
                fields=["municipality", "title", "date"],
                name="meeting_unique",
                violation_error_message=_("Eine Sitzung mit dieser Bezeichnung gibt es an dem Tag schon."),
            ),
            models.CheckConstraint(
                condition=Q(end=None) | Q(start=None) | Q(end__gt=F("start")),
                name="meeting_ends_after_it_began",
                violation_error_message=_("Das Ende liegt nicht nach dem Beginn."),
            ),
            models.CheckConstraint(
                condition=Q(cancelled=False) | ~Q(reason=""),
                name="meeting_cancelled_needs_reason",
                violation_error_message=_("Bitte nennen Sie den Grund der Absage."),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.title}, {self.date:%d.%m.%Y}"

    def get_absolute_url(self) -> str:
        return reverse("committees:meeting", args=[self.municipality.slug, self.pk])


class AgendaItemQuerySet(OwnedQuerySet):
    def everybodys(self) -> Self:
        """Those of the public part; what is withheld in their papers stands elsewhere."""
        return self.filter(public=True)

    def visible_to(self, user: Any) -> Self:
        """The non-public part is for those who prepare it and for the seats of the committees."""
        insiders = Meeting.objects.open_to_insider(user)
        visible = super().visible_to(user)
        return visible.filter(Q(public=True) | Q(meeting__in=insiders)) if user.is_authenticated else visible

    def texts_visible_to(self, user: Any) -> Self:
        """What was said is a part of the minutes, and read with them."""
        visible = self.visible_to(user)
        if not user.is_authenticated:
            return visible
        return visible.filter(minutes_readable(user, "meeting__minutes__"))


def minutes_readable(user: Any, minutes: str = "") -> Q:
    """Signed ones for everybody of the town; before, for those who prepare them and for the seats. `minutes`
    leads there from a row with a `meeting`."""
    insiders = Meeting.objects.open_to_insider(user)
    staffed = user.access.towns_with(*MAY_READ_NON_PUBLIC)
    return (
        Q(**{f"{minutes}state": "signed"})
        | Q(**{f"{minutes}state": "agreed", "meeting__in": insiders})
        | Q(meeting__municipality__in=staffed)
    )


class AgendaItem(OwnedModel):
    """A Tagesordnungspunkt; its number as the town writes it (9, 9.1, Ö 5.1).

    One of a route names its stage by `consultation`; all others are free ones.
    """

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="agenda", verbose_name=_("Sitzung"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    number = models.CharField(_("TOP"), max_length=12)
    title = models.CharField(_("Betreff"), max_length=300)
    public = models.BooleanField(_("öffentlich"), default=True)
    public_title = models.CharField(
        _("Betreff für die Öffentlichkeit"),
        max_length=300,
        blank=True,
        help_text=_("Steht bei einem nichtöffentlichen Punkt statt des Betreffs. Leer steht dort nichts."),
    )
    parent = models.ForeignKey(
        "self",
        models.CASCADE,
        related_name="children",
        null=True,
        blank=True,
        verbose_name=_("Unterpunkt von"),
    )
    supplementary = models.BooleanField(_("Nachtrag"), default=False)
    taken_off = models.BooleanField(_("abgesetzt"), default=False)
    discussion = RichTextField(_("Beratungsverlauf"), blank=True)

    objects: ClassVar[Any] = AgendaItemQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Tagesordnungspunkts"))

    class Meta:
        verbose_name = _("Tagesordnungspunkt")
        verbose_name_plural = _("Tagesordnungspunkte")
        ordering = ["meeting", "position"]
        constraints = [
            models.UniqueConstraint(fields=["meeting", "position"], name="agenda_item_unique_position"),
            models.UniqueConstraint(
                fields=["meeting", "number", "public"],
                name="agenda_item_unique_number",
                violation_error_message=_("Diese Nummer gibt es in der Tagesordnung schon."),
            ),
            models.CheckConstraint(condition=~Q(number=""), name="agenda_item_has_number"),
            models.CheckConstraint(condition=~Q(parent=F("id")), name="agenda_item_not_below_itself"),
        ]

    def __str__(self) -> str:
        return f"TOP {self.number}"

    @classmethod
    def guards(cls) -> list[Guard]:
        meeting = "{row}.meeting_id"
        return [
            *super().guards(),
            fixed(cls, "meeting"),
            same_parent(cls, "parent", "meeting"),
            *frozen_with_minutes(cls._meta.db_table, meeting),
        ]

    def clean(self) -> None:
        super().clean()
        if self.as_stored("meeting") not in (None, self.meeting_id):
            raise ValidationError(
                {"meeting": _("Ein TOP bleibt in seiner Sitzung. Legen Sie ihn in der anderen neu an.")}
            )
        if self.parent and self.parent.meeting_id != self.meeting_id:
            raise ValidationError({"parent": _("Dieser Punkt gehört zu einer anderen Sitzung.")})
        if self.public and (why := self.why_not_public()):
            raise ValidationError({"public": why})

    def why_not_public(self) -> str:
        """Why it cannot stand in the public part, and what to do; empty if it can. It may always be less
        public than its stage."""
        stage = getattr(self, "consultation", None) if self.pk else None
        if stage is None:
            return ""
        if not stage.paper.public:
            return str(_("Die Vorlage ist nicht öffentlich. Ihr Betreff darf hier nicht zu lesen sein."))
        if stage.treatment == stage.Treatment.NON_PUBLIC:
            return str(
                _(
                    "Die Beratung dieser Vorlage ist nichtöffentlich. Soll sie öffentlich sein, ändern Sie "
                    "bitte zuerst in der Beratungsfolge der Vorlage die Behandlung und nennen Sie den Grund."
                )
            )
        return ""


class MeetingFileQuerySet(FrozenQuerySet):
    @staticmethod
    def for_everybody() -> Q:
        """Public ones, unless since they left the house an item went to the non-public part, or the title
        that everybody reads there was changed."""
        public, title = when_issued(AgendaItem, "public", "public_title")
        closed = AgendaItem.objects.filter(meeting=OuterRef("meeting"), public=False)
        closed = closed.annotate(was_public=public, was_title=title)
        other_title = Q(was_title__gt="") & ~Q(was_title=F("public_title"))
        return Q(public=True) & ~Q(Exists(closed.filter(Q(was_public=True) | other_title)))

    def everybodys(self) -> MeetingFileQuerySet:
        return self.filter(self.for_everybody())

    def visible_to(self, user: Any) -> MeetingFileQuerySet:
        visible = super().visible_to(user)
        if not user.is_authenticated:
            return visible
        insiders = Meeting.objects.open_to_insider(user)
        return visible.filter(self.for_everybody() | Q(meeting__in=insiders))

    def minutes_for(self, user: Any, meeting: Meeting) -> MeetingFileQuerySet:
        """The signed minutes that the user may read, without their bytes."""
        found = self.visible_to(user).filter(meeting=meeting, kind=MeetingFile.Kind.MINUTES)
        return found.select_related("file").defer("file__content")


class MeetingFile(FrozenModel):
    """What left the house for a meeting, in its public and in its complete variant."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Einladung")
        SUPPLEMENT = "supplement", _("Nachtragstagesordnung")
        MINUTES = "minutes", _("Niederschrift")

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="files", verbose_name=_("Sitzung"))
    kind = models.CharField(_("Art"), max_length=12, choices=Kind)
    number = models.PositiveSmallIntegerField(_("Ausfertigung"))
    public = models.BooleanField(_("öffentlich"))
    file = models.OneToOneField(
        IssuedFile, models.PROTECT, related_name="meeting_file", verbose_name=_("Datei")
    )

    objects: ClassVar[Any] = MeetingFileQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Unterlage der Sitzung")
        verbose_name_plural = _("Unterlagen der Sitzung")
        ordering = ["meeting", "kind", "-number", "-public"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "kind", "number", "public"], name="meeting_file_unique_number"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.meeting}"


class MeetingNotice(OwnedModel):
    """A mail about the meeting that was handed to the outbox: to whom, and which state of it."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Einladung")
        SUPPLEMENT = "supplement", _("Nachtragstagesordnung")
        MOVED = "moved", _("Verlegung")
        CANCELLATION = "cancellation", _("Absage")

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.PROTECT, related_name="notices", verbose_name=_("Sitzung"))
    person = models.ForeignKey(
        Person, models.CASCADE, related_name="meeting_notices", verbose_name=_("Person")
    )
    kind = models.CharField(_("Art"), max_length=12, choices=Kind)
    sequence = models.PositiveIntegerField(_("Stand"))
    address = models.EmailField(_("E-Mail-Adresse"))
    sent_at = models.DateTimeField(_("versandt am"), auto_now_add=True)
    sent_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("versandt von")
    )

    class Meta:
        verbose_name = _("Nachricht zur Sitzung")
        verbose_name_plural = _("Nachrichten zur Sitzung")
        ordering = ["meeting", "sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "person", "kind", "sequence"], name="meeting_notice_once_per_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


def frozen_with_minutes(table: str, meeting: str, changed: str = "TRUE") -> list[Guard]:
    """Guards that keep a row as it is once the minutes of its meeting are signed.

    `meeting` is the SQL for the meeting's id, with {row} for NEW or OLD; `changed` says which updates count.
    """
    guards = []
    for event, row in (("INSERT", "NEW"), ("UPDATE", "OLD"), ("DELETE", "OLD")):
        of_meeting = f"meeting_id = {meeting.format(row=row)} AND state = 'signed'"
        signed = f"EXISTS (SELECT 1 FROM committees_meetingminutes WHERE {of_meeting})"  # noqa: S608 - our own names
        broken = f"({changed}) AND {signed}" if event == "UPDATE" else signed
        guards.append(Guard(table, "minuted", broken, SIGNED_IS_FROZEN, (event,)))
    return guards
