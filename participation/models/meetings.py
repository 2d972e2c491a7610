"""What belongs to one event: agenda, documents, invitations and replies, who was there, the minutes."""

from __future__ import annotations

from typing import Any, ClassVar, NoReturn, Self

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _now
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from documents.richtext import RichTextField
from municipalities.guards import Guard, fixed
from municipalities.models import Person, Role, User
from municipalities.ownership import OwnedModel, OwnedQuerySet
from participation.models.events import Event
from participation.models.groups import Seat
from participation.models.process import moderated_by

OF_EVENT = "event__process__municipality"


class PartOfEventQuerySet(OwnedQuerySet):
    """Rows with an `event`: for the town, and for who guides its process from outside."""

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        own = Q(event__process__municipality__in=user.access.municipality_ids)
        return self.filter(own | Q(event__process__in=moderated_by(user)))


class EventAgendaItem(OwnedModel):
    """What is dealt with, in which order, and who presents it."""

    municipality_path = OF_EVENT

    event = models.ForeignKey(Event, models.CASCADE, related_name="agenda", verbose_name=_("Veranstaltung"))
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    title = models.CharField(_("Thema"), max_length=200)
    presenter = models.CharField(_("Wer"), max_length=150, blank=True)
    text = models.TextField(_("Worum es geht"), max_length=2000, blank=True)

    objects: ClassVar[Any] = PartOfEventQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf des Tagesordnungspunkts"))

    class Meta:
        verbose_name = _("Punkt der Tagesordnung")
        verbose_name_plural = _("Punkte der Tagesordnung")
        ordering = ["event", "position"]
        constraints = [
            models.UniqueConstraint(fields=["event", "position"], name="event_agenda_unique_position"),
            models.CheckConstraint(condition=~Q(title=""), name="event_agenda_has_title"),
        ]

    def __str__(self) -> str:
        return self.title


class Audience(models.TextChoices):
    """Who may read a document."""

    MEMBERS = "members", _("alle Mitglieder")
    STAFF = "staff", _("nur Fachadministration und Redaktion")


class EventDocumentQuerySet(PartOfEventQuerySet):
    def visible_to(self, user: Any) -> EventDocumentQuerySet:
        """What is for the staff only by the roles that keep events."""
        seen: EventDocumentQuerySet = super().visible_to(user)
        if not user.is_authenticated:
            return seen
        staffed = user.access.towns_with(Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
        return seen.filter(Q(audience=Audience.MEMBERS) | Q(event__process__municipality__in=staffed))

    def without_content(self) -> EventDocumentQuerySet:
        return self.defer("content")


class EventDocument(OwnedModel):
    """A file for an event: what it is was found out from its content, not from its name."""

    municipality_path = OF_EVENT

    event = models.ForeignKey(
        Event, models.CASCADE, related_name="documents", verbose_name=_("Veranstaltung")
    )
    title = models.CharField(_("Titel"), max_length=200)
    audience = models.CharField(_("Wer sie lesen darf"), max_length=10, choices=Audience)
    name = models.CharField(_("Dateiname"), max_length=150)
    media_type = models.CharField(_("Art"), max_length=60)
    content = models.BinaryField(_("Inhalt"))
    size = models.PositiveIntegerField(_("Größe in Byte"))
    sha256 = models.CharField(_("SHA-256"), max_length=64)
    uploaded_at = models.DateTimeField(_("hochgeladen am"), auto_now_add=True)
    uploaded_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("hochgeladen von")
    )

    objects: ClassVar[Any] = EventDocumentQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["content"], verbose_name=_("Verlauf der Unterlage"))

    class Meta:
        verbose_name = _("Unterlage")
        verbose_name_plural = _("Unterlagen")
        ordering = ["event", "uploaded_at", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["event", "sha256"], name="event_document_once"),
            models.CheckConstraint(condition=Q(size__gt=0), name="event_document_not_empty"),
        ]

    def __str__(self) -> str:
        return self.title


