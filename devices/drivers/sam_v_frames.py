"""Frames of the SAM_V protocol (GA 450, GA 467): pure bytes, no line."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from functools import reduce
from itertools import accumulate
from operator import xor

from devices.device import Completion, DeviceError

PREAMBLE = b"\xaa\xaa\xaa\x96\x69"
HEADER_BYTES = len(PREAMBLE) + 2
LONGEST = 2048
CHUNK = 1024

OK, CARD_FOUND, NO_CARD, NOT_ON_CARD = 0x90, 0x9F, 0x80, 0x91
GARBLED_ON_ARRIVAL = frozenset((0x10, 0x11))
STATUS_ANSWERS = frozenset((OK, 0x60, 0x66)) | GARBLED_ON_ARRIVAL
TEXT_BYTES, PHOTO_BYTES, ADDRESS_BYTES = 256, 1024, 70
LONGEST_SHORT = 16


class Command(Enum):
    """CMD and Para. Fingerprints (30 10) are never asked for: no matter needs them. Nor is the length of the frames to
    the card (61 FF) ever set: the module knows its own."""

    RESET = b"\x10\xff"
    STATUS = b"\x11\xff"
    SAM_ID = b"\x12\xff"
    FIND = b"\x20\x01"
    SELECT = b"\x20\x02"
    READ = b"\x30\x01"
    READ_ADDRESS = b"\x30\x03"  # what was appended to the card after a move
    BAUD_115200 = b"\x60\x00"
    BAUD_57600 = b"\x60\x01"
    BAUD_38400 = b"\x60\x02"
    BAUD_19200 = b"\x60\x03"
    BAUD_9600 = b"\x60\x04"


@dataclass(frozen=True)
class Answer:
    """What the module said: `status` is SW3, `card_status` what the card itself said (SW1 SW2)."""

    status: int
    data: bytes = b""
    card_status: int = 0

    def answers(self, command: Command) -> bool:
        """Whether this can be the answer to `command`: a success has a shape of its own, so the late
        answer to an earlier command is never taken for this one's."""
        match command:
            case Command.STATUS if self.status not in STATUS_ANSWERS:
                return False
            case Command.FIND if self.status == OK:
                return False
            case Command.READ_ADDRESS if self.status == NOT_ON_CARD:
                return True
            case _ if self.status in (CARD_FOUND, NOT_ON_CARD):
                return self.status == CARD_FOUND and command is Command.FIND
            case _ if self.status != OK:
                return True
            case Command.READ:
                return len(self.data) > LONGEST_SHORT and not self._are_addresses
            case Command.READ_ADDRESS:
                return self._are_addresses
            case _:
                return len(self.data) == {Command.SAM_ID: 16, Command.SELECT: 8}.get(command, 0)

    @property
    def _are_addresses(self) -> bool:
        return bool(self.data) and len(self.data) % ADDRESS_BYTES == 0


class Refused(DeviceError):
    """The module's own word for why it did not do it: `status` is SW3."""

    def __init__(self, status: int, code: Completion, technical: str, *, retry: bool) -> None:
        super().__init__(code, technical, retry=retry)
        self.status = status


def frame(body: bytes) -> bytes:
    """One frame around a command (CMD Para) or an answer (SW1 SW2 SW3 data)."""
    checked = (len(body) + 1).to_bytes(2, "big") + body
    return PREAMBLE + checked + bytes([checksum(checked)])


def checksum(checked: bytes) -> int:
    return reduce(xor, checked, 0)


