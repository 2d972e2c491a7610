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

VERSION = b"\x02"
WITHOUT_ADDRESS = b"\x01"
"""How notes were sealed at first; they are sealed anew when they are saved."""
NONCE = 12  # bytes, as AES-GCM wants them


class UnreadableNoteError(Exception):
    """The key is another one than the note was sealed with, or somebody has changed its bytes."""


def seal(text: str, *, user: User, paper_id: int) -> bytes:
    nonce = os.urandom(NONCE)
    key = _key(settings.NOTES_KEY, _owner(user, VERSION))
    return VERSION + nonce + AESGCM(key).encrypt(nonce, text.encode(), _place(user.pk, paper_id))


def unseal(sealed: bytes | memoryview[int], *, user: User, paper_id: int) -> str:
    """Also what was sealed with an earlier key that the settings still name."""
    sealed = bytes(sealed)
    version, nonce, rest = sealed[:1], sealed[1 : 1 + NONCE], sealed[1 + NONCE :]
    if version in (VERSION, WITHOUT_ADDRESS) and len(nonce) == NONCE:
        owner, place = _owner(user, version), _place(user.pk, paper_id)
        for secret in _keys():
            try:
                return AESGCM(_key(secret, owner)).decrypt(nonce, rest, place).decode()
            except InvalidTag:
                continue
    raise UnreadableNoteError


def _keys() -> Iterable[str]:
    return (settings.NOTES_KEY, *settings.NOTES_OLD_KEYS)


def _owner(user: User, version: bytes) -> str:
    return f"{user.pk}" if version == WITHOUT_ADDRESS else f"{user.pk}, {user.email.lower()}"


def _key(secret: str, owner: str) -> bytes:
    purpose = f"integrationsportal private notes, user {owner}".encode()
    return HKDF(algorithm=SHA256(), length=32, salt=None, info=purpose).derive(secret.encode())


def _place(user_id: int, paper_id: int) -> bytes:
    """A note that is moved to somebody else's row, or to another paper, cannot be opened there."""
    return f"{user_id}:{paper_id}".encode()
