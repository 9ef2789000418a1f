"""A receipt printer that answers DLE EOT: python -m devices.simulators.receipt_printer --folder var/receipts --port 9100.

Its sheets become PNG files in the folder; the file `fault` there says what is wrong with it, at any time.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import pty
import re
import select
import signal
import socket
import socketserver
import sys
import threading
import time
import tty
from collections.abc import Iterator, Mapping
from enum import StrEnum
from pathlib import Path

from devices.simulators.note import read
from devices.simulators.paper import NotEscpos, Paper

FAULT = "fault"
READY = 0x12
QUESTION = re.compile(rb"\x10\x04([\x01-\x04])")
PIECE = 4096
LONGEST_QUESTION = 12
BYTE_S = 0.01
"""A line is slow; so answers do not come together."""


class Roll(StrEnum):
    """How much paper there is."""

    ENOUGH = "enough"
    NEAR_END = "near_end"
    OUT = "out"


class PrinterFault(StrEnum):
    PAPER_NEAR_END = "paper-near-end"
    PAPER_OUT = "paper-out"
    COVER_OPEN = "cover-open"
    OFFLINE = "offline"
    CUTTER = "cutter"
    UNRECOVERABLE = "unrecoverable"
    OVERHEATED = "overheated"
    SILENT = "silent"
    RUNS_OUT = "runs-out"  # of paper in the middle of the next job: what is left of that one is not taken


ANSWERS: Mapping[PrinterFault, Mapping[int, int]] = {
    PrinterFault.PAPER_NEAR_END: {4: 0x0C},
    PrinterFault.PAPER_OUT: {1: 0x08, 2: 0x20, 4: 0x6C},
    PrinterFault.COVER_OPEN: {1: 0x08, 2: 0x04},
    PrinterFault.OFFLINE: {1: 0x08},
    PrinterFault.CUTTER: {1: 0x08, 2: 0x40, 3: 0x08},
    PrinterFault.UNRECOVERABLE: {1: 0x08, 2: 0x40, 3: 0x20},
    PrinterFault.OVERHEATED: {1: 0x08, 2: 0x40, 3: 0x40},
}
"""The bits that a fault sets in the answers, by question: a printer that cannot print is offline as well."""


class PrinterSimulator:
    """A printer on a pseudo-terminal. `broken` are bits set in its answers by question, `silent` one that answers
    nothing, `empties` one whose roll ends with the next sheet. A real-time question is answered wherever it stands,
    also inside a picture; those answers are late: they come before the one to the next question."""

    def __init__(self) -> None:
        self._master, self._slave = pty.openpty()
        tty.setraw(self._master)
        tty.setraw(self._slave)
        self._wake_out, self._wake_in = os.pipe()
        self.path = os.ttyname(self._slave)
        self.paper = Paper()
        self.roll = Roll.ENOUGH
        self.broken: dict[int, int] = {}
        self.silent = False
        self.empties = False
        self._gone = False
        self._late: list[int] = []
        self._seen = b""
        self._thread = threading.Thread(target=self._serve, name="printer simulator", daemon=True)
        self._thread.start()

    def unplug(self) -> None:
        """Idempotent."""
        if self._gone:
            return
        self._gone = True
        os.write(self._wake_in, b"x")
        self._thread.join()
        for fd in (self._master, self._slave, self._wake_in, self._wake_out):
            os.close(fd)

    def _serve(self) -> None:
        while True:
            if self._wake_out in select.select([self._master, self._wake_out], [], [])[0]:
                return
            self._take(os.read(self._master, PIECE))

    def _take(self, received: bytes) -> None:
        self._late += self._everywhere(received)
        self.paper.feed(received)
        if self.empties and self.paper.sheets:
            self.roll = Roll.OUT
        for question in self.paper.questions:
            self._late.remove(question)
            for late in self._late:
                self._answer(late)
                time.sleep(BYTE_S)
            self._answer(question)
            self._late.clear()
        self.paper.questions.clear()

    def _everywhere(self, received: bytes) -> list[int]:
        """The questions that ended in these bytes, also those that are only a part of a picture."""
        seen = self._seen + received
        found = [match for match in QUESTION.finditer(seen) if match.end() > len(self._seen)]
        self._seen = seen[-2:]
        return [match[1][0] for match in found]

    def _answer(self, question: int) -> None:
        if not self.silent:
            os.write(self._master, bytes([self._status(question)]))

    def _status(self, question: int) -> int:
        paper = {Roll.ENOUGH: 0x00, Roll.NEAR_END: 0x0C, Roll.OUT: 0x6C}[self.roll] if question == 4 else 0
        return READY | paper | self.broken.get(question, 0)


class NetworkPrinterSimulator:
    """A printer on a TCP port of this machine."""

    def __init__(self, folder: Path, port: int = 0) -> None:
        self.folder = folder
        folder.mkdir(parents=True, exist_ok=True)
        self._lock = threading.Lock()
        self._server = socketserver.ThreadingTCPServer(("127.0.0.1", port), type("Host", (_Host,), {"printer": self}), False)
        self._server.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, PIECE)  # a printer has little room
        self._server.allow_reuse_address = True
        self._server.daemon_threads = True
        self._server.server_bind()
        self._server.server_activate()
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    @property
    def target(self) -> str:
        """As the driver's settings take it."""
        return f"tcp:127.0.0.1:{self._server.server_address[1]}"

    @property
    def fault(self) -> PrinterFault | None:
        word = read(self.folder / FAULT)
        return PrinterFault(word) if word in set(PrinterFault) else None

    def disturb(self, fault: PrinterFault | None) -> None:
        if fault:
            (self.folder / FAULT).write_text(fault)
        else:
            (self.folder / FAULT).unlink(missing_ok=True)

    def sheets(self) -> tuple[Path, ...]:
        return tuple(sorted(self.folder.glob("*.png")))

    def keep(self, paper: Paper) -> None:
        with self._lock:
            for sheet in paper.sheets:
                sheet.save(self.folder / f"{len(self.sheets()) + 1:04}.png")
            paper.sheets.clear()

    def gone(self) -> None:
        """Idempotent."""
        self._server.shutdown()
        self._server.server_close()


