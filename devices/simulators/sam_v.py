"""A SAM_V module on a pseudo-terminal, byte for byte: python -m devices.simulators.sam_v --state var."""

from __future__ import annotations

import argparse
import asyncio
import fcntl
import json
import os
import pty
import select
import signal
import sys
import termios
import threading
import time
import tty
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from enum import StrEnum
from pathlib import Path

from devices.cards.resident_card import TYPES, Layout
from devices.document import DocumentKind
from devices.drivers.sam_v_frames import HEADER_BYTES, PREAMBLE, Command, Parser, frame

PHOTO = b"WL\x66\x00\x7e\x00\x32\x00" + bytes(range(1, 255)) * 4
MODULE = (
    (5).to_bytes(2, "little")
    + (1).to_bytes(2, "little")
    + b"".join(n.to_bytes(4, "little") for n in (20240105, 4095471, 3382700086))
)
SHORTEST_COMMAND = 3
STREAM_BYTES = 16_000
PERSON_FIELDS = frozenset(("name", "sex", "ethnic_group", "birth", "address", "number", "issuer", "valid_from", "valid_to"))


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
    STREAM = "stream"  # bytes without end and no answer


def card_text(kind: DocumentKind, fields: Mapping[str, str]) -> bytes:
    """The 256 bytes of a card. What is too long is cut, as on cards of people with long names."""
    flag, layout = _layout(kind)
    given = {"type": flag, **fields}
    return b"".join(_field(layout, name, given.get(name, "")) for name in layout)


def _layout(kind: DocumentKind) -> tuple[str, Layout]:
    return next((flag, layout) for flag, (of_kind, layout) in TYPES.items() if of_kind is kind)


