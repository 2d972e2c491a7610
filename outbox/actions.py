"""Writing a mail down, and sending what is due: each once, whatever happens to the mail server.

A mail is claimed in a transaction of its own, sent outside of any, and marked as sent in another. So several
senders can work at once, and one that dies in between leaves a mail that is tried again after a while, under
the same Message-ID, by which the receiving server tells that it is the same.
"""

from __future__ import annotations

import datetime
import logging
import smtplib
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from email.utils import make_msgid, parseaddr

from django.conf import settings
from django.core.mail import EmailMessage, get_connection
from django.core.validators import validate_email
from django.db import connection, transaction
from django.db.models import Model
from django.utils import timezone

from municipalities.background import BackgroundWork
from outbox.models import MailAttachment, OutgoingMail, Wording

logger = logging.getLogger(__name__)

Attachment = tuple[str, bytes, str]
State = OutgoingMail.State

FIRST_PAUSE = datetime.timedelta(minutes=1)
LONGEST_PAUSE = datetime.timedelta(hours=6)
MOST_ATTEMPTS = 20  # about three days
PER_ROUND = 20


@dataclass(frozen=True)
class Naming:
    """What a mail says instead as long as all `rows` are for everybody, asked when it is sent.

    Their managers have `everybodys()`. The attachments come in addition.
    """

    rows: Collection[Model]
    wording: Wording


@dataclass
class Round:
    """What became of the mails of one round. `server_down`: it was broken off, the rest waits."""

    sent: int = 0
    put_off: int = 0
    failed: int = 0
    server_down: bool = False

    @property
    def tried(self) -> int:
        return self.sent + self.put_off + self.failed


# ---- Writing ---------------------------------------------------------------------------------------------


def post(
    *,
    key: str,
    to: str,
    subject: str,
    text: str,
    attachments: Iterable[Attachment] = (),
    naming: Naming | None = None,
    not_before: datetime.datetime | None = None,
    secret: bool = False,
) -> OutgoingMail:
    """One mail, in the caller's transaction; it leaves after the commit. A key that is known does nothing.

    `attachments` are (name, content, type). What is named in `subject` and `text` is for everybody for good;
    what may be closed before the mail has left belongs into `naming`. `secret`: the text holds a way in, and
    is forgotten once the mail has left. Raises ValidationError for what is no address.
    """
    validate_email(to)
    mail, new = OutgoingMail.objects.get_or_create(
        key=key,
        defaults={
            "recipient": to,
            "subject": _in_one_line(subject),
            "text": text.replace("\0", ""),
            **(_named(naming) if naming else {}),
            "secret": secret,
            "message_id": make_msgid(domain=_own_domain()),
            "next_attempt": not_before or timezone.now(),
        },
    )
    if new:
        always = [(attachment, False) for attachment in attachments]
        named = [(attachment, True) for attachment in (naming.wording.attachments if naming else ())]
        MailAttachment.objects.bulk_create(
            MailAttachment(
                mail=mail, position=place, name=name, content=content, content_type=kind, naming=is_naming
            )
            for place, ((name, content, kind), is_naming) in enumerate(always + named, start=1)
        )
        transaction.on_commit(send_soon)
    return mail


def _in_one_line(subject: str) -> str:
    return " ".join(subject.replace("\0", "").split())[:200]


def _named(naming: Naming) -> dict[str, object]:
    keys: dict[str, list[int]] = defaultdict(list)
    for row in naming.rows:
        keys[row._meta.label_lower].append(row.pk)
    return {
        "named": keys,
        "naming_subject": _in_one_line(naming.wording.subject),
        "naming_text": naming.wording.text.replace("\0", ""),
    }


def cancel(*, key: str) -> bool:
    """Keeps a mail from leaving that has not left yet; False where it is too late."""
    waits = OutgoingMail.objects.filter(key=key, state__in=[State.WAITING, State.FAILED])
    return bool(waits.update(state=State.CANCELLED, text="", naming_text=""))


def retry(*, mails: Iterable[OutgoingMail]) -> int:
    """Lets mails that wait or were given up be tried at once; how many."""
    keys = [mail.pk for mail in mails]
    waits = OutgoingMail.objects.filter(pk__in=keys, state__in=[State.WAITING, State.FAILED])
    number: int = waits.update(state=State.WAITING, attempts=0, next_attempt=timezone.now())
    transaction.on_commit(send_soon)
    return number


def _own_domain() -> str:
    return parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2] or "localhost"


# ---- Sending ---------------------------------------------------------------------------------------------


