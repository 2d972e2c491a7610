"""Who was in a meeting, and its Niederschrift with the Auszüge."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from committees.models.bodies import CommitteeSeat
from committees.models.meetings import (
    SIGNED_IS_FROZEN,
    AgendaItem,
    Meeting,
    frozen_with_minutes,
    minutes_readable,
)
from documents.models import FrozenModel, FrozenQuerySet, IssuedFile
from documents.richtext import RichTextField
from municipalities.guards import Guard, fixed
from municipalities.models import Person, User
from municipalities.ownership import OwnedModel, OwnedQuerySet


class MeetingAttendance(OwnedModel):
    """Somebody who is there, or who is missing: in a seat, or as a guest or for the administration.

    `name` and `function` stay as they were on the day, whoever holds the seat later.
    """

    class Kind(models.TextChoices):
        SEAT = "seat", _("Mitglied des Gremiums")
        ADMINISTRATION = "administration", _("für die Verwaltung")
        GUEST = "guest", _("Gast")

    class State(models.TextChoices):
        PRESENT = "present", _("anwesend")
        EXCUSED = "excused", _("entschuldigt")
        ABSENT = "absent", _("nicht anwesend")

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="attendance", verbose_name=_("Sitzung"))
    kind = models.CharField(_("Art"), max_length=15, choices=Kind, default=Kind.SEAT)
    seat = models.ForeignKey(
        CommitteeSeat,
        models.SET_NULL,
        related_name="attendances",
        null=True,
        blank=True,
        verbose_name=_("Sitz"),
    )
    stands_in_for = models.ForeignKey(
        CommitteeSeat,
        models.SET_NULL,
        related_name="represented",
        null=True,
        blank=True,
        verbose_name=_("in Vertretung für"),
    )
    name = models.CharField(_("Name"), max_length=150)
    function = models.CharField(_("Funktion"), max_length=150, blank=True)
    state = models.CharField(_("Anwesenheit"), max_length=10, choices=State, default=State.PRESENT)
    from_time = models.TimeField(_("ab"), null=True, blank=True)
    until_time = models.TimeField(_("bis"), null=True, blank=True)

    history = HistoricalRecords(verbose_name=_("Verlauf der Anwesenheit"))

    class Meta:
        verbose_name = _("Anwesenheit in der Sitzung")
        verbose_name_plural = _("Anwesenheiten in der Sitzung")
        ordering = ["meeting", "kind", "name"]
        constraints = [
            models.UniqueConstraint(
                fields=["meeting", "seat"], condition=Q(seat__isnull=False), name="meeting_seat_once"
            ),
            models.UniqueConstraint(
                fields=["meeting", "name", "function"],
                condition=Q(seat__isnull=True),
                name="meeting_guest_once",
                violation_error_message=_("Diese Person steht schon auf der Liste."),
            ),
            models.CheckConstraint(condition=~Q(name=""), name="meeting_attendance_has_name"),
            models.CheckConstraint(
                condition=Q(from_time=None) | Q(until_time=None) | Q(until_time__gt=F("from_time")),
                name="meeting_attendance_in_order",
                violation_error_message=_("„Bis“ liegt nicht nach „ab“."),
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @classmethod
    def guards(cls) -> list[Guard]:
        # A seat that is deleted later leaves the name behind.
        names = ("kind", "name", "function", "state", "from_time", "until_time")
        changed = " OR ".join(f"NEW.{name} IS DISTINCT FROM OLD.{name}" for name in names)
        return [
            *super().guards(),
            fixed(cls, "meeting"),
            *frozen_with_minutes(cls._meta.db_table, "{row}.meeting_id", changed),
        ]

    @property
    def votes(self) -> bool:
        """Whether they vote: in a seat of their own with a vote, or in the place of one."""
        voting = self.seat is not None and self.seat.role in CommitteeSeat.VOTING
        return self.state == self.State.PRESENT and (voting or self.stands_in_for_id is not None)


class ExclusionQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(agenda_item__in=AgendaItem.objects.visible_to(user))


class Exclusion(OwnedModel):
    """Somebody is befangen at one item, and neither advises nor votes."""

    municipality_path = "agenda_item__meeting__municipality"

    agenda_item = models.ForeignKey(
        AgendaItem, models.CASCADE, related_name="exclusions", verbose_name=_("TOP")
    )
    attendance = models.ForeignKey(
        MeetingAttendance, models.CASCADE, related_name="exclusions", verbose_name=_("Person")
    )

    objects: ClassVar[Any] = ExclusionQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Befangenheit"))

    class Meta:
        verbose_name = _("Befangenheit")
        verbose_name_plural = _("Befangenheiten")
        ordering = ["agenda_item", "attendance"]
        constraints = [models.UniqueConstraint(fields=["agenda_item", "attendance"], name="exclusion_once")]

    def __str__(self) -> str:
        return f"{self.attendance}: {self.agenda_item}"

    @classmethod
    def guards(cls) -> list[Guard]:
        meeting = "(SELECT meeting_id FROM committees_agendaitem WHERE id = {row}.agenda_item_id)"
        return [
            *super().guards(),
            *frozen_with_minutes(cls._meta.db_table, meeting),
            Guard(
                cls._meta.db_table,
                "one_meeting",
                "(SELECT meeting_id FROM committees_agendaitem WHERE id = NEW.agenda_item_id) <>"
                " (SELECT meeting_id FROM committees_meetingattendance WHERE id = NEW.attendance_id)",
                "the exclusion belongs to another meeting",
            ),
        ]

    def clean(self) -> None:
        super().clean()
        if self.attendance.meeting_id != self.agenda_item.meeting_id:
            raise ValidationError({"attendance": _("Diese Person gehört zu einer anderen Sitzung.")})


class MeetingMinutesQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        visible = super().visible_to(user)
        return visible.filter(minutes_readable(user)) if user.is_authenticated else visible


class MeetingMinutes(OwnedModel):
    """The Niederschrift: written from the agenda and the results, agreed, signed, and then fast.

    With the last signature its PDFs are frozen (`MeetingFile`), and with them what the meeting did:
    attendance, results, votes, amendments (`frozen_with_minutes`).
    """

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        AGREED = "agreed", _("abgestimmt")
        SIGNED = "signed", _("unterschrieben")

    municipality_path = "meeting__municipality"

    meeting = models.OneToOneField(Meeting, models.PROTECT, related_name="minutes", verbose_name=_("Sitzung"))
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.DRAFT, editable=False)
    opened_at = models.TimeField(_("eröffnet um"), null=True, blank=True)
    closed_at = models.TimeField(_("geschlossen um"), null=True, blank=True)
    opening = RichTextField(_("Eröffnung"), blank=True)
    closing = RichTextField(_("Schluss"), blank=True)
    agreed_on = models.DateField(_("abgestimmt am"), null=True, blank=True, editable=False)
    agreed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("abgestimmt von"),
    )

    objects: ClassVar[Any] = MeetingMinutesQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Niederschrift"))

    class Meta:
        verbose_name = _("Niederschrift")
        verbose_name_plural = _("Niederschriften")
        ordering = ["meeting"]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="draft") | Q(agreed_on__isnull=False),
                name="meeting_minutes_agreed_have_day",
            ),
        ]

    def __str__(self) -> str:
        return f"{_('Niederschrift')} {self.meeting}"

    @classmethod
    def guards(cls) -> list[Guard]:
        signed = Guard(
            cls._meta.db_table, "signed", "OLD.state = 'signed'", SIGNED_IS_FROZEN, ("UPDATE", "DELETE")
        )
        return [*super().guards(), fixed(cls, "meeting"), signed]

    @property
    def signed(self) -> bool:
        return self.state == self.State.SIGNED


class MinutesSignatureQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(minutes__in=MeetingMinutes.objects.visible_to(user))

    def waiting_for(self, user: Any) -> Self:
        """What the user is to sign themselves: agreed, named by person, and open to them."""
        open_to = self.visible_to(user).filter(minutes__state=MeetingMinutes.State.AGREED, signed_at=None)
        return open_to.filter(person__user=user)


class MinutesSignature(OwnedModel):
    """Who signs the minutes, in which function, and when they did."""

    municipality_path = "minutes__meeting__municipality"

    minutes = models.ForeignKey(
        MeetingMinutes, models.CASCADE, related_name="signatures", verbose_name=_("Niederschrift")
    )
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    function = models.CharField(_("Funktion"), max_length=100)
    person = models.ForeignKey(
        Person, models.PROTECT, related_name="+", null=True, blank=True, verbose_name=_("Person")
    )
    signed_at = models.DateTimeField(_("unterschrieben am"), null=True, blank=True, editable=False)
    signed_by = models.ForeignKey(
        User,
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="+",
        verbose_name=_("eingetragen von"),
    )

    objects: ClassVar[Any] = MinutesSignatureQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Unterschrift"))

    class Meta:
        verbose_name = _("Unterschrift der Niederschrift")
        verbose_name_plural = _("Unterschriften der Niederschrift")
        ordering = ["minutes", "position"]
        constraints = [
            models.UniqueConstraint(fields=["minutes", "position"], name="minutes_signature_unique_position"),
            models.CheckConstraint(
                condition=Q(signed_at=None) | Q(person__isnull=False), name="minutes_signature_of_somebody"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.function}: {self.person or ''}"

    @classmethod
    def guards(cls) -> list[Guard]:
        meeting = "(SELECT meeting_id FROM committees_meetingminutes WHERE id = {row}.minutes_id)"
        return [*super().guards(), fixed(cls, "minutes"), *frozen_with_minutes(cls._meta.db_table, meeting)]


class ExcerptQuerySet(FrozenQuerySet):
    def visible_to(self, user: Any) -> ExcerptQuerySet:
        readable = Q(public=True) | Q(agenda_item__meeting__in=Meeting.objects.open_to_insider(user))
        return self.filter(readable, agenda_item__in=AgendaItem.objects.visible_to(user))


class Excerpt(FrozenModel):
    """The Auszug aus der Niederschrift of one item, made when the minutes were signed; in a public and in a
    complete variant where something of a public item is not for everybody."""

    municipality_path = "agenda_item__meeting__municipality"

    agenda_item = models.ForeignKey(
        AgendaItem, models.PROTECT, related_name="excerpts", verbose_name=_("TOP")
    )
    public = models.BooleanField(_("öffentlich"), default=True)
    file = models.OneToOneField(IssuedFile, models.PROTECT, related_name="excerpt", verbose_name=_("Datei"))

    objects: ClassVar[Any] = ExcerptQuerySet.as_manager()

    class Meta:
        base_manager_name = "objects"  # the plain one would let rows be changed
        verbose_name = _("Auszug aus der Niederschrift")
        verbose_name_plural = _("Auszüge aus der Niederschrift")
        ordering = ["agenda_item", "public"]
        constraints = [
            models.UniqueConstraint(fields=["agenda_item", "public"], name="excerpt_once_for_each_variant")
        ]

    def __str__(self) -> str:
        return f"{_('Auszug')} {self.agenda_item}"
