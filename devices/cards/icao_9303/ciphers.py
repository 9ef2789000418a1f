"""The ciphers of secure messaging, their checksums and key derivation (ICAO 9303-11, 9.7 and 9.8)."""

from __future__ import annotations

import hashlib
import hmac
from collections.abc import Callable
from enum import Enum

from Crypto.Cipher import DES
from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as LibraryCipher
from cryptography.hazmat.primitives.ciphers import modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from devices.device import Completion, DeviceError

CHECKSUM_BYTES = 8
DES_BYTES = 8


class Cipher(Enum):
    """Values are the last number of a protocol's object identifier, e.g. id-PACE-ECDH-GM-AES-CBC-CMAC-128."""

    TRIPLE_DES = 1
    AES_128 = 2
    AES_192 = 3
    AES_256 = 4

    @property
    def block_bytes(self) -> int:
        return 8 if self is Cipher.TRIPLE_DES else 16


class Purpose(Enum):
    """What a derived key is for: the counter of the derivation function (9.7.1)."""

    ENCRYPTION = 1
    CHECKSUM = 2
    PASSWORD = 3


def derived_key(cipher: Cipher, secret: bytes, purpose: Purpose) -> bytes:
    seed = secret + purpose.value.to_bytes(4, "big")
    match cipher:
        case Cipher.TRIPLE_DES | Cipher.AES_128:
            return hashlib.sha1(seed, usedforsecurity=False).digest()[:16]
        case Cipher.AES_192:
            return hashlib.sha256(seed).digest()[:24]
        case Cipher.AES_256:
            return hashlib.sha256(seed).digest()


class Chain:
    """CBC under one key, message after message, each from a vector of its own (zero where none is given). One context of the
    library does for all, because setting one up costs more than the blocks of a command: what the last message left in the
    chain is taken out of the next one's first block."""

    def __init__(self, cipher: Cipher, key: bytes) -> None:
        self._block = cipher.block_bytes
        self._sealed = self._opened = self._zero = bytes(self._block)
        self._encrypt, self._decrypt = _both_ways(cipher, key)

    def encrypted(self, plain: bytes, *, vector: bytes | None = None) -> bytes:
        """Whole blocks, one at least."""
        first = _difference(plain[: self._block], vector or self._zero, self._sealed)
        cryptogram = self._encrypt(first + plain[self._block :])
        self._sealed = cryptogram[-self._block :]
        return cryptogram

    def decrypted(self, cryptogram: bytes, *, vector: bytes | None = None) -> bytes:
        """DeviceError(INVALID_DATA) when those are no whole blocks."""
        if not cryptogram or len(cryptogram) % self._block:
            raise DeviceError(Completion.INVALID_DATA, "a cryptogram of no whole blocks")
        plain = self._decrypt(cryptogram)
        first = _difference(plain[: self._block], vector or self._zero, self._opened)
        self._opened = cryptogram[-self._block :]
        return first + plain[self._block :]


class Checksum:
    """Eight bytes for a message: MAC algorithm 3 of ISO 9797-1, which pads by itself, or AES-CMAC. Most of the former is
    single DES, which OpenSSL offers no more; in its stead triple DES with thrice the same key takes three times as long."""

    def __init__(self, cipher: Cipher, key: bytes) -> None:
        self._triple_des = cipher is Cipher.TRIPLE_DES
        if self._triple_des:
            self._chain, self._last = Chain(cipher, key[:DES_BYTES]), Chain(cipher, key)
        else:
            self._mac = CMAC(AES(key))

    def of(self, message: bytes) -> bytes:
        if self._triple_des:
            return self._retail_mac(padded(message, Cipher.TRIPLE_DES.block_bytes))
        mac = self._mac.copy()
        mac.update(message)
        return mac.finalize()[:CHECKSUM_BYTES]

    def _retail_mac(self, blocks: bytes) -> bytes:
        """Single DES with the first half of the key over all blocks; the last one is also taken back with the other half and
        encrypted once more, which is what triple DES does with both."""
        before = self._chain.encrypted(blocks[:-8])[-8:] if len(blocks) > 8 else None
        return self._last.encrypted(blocks[-8:], vector=before)


def _both_ways(cipher: Cipher, key: bytes) -> tuple[Callable[[bytes], bytes], Callable[[bytes], bytes]]:
    """CBC from a vector of zero on, to encrypt and to decrypt. A key of one DES key is for single DES."""
    vector = bytes(cipher.block_bytes)
    if len(key) == DES_BYTES:
        forth, back = (DES.new(key, DES.MODE_CBC, vector) for _ in range(2))  # noqa: S304 - what the standard asks for
        return forth.encrypt, back.decrypt
    # A key of two DES keys is written as three: the library wants all.
    algorithm = TripleDES((key + key[:DES_BYTES])[:24]) if cipher is Cipher.TRIPLE_DES else AES(key)
    both = LibraryCipher(algorithm, modes.CBC(vector))
    return both.encryptor().update, both.decryptor().update


def encrypted(cipher: Cipher, key: bytes, plain: bytes, *, vector: bytes | None = None) -> bytes:
    """One message alone."""
    return Chain(cipher, key).encrypted(plain, vector=vector)


def decrypted(cipher: Cipher, key: bytes, cryptogram: bytes, *, vector: bytes | None = None) -> bytes:
    """One message alone. DeviceError(INVALID_DATA) when those are no whole blocks."""
    return Chain(cipher, key).decrypted(cryptogram, vector=vector)


def checksum(cipher: Cipher, key: bytes, message: bytes) -> bytes:
    """One message alone."""
    return Checksum(cipher, key).of(message)


def same(one: bytes, other: bytes) -> bool:
    """In a time that tells nothing of where they differ."""
    return hmac.compare_digest(one, other)


def padded(message: bytes, block: int) -> bytes:
    """Padding method 2 of ISO 9797-1."""
    return message + b"\x80" + bytes(-(len(message) + 1) % block)


def unpadded(message: bytes) -> bytes:
    stripped = message.rstrip(b"\0")
    if not stripped.endswith(b"\x80"):
        raise DeviceError(Completion.INVALID_DATA, "wrong padding")
    return stripped[:-1]


def _difference(block: bytes, *others: bytes) -> bytes:
    whole = int.from_bytes(block, "big")
    for other in others:
        whole ^= int.from_bytes(other, "big")
    return whole.to_bytes(len(block), "big")
