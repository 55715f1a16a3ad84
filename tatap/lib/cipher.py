"""Words about a person's life, sealed at rest: AES-256-GCM, named keys, bound to their place.

A sealed value is ``version (1 byte) | key id (4 bytes) | nonce (12 bytes) | ciphertext and tag``. What it is
bound to (table, column, row) is authenticated: moved to another row, it does not open.
"""

import base64
import hashlib
import os
from collections.abc import Mapping

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

VERSION = b"\x01"


class CannotOpen(Exception):
    """The key is missing or wrong, or the value was moved or altered."""


class KeyRing:
    """Keys by id; the first seals, all of them open."""

    def __init__(self, keys: Mapping[bytes, bytes]) -> None:
        if not keys:
            raise ValueError("no encryption key")
        self._keys = dict(keys)
        self._sealing = next(iter(keys))

    @classmethod
    def parse(cls, text: str) -> "KeyRing":
        """Comma-separated base64 keys of 32 bytes, newest first (``TATAP_ENCRYPTION_KEYS``)."""
        keys: dict[bytes, bytes] = {}
        for part in filter(None, (piece.strip() for piece in text.split(","))):
            try:
                key = base64.b64decode(part, validate=True)
            except ValueError:
                raise ValueError("an encryption key is not base64") from None
            if len(key) != 32:
                raise ValueError("an encryption key must be 32 bytes long")
            keys[key_id(key)] = key
        return cls(keys)

    def seal(self, content: bytes, *, bound_to: str) -> bytes:
        nonce = os.urandom(12)
        sealed = AESGCM(self._keys[self._sealing]).encrypt(nonce, content, bound_to.encode())
        return VERSION + self._sealing + nonce + sealed

    def open(self, sealed: bytes, *, bound_to: str) -> bytes:
        key = self._keys.get(sealed[1:5])
        if sealed[:1] != VERSION or key is None:
            raise CannotOpen("no key for this value")
        try:
            return AESGCM(key).decrypt(sealed[5:17], sealed[17:], bound_to.encode())
        except InvalidTag:
            raise CannotOpen("the value does not belong here or was altered") from None

    def knows(self, sealed: bytes) -> bool:
        """Whether one of the keys sealed it."""
        return sealed[1:5] in self._keys

    def is_current(self, sealed: bytes) -> bool:
        """Whether the newest key sealed it; else rotation seals it again."""
        return sealed[1:5] == self._sealing


def key_id(key: bytes) -> bytes:
    return hashlib.sha256(b"tatap key id" + key).digest()[:4]


def new_key() -> str:
    return base64.b64encode(os.urandom(32)).decode()
