"""A TCP connection as the line to a SAM_V: behind a serial server, or in an Android board that tunnels the same frames."""

from __future__ import annotations

import select
import socket
import time
from contextlib import suppress

from devices.drivers.sam_v_frames import CHUNK
from devices.line import LineGone, LineSilent

MOST_FORGOTTEN = 64  # chunks: what comes faster than that never ends
UNACKNOWLEDGED_MS = 5000
"""A serial server that lost its power says nothing; without this the kernel would go on asking for a quarter of an hour."""


class TcpLine:
    """A Line."""

    def __init__(self, host: str, number: int, connect_s: float) -> None:
        try:
            self._socket = socket.create_connection((host, number), connect_s)
        except (OSError, UnicodeError) as error:  # UnicodeError: a host name that cannot be one
            raise LineGone("cannot be connected") from error
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, UNACKNOWLEDGED_MS)
        self._socket.setblocking(False)

    def close(self) -> None:
        with suppress(OSError):
            self._socket.close()

    def forget(self) -> None:
        for _ in range(MOST_FORGOTTEN):
            if not self._received():
                return

    def read(self, within_s: float) -> bytes:
        if not select.select([self._socket], [], [], within_s)[0]:
            return b""
        return self._received()

    def write(self, frame: bytes, within_s: float) -> None:
        end = time.monotonic() + within_s
        while frame:
            if not select.select([], [self._socket], [], max(0.0, end - time.monotonic()))[1]:
                raise LineSilent("line does not take a command")
            try:
                frame = frame[self._socket.send(frame) :]
            except BlockingIOError:
                continue
            except OSError as error:
                raise LineGone("write failed") from error

    def _received(self) -> bytes:
        try:
            received = self._socket.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError as error:
            raise LineGone("read failed") from error
        if not received:
            raise LineGone("end of file")
        return received
