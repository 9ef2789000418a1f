"""The key that seals personal data at rest, one row at a time, and finds a person blindly."""

from __future__ import annotations

import hashlib
import hmac
import os
from pathlib import Path

from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

KEY_BYTES = 32
NONCE_BYTES = 12


class FieldKey:
    """Made from one secret: a sealing key and an index key that know nothing of each other."""

    def __init__(self, secret: bytes) -> None:
        if len(secret) != KEY_BYTES:
            raise ValueError(f"the field key must have {KEY_BYTES} bytes")
        self._cipher = AESGCM(_derived(secret, b"yimen sealed field 1"))
        self._index = _derived(secret, b"yimen blind index 1")

    @classmethod
    def open(cls, path: Path) -> FieldKey:
        """The hall's key; made at the first start, readable by the hall's account alone."""
        try:
            descriptor = os.open(path, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600)
        except FileExistsError:
            return cls(path.read_bytes())
        with os.fdopen(descriptor, "wb") as file:
            file.write(os.urandom(KEY_BYTES))
            file.flush()
            os.fsync(file.fileno())
        return cls(path.read_bytes())

    def seal(self, plain: bytes, kind: str, visit: str) -> bytes:
        """Bound to its place: a sealed value moved to another visit or column does not open."""
        nonce = os.urandom(NONCE_BYTES)
        return nonce + self._cipher.encrypt(nonce, plain, _place(kind, visit))

    def unseal(self, sealed: bytes, kind: str, visit: str) -> bytes:
        return self._cipher.decrypt(sealed[:NONCE_BYTES], sealed[NONCE_BYTES:], _place(kind, visit))

    def index(self, value: bytes) -> bytes:
        """Equal values give equal digests, and nobody without the key can try values out."""
        return hmac.digest(self._index, value, hashlib.sha256)

    def person(self, number: str) -> bytes:
        """The blind index of whoever has this number."""
        return self.index(b"person " + number.encode())


def _derived(secret: bytes, purpose: bytes) -> bytes:
    return HKDF(SHA256(), KEY_BYTES, None, purpose).derive(secret)


def _place(kind: str, visit: str) -> bytes:
    return f"{visit} {kind}".encode()
