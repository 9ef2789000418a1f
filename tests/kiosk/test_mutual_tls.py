"""Terminal and hall prove themselves to each other, over a real connection with real certificates."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from flows.application import Ticket
from flows.wire import Submitted, to_json
from hall.authority import Authority
from hall.terminals import Terminals
from kiosk.hall_client import HallAway, connect
from tests.kiosk.people import NOW
from tests.patience import SOON_S

VISIT = "01a205f5-bb00-793c-acf4-bd0956ec79e7"
TICKET = Ticket("A023", VISIT, "hk-macau-permit", NOW.date(), NOW, 3)


def now() -> datetime:
    return datetime.now(UTC)


class Desk:
    """A hall that gives everybody who proved themselves the same ticket."""

    def __init__(self, folder: Path) -> None:
        self._authority = Authority(folder, "H1", now)
        self._terminals = Terminals(self._authority, folder / "terminals.json", "H1", now)
        self.visitors: list[object] = []

    def enrol(self, into: Path) -> Path:
        self._terminals.enrol("K07", into)
        return into

    @contextlib.asynccontextmanager
    async def open(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._serve, "127.0.0.1", 0, ssl=self._authority.tls("127.0.0.1"))
        async with server:
            yield f"https://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        tls: ssl.SSLObject = writer.get_extra_info("ssl_object")
        self.visitors.append((tls.getpeercert() or {}).get("subjectAltName"))
        await reader.readuntil(b"\r\n\r\n")
        body = to_json(Submitted(TICKET))
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s" % (len(body), body))
        await writer.drain()
        writer.close()
        with contextlib.suppress(ConnectionError, ssl.SSLError):
            await writer.wait_closed()


async def sent(address: str, credentials: Path) -> Submitted:
    client = connect(address, credentials, deadline_s=SOON_S)
    try:
        return await client.send_sealed(VISIT, b"sealed")
    finally:
        await client.close()


def test_an_enrolled_terminal_is_known_by_its_certificate(tmp_path: Path) -> None:
    hall = Desk(tmp_path / "hall")

    async def story() -> Submitted:
        async with hall.open() as address:
            return await sent(address, hall.enrol(tmp_path / "terminal"))

    assert asyncio.run(story()) == Submitted(TICKET)
    assert hall.visitors == [(("URI", "urn:yimen:hall:H1:terminal:K07"),)]


def test_a_terminal_tells_nothing_to_a_hall_of_another_authority(tmp_path: Path) -> None:
    hall, stranger = Desk(tmp_path / "hall"), Desk(tmp_path / "stranger")

    async def story() -> None:
        async with stranger.open() as address:
            await sent(address, hall.enrol(tmp_path / "terminal"))

    with pytest.raises(HallAway):
        asyncio.run(story())
    assert stranger.visitors == []


def test_a_terminal_without_certificate_cannot_be_built(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        connect("https://127.0.0.1:1", tmp_path, deadline_s=1)
