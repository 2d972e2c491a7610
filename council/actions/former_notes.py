"""Private notes follow their writer to a new address of the account, by a link to the former one.

The address is a part of the notes' key, so who gives somebody's account another address opens none of them
(docs/decisions/0023-private-notes.md). Who reads the former mailbox can take them along.
"""

from __future__ import annotations

import datetime
from collections.abc import Sequence
from hashlib import blake2s

from django.conf import settings
from django.core import signing
from django.core.exceptions import ValidationError
from django.db import transaction
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from council.contents import Contents
from council.models import PrivateNote
from council.secrets import UnreadableNoteError
from municipalities.models import Municipality, User
from outbox.actions import post

SALT = "council.former_notes"
LASTS = datetime.timedelta(days=7)


def send_link(*, former: str, by: User, town: Municipality) -> None:
    """To `former`, if a note of theirs opens with it and not with today's address; else to nobody. At most
    one mail a day to each address. Raises ValidationError for today's own."""
    if former.lower() == by.email.lower():
        raise ValidationError(
            {"former": _("Diese Adresse hat Ihr Konto jetzt. Bitte nennen Sie die von damals.")}
        )
    if not notes_under(former, by):
        return
    link = reverse("council:former_notes_taken", args=[town.slug, token_for(by, former)])
    context = {"user": by, "town": town, "address": settings.PORTAL_URL + link, "days": LASTS.days}
    said = blake2s(f"{by.email} {former}".lower().encode(), digest_size=16).hexdigest()
    post(
        key=f"former-notes-{by.pk}-{said}-{timezone.localdate():%Y%m%d}",
        to=former,
        subject=_("Ihre Notizen mitnehmen"),
        text=render_to_string("council/mails/former_notes.txt", context),
        secret=True,
    )


def token_for(user: User, former: str) -> str:
    """Good for this account, and for the address that it has today."""
    return signing.dumps([user.pk, user.email.lower(), former.lower()], salt=SALT)


def former_address(token: str, by: User) -> str:
    """Raises ValidationError for a link that is too old or not the user's."""
    try:
        pk, email, former = signing.loads(token, salt=SALT, max_age=LASTS)
    except (signing.BadSignature, ValueError):
        pk, email, former = 0, "", ""
    if (pk, email) != (by.pk, by.email.lower()):
        raise ValidationError(_("Dieser Link gilt nicht oder nicht mehr. Bitte fordern Sie einen neuen an."))
    return str(former)


def notes_under(address: str, user: User) -> Sequence[PrivateNote]:
    """Those that open with `address` and not with the one of today."""
    rows = PrivateNote.objects.filter(user=user).order_by("pk")
    return [row for row in rows if not _opens(row, user.email, user) and _opens(row, address, user)]


def _opens(row: PrivateNote, address: str, user: User) -> bool:
    try:
        Contents.of(row.sealed, user=user, paper_id=row.paper_id, address=address)
    except UnreadableNoteError:
        return False
    return True


@transaction.atomic
def take_along(*, token: str, by: User) -> int:
    """Seals them anew, for the address of today; how many. Raises ValidationError, as `former_address`."""
    former = former_address(token, by)
    rows = notes_under(former, by)
    for row in rows:
        contents = Contents.of(row.sealed, user=by, paper_id=row.paper_id, address=former)
        row.sealed = contents.sealed(user=by, paper_id=row.paper_id)
        row.save(update_fields=["sealed"])  # they stay as old as they are
    return len(rows)
