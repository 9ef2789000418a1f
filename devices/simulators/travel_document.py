"""The chip of a travel document: both ways in, secure messaging, files, and the ways real ones differ."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from devices.apdu import Command
from devices.cards.icao_9303.elementary_files import APPLICATION, MASTER_FILE
from devices.cards.icao_9303.secure_messaging import CHECKSUM, EXPECTED, PROTECTED, STATUS, Protection
from devices.cards.icao_9303.tlv import items, tlv, value
from devices.device import DeviceError
from devices.simulators.travel_document_access import BasicAccess, Pace
from devices.simulators.travel_document_files import Chip

_CONTACTLESS_ATR = bytes.fromhex("3B80800101")
_OBJECT_AROUND = 4
_Answer = tuple[bytes, int]
OK, END_OF_FILE, WRONG_LENGTH, NOT_SATISFIED, NO_CURRENT_FILE = 0x9000, 0x6282, 0x6700, 0x6982, 0x6986
SM_OBJECTS_WRONG, WRONG_DATA, NOT_FOUND, WRONG_OFFSET, UNKNOWN_INSTRUCTION = 0x6988, 0x6A80, 0x6A82, 0x6B00, 0x6D00


class ExtendedLength(Enum):
    """What the card makes of commands of extended length."""

    TAKEN = "taken"
    REFUSED = "refused"
    REFUSED_WITHIN_A_SESSION = "refused within a session"  # the keys survive
    REFUSED_FOR_READING = "refused for reading"  # in words that are protected


@dataclass
class TravelDocumentCard:
    """A card program. Plain commands end a session, as do protected ones with a wrong checksum."""

    chip: Chip
    extended: ExtendedLength = ExtendedLength.TAKEN
    atr: bytes = _CONTACTLESS_ATR
    wrong_keys: int = field(default=0, init=False)
    _protection: Protection | None = field(default=None, init=False)
    _application: bool = field(default=False, init=False)
    _file: bytes | None = field(default=None, init=False)

    def __post_init__(self) -> None:
        self.reset()

    def reset(self) -> None:
        self._protection, self._application, self._file = None, False, None
        self._basic_access = BasicAccess(self.chip.access)
        self._pace = Pace(self.chip.pace, self.chip.access, self.chip.chip_key) if self.chip.pace else None

    def answer(self, command: bytes) -> bytes:
        try:
            body, status = self._answer(parsed(command))
        except DeviceError:
            self._protection = None
            body, status = b"", WRONG_DATA
        return body + status.to_bytes(2, "big")

    def _answer(self, command: Command) -> _Answer:
        if command.extended and self._refuses_extended():
            return b"", WRONG_LENGTH
        if command.cla & PROTECTED != PROTECTED:
            self._protection = None
            answer = self._do(command)
            self._begin_session()
            return answer
        if self._protection is None:
            return b"", SM_OBJECTS_WRONG
        return self._answer_protected(self._protection, command)

    def _refuses_extended(self) -> bool:
        within = self._protection is not None and self.extended is ExtendedLength.REFUSED_WITHIN_A_SESSION
        return within or self.extended is ExtendedLength.REFUSED

    def _begin_session(self) -> None:
        """After the answer that ends the authentication, which itself is plain."""
        for way in (self._basic_access, self._pace):
            if way and way.keys:
                self._protection, way.keys = Protection(way.keys), None

    def _answer_protected(self, protection: Protection, command: Command) -> _Answer:
        protection.step()
        found = items(command.body)
        objects = {item.tag: item.value for item in found}
        covered = b"".join(tlv(*item) for item in found if item.tag != CHECKSUM)
        head = bytes((command.cla, command.ins, command.p1, command.p2))
        if protection.checksum(protection.head(head) + covered if covered else head) != objects.get(CHECKSUM):
            self._protection = None
            return b"", SM_OBJECTS_WRONG
        le = objects.get(EXPECTED)
        expected = (int.from_bytes(le, "big") or 1 << 8 * len(le)) if le else None
        plain = Command(command.cla & ~PROTECTED, command.ins, command.p1, command.p2, protection.plain(objects), expected)
        body, status = self._do(plain)
        protection.step()
        answer = protection.cryptogram(body, of_objects=bool(command.ins & 1)) if body else b""
        answer += tlv(STATUS, status.to_bytes(2, "big"))
        return answer + tlv(CHECKSUM, protection.checksum(answer)), OK

    def _do(self, command: Command) -> _Answer:
        match command.ins:
            case 0xA4:
                return self._select(command)
            case 0xB0 | 0xB1:
                return self._read(command)
            case 0x84:
                return self._basic_access.challenge() if self._opens_basically() else (b"", UNKNOWN_INSTRUCTION)
            case 0x82:
                return self._counted(self._basic_access.authenticate(command.body))
            case 0x22 if self._pace:
                return self._pace.choose(command.body)
            case 0x86 if self._pace:
                return self._counted(self._pace.authenticate(command.body))
            case _:
                return b"", UNKNOWN_INSTRUCTION

    def _opens_basically(self) -> bool:
        return self._application and self._pace is None

    def _counted(self, answer: _Answer) -> _Answer:
        self.wrong_keys += answer[1] == 0x6300
        return answer

    def _select(self, command: Command) -> _Answer:
        self._file = None
        if command.p1 == 0x04:
            self._application = command.body == APPLICATION
            return b"", OK if self._application else NOT_FOUND
        if command.body == MASTER_FILE:
            self._application = False
            return b"", OK
        return self._select_file(int.from_bytes(command.body, "big"))

    def _select_file(self, file: int) -> _Answer:
        files = self.chip.files if self._application else self.chip.master_files
        if file not in files:
            return b"", NOT_FOUND
        if self._protection is None and (self._application or file != 0x011C):
            return b"", NOT_SATISFIED
        self._file = files[file]
        return b"", OK

    def _read(self, command: Command) -> _Answer:
        if self._file is None:
            return b"", NO_CURRENT_FILE
        wanted = command.expected or 0
        if wanted > 0x100 and self.extended is ExtendedLength.REFUSED_FOR_READING:
            return b"", WRONG_LENGTH
        if command.ins == 0xB0:
            offset, room = command.p1 << 8 | command.p2, wanted
            part = answer = self._file[offset : offset + room]
        else:
            offset, room = int.from_bytes(value(command.body, 0x54), "big"), wanted - _OBJECT_AROUND
            part = self._file[offset : offset + room]
            answer = tlv(0x53, part)
        if offset > len(self._file):
            return b"", WRONG_OFFSET
        return answer, OK if len(part) == room else END_OF_FILE


def parsed(raw: bytes) -> Command:
    """A command as it comes over the wire, short or extended."""
    head, rest = raw[:4], raw[4:]
    extended = len(rest) > 1 and rest[0] == 0
    width = 2 if extended else 1
    rest = rest[1:] if extended else rest
    body = b""
    if len(rest) > width:
        length = int.from_bytes(rest[:width], "big")
        body, rest = rest[width : width + length], rest[width + length :]
    expected = (int.from_bytes(rest, "big") or 1 << 8 * width) if rest else None
    return Command(head[0], head[1], head[2], head[3], body, expected)
