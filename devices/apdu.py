"""Command and response APDUs (ISO 7816-4), status words, and a channel that limits what a card may say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import IntEnum
from typing import Protocol

from devices.device import Completion, DeviceError

MOST_HOPS = 16
MOST_BYTES = 4096
MOST_OFFSET = 0x7FFF
"""Of READ BINARY with an even instruction; beyond it the offset is a data object (ISO 7816-4, 11.3.3)."""


class StatusWord(IntEnum):
    """What SW1 SW2 says, by its name in ISO 7816-4."""

    OK = 0x9000
    FILE_DEACTIVATED = 0x6283
    WRONG_LENGTH = 0x6700
    SECURITY_NOT_SATISFIED = 0x6982
    AUTHENTICATION_BLOCKED = 0x6983
    CONDITIONS_NOT_SATISFIED = 0x6985
    NO_CURRENT_FILE = 0x6986
    WRONG_BODY = 0x6A80
    FUNCTION_NOT_SUPPORTED = 0x6A81
    FILE_NOT_FOUND = 0x6A82
    RECORD_NOT_FOUND = 0x6A83
    WRONG_PARAMETERS = 0x6A86
    WRONG_REFERENCE = 0x6B00
    INSTRUCTION_NOT_SUPPORTED = 0x6D00
    CLASS_NOT_SUPPORTED = 0x6E00
    NO_DIAGNOSIS = 0x6F00


def status_name(status: int) -> str:
    """A status word as technical text, e.g. "6A82 FILE_NOT_FOUND"."""
    known = {word.value: word.name for word in StatusWord}
    return f"{status:04X} {known[status]}" if status in known else f"{status:04X}"


class Card(Protocol):
    """Anything that answers APDUs: a reader's connection, a virtual card, a recorded transcript."""

    def transmit(self, command: bytes) -> bytes: ...


@dataclass(frozen=True)
class Command:
    """A command; of extended length when body or answer need it. `expected` is Le; None sends none, as T=0 cards want
    with a body."""

    cla: int
    ins: int
    p1: int
    p2: int
    body: bytes = b""
    expected: int | None = None

    def __bytes__(self) -> bytes:
        head = bytes((self.cla, self.ins, self.p1, self.p2))
        width = 2 if self.extended else 1
        # Both lengths of an extended command share one zero byte before the first of them (ISO 7816-4, 5.2).
        mark = b"\0" if self.extended else b""
        body = len(self.body).to_bytes(width, "big") + self.body if self.body else b""
        end = (self.expected & (1 << 8 * width) - 1).to_bytes(width, "big") if self.expected is not None else b""
        return head + mark + body + end

    @property
    def extended(self) -> bool:
        return len(self.body) > 0xFF or (self.expected or 0) > 0x100


@dataclass(frozen=True)
class Response:
    body: bytes
    status: int


def select_application(name: bytes) -> Command:
    return Command(0x00, 0xA4, 0x04, 0x00, name)


def select_file(identifier: int) -> Command:
    """Selects an elementary file under the current application."""
    return Command(0x00, 0xA4, 0x02, 0x00, identifier.to_bytes(2, "big"))


def read_record(number: int, expected: int) -> Command:
    """Reads a record of the current file by its number."""
    return Command(0x00, 0xB2, number, 0x04, expected=expected)


def read_tagged_record(tag: int, expected: int) -> Command:
    """Reads a record of the current file by its identifier, here the tag that it begins with."""
    return Command(0x00, 0xB2, tag, 0x00, expected=expected)


def read_binary(offset: int, expected: int) -> Command:
    """Reads the current transparent file. Beyond MOST_OFFSET `expected` counts the data object 53 around the answer too."""
    if offset <= MOST_OFFSET:
        return Command(0x00, 0xB0, offset >> 8, offset & 0xFF, expected=expected)
    return Command(0x00, 0xB1, 0x00, 0x00, b"\x54\x03" + offset.to_bytes(3, "big"), expected)


class Channel:
    """Sends one command and fetches the whole answer: 6Cxx repeats with the card's length, 61xx
    fetches the rest. A card that never ends or says too much is INVALID_DATA."""

    def __init__(self, card: Card, *, most_hops: int = MOST_HOPS, most_bytes: int = MOST_BYTES) -> None:
        self._card = card
        self._most_hops = most_hops
        self._most_bytes = most_bytes

    def send(self, command: Command) -> Response:
        answer = self._one(command)
        body = answer.body
        for _ in range(self._most_hops):
            match answer.status >> 8:
                case 0x6C:
                    command = Command(command.cla, command.ins, command.p1, command.p2, command.body, answer.status & 0xFF)
                case 0x61:
                    # GET RESPONSE keeps the logical channel of the command, nothing else of its class.
                    command = Command(command.cla & 0x03, 0xC0, 0x00, 0x00, expected=answer.status & 0xFF)
                case _:
                    return Response(body, answer.status)
            answer = self._one(command)
            body += answer.body
            if len(body) > self._most_bytes:
                raise DeviceError(Completion.INVALID_DATA, "the card says too much")
        raise DeviceError(Completion.INVALID_DATA, "the card never ends its answer")

    def _one(self, command: Command) -> Response:
        raw = self._card.transmit(bytes(command))
        if len(raw) < 2:
            raise DeviceError(Completion.INVALID_DATA, "answer without a status word")
        if len(raw) > self._most_bytes:
            raise DeviceError(Completion.INVALID_DATA, "the card says too much")
        return Response(raw[:-2], int.from_bytes(raw[-2:], "big"))
