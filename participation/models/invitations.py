"""Invitations to a group or to guide a process, and who guides one."""

from __future__ import annotations

import datetime
import hashlib
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _
from simple_history.models import HistoricalRecords

from municipalities.guards import Guard, same_parent
from municipalities.models import Municipality, Role
from municipalities.ownership import OwnedModel, OwnedQuerySet
from participation.models.groups import Group, Seat
from participation.models.process import Process

VALID_FOR = datetime.timedelta(days=21)


class InvitationQuerySet(OwnedQuerySet):
    def visible_to(self, user: Any) -> InvitationQuerySet:
        """For those who keep the town's groups: nobody else learns who was asked."""
        if not user.is_authenticated:
            return self.none()
        towns = user.access.towns_with(Role.Kind.ADMINISTRATION, Role.Kind.EDITING)
        return self.filter(municipality__in=towns)

    def by_token(self, token: str) -> InvitationQuerySet:
        return self.filter(token_hash=hash_of(token))


def hash_of(token: str) -> str:
    return hashlib.sha256(token.encode("utf-8", "replace")).hexdigest()


class Invitation(OwnedModel):
    """Somebody is asked by e-mail into a group, or to guide a process. Kept for ever, whatever they answer.

    The way in (the token) goes out with the mail; here only its hash is known. Whether it has run out is
    asked of `is_expired`: the state EXPIRED is written only where a newer invitation takes its place.
    """

    class State(models.TextChoices):
        SENT = "sent", _("noch keine Antwort")
        ACCEPTED = "accepted", _("angenommen")
        DECLINED = "declined", _("abgelehnt")
        EXPIRED = "expired", _("abgelaufen")
        WITHDRAWN = "withdrawn", _("zurückgezogen")

    municipality = models.ForeignKey(
        Municipality, models.PROTECT, related_name="invitations", verbose_name=_("Kommune")
    )
    group = models.ForeignKey(
        Group, models.PROTECT, related_name="invitations", null=True, blank=True, verbose_name=_("Gruppe")
    )
    seat = models.ForeignKey(
        Seat, models.SET_NULL, related_name="invitations", null=True, blank=True, verbose_name=_("Platz")
    )
    process = models.ForeignKey(
        Process,
        models.PROTECT,
        related_name="invitations",
        null=True,
        blank=True,
        verbose_name=_("Begleitung des Prozesses"),
    )
    role = models.CharField(_("Funktion"), max_length=12, choices=Seat.Role, default=Seat.Role.MEMBER)
    email = models.EmailField(_("E-Mail-Adresse"))
    name = models.CharField(_("Name"), max_length=100, blank=True)
    message = models.TextField(_("Nachricht"), max_length=1000, blank=True)
    token_hash = models.CharField(_("Prüfwert des Zugangs"), max_length=64, unique=True)
    state = models.CharField(_("Stand"), max_length=10, choices=State, default=State.SENT)
    times_sent = models.PositiveSmallIntegerField(_("wie oft versandt"), default=1)
    sent_at = models.DateTimeField(_("versandt am"), default=timezone.now)
    expires_at = models.DateTimeField(_("gültig bis"))
    answered_at = models.DateTimeField(_("beantwortet am"), null=True, blank=True)
    invited_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        related_name="sent_invitations",
        null=True,
        blank=True,
        verbose_name=_("eingeladen von"),
    )

    objects: ClassVar[Any] = InvitationQuerySet.as_manager()
    history = HistoricalRecords(excluded_fields=["token_hash"], verbose_name=_("Verlauf der Einladung"))

    class Meta:
        verbose_name = _("Einladung")
        verbose_name_plural = _("Einladungen")
        ordering = ["-sent_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(group__isnull=False, process=None) | Q(group=None, process__isnull=False),
                name="invitation_to_one_thing",
            ),
            models.UniqueConstraint(
                fields=["group", "email"], condition=Q(state="sent"), name="invitation_open_once_in_group"
            ),
            models.UniqueConstraint(
                fields=["process", "email"], condition=Q(state="sent"), name="invitation_open_once_in_process"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.name or self.email} – {self.group or self.process}"

    @classmethod
    def guards(cls) -> list[Guard]:
        return [*super().guards(), same_parent(cls, "seat", "group")]

    @property
    def is_expired(self) -> bool:
        if self.state == self.State.SENT:
            return self.expires_at <= timezone.now()
        return self.state == self.State.EXPIRED

    @property
    def is_open(self) -> bool:
        return self.state == self.State.SENT and not self.is_expired

    @property
    def state_in_words(self) -> str:
        return str(self.State.EXPIRED.label if self.is_expired else self.get_state_display())

    @property
    def mail_key(self) -> str:
        return f"invitation-{self.pk}-{self.times_sent}"
