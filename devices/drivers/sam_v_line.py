"""The serial line to a SAM_V: one command and its answer at a time, each with a deadline."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import termios
import time
import tty
from contextlib import suppress
from dataclasses import dataclass

from devices.drivers.sam_v_frames import CHUNK, GARBLED_ON_ARRIVAL, Answer, Command, Parser, answer_of, frame

TAKEN = "another program uses the line"
STATUS_ANSWERS = frozenset((0x90, 0x60, 0x66))


@dataclass(frozen=True)
class Patience:
    """How long to wait, in seconds. A module thinks for 600 ms before a read answer; the answer
    itself takes 112 ms at 115200 baud."""

    poll_s: float = 0.25
    command_s: float = 0.5
    read_s: float = 3.0
    gap_s: float = 0.3
    failing_s: float = 5.0
    reopen_s: tuple[float, ...] = (0.2, 0.5, 1.0, 2.0)


class LineGone(Exception):
    """The adapter is not there any more."""


class LineTaken(LineGone):
    """Another program uses the line."""


class LineSilent(Exception):
    """No whole answer came in time: nothing, noise, or a torn frame."""


class SamVLine:
    """Blocking; belongs to one thread. Raises LineGone and LineSilent only."""

    def __init__(self, path: str, patience: Patience) -> None:
        self._patience = patience
        self._parser = Parser()
        # After a missing answer nobody knows what still comes: see _agree.
        self._in_doubt = True
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise LineTaken(TAKEN) if error.errno == errno.EBUSY else LineGone("cannot be opened") from error
        try:
            _set_up(self._fd)
        except BlockingIOError as error:
            os.close(self._fd)
            raise LineTaken(TAKEN) from error
        except (OSError, termios.error) as error:
            os.close(self._fd)
            raise LineGone("is no serial line") from error

    def close(self) -> None:
        # An adapter that went away may refuse even this.
        with suppress(OSError):
            os.close(self._fd)

    def ask(self, command: Command) -> Answer:
        """The answer to one command; sent twice at most, when the module heard the first one garbled."""
        if self._in_doubt and command is not Command.STATUS:
            self._agree()
        answer = self._exchange(command)
        if answer.status in GARBLED_ON_ARRIVAL:
            answer = self._exchange(command)
        if answer.status in GARBLED_ON_ARRIVAL:
            raise LineSilent("commands arrive garbled")
        return answer

    def _agree(self) -> None:
        """The module answers in order and the answer to STATUS has a shape of its own: once it came,
        no late answer can follow, least of all the last citizen's read."""
        self._exchange(Command.STATUS)

    def _exchange(self, command: Command) -> Answer:
        self._in_doubt = True
        self._forget_late_answers()
        self._write(frame(command.value))
        answer = self._wait(command)
        self._in_doubt = False
        return answer

    def _wait(self, command: Command) -> Answer:
        patience = self._patience
        end = time.monotonic() + (patience.read_s if command is Command.READ else patience.command_s)
        torn = end
        while (left := min(end, torn) - time.monotonic()) > 0:
            received = self._read(left)
            for body in self._parser.feed(received):
                if _fits(answer := answer_of(body), command):
                    return answer
            torn = time.monotonic() + patience.gap_s if self._parser.inside_a_frame else end
        raise LineSilent(f"no answer to {command.name}, {self._parser.held} bytes held")

    def _forget_late_answers(self) -> None:
        self._parser.forget()
        try:
            termios.tcflush(self._fd, termios.TCIFLUSH)
        except (OSError, termios.error) as error:  # termios.error is no OSError
            raise LineGone("flush failed") from error

    def _read(self, within_s: float) -> bytes:
        """What came within that time; empty when nothing did."""
        if not select.select([self._fd], [], [], within_s)[0]:
            return b""
        try:
            received = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LineGone("read failed") from error
        if not received:
            raise LineGone("end of file")
        return received

    def _write(self, sent: bytes) -> None:
        end = time.monotonic() + self._patience.command_s
        while sent:
            if not select.select([], [self._fd], [], max(0.0, end - time.monotonic()))[1]:
                raise LineSilent("line does not take a command")
            try:
                sent = sent[os.write(self._fd, sent) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LineGone("write failed") from error


def _fits(answer: Answer, command: Command) -> bool:
    if command is Command.STATUS and answer.status not in STATUS_ANSWERS | GARBLED_ON_ARRIVAL:
        return False
    return answer.answers(command)


def _set_up(fd: int) -> None:
    """115200 8N1, no flow control, nobody else on the line: the lock tells our own programs, even those
    of root, for whom TIOCEXCL is nothing."""
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.ioctl(fd, termios.TIOCEXCL)
    tty.setraw(fd)
    settings = termios.tcgetattr(fd)
    wiped = termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS
    settings[2] = (settings[2] & ~wiped) | termios.CS8 | termios.CLOCAL | termios.CREAD
    settings[4] = settings[5] = termios.B115200
    termios.tcsetattr(fd, termios.TCSANOW, settings)
