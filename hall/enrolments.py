"""Whom this hall gave a certificate: enrolled with it, recognised by it, revoked by its serial."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Literal

import msgspec
from cryptography import x509
from cryptography.x509.oid import ExtendedKeyUsageOID

from hall.authority import Authority, write_secret
from hall.errors import NotAllowed, NotKnown
from hall.peer import Peer
from hall.working_day import Clock

Kind = Literal["terminal", "peer"]
"""A peer is another hall, or a department that knocks."""


@dataclass(frozen=True)
class Enrolment:
    """One certificate. `revoked_at` is empty while it is good."""

    name: str
    serial: str
    enrolled_at: str
    revoked_at: str = ""


def is_name(text: str) -> bool:
    """Latin letters and digits: it becomes part of the certificate's URI."""
    return text.isascii() and text.isalnum()


class Enrolments:
    """The hall's list of one kind. Nothing that anybody says of itself counts, only its certificate, and the name in it
    says which kind it is good for."""

    def __init__(self, authority: Authority, file: Path, hall: str, clock: Clock, kind: Kind) -> None:
        self._authority = authority
        self._file = file
        self._hall = hall
        self._clock = clock
        self._kind = kind

    def enrol(self, name: str, into: Path) -> None:
        """Writes KIND.key, KIND.pem and hall-ca.pem, with KIND terminal or peer."""
        if not is_name(name):
            raise NotKnown
        uri = x509.UniformResourceIdentifier(self._uri(name))
        made = self._authority.certify(name, [uri], ExtendedKeyUsageOID.CLIENT_AUTH)
        into.mkdir(parents=True, exist_ok=True)
        write_secret(into / f"{self._kind}.key", made.key)
        (into / f"{self._kind}.pem").write_bytes(made.certificate)
        (into / "hall-ca.pem").write_bytes(self._authority.certificate)
        self._keep([*self.enrolments(), Enrolment(name, made.serial, self._clock().isoformat())])

    def revoke(self, name: str) -> None:
        """Every certificate of this name is worth nothing from its next request on."""
        entries = self.enrolments()
        if all(entry.name != name for entry in entries):
            raise NotKnown
        now = self._clock().isoformat()
        self._keep(replace(entry, revoked_at=now) if entry.name == name and not entry.revoked_at else entry for entry in entries)

    def enrolments(self) -> tuple[Enrolment, ...]:
        """Read from the file every time: a revocation is made beside the running hall and must reach it."""
        if not self._file.exists():
            return ()
        written = msgspec.json.decode(self._file.read_bytes(), type=list[dict[str, str]])
        # Lists from before other halls were enrolled too call the name "terminal".
        named = [{"name": entry.pop("terminal", ""), **entry} for entry in written]
        return msgspec.convert(named, tuple[Enrolment, ...])

    def recognise(self, peer: Peer | None) -> str:
        """The name behind a certificate that this hall gave out and did not take back."""
        if peer is None:
            raise NotAllowed
        serial = f"{peer.serial:x}"
        entry = next((entry for entry in self.enrolments() if entry.serial == serial), None)
        if entry is None or entry.revoked_at or peer.uri != self._uri(entry.name):
            raise NotAllowed
        return entry.name

    def _uri(self, name: str) -> str:
        return f"urn:yimen:hall:{self._hall}:{self._kind}:{name}"

    def _keep(self, entries: Iterable[Enrolment]) -> None:
        beside = self._file.with_suffix(".new")
        write_secret(beside, msgspec.json.format(msgspec.json.encode(tuple(entries)), indent=1))
        os.replace(beside, self._file)
