"""The files of a travel document (ICAO 9303-10, 3.6 and 3.11), read with as few commands as the card allows."""

from __future__ import annotations

from enum import IntEnum
from typing import Protocol

from devices.apdu import MOST_OFFSET, Command, Response, StatusWord, read_binary, status_name
from devices.cards.icao_9303.tlv import extent, value
from devices.device import Completion, DeviceError

APPLICATION = bytes.fromhex("A0000002471001")
MASTER_FILE = b"\x3f\x00"
LONGEST_FILE = 200_000
SHORT_READ = 223
"""The most that fits an answer of 256 bytes after encryption and checksum, whatever the cipher."""
LONG_READ = 2_560
"""Of extended length. A portrait takes six commands; longer answers save one of them, and fewer buffers of chips hold them."""
_HEADER = 8
_OBJECT_AROUND = 4
_END_OF_FILE = 0x6282
_ABSENT = (StatusWord.FILE_NOT_FOUND, StatusWord.RECORD_NOT_FOUND, StatusWord.FUNCTION_NOT_SUPPORTED)
_DISCRETIONARY = 0x53


class File(IntEnum):
    """Identifiers; EF.CardSecurity has in the master file the one that EF.SOD has in the application."""

    CARD_ACCESS = 0x011C
    CARD_SECURITY = 0x011D
    COM = 0x011E
    SOD = 0x011D
    DG1 = 0x0101
    DG2 = 0x0102
    DG11 = 0x010B


class Sends(Protocol):
    """A channel, protected or not."""

    def send(self, command: Command) -> Response: ...


def select_master_file(channel: Sends) -> None:
    """A card that refuses is there already, or has none: what is looked for in it is then not found."""
    channel.send(Command(0x00, 0xA4, 0x00, 0x0C, MASTER_FILE))


class Files:
    """`extended` is whether to try reads of extended length; the first one refused was the last."""

    def __init__(self, channel: Sends, *, extended: bool) -> None:
        self._channel = channel
        self._extended = extended

    def read(self, file: File) -> bytes:
        content = self.read_optional(file)
        if content is None:
            raise DeviceError(Completion.INVALID_DATA, f"no file {file:04X}")
        return content

    def read_optional(self, file: File) -> bytes | None:
        """None when the card has no such file. DeviceError(INVALID_DATA) when it is too long or ends too early."""
        answer = self._channel.send(Command(0x00, 0xA4, 0x02, 0x0C, file.to_bytes(2, "big")))
        if answer.status in _ABSENT:
            return None
        if answer.status != StatusWord.OK:
            raise DeviceError(Completion.INVALID_DATA, f"file {file:04X}: {status_name(answer.status)}")
        content = self._part(0, _HEADER)
        _, _, length = extent(content)
        if length > LONGEST_FILE:
            raise DeviceError(Completion.INVALID_DATA, f"file {file:04X} says that it has {length} bytes")
        while len(content) < length:
            content += self._part(len(content), length - len(content))
        return content[:length]

    def _part(self, offset: int, wanted: int) -> bytes:
        """At least one byte from there on."""
        around = _OBJECT_AROUND if offset > MOST_OFFSET else 0
        answer = self._channel.send(read_binary(offset, min(wanted + around, LONG_READ if self._extended else SHORT_READ)))
        if self._extended and answer.status == StatusWord.WRONG_LENGTH:
            self._extended = False
            return self._part(offset, wanted)
        if answer.status not in (StatusWord.OK, _END_OF_FILE):
            raise DeviceError(Completion.INVALID_DATA, f"reading at {offset}: {status_name(answer.status)}")
        part = value(answer.body, _DISCRETIONARY) if around else answer.body
        if not part:
            raise DeviceError(Completion.INVALID_DATA, f"the file ends at {offset}")
        return part
