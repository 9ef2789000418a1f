"""A line to a server that can be spoilt: it swallows, lets through a byte at a time, or forgets a quiet connection."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from typing import Literal

from tests.hall.servers import HOST

Manner = Literal["well", "swallows", "drips"]


@dataclass
class Wire:
    """`forget` lets what is connected now hang for ever, without a word to either end."""

    to: int
    port: int = 0
    manner: Manner = "well"
    opened: int = 0
    _lines: list[asyncio.Task[None]] = field(default_factory=list)
    _writers: list[asyncio.StreamWriter] = field(default_factory=list)

    def forget(self) -> None:
        for line in self._lines:
            line.cancel()

    async def visited(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.opened += 1
        self._writers.append(writer)
        inner_reader, inner_writer = await asyncio.open_connection(HOST, self.to)
        self._writers.append(inner_writer)
        self._lines.append(asyncio.ensure_future(self._pass_on(reader, inner_writer, "well")))
        self._lines.append(asyncio.ensure_future(self._pass_on(inner_reader, writer, self.manner)))

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, manner: Manner) -> None:
        with suppress(OSError):
            while sent := await reader.read(65536):
                if manner == "swallows":
                    continue
                pieces = [sent[at : at + 1] for at in range(len(sent))] if manner == "drips" else [sent]
                for piece in pieces:
                    writer.write(piece)
                    await writer.drain()
                    if manner == "drips":
                        await asyncio.sleep(0.05)
        writer.close()

    async def close(self) -> None:
        self.forget()
        for writer in self._writers:
            writer.close()
        await asyncio.gather(*self._lines, return_exceptions=True)


@asynccontextmanager
async def wire(to: int) -> AsyncIterator[Wire]:
    line = Wire(to)
    server = await asyncio.start_server(line.visited, HOST, 0)
    line.port = server.sockets[0].getsockname()[1]
    try:
        yield line
    finally:
        server.close()
        await line.close()