class Parser:
    """Finds whole frames in what a line brings; never keeps more than 4 KiB. Whatever comes, the work is by the byte: beside
    each byte that is held stands the checksum of all up to it, so that a false header costs no look at what follows."""

    def __init__(self, shortest: int = 4) -> None:
        self._shortest = shortest
        self._held, self._sums = bytearray(), bytearray()

    def feed(self, received: bytes) -> list[bytes]:
        """The bodies of the frames that are whole now."""
        bodies = []
        for at in range(0, len(received), CHUNK):
            self._hold(received[at : at + CHUNK])
            bodies += self._whole()
        return bodies

    @property
    def inside_a_frame(self) -> bool:
        """A preamble came and its frame is not whole: silence now means that it is torn."""
        return self._held.startswith(PREAMBLE)

    @property
    def held(self) -> int:
        return len(self._held)

    def forget(self) -> None:
        self._drop(len(self._held))

    def _hold(self, received: bytes) -> None:
        before = self._sums[-1] if self._sums else 0
        self._held += received
        self._sums += bytes(accumulate(received, xor, initial=before))[1:]

    def _drop(self, count: int) -> None:
        del self._held[:count], self._sums[:count]

    def _whole(self) -> list[bytes]:
        bodies, at = [], self._next_preamble(0)
        while len(self._held) >= at + HEADER_BYTES:
            end = at + HEADER_BYTES + int.from_bytes(self._held[at + 5 : at + 7], "big")
            if self._is_length(end - at - HEADER_BYTES):
                if len(self._held) < end:
                    break
                if self._sums[end - 1] == self._sums[at + len(PREAMBLE) - 1]:
                    bodies.append(bytes(self._held[at + HEADER_BYTES : end - 1]))
                    at = self._next_preamble(end)
                    continue
            # One byte only, never the frame: a true frame may start inside the damaged one.
            at = self._next_preamble(at + 1)
        self._drop(at)
        return bodies

    def _is_length(self, length: int) -> bool:
        return self._shortest <= length <= LONGEST

    def _next_preamble(self, start: int) -> int:
        """Where the next one begins, or may begin with what has come of it."""
        found = self._held.find(PREAMBLE, start)
        if found >= 0:
            return found
        tail = range(max(start, len(self._held) - len(PREAMBLE) + 1), len(self._held) + 1)
        return next(at for at in tail if PREAMBLE.startswith(self._held[at:]))


def answer_of(body: bytes) -> Answer:
    return Answer(body[2], body[3:], int.from_bytes(body[:2], "big"))


def contents(data: bytes) -> tuple[bytes, bytes]:
    """Text and photo of a read answer whose two lengths add up; vendor code does not look."""
    text_length, photo_length = int.from_bytes(data[:2], "big"), int.from_bytes(data[2:4], "big")
    if text_length != TEXT_BYTES or photo_length > PHOTO_BYTES or 4 + text_length + photo_length != len(data):
        raise DeviceError(Completion.INVALID_DATA, f"lengths {text_length}, {photo_length} of {len(data)} bytes", retry=True)
    return data[4 : 4 + text_length], data[4 + text_length :]


def module_number(data: bytes) -> str:
    """The number of the security module as printed on its label; departments ask which one read a card."""
    parts = [int.from_bytes(data[at:end], "little") for at, end in ((0, 2), (2, 4), (4, 8), (8, 12), (12, 16))]
    return "{:02}.{:02}-{:08}-{:010}-{:010}".format(*parts)


def failure(answer: Answer) -> Refused:
    """What a status other than success means for whoever asked."""
    code, retry = _meaning(answer.status)
    return Refused(answer.status, code, f"SW {answer.card_status:04X} {answer.status:02X}", retry=retry)


def _meaning(status: int) -> tuple[Completion, bool]:
    """And whether another try may help."""
    match status:
        case 0x31 | 0x32 | 0x33:
            # Card and module refuse each other, or the contents fail their MAC: forged, or a faulty card.
            return Completion.FRAUD_ATTEMPT, False
        case 0x60 | 0x66:
            return Completion.HARDWARE_ERROR, False
        case 0x21 | 0x23 | 0x24:
            return Completion.SEQUENCE_ERROR, False
        case 0x40:
            return Completion.UNSUPPORTED_DATA, True
        case 0x80:
            return Completion.MEDIA_REMOVED, True
        case 0x41 | 0x47 | 0x81:
            return Completion.INVALID_MEDIA, True
        case _:
            return Completion.INVALID_DATA, True
