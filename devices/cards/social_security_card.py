"""Contents of a social security card (社会保障卡), LB 002-2000 to LD/T 32: EF05 issuer and EF06 holder."""

from __future__ import annotations

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from devices.apdu import Card, Channel, StatusWord, read_record, read_tagged_record, select_application, select_file, status_name
from devices.device import Completion, DeviceError
from devices.document import DocumentKind, IdentityDocument, Verified, Warning

SSSE = b"sx1.sh." + "社会保障".encode("gb18030")
"""Name of the social security environment, the same on every generation and in every city."""


@dataclass(frozen=True)
class Record:
    """Where an item lies: its place in the file, its tag, and how long its value is."""

    file: int
    number: int
    tag: int
    length: int


VERSION = Record(0xEF05, 3, 0x03, 4)
ISSUED = Record(0xEF05, 5, 0x05, 4)
EXPIRES = Record(0xEF05, 6, 0x06, 4)
CARD_NUMBER = Record(0xEF05, 7, 0x07, 9)
NUMBER = Record(0xEF06, 1, 0x08, 18)
NAME = Record(0xEF06, 2, 0x09, 30)
NAME_EXTENSION = Record(0xEF06, 3, 0x4E, 20)
SEX = Record(0xEF06, 4, 0x0A, 1)
ETHNIC_GROUP = Record(0xEF06, 5, 0x0B, 1)
BIRTH = Record(0xEF06, 7, 0x0D, 4)

_ISSUER_RECORDS = (VERSION, ISSUED, EXPIRES, CARD_NUMBER)
_HOLDER_RECORDS = (NUMBER, NAME, NAME_EXTENSION, SEX, ETHNIC_GROUP, BIRTH)
_LOCKED = (StatusWord.SECURITY_NOT_SATISFIED, StatusWord.AUTHENTICATION_BLOCKED, StatusWord.CONDITIONS_NOT_SATISFIED)
_ABSENT = (StatusWord.RECORD_NOT_FOUND, StatusWord.WRONG_PARAMETERS, StatusWord.WRONG_BODY, StatusWord.WRONG_REFERENCE)
_KNOWN_SEXES = frozenset("0129")
_KNOWN_GROUPS = frozenset(f"{code:02}" for code in (*range(1, 57), 81, 83, 97, 98))

_Values = Mapping[Record, bytes]


def find_social_security(card: Card) -> bool:
    """Selects the application. A card whose application is locked is one all the same: DeviceError(NEEDS_AUTHORITY)."""
    answer = Channel(card).send(select_application(SSSE))
    if answer.status in _LOCKED or answer.status == StatusWord.FILE_DEACTIVATED:
        raise DeviceError(Completion.NEEDS_AUTHORITY, f"application {status_name(answer.status)}")
    return answer.status == StatusWord.OK


def read_social_security_card(card: Card, *, media_id: int, device_id: str) -> IdentityDocument:
    """Reads a card that was found, without any key, and never offers it a PIN: a wrong guess would lock it.

    Raises DeviceError: NEEDS_AUTHORITY when the holder's file opens only to a security module (version 3.00),
    UNSUPPORTED_DATA when it has no files that we know, INVALID_DATA when it makes no sense.
    """
    channel = Channel(card)
    issuer = _issuer(channel)
    return _document({**issuer, **_holder(channel, issuer)}, media_id, device_id)


def _issuer(channel: Channel) -> _Values:
    """EF05. Version 3.00 closes some of it, which is no reason to stop here."""
    status = channel.send(select_file(VERSION.file)).status
    if status != StatusWord.OK:
        raise DeviceError(Completion.UNSUPPORTED_DATA, f"no issuer file: {status_name(status)}")
    found: dict[Record, bytes] = {}
    for record in _ISSUER_RECORDS:
        try:
            found[record] = _value(channel, record)
        except DeviceError as error:
            if error.code is not Completion.NEEDS_AUTHORITY:
                raise
    return found


