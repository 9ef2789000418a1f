"""Opens what a terminal sealed to the hall while it could not reach it (X25519, HKDF-SHA256, AES-256-GCM)."""

from __future__ import annotations

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

PURPOSE = b"yimen sealed visit 1"
_PUBLIC, _NONCE, _TAG = 32, 12, 16


class SealBroken(ValueError):
    """The sealed visit cannot be opened: other key, other visit, or changed on the way."""

    code = "not_understood"


def open_sealed(key: X25519PrivateKey, visit: str, blob: bytes) -> bytes:
    """The plain text. `visit` is bound into the seal: a blob filed under another visit stays shut."""
    if len(blob) < _PUBLIC + _NONCE + _TAG:
        raise SealBroken
    ephemeral, nonce, cipher = blob[:_PUBLIC], blob[_PUBLIC : _PUBLIC + _NONCE], blob[_PUBLIC + _NONCE :]
    try:
        shared = key.exchange(X25519PublicKey.from_public_bytes(ephemeral))
        secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(shared)
        return AESGCM(secret).decrypt(nonce, cipher, visit.encode("ascii"))
    except (InvalidTag, ValueError):  # ValueError: a public key of small order gives no secret
        raise SealBroken from None
