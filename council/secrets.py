"""Private notes at rest: each reader's are sealed with a key of their own.

The key is derived (HKDF) from `NOTES_KEY`, the reader's id and the address that they log in with, and never
stored: who gives somebody's account another address opens none of their notes. What this protects against,
and what it does not, stands in docs/decisions/0023-private-notes.md.
"""

from __future__ import annotations

import os
from collections.abc import Iterable

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings

from municipalities.models import User

VERSION = b"\x01"
NONCE = 12  # bytes, as AES-GCM wants them


class UnreadableNoteError(Exception):
    """The key is another one than the note was sealed with, or somebody has changed its bytes."""


def seal(text: str, *, user: User, paper_id: int) -> bytes:
    nonce = os.urandom(NONCE)
    key = _key(settings.NOTES_KEY, user, user.email)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), _place(user.pk, paper_id))


def unseal(sealed: bytes | memoryview[int], *, user: User, paper_id: int, address: str = "") -> str:
    """Also what was sealed with an earlier key that the settings still name. `address`: a former one of the
    user's account."""
    sealed = bytes(sealed)
    version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if version == VERSION and len(nonce) == NONCE:
        place = _place(user.pk, paper_id)
        for secret in _keys():
            try:
                key = _key(secret, user, address or user.email)
                return AESGCM(key).decrypt(nonce, rest, place).decode()
            except InvalidTag:
                continue
    raise UnreadableNoteError


def _keys() -> Iterable[str]:
    return (settings.NOTES_KEY, *settings.NOTES_OLD_KEYS)


def _key(secret: str, user: User, address: str) -> bytes:
    purpose = f"integrationsportal private notes, user {user.pk}, {address.lower()}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _place(user_id: int, paper_id: int) -> bytes:
    """A note that is moved to somebody else's row, or to another paper, cannot be opened there."""
    return f"{user_id}:{paper_id}".encode()