def _holder(channel: Channel, issuer: _Values) -> _Values:
    try:
        status = channel.send(select_file(NUMBER.file)).status
        if status in _LOCKED:
            raise DeviceError(Completion.NEEDS_AUTHORITY, f"holder file {status_name(status)}")
        if status != StatusWord.OK:
            raise DeviceError(Completion.UNSUPPORTED_DATA, f"no holder file: {status_name(status)}")
        return {record: _value(channel, record) for record in _HOLDER_RECORDS}
    except DeviceError as error:
        # A 3.00 card may hide its file with any status before the external authentication.
        if error.code is Completion.UNSUPPORTED_DATA and issuer.get(VERSION, b"") >= b"3":
            raise DeviceError(Completion.NEEDS_AUTHORITY, error.technical) from error
        raise


def _value(channel: Channel, record: Record) -> bytes:
    """The value of a record, empty when the card has none. Cards differ in how they find records:
    by number first, then by tag; only the wanted tag is believed."""
    expected = record.length + 2
    for command in (read_record(record.number, expected), read_tagged_record(record.tag, expected)):
        answer = channel.send(command)
        if answer.status in _LOCKED:
            raise DeviceError(Completion.NEEDS_AUTHORITY, f"record {record.tag:02X}: {status_name(answer.status)}")
        if answer.status in _ABSENT:
            continue
        if answer.status != StatusWord.OK:
            raise DeviceError(Completion.UNSUPPORTED_DATA, f"record {record.tag:02X}: {status_name(answer.status)}")
        if len(answer.body) < 2 or answer.body[1] > len(answer.body) - 2:
            raise DeviceError(Completion.INVALID_DATA, f"record {record.tag:02X} runs past its end")
        if answer.body[0] == record.tag:
            return answer.body[2 : 2 + answer.body[1]]
    return b""


def _document(values: _Values, media_id: int, device_id: str) -> IdentityDocument:
    number = _text(values[NUMBER])
    name_bytes = _unpadded(values[NAME]) + _unpadded(values[NAME_EXTENSION])  # one character may lie across both
    name = _text(name_bytes)
    if not number or not name:
        raise DeviceError(Completion.INVALID_DATA, "the holder's number or name is empty")
    sex, group = _text(values[SEX]), _digits(values[ETHNIC_GROUP])
    return IdentityDocument(
        kind=DocumentKind.SOCIAL_SECURITY_CARD,
        number=number,
        name=name,
        sex=sex,
        birth=_date(values[BIRTH]),
        media_id=media_id,
        device_id=device_id,
        verified=Verified.CHIP,
        ethnic_group=group,
        valid_from=_date(values.get(ISSUED, b"")),
        valid_to=_date(values.get(EXPIRES, b"")),
        card_number=_text(values.get(CARD_NUMBER, b"")),
        warnings=_warnings(number + name, name_bytes, bool(values[NAME_EXTENSION]), sex, group),
    )


def _warnings(text: str, name: bytes, extended: bool, sex: str, group: str) -> frozenset[Warning]:
    room = NAME.length + NAME_EXTENSION.length if extended else NAME.length
    said = {
        Warning.UNDECODABLE_TEXT: "�" in text,
        Warning.NAME_MAY_BE_CUT: len(name) > room - 2,
        Warning.UNKNOWN_CODE: sex not in _KNOWN_SEXES or group not in _KNOWN_GROUPS,
    }
    return frozenset(warning for warning, true in said.items() if true)


def _unpadded(value: bytes) -> bytes:
    return value.rstrip(b"\x00 \xff")


def _text(value: bytes) -> str:
    text = _unpadded(value).decode("gb18030", errors="replace").strip()
    return "".join("�" if unicodedata.category(character) == "Cc" else character for character in text)


def _digits(value: bytes) -> str:
    return value.hex().upper().rstrip("F")


def _date(value: bytes) -> date | None:
    digits = _digits(value)
    try:
        return date(int(digits[:4]), int(digits[4:6]), int(digits[6:])) if len(digits) == 8 else None
    except ValueError:
        return None
