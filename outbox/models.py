"""Mails that must not be lost: written in the transaction of what they tell, sent after it."""

from __future__ import annotations

import datetime
from dataclasses import dataclass
from typing import Any, ClassVar

from django.apps import apps
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from municipalities.choices import CheckedModel

# Far beyond what a mail takes with a server that answers at the last moment. A sender that is silent for
# longer has died, and nobody knows whether its mail had left.
GIVEN_UP_AFTER = datetime.timedelta(minutes=30)


@dataclass(frozen=True)
class Wording:
    """What is said in a mail. `attachments` are (name, content, type)."""

    subject: str
    text: str
    attachments: tuple[tuple[str, bytes, str], ...] = ()


class OutgoingMailQuerySet(models.QuerySet["OutgoingMail"]):
    def due(self, now: datetime.datetime) -> OutgoingMailQuerySet:
        """What may be sent now, the longest waiting first."""
        waits = Q(state=OutgoingMail.State.WAITING, next_attempt__lte=now)
        orphaned = Q(state=OutgoingMail.State.SENDING, claimed_at__lte=now - GIVEN_UP_AFTER)
        return self.filter(waits | orphaned).order_by("next_attempt", "pk")


class OutgoingMail(CheckedModel):
    """One mail to one address. `key` says what it tells, so that nothing is told twice.

    `subject` and `text` can be said in any case. A mail that names something has a second wording, which
    holds as long as all that it names is for everybody: that may change while the mail waits.
    """

    class State(models.TextChoices):
        WAITING = "waiting", _("wartet")
        SENDING = "sending", _("wird gesendet")
        SENT = "sent", _("gesendet")
        FAILED = "failed", _("nicht zustellbar")
        CANCELLED = "cancelled", _("zurückgezogen")

    key = models.CharField(_("Anlass"), max_length=150, unique=True)
    recipient = models.EmailField(_("Empfänger"))
    subject = models.CharField(_("Betreff"), max_length=200)
    text = models.TextField(_("Text"), blank=True)
    named = models.JSONField(
        _("Genanntes"), default=dict, blank=True, help_text=_("Die Schlüssel der Zeilen, je Modell.")
    )
    naming_subject = models.CharField(_("Betreff mit Namen"), max_length=200, blank=True)
    naming_text = models.TextField(_("Text mit Namen"), blank=True)
    secret = models.BooleanField(
        _("Text nach dem Senden löschen"), default=False, help_text=_("Der Text enthält einen Zugang.")
    )
    message_id = models.CharField(_("Message-ID"), max_length=200, unique=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.WAITING)
    attempts = models.PositiveSmallIntegerField(_("Versuche"), default=0)
    next_attempt = models.DateTimeField(_("nächster Versuch"), default=timezone.now)
    claimed_at = models.DateTimeField(_("letzter Versuch"), null=True, blank=True)
    sent_at = models.DateTimeField(_("gesendet am"), null=True, blank=True)
    last_error = models.CharField(_("letzter Fehler"), max_length=500, blank=True)
    written_at = models.DateTimeField(_("geschrieben am"), auto_now_add=True)

    objects: ClassVar[Any] = OutgoingMailQuerySet.as_manager()

    class Meta:
        verbose_name = _("ausgehende E-Mail")
        verbose_name_plural = _("ausgehende E-Mails")
        ordering = ["-written_at", "-pk"]
        indexes = [models.Index(fields=["state", "next_attempt"], name="outgoing_due")]
        constraints = [
            models.CheckConstraint(
                condition=Q(state="sent", sent_at__isnull=False) | (~Q(state="sent") & Q(sent_at=None)),
                name="outgoing_sent_has_its_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.subject} → {self.recipient}"

    @property
    def wording(self) -> Wording:
        """What is said if it is sent now."""
        named = bool(self.named) and self._may_name()
        attachments = tuple(
            (attachment.name, bytes(attachment.content), attachment.content_type)
            for attachment in self.attachments.all()
            if named or not attachment.naming
        )
        if named:
            return Wording(self.naming_subject, self.naming_text, attachments)
        return Wording(self.subject, self.text, attachments)

    def _may_name(self) -> bool:
        return all(
            apps.get_model(label).objects.everybodys().filter(pk__in=keys).count() == len(set(keys))
            for label, keys in self.named.items()
        )


class MailAttachment(models.Model):
    mail = models.ForeignKey(OutgoingMail, models.CASCADE, related_name="attachments")
    position = models.PositiveSmallIntegerField(_("Reihenfolge"))
    name = models.CharField(_("Name"), max_length=150)
    content_type = models.CharField(_("Typ"), max_length=100)
    content = models.BinaryField(_("Inhalt"))
    naming = models.BooleanField(
        _("nennt etwas"), default=False, help_text=_("Geht nur mit, solange das Genannte öffentlich ist.")
    )

    class Meta:
        verbose_name = _("Anhang")
        verbose_name_plural = _("Anhänge")
        ordering = ["mail", "position"]
        constraints = [
            models.UniqueConstraint(fields=["mail", "position"], name="mail_attachment_unique_position")
        ]

    def __str__(self) -> str:
        return self.name
