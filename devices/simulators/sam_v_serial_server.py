"""A serial server: whoever connects over TCP talks to the serial port behind it. It has the faults of such boxes."""

from __future__ import annotations

import asyncio
import os
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress

AT_ONCE = 1024
RESETS = struct.pack("ii", 1, 0)
"""SO_LINGER: closing the connection sends a reset."""


class SerialServer:
    """One connection at a time. It keeps its number when it is switched off and on again."""

    def __init__(self, fd: int) -> None:
        self._fd = fd
        self._server: asyncio.Server | None = None
        self._writer: asyncio.StreamWriter | None = None
        self.number = 0
        self.connections = 0
        self.stalls = False  # keeps the connection and carries nothing

    async def switch_on(self) -> None:
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self.number)
        self.number = self._server.sockets[0].getsockname()[1]

    def switch_off(self) -> None:
        if self._server:
            self._server.close()
        self.reset()

    def half_close(self) -> None:
        """Says that nothing more comes, and still listens."""
        if self._writer:
            self._writer.write_eof()

    def reset(self) -> None:
        """Breaks the connection off; the next one is welcome."""
        if self._writer:
            self._writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESETS)
            self._writer.transport.abort()

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        self._writer = writer
        loop = asyncio.get_running_loop()
        loop.add_reader(self._fd, self._carry_back)
        with suppress(ConnectionError):
            while sent := await reader.read(AT_ONCE):
                if not self.stalls:
                    os.write(self._fd, sent)
        if self._writer is writer:
            self._writer = None
            loop.remove_reader(self._fd)
        writer.close()

    def _carry_back(self) -> None:
        answered = os.read(self._fd, AT_ONCE)
        if self._writer and not self.stalls:
            self._writer.write(answered)


@asynccontextmanager
async def serial_server(path: str) -> AsyncIterator[SerialServer]:
    """Before the serial port of that path."""
    fd = os.open(path, os.O_RDWR | os.O_NOCTTY)
    server = SerialServer(fd)
    await server.switch_on()
    try:
        yield server
    finally:
        server.switch_off()
        asyncio.get_running_loop().remove_reader(fd)
        os.close(fd)
