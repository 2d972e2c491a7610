"""Mails leave after the answer has gone.

So nobody waits for the mail server, and how long an answer takes does not tell whether a mail was sent.
"""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

from django.core.mail import EmailMessage

logger = logging.getLogger(__name__)
# One thread: mails go out in their order, and all of them before the process ends.
_postman = ThreadPoolExecutor(max_workers=1, thread_name_prefix="mails")


def send_later(message: EmailMessage) -> None:
    _postman.submit(_send, message)


def wait_until_sent() -> None:
    _postman.submit(int).result()


def _send(message: EmailMessage) -> None:
    # Nobody is left to be told; whoever waits for a mail asks for another.
    try:
        message.send()
    except Exception:
        logger.exception("A mail could not be sent: %s", message.subject)
