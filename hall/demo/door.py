"""The TCP door of a demonstration department: it passes bytes on, late, broken or not at all when told so."""

from __future__ import annotations

import asyncio
import socket
import struct
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from hall.demo.behaviour import Behaviour, CannotStart, Mode

HOST = "127.0.0.1"
Twist = Callable[[bytes, Behaviour], bytes]


def untouched(sent: bytes, behaviour: Behaviour) -> bytes:
    return sent


@dataclass
class Door:
    """Stands before a server on a Unix socket.

    A slow door holds back the answer to each question; where the server speaks first (MariaDB's
    greeting) it holds back the greeting once. `ask` and `answer` may change the bytes.
    """

    inner: Path
    behaviour: Callable[[], Behaviour]
    server_speaks_first: bool = False
    ask: Twist = untouched
    answer: Twist = untouched
    _server: asyncio.Server | None = field(default=None, init=False)

    async def open(self, port: int) -> int:
        """Opens the port (0: any) and returns it."""
        try:
            self._server = await asyncio.start_server(self._visitor, HOST, port)
        except OSError as error:
            raise CannotStart(f"port {port} on {HOST} cannot be opened: {error.strerror}") from error
        return int(self._server.sockets[0].getsockname()[1])

    def close(self) -> None:
        if self._server:
            self._server.close()

    async def _visitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        passage = _Passage(self, writer)
        with suppress(OSError, _Shut):
            passage.knock()
            inner_reader, inner_writer = await asyncio.open_unix_connection(str(self.inner))
            ways = {
                asyncio.ensure_future(passage.inwards(reader, inner_writer)),
                asyncio.ensure_future(passage.outwards(inner_reader)),
            }
            try:
                await asyncio.wait(ways, return_when=asyncio.FIRST_COMPLETED)
            finally:
                for way in ways:
                    way.cancel()
                await asyncio.gather(*ways, return_exceptions=True)
                inner_writer.close()
        writer.close()


class _Shut(Exception):
    """The department is down."""


class _Passage:
    """One visitor's way in and out."""

    def __init__(self, door: Door, writer: asyncio.StreamWriter) -> None:
        self._door = door
        self._writer = writer
        self._answer_due = door.server_speaks_first

    def knock(self) -> Behaviour:
        """How the department behaves now; when it is down the visitor is cut off with a reset."""
        behaviour = self._door.behaviour()
        if behaviour.mode is Mode.DOWN:
            plain: socket.socket = self._writer.get_extra_info("socket")
            plain.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self._writer.transport.abort()
            raise _Shut()
        return behaviour

    async def inwards(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while sent := await reader.read(65536):
            behaviour = self.knock()
            self._answer_due = self._answer_due or not self._door.server_speaks_first
            writer.write(self._door.ask(sent, behaviour))
            await writer.drain()

    async def outwards(self, reader: asyncio.StreamReader) -> None:
        while sent := await reader.read(65536):
            behaviour = self._door.behaviour()
            if self._answer_due and behaviour.mode is Mode.SLOW:
                await asyncio.sleep(behaviour.seconds)
            self._answer_due = False
            self._writer.write(self._door.answer(sent, behaviour))
            await self._writer.drain()