def send_due(*, limit: int | None = None) -> Round:
    """Sends what is due, one after the other, until nothing is or the server does not answer.

    Must not run inside a transaction: RuntimeError.
    """
    done = Round()
    while (limit is None or done.tried < limit) and not done.server_down:
        mail = _claim()
        if mail is None:
            break
        try:
            _hand_over(mail)
        except Exception as error:  # noqa: BLE001 - whatever it is, the next mail must have its turn
            if _is_final(error) or mail.attempts >= MOST_ATTEMPTS:
                _settle(mail, state=State.FAILED, last_error=_in_words(error))
                done.failed += 1
                logger.error("A mail was given up: %s (%s)", mail.key, _in_words(error))
            else:
                _settle(
                    mail,
                    state=State.WAITING,
                    last_error=_in_words(error),
                    next_attempt=timezone.now() + pause_after(mail.attempts),
                )
                done.put_off += 1
                done.server_down = _is_about_the_server(error)
                logger.warning("A mail has to wait: %s (%s)", mail.key, _in_words(error))
        else:
            _settle(mail, state=State.SENT, sent_at=timezone.now(), last_error="")
            done.sent += 1
    return done


def pause_after(attempts: int) -> datetime.timedelta:
    """One minute, then twice as long each time, six hours at most."""
    return min(FIRST_PAUSE * 2 ** min(attempts - 1, 20), LONGEST_PAUSE)


def _claim() -> OutgoingMail | None:
    """The next mail, marked as ours for all other senders; committed before anything is sent."""
    with transaction.atomic(durable=True):
        now = timezone.now()
        due = OutgoingMail.objects.due(now)
        if connection.features.has_select_for_update_skip_locked:
            due = due.select_for_update(skip_locked=True)  # on SQLite the transaction itself is the lock
        mail: OutgoingMail | None = due.first()
        if mail is None:
            return None
        mail.state, mail.claimed_at, mail.attempts = State.SENDING, now, mail.attempts + 1
        mail.save(update_fields=["state", "claimed_at", "attempts"])
        return mail


def _hand_over(mail: OutgoingMail) -> None:
    """Gives the mail to the server. Once it has taken it, nothing raises any more."""
    said = mail.wording
    message = EmailMessage(said.subject, said.text, to=[mail.recipient])
    message.extra_headers = {"Message-ID": mail.message_id, "Auto-Submitted": "auto-generated"}
    for attachment in said.attachments:
        message.attach(*attachment)
    server = get_connection()
    server.open()
    try:
        server.send_messages([message])
    finally:
        try:
            server.close()
        except (OSError, smtplib.SMTPException):
            pass  # a goodbye that goes wrong takes no mail back


def _settle(mail: OutgoingMail, **values: object) -> None:
    """Only for the claim under which it was sent: a sender that was given up changes nothing any more,
    unless it brings the good news that the mail has left."""
    with transaction.atomic(durable=True):
        mine = OutgoingMail.objects.filter(pk=mail.pk)
        if values["state"] != State.SENT:
            mine = mine.filter(state=State.SENDING, attempts=mail.attempts)
        mine.update(**values)
        if values["state"] == State.SENT:
            OutgoingMail.objects.filter(pk=mail.pk, secret=True).update(text="", naming_text="")


def _is_final(error: Exception) -> bool:
    """The server will never take this mail, however often it is asked."""
    if isinstance(error, smtplib.SMTPRecipientsRefused):
        return all(500 <= code < 600 for code, _sentence in error.recipients.values())
    if isinstance(error, smtplib.SMTPDataError):
        return 500 <= int(error.smtp_code) < 600
    return isinstance(error, ValueError)  # no header can hold it


def _is_about_the_server(error: Exception) -> bool:
    """The next mail would fare no better."""
    of_this_mail = (smtplib.SMTPRecipientsRefused, smtplib.SMTPDataError)
    return isinstance(error, OSError) and not isinstance(error, of_this_mail)


def _in_words(error: Exception) -> str:
    return f"{type(error).__name__}: {error}".replace("\0", "")[:500]


# ---- At once, on installations without a sender of their own ---------------------------------------------


def send_soon() -> None:
    """Sends what is due in a thread of this process; the request that wrote it waits for nothing."""
    if settings.OUTBOX_SEND_AT_ONCE:
        _postman.wake()


def wait_until_sent() -> None:
    _postman.wait()


def _send_portion() -> bool:
    return send_due(limit=PER_ROUND).tried >= PER_ROUND


_postman = BackgroundWork("outbox", _send_portion)