class _Host(socketserver.BaseRequestHandler):
    printer: NetworkPrinterSimulator

    def handle(self) -> None:
        paper = Paper()
        with contextlib.suppress(OSError, NotEscpos):
            for received in self._received():
                paper.feed(received)
                self._answer(paper)
                self.printer.keep(paper)

    def _received(self) -> Iterator[bytes]:
        line: socket.socket = self.request
        while received := line.recv(PIECE):
            yield received
            if self.printer.fault is PrinterFault.RUNS_OUT and len(received) > LONGEST_QUESTION:
                self.printer.disturb(PrinterFault.PAPER_OUT)
                _until_hung_up(line)
                return

    def _answer(self, paper: Paper) -> None:
        fault = self.printer.fault
        for question in paper.questions:
            if fault is not PrinterFault.SILENT:
                bits = ANSWERS.get(fault, {}).get(question, 0) if fault else 0
                self.request.sendall(bytes([READY | bits]))
        paper.questions.clear()


def _until_hung_up(line: socket.socket) -> None:
    """Takes nothing of what is still sent."""
    waiting = select.poll()
    waiting.register(line, select.POLLRDHUP)
    waiting.poll()


def main() -> int:
    options = argparse.ArgumentParser(prog="python -m devices.simulators.receipt_printer", description=__doc__)
    options.add_argument("--folder", type=Path, required=True, help="where each sheet becomes a PNG, and `fault` lies")
    options.add_argument("--port", type=int, required=True)
    given = options.parse_args()
    printer = NetworkPrinterSimulator(given.folder, given.port)
    print(f"{printer.target}; {FAULT}: {', '.join(PrinterFault)}", flush=True)
    signal.sigwait({signal.SIGTERM, signal.SIGINT})
    printer.gone()
    return 0


if __name__ == "__main__":
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.pthread_sigmask(signal.SIG_BLOCK, {number})
    sys.exit(main())