def _field(layout: Layout, name: str, value: str) -> bytes:
    encoded = value.encode("utf-16-le", "surrogatepass")[: layout[name]]
    return encoded + b"\x20\x00" * ((layout[name] - len(encoded)) // 2)


class SamVSimulator:
    """One module and its plate. `before` maps a command to what happens just before its answer:
    a card pulled or swapped in the middle of a read. `baud` paces the answers like a line does."""

    def __init__(self, *, hides_a_read_card: bool = False, baud: int = 0) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self._wake_out, self._wake_in = os.pipe()
        self.path = os.ttyname(self._slave)
        self.fault = ""
        self.faulty: Command | None = None  # None: every command
        self.before: dict[Command, Callable[[], object]] = {}
        self.heard: list[Command] = []
        self._hides_a_read_card = hides_a_read_card
        self._baud = baud
        self._text = b""
        self._state = ""  # "", found, selected, hidden
        self._held_back = b""
        self._gone = False
        self._thread = threading.Thread(target=self._serve, name="sam_v simulator", daemon=True)
        self._thread.start()

    def lay(self, text: bytes) -> None:
        """Lays a card; one that lies there is taken away first, faster than any poll."""
        self._text, self._state = text, ""

    @property
    def has_card(self) -> bool:
        return bool(self._text)

    def pull(self) -> None:
        self._text, self._state = b"", ""

    def unplug(self) -> None:
        """The adapter leaves the machine; idempotent. Another simulator is another adapter."""
        if self._gone:
            return
        self._gone = True
        os.write(self._wake_in, b"x")
        if threading.current_thread() is not self._thread:
            self._thread.join()
        for fd in (self._master, self._slave, self._wake_in, self._wake_out):
            os.close(fd)

    def _serve(self) -> None:
        parser = Parser(shortest=SHORTEST_COMMAND)
        while not self._gone:
            ready, _, _ = select.select([self._master, self._wake_out], [], [])
            if self._wake_out in ready:
                return
            for body in parser.feed(os.read(self._master, 1024)):
                self._respond(body)

    def _respond(self, body: bytes) -> None:
        command = next((known for known in Command if known.value == body), None)
        if command is None:
            self._send(frame(b"\0\0\x24"))
            return
        self.heard.append(command)
        # A real line forgets TIOCEXCL at its last close; this one is never closed while the simulator runs.
        fcntl.ioctl(self._slave, termios.TIOCNXCL)
        self.before.get(command, lambda: None)()
        fault = self.fault if self.faulty in (None, command) else ""
        late, self._held_back = self._held_back, b""
        refused = bool(fault) and fault not in set(Fault)
        answer = frame(bytes([0, 0, int(fault, 16)]) if refused else self._answer(command))
        if fault == Fault.LATE:
            self._held_back, answer = answer, b""
        self._send(late + _damaged(answer, fault))

    def _answer(self, command: Command) -> bytes:
        match command:
            case Command.SAM_ID:
                return b"\0\0\x90" + MODULE
            case Command.RESET:
                self._state = ""
                return b"\0\0\x90"
            case Command.STATUS:
                return b"\0\0\x90"
            case Command.FIND:
                if not self._text or self._state == "hidden":
                    return b"\0\0\x80"
                self._state = "found"
                return b"\0\0\x9f" + bytes(4)
            case Command.SELECT:
                if not self._text or self._state != "found":
                    return b"\0\0\x81"
                self._state = "selected"
                return b"\0\0\x90" + bytes(8)
            case Command.READ:
                if not self._text or self._state != "selected":
                    return b"\0\0\x41"
                self._state = "hidden" if self._hides_a_read_card else ""
                return b"\0\0\x90\x01\x00" + len(PHOTO).to_bytes(2, "big") + self._text + PHOTO

    def _send(self, sent: bytes) -> None:
        began, at = time.monotonic(), 0
        while at < len(sent) and not self._gone:
            # A client that stopped listening must not hold the simulator for ever.
            if self._wake_out in select.select([self._wake_out], [self._master], [])[0]:
                return
            at += os.write(self._master, sent[at : at + 64])
            if self._baud:
                time.sleep(max(0.0, began + at * 10 / self._baud - time.monotonic()))


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
        case Fault.SILENT:
            return b""
        case Fault.STREAM:
            return b"\xaa\x55" * (STREAM_BYTES // 2)
        case _:
            return answer


class NotUnderstood(ValueError):
    """A control message that cannot be followed. Its text repeats no value of the message."""


def follow(simulator: SamVSimulator, message: bytes) -> Mapping[str, object]:
    """Does what one JSON line asks for: insert, pull, fault, or look, which alone has something to tell."""
    try:
        wish = json.loads(message)
    except ValueError:
        raise NotUnderstood("not one line of JSON") from None
    match wish:
        case {"insert": dict(person)}:
            simulator.lay(_card(person))
        case {"pull": True}:
            simulator.pull()
        case {"look": True}:
            return {"card": simulator.has_card}
        case {"fault": str(fault)}:
            if fault not in {"", *Fault} and not (len(fault) == 2 and set(fault) <= set("0123456789abcdef")):
                raise NotUnderstood(f"fault is one of {', '.join(Fault)}, a status such as 31, or empty")
            simulator.fault = fault
        case _:
            raise NotUnderstood('one of {"insert": {…}}, {"pull": true}, {"look": true}, {"fault": "…"}')
    return {}


def _card(person: Mapping[str, object]) -> bytes:
    fields = {name: value for name, value in person.items() if isinstance(value, str)}
    if len(fields) != len(person):
        raise NotUnderstood("every field of a card is a text")
    try:
        kind = DocumentKind(fields.pop("kind", DocumentKind.RESIDENT_CARD))
        layout = _layout(kind)[1]
    except (ValueError, StopIteration):
        raise NotUnderstood(f"kind is one of {', '.join(of_kind for of_kind, _ in TYPES.values())}") from None
    if missing := sorted(PERSON_FIELDS & set(layout) - set(fields)):
        raise NotUnderstood(f"missing: {', '.join(missing)}")
    if unknown := set(fields) - set(layout) - PERSON_FIELDS:
        raise NotUnderstood(f"this kind of card does not have {len(unknown)} of these fields")
    for name in ("birth", "valid_from", "valid_to"):
        fields[name] = fields[name].replace("-", "")
    return card_text(kind, {name: value for name, value in fields.items() if name in layout})


@asynccontextmanager
async def served(state: Path, *, baud: int = 0) -> AsyncIterator[SamVSimulator]:
    """`sam_v.tty` in the folder is the line, `sam_v.control` takes the wishes; both go at the end."""
    simulator = SamVSimulator(baud=baud)
    line, control = _places(state)

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer: dict[str, object] = {"ok": True}
        try:
            answer |= follow(simulator, await reader.readline())
        except NotUnderstood as error:
            answer = {"ok": False, "error": str(error)}
        writer.write(json.dumps(answer, ensure_ascii=False).encode() + b"\n")
        with suppress(ConnectionError):
            await writer.drain()
        writer.close()

    line.symlink_to(simulator.path)
    server = await asyncio.start_unix_server(talk, control)
    try:
        async with server:
            yield simulator
    finally:
        simulator.unplug()
        for ours in (line, control):
            ours.unlink(missing_ok=True)


def _places(state: Path) -> tuple[Path, Path]:
    """Line and control socket, free of what an earlier run left behind."""
    state.mkdir(parents=True, exist_ok=True)
    places = state / "sam_v.tty", state / "sam_v.control"
    for left_over in places:
        left_over.unlink(missing_ok=True)
    return places


async def _until_stopped(state: Path, baud: int) -> None:
    stopped = asyncio.Event()
    for stop in (signal.SIGTERM, signal.SIGINT):
        asyncio.get_running_loop().add_signal_handler(stop, stopped.set)
    async with served(state, baud=baud):
        await stopped.wait()


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.sam_v", description=__doc__)
    options.add_argument("--state", type=Path, default=Path("var"), help="folder of sam_v.tty and sam_v.control")
    options.add_argument("--baud", type=int, default=0, help="pace answers like a line of this speed")
    given = options.parse_args()
    asyncio.run(_until_stopped(given.state, given.baud))
    return 0


if __name__ == "__main__":
    sys.exit(main())
