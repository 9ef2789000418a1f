"""Who is a terminal of this hall: enrolled with a certificate, recognised by it, revoked by its serial."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey
from cryptography.x509.oid import ExtendedKeyUsageOID

from hall.authority import Authority, write_secret
from hall.errors import NotAllowed, NotKnown
from hall.peer import Peer
from hall.working_day import Clock


@dataclass(frozen=True)
class Enrolment:
    """One certificate given to a terminal. `revoked_at` is empty while it is good."""

    terminal: str
    serial: str
    enrolled_at: str
    revoked_at: str = ""


def is_terminal_name(text: str) -> bool:
    return text.isascii() and text.isalnum()


class Terminals:
    """The hall's list of terminals. Nothing that a terminal says of itself counts, only its certificate."""

    def __init__(self, authority: Authority, file: Path, hall: str, clock: Clock) -> None:
        self._authority = authority
        self._file = file
        self._hall = hall
        self._clock = clock

    @property
    def sealing_key(self) -> X25519PrivateKey:
        return self._authority.sealing_key

    @property
    def sealing_public(self) -> bytes:
        """What visits are sealed to: 32 bytes."""
        return self.sealing_key.public_key().public_bytes_raw()

    def enrol(self, terminal: str, into: Path) -> None:
        """Writes terminal.key, terminal.pem, hall-ca.pem and sealing.pub for a terminal such as K07."""
        if not is_terminal_name(terminal):
            raise NotKnown
        uri = x509.UniformResourceIdentifier(self._uri(terminal))
        made = self._authority.certify(terminal, [uri], ExtendedKeyUsageOID.CLIENT_AUTH)
        into.mkdir(parents=True, exist_ok=True)
        write_secret(into / "terminal.key", made.key)
        (into / "terminal.pem").write_bytes(made.certificate)
        (into / "hall-ca.pem").write_bytes(self._authority.certificate)
        (into / "sealing.pub").write_bytes(self.sealing_public)
        self._keep([*self.enrolments(), Enrolment(terminal, made.serial, self._clock().isoformat())])

    def revoke(self, terminal: str) -> None:
        """Every certificate of this terminal is worth nothing from its next request on."""
        entries = self.enrolments()
        if all(entry.terminal != terminal for entry in entries):
            raise NotKnown
        now = self._clock().isoformat()
        self._keep(
            replace(entry, revoked_at=now) if entry.terminal == terminal and not entry.revoked_at else entry for entry in entries
        )

    def enrolments(self) -> tuple[Enrolment, ...]:
        """Read from the file every time: a revocation is made beside the running hall and must reach it."""
        if not self._file.exists():
            return ()
        return msgspec.json.decode(self._file.read_bytes(), type=tuple[Enrolment, ...])

    def recognise(self, peer: Peer | None) -> str:
        """The terminal behind a certificate that this hall gave out and did not take back."""
        if peer is None:
            raise NotAllowed
        serial = f"{peer.serial:x}"
        entry = next((entry for entry in self.enrolments() if entry.serial == serial), None)
        if entry is None or entry.revoked_at or peer.uri != self._uri(entry.terminal):
            raise NotAllowed
        return entry.terminal

    def _uri(self, terminal: str) -> str:
        return f"urn:yimen:hall:{self._hall}:terminal:{terminal}"

    def _keep(self, entries: Iterable[Enrolment]) -> None:
        beside = self._file.with_suffix(".new")
        write_secret(beside, msgspec.json.format(msgspec.json.encode(tuple(entries)), indent=1))
        os.replace(beside, self._file)
