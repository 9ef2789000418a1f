"""The data groups of a travel document (ICAO 9303-10, 4.7): what its files hold."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass

from devices.cards.icao_9303.tlv import optional_value, value
from devices.device import Completion, DeviceError

_JPEG = b"\xff\xd8\xff"
_JPEG_2000 = (b"\x00\x00\x00\x0cjP  ", b"\xff\x4f\xff\x51")
_FACE_HEADER, _FACE_INFORMATION, _FEATURE_POINT, _IMAGE_INFORMATION = 14, 20, 8, 12
"""Bytes of the parts of a facial record (ISO 19794-5, 5.5 to 5.8)."""


@dataclass(frozen=True)
class AdditionalDetails:
    """DG11, as far as it is used: the name in the holder's own script, the birth as YYYYMMDD, a personal number."""

    full_name: str = ""
    personal_number: str = ""
    birth: str = ""
    address: str = ""


def mrz_text(group_1: bytes) -> str:
    """The zone that DG1 holds, all lines in one."""
    try:
        return value(group_1, 0x61, 0x5F1F).decode("ascii")
    except UnicodeDecodeError as error:
        raise DeviceError(Completion.INVALID_DATA, "DG1 holds no machine-readable zone") from error


def face(group_2: bytes) -> bytes:
    """The first face of DG2: JPEG or JPEG 2000; empty when it is in no format known here."""
    template = value(group_2, 0x75, 0x7F61, 0x7F60)
    record = optional_value(template, 0x5F2E) or b""
    if not record.startswith(b"FAC\0"):
        return b""
    face_record = record[_FACE_HEADER:]
    length, points = int.from_bytes(face_record[:4], "big"), int.from_bytes(face_record[4:6], "big")
    image = face_record[_FACE_INFORMATION + points * _FEATURE_POINT + _IMAGE_INFORMATION : length]
    return image if image.startswith((_JPEG, *_JPEG_2000)) else b""


def additional_details(group_11: bytes) -> AdditionalDetails:
    details = value(group_11, 0x6B)
    birth = optional_value(details, 0x5F2B) or b""
    return AdditionalDetails(
        full_name=_text(details, 0x5F0E),
        personal_number=_text(details, 0x5F10),
        birth=birth.hex() if len(birth) == 4 else birth.decode("ascii", "replace"),  # older ones hold it as BCD
        address=_text(details, 0x5F42).replace("<", " ").strip(),
    )


def _text(details: bytes, tag: int) -> str:
    text = (optional_value(details, tag) or b"").decode("utf-8", "replace").strip("\0 <")
    return "".join("\ufffd" if unicodedata.category(character) == "Cc" else character for character in text)
