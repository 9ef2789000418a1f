"""The ciphers of secure messaging, their checksums and key derivation (ICAO 9303-11, 9.7 and 9.8)."""

from __future__ import annotations

import hashlib
import hmac
from enum import Enum

from cryptography.hazmat.decrepit.ciphers.algorithms import TripleDES
from cryptography.hazmat.primitives.ciphers import Cipher as LibraryCipher
from cryptography.hazmat.primitives.ciphers import modes
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.cmac import CMAC

from devices.device import Completion, DeviceError

CHECKSUM_BYTES = 8


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


def encrypted(cipher: Cipher, key: bytes, plain: bytes, *, vector: bytes | None = None) -> bytes:
    """CBC over whole blocks; the initial vector is zero where none is given."""
    encryptor = _cbc(cipher, key, vector).encryptor()
    return encryptor.update(plain) + encryptor.finalize()


def decrypted(cipher: Cipher, key: bytes, cryptogram: bytes, *, vector: bytes | None = None) -> bytes:
    """DeviceError(INVALID_DATA) when those are no whole blocks."""
    if not cryptogram or len(cryptogram) % cipher.block_bytes:
        raise DeviceError(Completion.INVALID_DATA, "a cryptogram of no whole blocks")
    decryptor = _cbc(cipher, key, vector).decryptor()
    return decryptor.update(cryptogram) + decryptor.finalize()


def checksum(cipher: Cipher, key: bytes, message: bytes) -> bytes:
    """Eight bytes: MAC algorithm 3 of ISO 9797-1, which pads by itself, or AES-CMAC."""
    if cipher is Cipher.TRIPLE_DES:
        return _retail_mac(key, padded(message, cipher.block_bytes))
    mac = CMAC(AES(key))
    mac.update(message)
    return mac.finalize()[:CHECKSUM_BYTES]


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


def _retail_mac(key: bytes, blocks: bytes) -> bytes:
    """Single DES over all blocks, the last one once more with the other half of the key and back."""
    first, second = key[:8], key[8:16]
    last = encrypted(Cipher.TRIPLE_DES, first * 3, blocks)[-8:]
    return encrypted(Cipher.TRIPLE_DES, first * 3, decrypted(Cipher.TRIPLE_DES, second * 3, last))


def _cbc(cipher: Cipher, key: bytes, vector: bytes | None) -> LibraryCipher[modes.CBC]:
    # A key of two DES keys is written as three: the library wants all.
    algorithm = TripleDES((key + key[:8])[:24]) if cipher is Cipher.TRIPLE_DES else AES(key)
    return LibraryCipher(algorithm, modes.CBC(vector or bytes(cipher.block_bytes)))
