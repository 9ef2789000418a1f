"""A serial line that nobody else uses: to a card reader, a board, a scanner."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import termios
import time
import tty
from contextlib import suppress

from devices.line import LineGone, LineSilent, LineTaken

CHUNK = 1024
WRITE_S = 1.0
SPEEDS = {baud: getattr(termios, f"B{baud}") for baud in (9600, 19200, 38400, 57600, 115200)}


class SerialLine:
    """8N1, no flow control. Blocking, with deadlines; belongs to one thread. Raises LineGone, LineTaken and LineSilent only."""

    def __init__(self, path: str, baud: int) -> None:
        try:
            self._fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
        except OSError as error:
            raise LineTaken if error.errno == errno.EBUSY else LineGone("cannot be opened") from error
        try:
            _set_up(self._fd)
            self.talk_at(baud)
        except BlockingIOError as error:
            self.close()
            raise LineTaken from error
        except (OSError, termios.error, LineGone) as error:  # termios.error is no OSError
            self.close()
            raise LineGone("is no serial line") from error

    def close(self) -> None:
        # An adapter that went away may refuse even this.
        with suppress(OSError):
            os.close(self._fd)

    def talk_at(self, baud: int) -> None:
        """From now on; what is still on its way out goes at the old rate."""
        try:
            settings = termios.tcgetattr(self._fd)
            settings[4] = settings[5] = SPEEDS[baud]
            termios.tcsetattr(self._fd, termios.TCSADRAIN, settings)
        except (OSError, termios.error) as error:
            raise LineGone("rate not set") from error

    def read(self, within_s: float) -> bytes:
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

    def write(self, sent: bytes, within_s: float = WRITE_S) -> None:
        """All of it; LineSilent when it is not taken in time."""
        end = time.monotonic() + within_s
        while sent:
            if not select.select([], [self._fd], [], max(0.0, end - time.monotonic()))[1]:
                raise LineSilent("line does not take a command")
            try:
                sent = sent[os.write(self._fd, sent) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LineGone("write failed") from error

    def forget(self) -> None:
        """Drops what came and was not read."""
        try:
            termios.tcflush(self._fd, termios.TCIFLUSH)
        except (OSError, termios.error) as error:
            raise LineGone("flush failed") from error


def _set_up(fd: int) -> None:
    """The lock tells our own programs that the line is taken, even those of root, for whom TIOCEXCL is nothing."""
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.ioctl(fd, termios.TIOCEXCL)
    tty.setraw(fd)
    settings = termios.tcgetattr(fd)
    wiped = termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS
    settings[2] = (settings[2] & ~wiped) | termios.CS8 | termios.CLOCAL | termios.CREAD
    termios.tcsetattr(fd, termios.TCSANOW, settings)
