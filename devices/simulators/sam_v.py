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
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from devices.drivers.sam_v_frames import Parser
from devices.simulators.sam_v_card import NotUnderstood, appended_of, card_of
from devices.simulators.sam_v_module import Fault, SimulatedModule

__all__ = ["Fault", "SamVSimulator", "served"]

SHORTEST_COMMAND = 3
STREAMED = b"\xaa\x55" * 512


class SamVSimulator(SimulatedModule):
    """One module and its serial adapter. `baud` paces both directions like a line does. A module that `talks_at` some
    rate hears nothing at any other."""

    def __init__(self, *, hides_a_read_card: bool = False, baud: int = 0, talks_at: int = 0) -> None:
        super().__init__(hides_a_read_card=hides_a_read_card, talks_at=talks_at)
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self._wake_out, self._wake_in = os.pipe()
        self.path = os.ttyname(self._slave)
        self.line_bytes = 0  # that went over the line, in both directions
        self._baud = baud
        self._gone = False
        self._thread = threading.Thread(target=self._serve, name="sam_v simulator", daemon=True)
        self._thread.start()

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
            waits_to_write = [self._master] if self.streams else []
            ready, writable, _ = select.select([self._master, self._wake_out], waits_to_write, [])
            if self._wake_out in ready:
                return
            if self._master in ready:
                self._hear(parser, os.read(self._master, 1024))
            elif writable:
                self._stream()

    def _hear(self, parser: Parser, received: bytes) -> None:
        self.line_bytes += len(received)
        if self._baud:
            time.sleep(len(received) * 10 / self._baud)
        if self.talks_at and termios.tcgetattr(self._slave)[4] != getattr(termios, f"B{self.talks_at}"):
            return
        # A real line forgets TIOCEXCL at its last close; this one is never closed while the simulator runs.
        fcntl.ioctl(self._slave, termios.TIOCNXCL)
        for body in parser.feed(received):
            self._send(self.respond(body))

    def _stream(self) -> None:
        os.set_blocking(self._master, False)
        with suppress(BlockingIOError):
            os.write(self._master, STREAMED)
        os.set_blocking(self._master, True)

    def _send(self, sent: bytes) -> None:
        self.line_bytes += len(sent)
        began, at = time.monotonic(), 0
        while at < len(sent) and not self._gone:
            # A client that stopped listening must not hold the simulator for ever.
            if self._wake_out in select.select([self._wake_out], [self._master], [])[0]:
                return
            at += os.write(self._master, sent[at : at + 64])
            if self._baud:
                time.sleep(max(0.0, began + at * 10 / self._baud - time.monotonic()))


def follow(simulator: SamVSimulator, message: bytes) -> Mapping[str, object]:
    """Does what one JSON line asks for: insert, pull, fault, or look, which alone has something to tell."""
    try:
        wish = json.loads(message)
    except ValueError:
        raise NotUnderstood("not one line of JSON") from None
    match wish:
        case {"insert": dict(person)}:
            simulator.lay(card_of(person), appended_of(person))
        case {"insert": [dict(person), *others]} if all(isinstance(other, dict) for other in others):
            simulator.lay(card_of(person), appended_of(person), crowded=bool(others))
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
