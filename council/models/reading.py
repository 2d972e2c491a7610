"""What somebody has read, and what they keep for themselves: nobody else's, and in no history."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from django.db import models
from django.utils.translation import gettext_lazy as _

from committees.models import Meeting, Paper
from municipalities.models import User
from municipalities.ownership import OwnedModel, OwnedQuerySet


class OwnQuerySet(OwnedQuerySet):
    """Rows that belong to one user. No role opens them, not the administration's and not the operator's."""

    def visible_to(self, user: Any) -> Self:
        if not user.is_authenticated:
            return self.none()
        return self.filter(user=user, paper__in=Paper.objects.visible_to(user))


class ReadMark(OwnedModel):
    """When somebody last read a paper, and what it said then (`council/states.py`)."""

    municipality_path = "paper__municipality"

    user = models.ForeignKey(User, models.CASCADE, related_name="read_marks", verbose_name=_("Person"))
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="read_marks", verbose_name=_("Vorlage"))
    read_at = models.DateTimeField(_("gelesen am"))
    state = models.JSONField(_("gelesener Stand"), default=dict)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("Lesezeichen")
        verbose_name_plural = _("Lesezeichen")
        ordering = ["-read_at"]
        constraints = [models.UniqueConstraint(fields=["user", "paper"], name="read_mark_once")]

    def __str__(self) -> str:
        return f"{self.paper}, {self.read_at:%d.%m.%Y}"

    def touch(self) -> None:
        """Nobody else's page changes by it."""


class PrivateNote(OwnedModel):
    """A note or a mark at a paper or at one of its passages, encrypted at rest (`council/secrets.py`).

    `passage` names the place: "punkt-3", a block's key, or nothing for the whole paper.
    """

    class Kind(models.TextChoices):
        NOTE = "note", _("Notiz")
        MARK = "mark", _("Markierung")

    municipality_path = "paper__municipality"

    user = models.ForeignKey(User, models.CASCADE, related_name="private_notes", verbose_name=_("Person"))
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="private_notes", verbose_name=_("Vorlage"))
    kind = models.CharField(_("Art"), max_length=5, choices=Kind, default=Kind.NOTE)
    passage = models.CharField(_("Stelle"), max_length=80, blank=True)
    sealed = models.BinaryField(_("verschlüsselter Text"))
    written_at = models.DateTimeField(_("geschrieben am"), auto_now=True)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("eigene Notiz")
        verbose_name_plural = _("eigene Notizen")
        ordering = ["paper", "pk"]

    def __str__(self) -> str:
        return f"{self.get_kind_display()} {self.pk}"

    def touch(self) -> None:
        """Nobody else's page changes by it."""


class Reminder(OwnedModel):
    """Somebody wants to be reminded of a paper on a day, by mail."""

    municipality_path = "paper__municipality"

    user = models.ForeignKey(User, models.CASCADE, related_name="reminders", verbose_name=_("Person"))
    paper = models.ForeignKey(Paper, models.CASCADE, related_name="reminders", verbose_name=_("Vorlage"))
    day = models.DateField(_("Tag"))
    sent_at = models.DateTimeField(_("erinnert am"), null=True, blank=True, editable=False)

    objects: ClassVar[Any] = OwnQuerySet.as_manager()

    class Meta:
        verbose_name = _("Erinnerung")
        verbose_name_plural = _("Erinnerungen")
        ordering = ["day", "pk"]
        constraints = [models.UniqueConstraint(fields=["user", "paper", "day"], name="reminder_once")]

    def __str__(self) -> str:
        return f"{self.paper}, {self.day:%d.%m.%Y}"

    def touch(self) -> None:
        """Nobody else's page changes by it."""


class CalendarKey(models.Model):
    """The secret address of somebody's own calendar: only its hash is kept; a new one revokes the old."""

    user = models.OneToOneField(User, models.CASCADE, related_name="calendar_key", verbose_name=_("Person"))
    token_hash = models.CharField(_("Prüfwert"), max_length=64, unique=True)
    made_at = models.DateTimeField(_("angelegt am"), auto_now=True)
    used_at = models.DateTimeField(_("zuletzt abgerufen"), null=True, blank=True)

    class Meta:
        verbose_name = _("geheime Kalenderadresse")
        verbose_name_plural = _("geheime Kalenderadressen")

    def __str__(self) -> str:
        return str(self.user)


class MeetingLinkQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        """For who leads the council's business: see permissions.may_lead."""
        if not user.is_authenticated:
            return self.none()
        return self.filter(meeting__in=Meeting.objects.led_by(user))


class MeetingLink(OwnedModel):
    """Reading one meeting's public papers without an account: hashed, expiring, revocable."""

    municipality_path = "meeting__municipality"

    meeting = models.ForeignKey(Meeting, models.CASCADE, related_name="links", verbose_name=_("Sitzung"))
    holder = models.CharField(_("Für wen"), max_length=150)
    token_hash = models.CharField(_("Prüfwert"), max_length=64, unique=True)
    complete = models.BooleanField(
        _("mit dem nichtöffentlichen Teil"),
        default=False,
        help_text=_("Nur für Personen, die zur Verschwiegenheit verpflichtet sind."),
    )
    expires_at = models.DateTimeField(_("gilt bis"))
    revoked_at = models.DateTimeField(_("widerrufen am"), null=True, blank=True, editable=False)
    made_at = models.DateTimeField(_("angelegt am"), auto_now_add=True)
    made_by = models.ForeignKey(
        User, models.PROTECT, null=True, related_name="+", verbose_name=_("angelegt von")
    )

    objects: ClassVar[Any] = MeetingLinkQuerySet.as_manager()

    class Meta:
        verbose_name = _("Leselink")
        verbose_name_plural = _("Leselinks")
        ordering = ["meeting", "-made_at"]

    def __str__(self) -> str:
        return f"{self.holder}: {self.meeting}"


class LinkUseQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> Self:
        return self.filter(link__in=MeetingLink.objects.visible_to(user))


class LinkUse(OwnedModel):
    """When a link was used, and for what."""

    municipality_path = "link__meeting__municipality"

    link = models.ForeignKey(MeetingLink, models.CASCADE, related_name="uses", verbose_name=_("Leselink"))
    at = models.DateTimeField(_("am"), auto_now_add=True)
    what = models.CharField(_("Was"), max_length=200)

    objects: ClassVar[Any] = LinkUseQuerySet.as_manager()

    class Meta:
        verbose_name = _("Nutzung eines Leselinks")
        verbose_name_plural = _("Nutzungen eines Leselinks")
        ordering = ["link", "-at"]

    def __str__(self) -> str:
        return f"{self.what}, {self.at:%d.%m.%Y}"

    def touch(self) -> None:
        """No page but the log changes by it."""
