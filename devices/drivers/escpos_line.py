"""The ways to a receipt printer: a device file, a network address, or a folder instead of paper."""

from __future__ import annotations

import os
import re
import select
import socket
import termios
import time
import tty
from contextlib import suppress
from pathlib import Path

ANSWER_S = 0.5
STALL_S = 5.0
SETTLE_S = 0.05
CONNECT_S = 2.0
SENT_AHEAD = 16_384
"""What lies in a buffer of this machine counts as sent, though the printer does not have it."""
READY = 0x12
PAPER_QUESTION = b"\x10\x04\x04"
PAPER_END = 0x60
PAPER_OUT_FILE = "paper_out"
QUESTION = re.compile(rb"\x10\x04[\x01-\x04]")
FIXED_BITS = 0x93
"""In every real-time status byte bits 1 and 4 are set, bits 0 and 7 are not."""


class PrinterGone(Exception):
    """Nothing is connected there."""


class PrinterSilent(Exception):
    """It is there and neither answers nor takes bytes."""


class PrinterLine:
    """Blocking, with deadlines; belongs to one thread. Raises PrinterGone and PrinterSilent only."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._asked_by_picture = False
        os.set_blocking(fd, False)

    def ask(self, question: bytes) -> int:
        """The one byte that answers a real-time status question."""
        while self._read(0):
            pass
        self._write(question)
        answers = self._answers(time.monotonic() + ANSWER_S, ANSWER_S)
        if answers and self._asked_by_picture:
            # Answers come in the order of the questions: ours is the last.
            while late := self._answers(time.monotonic() + ANSWER_S, SETTLE_S):
                answers = late
            self._asked_by_picture = False
        if not answers:
            raise PrinterSilent("status is not answered")
        return answers[-1]

    def send(self, job: bytes, job_id: str) -> None:
        # A picture may contain what looks like a question, and printers answer that too.
        self._asked_by_picture = bool(QUESTION.search(job))
        self._write(job)

    def close(self) -> None:
        with suppress(OSError):
            os.close(self._fd)

    def _answers(self, end: float, within_s: float) -> bytes:
        """What came first, of those bytes that are a real-time status; empty when none did."""
        while (left := min(end - time.monotonic(), within_s)) > 0:
            received = self._read(left)
            if answers := bytes(byte for byte in received if byte & FIXED_BITS == READY):
                return answers
            if not received:
                break
        return b""

    def _write(self, sent: bytes) -> None:
        rest = memoryview(sent)
        while rest:
            if not select.select([], [self._fd], [], STALL_S)[1]:
                raise PrinterSilent("takes no more bytes")
            try:
                rest = rest[os.write(self._fd, rest) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise PrinterGone("write failed") from error

    def _read(self, within_s: float) -> bytes:
        if not select.select([self._fd], [], [], within_s)[0]:
            return b""
        try:
            received = os.read(self._fd, 256)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise PrinterGone("read failed") from error
        if not received:
            raise PrinterGone("end of file")
        return received


class PaperFolder:
    """Every job becomes a file; a job that is there was printed, also by an earlier run. A file named
    paper_out in the folder stands for an empty roll."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        try:
            folder.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise PrinterGone("folder cannot be made") from error

    def ask(self, question: bytes) -> int:
        out = question == PAPER_QUESTION and (self._folder / PAPER_OUT_FILE).exists()
        return READY | PAPER_END if out else READY

    def send(self, job: bytes, job_id: str) -> None:
        paper, part = self._folder / f"{job_id}.escpos", self._folder / f"{job_id}.part"
        if paper.exists():
            return
        try:
            part.write_bytes(job)
            part.replace(paper)
        except OSError as error:
            raise PrinterGone("folder cannot be written") from error

    def close(self) -> None:
        pass


def open_target(target: str) -> PrinterLine | PaperFolder:
    """`target` as in the settings: folder:PATH, tcp:HOST:PORT, or the path of a device file."""
    scheme, _, rest = target.partition(":")
    match scheme:
        case "folder":
            return PaperFolder(Path(rest))
        case "tcp":
            return PrinterLine(_connect(rest))
        case _:
            return PrinterLine(_open_device(target))


def _connect(address: str) -> int:
    host, _, port = address.rpartition(":")
    try:
        line = socket.create_connection((host, int(port)), CONNECT_S)
    except (OSError, ValueError) as error:
        raise PrinterGone("cannot be reached") from error
    line.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SENT_AHEAD)
    return line.detach()


def _open_device(path: str) -> int:
    """A serial line keeps the speed that the system gave it (udev, stty)."""
    try:
        fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
    except OSError as error:
        raise PrinterGone("cannot be opened") from error
    try:
        if os.isatty(fd):
            tty.setraw(fd)
    except (OSError, termios.error) as error:  # termios.error is no OSError
        os.close(fd)
        raise PrinterGone("is no serial line") from error
    return fd
