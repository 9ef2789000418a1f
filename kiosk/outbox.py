"""Applications that the hall could not be told of: sealed for the hall alone, kept until it has answered."""

from __future__ import annotations

import logging
import os
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Protocol
from uuid import UUID

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey, X25519PublicKey
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

from flows.application import Application
from flows.wire import SealedVisit, Submitted, to_json
from kiosk.hall_client import HallAway, Refused

log = logging.getLogger(__name__)

PURPOSE = b"yimen sealed visit 1"
SEALED = ".sealed"
ASIDE = ".aside"
TRY_EVERY_S = 20.0


class Letterbox(Protocol):
    """Where sealed visits go."""

    async def send_sealed(self, visit: str, blob: bytes) -> Submitted: ...


def seal(hall_key: bytes, visit: str, text: bytes) -> bytes:
    """Closed to everybody but the hall, this terminal included: the secret dies with this call."""
    own = X25519PrivateKey.generate()
    shared = own.exchange(X25519PublicKey.from_public_bytes(hall_key))
    secret = HKDF(algorithm=SHA256(), length=32, salt=None, info=PURPOSE).derive(shared)
    nonce = os.urandom(12)
    return own.public_key().public_bytes_raw() + nonce + AESGCM(secret).encrypt(nonce, text, visit.encode("ascii"))


class Outbox:
    """One file per visit, named by its number. A file goes only after the hall has answered for it."""

    def __init__(self, folder: Path, hall_key: bytes, hall: Letterbox) -> None:
        self._folder = folder
        self._hall_key = hall_key
        self._hall = hall
        folder.mkdir(parents=True, exist_ok=True)
        folder.chmod(0o700)

    def keep(self, application: Application) -> None:
        """On disk when this returns; raises OSError when the disk does not take it."""
        blob = seal(self._hall_key, application.visit, to_json(SealedVisit(application)))
        beside = self._folder / f"{application.visit}.new"
        with beside.open("wb") as file:
            file.write(blob)
            file.flush()
            os.fsync(file.fileno())
        beside.replace(self._file(application.visit))
        _sync(self._folder)

    def waiting(self) -> tuple[str, ...]:
        """The visits that the hall has not answered for, oldest first."""
        return tuple(sorted(file.stem for file in self._folder.glob(f"*{SEALED}") if _is_visit(file.stem)))

    async def send(self, visit: str) -> Submitted | None:
        """Sends one; None while the hall is away, or when it does not take this one."""
        try:
            submitted = await self._hall.send_sealed(visit, self._file(visit).read_bytes())
        except (HallAway, FileNotFoundError):
            return None
        except Refused as refused:
            self._refused(visit, refused)
            return None
        self._file(visit).unlink(missing_ok=True)
        _sync(self._folder)
        log.info("sealed_visit_sent", extra={"visit": visit})
        return submitted

    async def send_all(self) -> int:
        """How many the hall took. One that it does not take never holds the others."""
        return len([taken for visit in self.waiting() if (taken := await self.send(visit))])

    async def run(self, wait: Callable[[float], Awaitable[None]]) -> None:
        """Sends for ever, whenever the hall is there."""
        while True:
            await self.send_all()
            await wait(TRY_EVERY_S)

    def _refused(self, visit: str, refused: Refused) -> None:
        log.warning("sealed_visit_refused", extra={"visit": visit, "code": refused.code})
        # A terminal whose certificate was revoked is refused everything: nothing wrong with the visit.
        if refused.code != "not_allowed":
            self._file(visit).replace(self._folder / f"{visit}{ASIDE}")

    def _file(self, visit: str) -> Path:
        return self._folder / f"{visit}{SEALED}"


def _is_visit(name: str) -> bool:
    try:
        return str(UUID(name)) == name
    except ValueError:
        return False


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
