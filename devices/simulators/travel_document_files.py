"""What the chip of a specimen's travel document holds, as its issuer would write it."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from zlib import crc32

from PIL import Image

from devices.cards.icao_9303.ciphers import Cipher
from devices.cards.icao_9303.elementary_files import File
from devices.cards.icao_9303.security_infos import (
    BIT_STRING,
    CHIP_KEY,
    INTEGER,
    OBJECT_IDENTIFIER,
    SEQUENCE,
    STANDARD_PARAMETERS,
    PaceInfo,
    PaceMapping,
    security_infos,
)
from devices.cards.icao_9303.tlv import tlv
from devices.document import AccessKey
from devices.simulators.face import Looks
from devices.simulators.portraits import jpeg, looks_of, portrait
from devices.simulators.specimens import find_specimen
from devices.simulators.travel_document_issuer import Issuer
from devices.simulators.travel_document_specimens import DocumentSpecimen, zone_on_the_chip

_FACE_SIZE = (240, 320)
_YEAR = 2026
_PACE_VERSION = 2


@dataclass(frozen=True)
class Chip:
    """Files by identifier, of the application and of the master file. `chip_key` is the private key that chip
    authentication mapping proves."""

    files: Mapping[int, bytes]
    access: AccessKey
    master_files: Mapping[int, bytes] = field(default_factory=dict)
    pace: PaceInfo | None = None
    chip_key: int = 0

    def with_file(self, file: File, content: bytes) -> Chip:
        """Changed behind the issuer's back."""
        return replace(self, files={**self.files, file: content})


def chip_of(specimen: DocumentSpecimen, issuer: Issuer, *, opens: str = "", photo: bytes | None = None) -> Chip:
    """`opens` in place of the way that the specimen is opened with; as in travel_documents.toml."""
    groups = {1: data_group_1(zone_on_the_chip(specimen)), 2: data_group_2(photo or portrait_of(specimen))}
    if 11 in specimen.groups:
        groups[11] = data_group_11(specimen)
    files = {0x0100 + number: content for number, content in groups.items()}
    files |= {File.SOD: issuer.security_object(groups), File.COM: common_data(groups)}
    chip = Chip(files, specimen.access_key)
    way = (opens or specimen.opens).split()
    if way[0] == "BAC":
        return chip
    info = PaceInfo(PaceMapping[way[1]], Cipher[way[2]], int(way[3]))
    return _with_pace(chip, info, issuer)


def _with_pace(chip: Chip, info: PaceInfo, issuer: Issuer) -> Chip:
    offered = tlv(OBJECT_IDENTIFIER, info.protocol) + _integer(_PACE_VERSION) + _integer(info.parameters)
    master_files = {int(File.CARD_ACCESS): security_infos(offered)}
    if not info.proves_the_chip:
        return replace(chip, pace=info, master_files=master_files)
    private = info.curve.random_scalar()
    static = info.curve.encoded(info.curve.generator_times(private))
    algorithm = tlv(SEQUENCE, tlv(OBJECT_IDENTIFIER, STANDARD_PARAMETERS) + _integer(info.parameters))
    key = tlv(SEQUENCE, algorithm + tlv(BIT_STRING, b"\0" + static))
    master_files[File.CARD_SECURITY] = issuer.card_security(
        security_infos(offered, tlv(OBJECT_IDENTIFIER, CHIP_KEY) + key + _integer(info.parameters))
    )
    return replace(chip, pace=info, master_files=master_files, chip_key=private)


def data_group_1(zone: str) -> bytes:
    return tlv(0x61, tlv(0x5F1F, zone.encode()))


def data_group_2(image: bytes) -> bytes:
    """One face in a record of ISO 19794-5, without feature points."""
    kind = 0 if image.startswith(b"\xff\xd8") else 1
    width, height = _FACE_SIZE
    information = bytes((1, kind)) + width.to_bytes(2, "big") + height.to_bytes(2, "big") + bytes(6)
    face = (32 + len(image)).to_bytes(4, "big") + bytes(16) + information + image
    record = b"FAC\x00010\x00" + (14 + len(face)).to_bytes(4, "big") + b"\x00\x01" + face
    header = tlv(0xA1, tlv(0x87, b"\x01\x01") + tlv(0x88, b"\x00\x08"))
    return tlv(0x75, tlv(0x7F61, tlv(0x02, b"\x01") + tlv(0x7F60, header + tlv(0x5F2E, record))))


def data_group_11(specimen: DocumentSpecimen) -> bytes:
    details = {0x5F0E: specimen.name.replace(" ", "<").encode(), 0x5F2B: f"{specimen.birth:%Y%m%d}".encode()}
    tags = b"".join(tag.to_bytes(2, "big") for tag in details)
    return tlv(0x6B, tlv(0x5C, tags) + b"".join(tlv(tag, value) for tag, value in details.items()))


def common_data(groups: Mapping[int, bytes]) -> bytes:
    """EF.COM."""
    tags = bytes(content[0] for content in groups.values())
    return tlv(0x60, tlv(0x5F01, b"0107") + tlv(0x5F36, b"040000") + tlv(0x5C, tags))


@cache
def portrait_of(specimen: DocumentSpecimen) -> bytes:
    """JPEG, of the size that chips hold."""
    person = find_specimen(specimen.person) if specimen.person else None
    age = _YEAR - specimen.birth.year
    looks = looks_of(person) if person else Looks(crc32(specimen.key.encode()), specimen.sex == "F", age)
    return jpeg(portrait(looks).resize(_FACE_SIZE))


@cache
def jpeg_2000_of(specimen: DocumentSpecimen) -> bytes:
    file = io.BytesIO()
    Image.open(io.BytesIO(portrait_of(specimen))).save(file, "JPEG2000", quality_mode="rates", quality_layers=[20])
    return file.getvalue()


def _integer(number: int) -> bytes:
    return tlv(INTEGER, bytes((number,)))
