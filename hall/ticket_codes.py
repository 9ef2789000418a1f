"""The address of a ticket's page: a code that says nothing, cannot be guessed, and needs no place to be kept."""

from __future__ import annotations

import os
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, CipherContext
from cryptography.hazmat.primitives.ciphers.algorithms import AES256
from cryptography.hazmat.primitives.ciphers.modes import ECB

from hall.authority import write_secret
from hall.certificates import SIGNS

LENGTH = 26
"""128 bits, five in a sign."""

KEY_BYTES = 32


class TicketCodes:
    """A visit's UUID enciphered as the one block that it is: equal visits give equal codes, and a code that was made up
    deciphers to a visit that never was."""

    def __init__(self, key: bytes) -> None:
        self._cipher = Cipher(AES256(key), ECB())  # noqa: S305  # one block of unique contents: there is nothing to chain

    @classmethod
    def open(cls, path: Path) -> TicketCodes:
        """The key is made at the first start. Losing it only ends the addresses on paper."""
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            write_secret(path, os.urandom(KEY_BYTES))
        return cls(path.read_bytes())

    def code(self, visit: str) -> str:
        number = int.from_bytes(_through(self._cipher.encryptor(), UUID(visit).bytes))
        return "".join(SIGNS[number >> shift & 31] for shift in range(5 * (LENGTH - 1), -1, -5))

    def visit(self, code: str) -> str | None:
        """The visit behind a code; None for what is none of ours by its form."""
        if len(code) != LENGTH or not set(code) <= set(SIGNS):
            return None
        number = 0
        for sign in code:
            number = number << 5 | SIGNS.index(sign)
        if number >> 128:
            return None
        return str(UUID(bytes=_through(self._cipher.decryptor(), number.to_bytes(16))))


def _through(cipher: CipherContext, block: bytes) -> bytes:
    return cipher.update(block) + cipher.finalize()
