"""A visit sealed by a terminal opens for this hall alone, for this visit alone, unchanged alone."""

from __future__ import annotations

import os

import pytest
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from hall.sealing import SealBroken, open_sealed

HALL = X25519PrivateKey.generate()
VISIT = "019ab000-0000-7000-8000-000000000001"


def sealed(visit: str, plain: bytes, hall: X25519PrivateKey = HALL) -> bytes:
    """As the agreement between terminal and hall says it, written out once more."""
    ephemeral, nonce = X25519PrivateKey.generate(), os.urandom(12)
    shared = ephemeral.exchange(hall.public_key())
    secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=b"yimen sealed visit 1").derive(shared)
    cipher = AESGCM(secret).encrypt(nonce, plain, visit.encode("ascii"))
    return ephemeral.public_key().public_bytes_raw() + nonce + cipher


def test_what_a_terminal_sealed_the_hall_opens() -> None:
    assert open_sealed(HALL, VISIT, sealed(VISIT, b"an application")) == b"an application"


def test_a_seal_for_another_visit_stays_shut() -> None:
    with pytest.raises(SealBroken):
        open_sealed(HALL, VISIT[:-1] + "2", sealed(VISIT, b"an application"))


def test_a_seal_for_another_hall_stays_shut() -> None:
    with pytest.raises(SealBroken):
        open_sealed(X25519PrivateKey.generate(), VISIT, sealed(VISIT, b"an application"))


@pytest.mark.parametrize("place", [0, 31, 32, 43, 44, -1])
def test_one_changed_byte_anywhere_breaks_the_seal(place: int) -> None:
    blob = bytearray(sealed(VISIT, b"an application"))
    blob[place] ^= 1
    with pytest.raises(SealBroken):
        open_sealed(HALL, VISIT, bytes(blob))


@pytest.mark.parametrize("length", [0, 32, 44, 59])
def test_a_blob_too_short_to_be_a_seal_is_refused(length: int) -> None:
    with pytest.raises(SealBroken):
        open_sealed(HALL, VISIT, sealed(VISIT, b"")[:length])


def test_a_public_key_of_small_order_gives_no_secret() -> None:
    with pytest.raises(SealBroken):
        open_sealed(HALL, VISIT, bytes(32) + sealed(VISIT, b"an application")[32:])
