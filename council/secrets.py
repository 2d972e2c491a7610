"""Private notes at rest: each reader's are sealed with a key of their own.

The key is derived (HKDF) from `NOTES_KEY` and the reader's id, and never stored. What this protects against,
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

VERSION = b"\x01"
NONCE = 12  # bytes, as AES-GCM wants them


class UnreadableNoteError(Exception):
    """The key is another one than the note was sealed with, or somebody has changed its bytes."""


def seal(text: str, *, user_id: int, paper_id: int) -> bytes:
    nonce = os.urandom(NONCE)
    key = _key(settings.NOTES_KEY, user_id)
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), _place(user_id, paper_id))


def unseal(sealed: bytes | memoryview[int], *, user_id: int, paper_id: int) -> str:
    """Also what was sealed with an earlier key that the settings still name."""
    sealed = bytes(sealed)
    nonce, rest = sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if sealed[:1] == VERSION and len(nonce) == NONCE:
        for secret in _keys():
            try:
                return AESGCM(_key(secret, user_id)).decrypt(nonce, rest, _place(user_id, paper_id)).decode()
            except InvalidTag:
                continue
    raise UnreadableNoteError


def _keys() -> Iterable[str]:
    return (settings.NOTES_KEY, *settings.NOTES_OLD_KEYS)


def _key(secret: str, user_id: int) -> bytes:
    purpose = f"integrationsportal private notes, user {user_id}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _place(user_id: int, paper_id: int) -> bytes:
    """A note that is moved to somebody else's row, or to another paper, cannot be opened there."""
    return f"{user_id}:{paper_id}".encode()