class EventReply(OwnedModel):
    """Whether somebody comes: said by themselves, or entered by the staff for them."""

    class Answer(models.TextChoices):
        COMES = "comes", _("kommt")
        PERHAPS = "perhaps", _("kommt vielleicht")
        STAYS_AWAY = "stays_away", _("kommt nicht")

    municipality_path = OF_EVENT

    event = models.ForeignKey(Event, models.CASCADE, related_name="replies", verbose_name=_("Veranstaltung"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="event_replies", verbose_name=_("Person"))
    answer = models.CharField(_("Antwort"), max_length=12, choices=Answer)
    remark = models.CharField(_("Bemerkung"), max_length=300, blank=True)
    given_at = models.DateTimeField(_("gegeben am"), auto_now=True)
    entered_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("eingetragen von")
    )

    objects: ClassVar[Any] = PartOfEventQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Rückmeldung"))

    class Meta:
        verbose_name = _("Rückmeldung")
        verbose_name_plural = _("Rückmeldungen")
        ordering = ["event", "person"]
        constraints = [models.UniqueConstraint(fields=["event", "person"], name="event_reply_once")]

    def __str__(self) -> str:
        return f"{self.person}: {self.get_answer_display()}"


class EventNotice(OwnedModel):
    """A mail about the event that was handed to the outbox: to whom, and which state of it."""

    class Kind(models.TextChoices):
        INVITATION = "invitation", _("Einladung")
        CANCELLATION = "cancellation", _("Absage")

    municipality_path = OF_EVENT

    event = models.ForeignKey(Event, models.CASCADE, related_name="notices", verbose_name=_("Veranstaltung"))
    person = models.ForeignKey(Person, models.CASCADE, related_name="event_notices", verbose_name=_("Person"))
    kind = models.CharField(_("Art"), max_length=12, choices=Kind)
    sequence = models.PositiveIntegerField(_("Stand"))
    address = models.EmailField(_("E-Mail-Adresse"))
    sent_at = models.DateTimeField(_("versandt am"), auto_now_add=True)
    sent_by = models.ForeignKey(
        User, models.SET_NULL, null=True, related_name="+", verbose_name=_("versandt von")
    )

    objects: ClassVar[Any] = PartOfEventQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nachricht zur Veranstaltung")
        verbose_name_plural = _("Nachrichten zur Veranstaltung")
        ordering = ["event", "sent_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "person", "kind", "sequence"], name="event_notice_once_per_state"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_kind_display()}: {self.person}"


class Attendance(OwnedModel):
    """Somebody who is there: in a seat (or in its place), or as a further guest.

    `name` and `institution` stay as they were on the day, whoever holds the seat later.
    """

    municipality_path = OF_EVENT

    event = models.ForeignKey(Event, models.CASCADE, related_name="present", verbose_name=_("Veranstaltung"))
    seat = models.ForeignKey(
        Seat, models.SET_NULL, null=True, blank=True, related_name="attendances", verbose_name=_("Platz")
    )
    name = models.CharField(_("Name"), max_length=150, blank=True)
    institution = models.CharField(_("Einrichtung"), max_length=150, blank=True)
    in_place = models.BooleanField(_("in Vertretung"), default=False)

    objects: ClassVar[Any] = PartOfEventQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Anwesenheit"))

    class Meta:
        verbose_name = _("Anwesenheit")
        verbose_name_plural = _("Anwesenheiten")
        ordering = ["event", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["event", "seat"], condition=Q(seat__isnull=False), name="attendance_seat_once"
            ),
            models.UniqueConstraint(
                fields=["event", "name", "institution"],
                condition=Q(seat__isnull=True),
                name="attendance_guest_once",
            ),
            models.CheckConstraint(condition=~Q(name="") | ~Q(institution=""), name="attendance_of_somebody"),
        ]

    def __str__(self) -> str:
        return self.name or self.institution


