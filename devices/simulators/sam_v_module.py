"""A simulated security module with its faults, on no line: whole frames out for each command that comes in."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from enum import StrEnum

from devices.drivers.sam_v_frames import HEADER_BYTES, PREAMBLE, Command, frame
from devices.drivers.sam_v_serial import RATES
from devices.simulators.sam_v_plate import SimulatedPlate

UNKNOWN_COMMAND = 0x24
COLLISIONS = {Command.FIND: (0, 0, 0x80), Command.SELECT: (0x81, 0), Command.READ: (0x41, 0x80)}
"""What a module says in turn while several cards lie there; 0: what it would say of one."""


class Fault(StrEnum):
    """What can be wrong with the line; a status word such as "31" is a fault too."""

    NOISE = "noise"  # bytes before the answer
    STUCK = "stuck"  # 200 zero bytes before it
    FF = "ff"  # FF bytes before it
    XOR = "xor"  # wrong checksum
    LEN = "len"  # wrong length
    TORN = "torn"  # half an answer
    SILENT = "silent"
    LATE = "late"  # the answer comes when the next command has been sent
    SEVERAL = "several"  # more than one card lies there: they answer in each other's words
    STREAM = "stream"  # bytes without end and no answer, until the next command


class SimulatedModule(SimulatedPlate):
    """`before` maps a command to what happens just before its answer: a card pulled or swapped in the middle of a read.
    `talks_at` is the rate that the module was left at, 0: any."""

    def __init__(self, *, hides_a_read_card: bool = False, talks_at: int = 0) -> None:
        super().__init__(hides_a_read_card=hides_a_read_card)
        self.fault = ""
        self.faulty: Command | None = None  # None: every command
        self.before: dict[Command, Callable[[], object]] = {}
        self.heard: list[Command] = []
        self.bodies: list[bytes] = []  # of all frames that came, also those that are no known command
        self.talks_at = talks_at
        self.streams = False
        self._held_back = b""
        self._collisions = {command: itertools.cycle(COLLISIONS.get(command, (0,))) for command in Command}

    def respond(self, body: bytes) -> bytes:
        """What goes over the line: a frame, what is left of it, or nothing."""
        self.bodies.append(body)
        self.streams = False
        command = next((known for known in Command if known.value == body), None)
        if command is None:
            return _refusal(UNKNOWN_COMMAND)
        self.heard.append(command)
        self.before.get(command, lambda: None)()
        fault = self.fault if self.faulty in (None, command) else ""
        self.streams = fault == Fault.STREAM
        late, self._held_back = self._held_back, b""
        answer = self._answer_or_refuse(command, fault)
        if fault == Fault.LATE:
            self._held_back, answer = answer, b""
        return late + _damaged(answer, fault)

    def _answer_or_refuse(self, command: Command, fault: str) -> bytes:
        if fault and fault not in set(Fault):
            return _refusal(int(fault, 16))
        if (fault == Fault.SEVERAL or self.is_crowded) and (status := next(self._collisions[command])):
            return _refusal(status)
        if self.talks_at:
            self.talks_at = next((rate for rate, ordered in RATES.items() if ordered is command), self.talks_at)
        return frame(self.answer(command))


def _refusal(status: int) -> bytes:
    return frame(bytes([0, 0, status]))


def _damaged(answer: bytes, fault: str) -> bytes:
    match fault:
        case Fault.NOISE:
            return b"\x00\x13\xaa\xaa\x96" + PREAMBLE[:4] + b"\x07" + answer
        case Fault.STUCK:
            return bytes(200) + answer
        case Fault.FF:
            return b"\xff\xff\xff" + answer
        case Fault.XOR:
            return answer[:-1] + bytes([answer[-1] ^ 1])
        case Fault.LEN:
            return PREAMBLE + b"\xff\xff" + answer[HEADER_BYTES:]
        case Fault.TORN:
            return answer[: len(answer) // 2 + 1]
        case Fault.SILENT | Fault.STREAM:
            return b""
        case _:
            return answer
