"""Addresses that are a way in by themselves: somebody's calendar, and one meeting without an account.

Only the hash of the secret is kept. 256 bits cannot be guessed, so nothing counts the tries.
"""

from __future__ import annotations

import datetime
import secrets

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from committees.models import Meeting
from committees.permissions import may_lead
from council.models import CalendarKey, LinkUse, MeetingLink
from municipalities.models import User
from participation.models.invitations import hash_of

LONGEST_LINK = datetime.timedelta(days=366)
LONGEST_COMPLETE_LINK = datetime.timedelta(days=31)
# Calendars ask every few minutes; once an hour is exact enough for "zuletzt abgerufen".
NOTED_EVERY = datetime.timedelta(hours=1)
LONGEST_TOKEN = 100


# ---- One's own calendar ----------------------------------------------------------------------------------


@transaction.atomic
def make_calendar_key(*, by: User) -> str:
    """The secret, told once. An older address leads nowhere from now on."""
    token = secrets.token_urlsafe(32)
    CalendarKey.objects.update_or_create(user=by, defaults={"token_hash": hash_of(token), "used_at": None})
    return token


def revoke_calendar_key(*, by: User) -> bool:
    """False where there is none."""
    deleted, _rows = CalendarKey.objects.filter(user=by).delete()
    return bool(deleted)


def owner_of_calendar(token: str) -> User | None:
    """Whose calendar it is; notes that it was asked for."""
    if not _well_formed(token):
        return None
    keys = CalendarKey.objects.filter(token_hash=hash_of(token), user__is_active=True)
    key = keys.select_related("user").first()
    if key is None:
        return None
    now = timezone.now()
    if key.used_at is None or key.used_at < now - NOTED_EVERY:
        CalendarKey.objects.filter(pk=key.pk).update(used_at=now)
    return key.user


# ---- One meeting, without an account ---------------------------------------------------------------------


@transaction.atomic
def make_link(
    *, meeting: Meeting, by: User, holder: str, last_day: datetime.date, complete: bool = False
) -> tuple[MeetingLink, str]:
    """With the secret, which is told once. It holds to the end of the last day."""
    if not may_lead(by, meeting.municipality_id):
        raise PermissionDenied
    today = timezone.localdate()
    if last_day < today:
        raise ValidationError({"last_day": _("Bitte wählen Sie heute oder einen späteren Tag.")})
    longest = LONGEST_COMPLETE_LINK if complete else LONGEST_LINK
    if last_day > today + longest:
        raise ValidationError(
            {"last_day": _("Ein solcher Link gilt höchstens %d Tage. Bitte wählen Sie einen früheren Tag.")
             % longest.days}
        )  # fmt: skip
    token = secrets.token_urlsafe(32)
    end = datetime.datetime.combine(last_day, datetime.time(23, 59, 59))
    link = MeetingLink.objects.create(
        meeting=meeting,
        holder=holder,
        token_hash=hash_of(token),
        complete=complete,
        expires_at=timezone.make_aware(end),
        made_by=by,
    )
    return link, token


@transaction.atomic
def revoke_link(*, link: MeetingLink, by: User) -> bool:
    """False where it has been revoked already. It is not deleted: its use stays on record."""
    link = MeetingLink.objects.select_for_update(of=("self",)).select_related("meeting").get(pk=link.pk)
    if not may_lead(by, link.meeting.municipality_id):
        raise PermissionDenied
    if link.revoked_at is not None:
        return False
    link.revoked_at = timezone.now()
    link.save()
    return True


def open_link(token: str) -> MeetingLink | None:
    """The link while it holds; whether an unknown one, a revoked one or one that has run out, is not told."""
    if not _well_formed(token):
        return None
    links = MeetingLink.objects.select_related("meeting__municipality__revision")
    found: MeetingLink | None = links.filter(
        token_hash=hash_of(token), revoked_at=None, expires_at__gt=timezone.now()
    ).first()
    return found


def note_use(*, link: MeetingLink, what: str) -> None:
    """When, and for what; not by whom, and no address of a computer."""
    LinkUse.objects.create(link=link, what=what[:200])


def _well_formed(token: str) -> bool:
    return len(token) <= LONGEST_TOKEN and token.isascii()
