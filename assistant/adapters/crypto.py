"""Keeps addresses unreadable at rest and yet findable: a keyed hash beside a sealed value."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Self

from cryptography.fernet import Fernet, InvalidToken, MultiFernet

from assistant.domain.errors import PasAPasError, UnsafeConfiguration

# As long as the hash that it keys (RFC 2104, section 3).
SHORTEST_HASH_KEY = 32


class UnreadableSeal(PasAPasError):
    """A sealed value that no key of the ring opens."""


class KeyedHash:
    """Recognises a value without keeping it: HMAC-SHA256 under one secret key."""

    def __init__(self, key: bytes) -> None:
        """Take a key of at least 32 bytes. Raises UnsafeConfiguration for a shorter one."""
        if len(key) < SHORTEST_HASH_KEY:
            msg = f"a hash key needs at least {SHORTEST_HASH_KEY} bytes"
            raise UnsafeConfiguration(msg)
        self._key = key

    def of(self, purpose: str, *parts: str) -> str:
        """Return 64 hexadecimal digits that only this key, purpose and these parts give.

        Each part is preceded by its length, so that no two lists of parts read the same.
        """
        digest = hmac.new(self._key, digestmod=hashlib.sha256)
        for part in (purpose, *parts):
            encoded = part.encode()
            digest.update(len(encoded).to_bytes(8, "big") + encoded)
        return digest.hexdigest()


class KeyRing:
    """Seals values with its first key and opens what any of its keys sealed (Fernet)."""

    def __init__(self, keys: Sequence[str]) -> None:
        """Take url-safe base64 keys of 32 bytes, the newest first.

        Raises UnsafeConfiguration when there is none, or when one has another form.
        """
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            msg = "an address key must be 32 bytes in url-safe base64, and there must be one"
            raise UnsafeConfiguration(msg) from error

    def seal(self, value: str) -> bytes:
        """Return the value, readable only with the ring."""
        return self._fernet.encrypt(value.encode())

    def open(self, sealed: bytes) -> str:
        """Return what was sealed. Raises UnreadableSeal when no key fits."""
        try:
            return self._fernet.decrypt(sealed).decode()
        except InvalidToken as error:
            msg = "no key of the ring opens this value"
            raise UnreadableSeal(msg) from error

    def reseal(self, sealed: bytes) -> bytes:
        """Return the same value under the first key. Raises UnreadableSeal when no key fits."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            msg = "no key of the ring opens this value"
            raise UnreadableSeal(msg) from error

    @staticmethod
    def new_key() -> str:
        """Return a fresh random key for the front of a ring."""
        return Fernet.generate_key().decode()


@dataclass(frozen=True)
class Keys:
    """The secrets of the database: one to recognise, a ring to read."""

    hashing: KeyedHash
    sealing: KeyRing

    @classmethod
    def of(cls, hash_key: bytes, sealing_keys: Sequence[str]) -> Self:
        """Build the keys from their settings."""
        return cls(KeyedHash(hash_key), KeyRing(sealing_keys))