class MinutesQuerySet(PartOfEventQuerySet):
    def visible_to(self, user: Any) -> MinutesQuerySet:
        """Members read what is agreed or published; drafts those who write them."""
        seen: MinutesQuerySet = super().visible_to(user)
        if not user.is_authenticated:
            return seen
        staffed = user.access.towns_with(Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
        seats = Seat.objects.held_now().filter(role=Seat.Role.MODERATION, person__user=user)
        return seen.filter(
            ~Q(state=Minutes.State.DRAFT)
            | Q(event__process__municipality__in=staffed)
            | Q(event__process__in=moderated_by(user))
            | Q(event__moderator__in=user.access.institutions)
            | Q(event__process__moderator__in=user.access.institutions)
            | Q(
                event__in=Event.groups.through.objects.filter(group__in=seats.values("group")).values("event")
            )
        )


class Minutes(OwnedModel):
    """A version of an event's minutes: draft, agreed, published. What is published stays as it is."""

    class State(models.TextChoices):
        DRAFT = "draft", _("Entwurf")
        AGREED = "agreed", _("abgestimmt")
        PUBLISHED = "published", _("veröffentlicht")

    municipality_path = OF_EVENT

    event = models.ForeignKey(Event, models.PROTECT, related_name="minutes", verbose_name=_("Veranstaltung"))
    version = models.PositiveSmallIntegerField(_("Fassung"), default=1)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.DRAFT)
    text = RichTextField(_("Niederschrift"), blank=True)
    correction = models.CharField(_("Grund der Berichtigung"), max_length=300, blank=True)
    agreed_at = models.DateTimeField(_("abgestimmt am"), null=True, blank=True)
    agreed_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("abgestimmt von")
    )
    published_at = models.DateTimeField(_("veröffentlicht am"), null=True, blank=True)
    published_by = models.ForeignKey(
        User, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("veröffentlicht von")
    )

    objects: ClassVar[Any] = MinutesQuerySet.as_manager()
    history = HistoricalRecords(verbose_name=_("Verlauf der Niederschrift"))

    class Meta:
        verbose_name = _("Niederschrift")
        verbose_name_plural = _("Niederschriften")
        ordering = ["event", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["event", "version"], name="minutes_unique_version"),
            models.CheckConstraint(
                condition=Q(state="draft") | (~Q(text="") & Q(agreed_at__isnull=False)),
                name="minutes_agreed_have_text_and_day",
                violation_error_message=_("Eine leere Niederschrift lässt sich nicht abstimmen."),
            ),
            models.CheckConstraint(
                condition=~Q(state="published") | Q(published_at__isnull=False),
                name="minutes_published_have_day",
            ),
            models.CheckConstraint(
                condition=Q(version=1) | ~Q(correction=""), name="minutes_correction_has_reason"
            ),
            # At most one version is being written or agreed upon.
            models.UniqueConstraint(
                fields=["event"], condition=~Q(state="published"), name="minutes_one_open_version"
            ),
        ]

    def __str__(self) -> str:
        return _now("Niederschrift, Fassung %d") % self.version

    @classmethod
    def guards(cls) -> list[Guard]:
        table = cls._meta.db_table
        published = Guard(
            table, "published", "OLD.state = 'published'", "published minutes cannot be changed", ("UPDATE",)
        )
        return [*super().guards(), fixed(cls, "event"), published]

    @property
    def is_draft(self) -> bool:
        return self.state == self.State.DRAFT

    @property
    def is_published(self) -> bool:
        return self.state == self.State.PUBLISHED

    def save(self, *args: Any, **kwargs: Any) -> None:
        if self.as_stored("state") == self.State.PUBLISHED:
            refuse_change()
        super().save(*args, **kwargs)

    def delete(self, *args: Any, **kwargs: Any) -> tuple[int, dict[str, int]]:
        if self.as_stored("state") == self.State.PUBLISHED:
            refuse_change()
        return super().delete(*args, **kwargs)


def refuse_change() -> NoReturn:
    raise ValidationError(
        _now(
            "Eine veröffentlichte Niederschrift bleibt, wie sie ist. Eine Berichtigung ist eine neue Fassung."
        )
    )
