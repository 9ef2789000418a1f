"""SecurityInfos (ICAO 9303-11, 9.2): how a chip wants to be opened, and the key that it proves to have."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum

from devices.cards.icao_9303.ciphers import Cipher
from devices.cards.icao_9303.elliptic_curve import CURVES, Curve, Point
from devices.cards.icao_9303.tlv import Item, items, tlv, value
from devices.device import DeviceError

INTEGER, BIT_STRING, OBJECT_IDENTIFIER, SEQUENCE, SET = 0x02, 0x03, 0x06, 0x30, 0x31
PACE = bytes.fromhex("04007F0007020204")
"""id-PACE, 0.4.0.127.0.7.2.2.4; mapping and cipher follow."""
CHIP_KEY = bytes.fromhex("04007F000702020102")
"""id-PK-ECDH, 0.4.0.127.0.7.2.2.1.2."""
STANDARD_PARAMETERS = bytes.fromhex("04007F00070102")
"""standardizedDomainParameters, 0.4.0.127.0.7.1.2: the curve by its number."""
_VERSION_2 = b"\x02"


class PaceMapping(Enum):
    """The mappings over elliptic curves that are read here; values are their number in the object identifier."""

    GENERIC = 2
    CHIP_AUTHENTICATION = 6


@dataclass(frozen=True)
class PaceInfo:
    """One way to run PACE. `parameters` is the number of the curve; `ambiguous` when the chip offers this protocol with
    another curve too, so that it must be told which."""

    mapping: PaceMapping
    cipher: Cipher
    parameters: int
    ambiguous: bool = False

    @property
    def protocol(self) -> bytes:
        return PACE + bytes((self.mapping.value, self.cipher.value))

    @property
    def proves_the_chip(self) -> bool:
        return self.mapping is PaceMapping.CHIP_AUTHENTICATION

    @property
    def curve(self) -> Curve:
        return CURVES[self.parameters]


@dataclass(frozen=True)
class ChipKey:
    parameters: int
    point: Point


def best_pace_info(card_access: bytes) -> PaceInfo | None:
    """The one that proves most, then the one with the longest key; None when the chip offers none that is known here."""
    infos = value(card_access, SET)
    best = max(_pace_infos(infos), key=lambda info: (info.mapping.value, info.cipher.value), default=None)
    if best is None:
        return None
    times_offered = sum(fields[0].value == best.protocol for fields in _fields(infos))
    return PaceInfo(best.mapping, best.cipher, best.parameters, ambiguous=times_offered > 1)


def chip_keys(security_infos: bytes) -> tuple[ChipKey, ...]:
    """The keys for chip authentication among these infos, on curves that are known here."""
    return tuple(_chip_keys(value(security_infos, SET)))


def security_infos(*infos: bytes) -> bytes:
    return tlv(SET, b"".join(tlv(SEQUENCE, info) for info in infos))


def _pace_infos(infos: bytes) -> Iterator[PaceInfo]:
    for fields in _fields(infos):
        protocol = fields[0].value
        if protocol[:-2] != PACE or len(fields) < 3 or fields[1].value != _VERSION_2:
            continue
        parameters = int.from_bytes(fields[2].value, "big")
        try:
            mapping, cipher = PaceMapping(protocol[-2]), Cipher(protocol[-1])
        except ValueError:
            continue
        if parameters in CURVES and (mapping, cipher) != (PaceMapping.CHIP_AUTHENTICATION, Cipher.TRIPLE_DES):
            yield PaceInfo(mapping, cipher, parameters)


def _chip_keys(infos: bytes) -> Iterator[ChipKey]:
    for fields in _fields(infos):
        if fields[0].value != CHIP_KEY or len(fields) < 2:
            continue
        algorithm = items(value(fields[1].value, SEQUENCE))
        parameters = int.from_bytes(algorithm[-1].value, "big") if algorithm else 0
        if parameters in CURVES and algorithm[0].value == STANDARD_PARAMETERS:
            bits = value(fields[1].value, BIT_STRING)
            yield ChipKey(parameters, CURVES[parameters].decoded(bits[1:]))


def _fields(infos: bytes) -> Iterator[tuple[Item, ...]]:
    """The fields of every info that has some; one that makes no sense is no reason to miss the others."""
    for info in items(infos):
        try:
            fields = items(info.value)
        except DeviceError:
            continue
        if fields and fields[0].tag == OBJECT_IDENTIFIER:
            yield fields
