"""A serial port as the line to a SAM_V, and the rate that both ends talk at."""

from __future__ import annotations

import errno
import fcntl
import os
import select
import termios
import time
import tty
from collections.abc import Mapping
from contextlib import suppress

from devices.drivers.sam_v_frames import CHUNK, OK, Command
from devices.drivers.sam_v_line import LineGone, LineSilent, LineTaken, Patience
from devices.drivers.sam_v_module import SamVModule

RATES: Mapping[int, Command] = {
    115200: Command.BAUD_115200,
    57600: Command.BAUD_57600,
    38400: Command.BAUD_38400,
    19200: Command.BAUD_19200,
    9600: Command.BAUD_9600,
}
"""What the standard knows, the usual one first."""


class SerialLine:
    """A Line. Nobody else is let on it."""

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
            settings[4] = settings[5] = getattr(termios, f"B{baud}")
            termios.tcsetattr(self._fd, termios.TCSADRAIN, settings)
        except (OSError, termios.error) as error:
            raise LineGone("rate not set") from error

    def forget(self) -> None:
        try:
            termios.tcflush(self._fd, termios.TCIFLUSH)
        except (OSError, termios.error) as error:
            raise LineGone("flush failed") from error

    def read(self, within_s: float) -> bytes:
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

    def write(self, frame: bytes, within_s: float) -> None:
        end = time.monotonic() + within_s
        while frame:
            if not select.select([], [self._fd], [], max(0.0, end - time.monotonic()))[1]:
                raise LineSilent("line does not take a command")
            try:
                frame = frame[os.write(self._fd, frame) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LineGone("write failed") from error


def open_serial(path: str, baud: int, patience: Patience) -> SamVModule:
    """A module that talks at `baud` from now on, if it can be heard at any rate: another program may have left it at
    another one. One that is not heard at all may be switched on later. Raises LineGone and LineTaken."""
    line = SerialLine(path, baud)
    module = SamVModule(line, patience)
    try:
        with suppress(LineSilent):
            _settle(module, line, baud)
    except LineGone:
        line.close()
        raise
    return module


def _settle(module: SamVModule, line: SerialLine, wanted: int) -> None:
    if _hears(module):
        return
    for baud in RATES:
        line.talk_at(baud)
        if _hears(module):
            if baud != wanted and module.ask(RATES[wanted]).status == OK:
                line.talk_at(wanted)
            return
    line.talk_at(wanted)


def _hears(module: SamVModule) -> bool:
    try:
        module.ask(Command.STATUS)
    except LineSilent:
        return False
    return True


def _set_up(fd: int) -> None:
    """8N1, no flow control, nobody else on the line: the lock tells our own programs, even those of root, for whom
    TIOCEXCL is nothing."""
    fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
    fcntl.ioctl(fd, termios.TIOCEXCL)
    tty.setraw(fd)
    settings = termios.tcgetattr(fd)
    wiped = termios.CSIZE | termios.PARENB | termios.CSTOPB | termios.CRTSCTS
    settings[2] = (settings[2] & ~wiped) | termios.CS8 | termios.CLOCAL | termios.CREAD
    termios.tcsetattr(fd, termios.TCSANOW, settings)
