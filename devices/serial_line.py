"""A serial line that nobody else uses: a board, a scanner, whatever speaks in characters by itself."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import termios
import time
import tty
from contextlib import suppress

CHUNK = 256
WRITE_S = 1.0
SPEEDS = {baud: getattr(termios, f"B{baud}") for baud in (9600, 19200, 38400, 57600, 115200)}
TAKEN = "another program uses the line"


class SerialGone(Exception):
    """The adapter is not there, or not any more; the text says how that was seen."""


class SerialTaken(SerialGone):
    """Another program uses the line."""


class SerialLine:
    """8N1, no flow control. Blocking, with deadlines; belongs to one thread. Raises SerialGone only."""

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise SerialTaken(TAKEN) if error.errno == errno.EBUSY else SerialGone("cannot be opened") from error
        try:
            _set_up(self._fd, baud)
        except BlockingIOError as error:
            os.close(self._fd)
            raise SerialTaken(TAKEN) from error
        except (OSError, termios.error) as error:  # termios.error is no OSError
            os.close(self._fd)
            raise SerialGone("is no serial line") from error

    def close(self) -> None:
        # An adapter that went away may refuse even this.
        with suppress(OSError):
            os.close(self._fd)

    def read(self, within_s: float) -> bytes:
        """What came within that time; empty when nothing did."""
        if not select.select([self._fd], [], [], within_s)[0]:
            return b""
        try:
            received = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise SerialGone("read failed") from error
        if not received:
            raise SerialGone("end of file")
        return received

    def write(self, sent: bytes) -> None:
        end = time.monotonic() + WRITE_S
        while sent:
            if not select.select([], [self._fd], [], max(0.0, end - time.monotonic()))[1]:
                raise SerialGone("takes no bytes")
            try:
                sent = sent[os.write(self._fd, sent) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise SerialGone("write failed") from error

    def forget(self) -> None:
        """Drops what came and was not read."""
        try:
            termios.tcflush(self._fd, termios.TCIFLUSH)
        except (OSError, termios.error) as error:
            raise SerialGone("flush failed") from error


def _set_up(fd: int, baud: int) -> None:
    """The lock tells our own programs that the line is taken, even those of root, for whom TIOCEXCL is nothing."""
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.ioctl(fd, termios.TIOCEXCL)
    tty.setraw(fd)
    settings = termios.tcgetattr(fd)
    wiped = termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS
    settings[2] = (settings[2] & ~wiped) | termios.CS8 | termios.CLOCAL | termios.CREAD
    settings[4] = settings[5] = SPEEDS[baud]
    termios.tcsetattr(fd, termios.TCSANOW, settings)
