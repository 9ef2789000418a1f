"""Servers that send the same bytes to everybody, for what departments may do to a connection."""

from __future__ import annotations

import asyncio
import ssl
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from flows.application import Record
from hall.departments import KINDS
from hall.departments.connection import Connection
from hall.departments.setting import Setting
from tests.hall.demo_desk import LYU, PURPOSE


@dataclass
class Canned:
    """A server that sends the same bytes to everybody and keeps what it was asked."""

    answer: bytes
    tls: ssl.SSLContext | None = None
    plain_behind_https: bool = False
    asked: list[bytes] = field(default_factory=list)

    @asynccontextmanager
    async def connected(self, setting: Setting) -> AsyncIterator[Connection]:
        server = await asyncio.start_server(self._visitor, "127.0.0.1", 0, ssl=self.tls)
        scheme = "https" if self.tls or self.plain_behind_https else "http"
        address = f"{scheme}://127.0.0.1:{server.sockets[0].getsockname()[1]}"
        connection = KINDS[setting.kind].connect(replace(setting, address=address))
        try:
            yield connection
        finally:
            await connection.close()
            server.close()
            await server.wait_closed()
            await asyncio.gather(*(task for task in asyncio.all_tasks() if task is not asyncio.current_task()))

    async def _visitor(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = await (reader.read(1) if self.plain_behind_https else reader.readuntil(b"\r\n\r\n"))
            length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r\n")[0] or 0)
            self.asked.append(head + await reader.readexactly(length))
            writer.write(self.answer)
        except (asyncio.IncompleteReadError, OSError):
            pass  # a visitor who did not like the certificate
        finally:
            writer.close()

    def look_up(
        self, setting: Setting, items: Sequence[str], key: str = LYU.number, asked_by: str = PURPOSE.asked_by
    ) -> tuple[Record, ...]:
        async def story() -> tuple[Record, ...]:
            async with self.connected(setting) as connection:
                purpose = replace(PURPOSE, asked_by=asked_by)
                return await connection.look_up(key, items, purpose)

        return asyncio.run(story())


def http(body: bytes, kind: str = "application/json", status: str = "200 OK", more: str = "") -> Canned:
    head = f"HTTP/1.1 {status}\r\nContent-Type: {kind}\r\nContent-Length: {len(body)}\r\nConnection: close\r\n{more}\r\n"
    return Canned(head.encode() + body)
