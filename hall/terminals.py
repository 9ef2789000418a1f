"""The terminals of this hall: enrolled like every holder of its certificates, and given the key that visits are sealed to."""

from __future__ import annotations

from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from hall.authority import Authority
from hall.enrolments import Enrolments
from hall.working_day import Clock


class Terminals(Enrolments):
    """Enrolled under names such as K07."""

    def __init__(self, authority: Authority, file: Path, hall: str, clock: Clock) -> None:
        super().__init__(authority, file, hall, clock, "terminal")

    @property
    def sealing_key(self) -> X25519PrivateKey:
        return self._authority.sealing_key

    @property
    def sealing_public(self) -> bytes:
        """What visits are sealed to: 32 bytes."""
        return self.sealing_key.public_key().public_bytes_raw()

    def enrol(self, name: str, into: Path) -> None:
        """Also writes sealing.pub."""
        super().enrol(name, into)
        (into / "sealing.pub").write_bytes(self.sealing_public)
