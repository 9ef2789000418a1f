"""Departments for a benchmark, in a process of their own: `python -m benchmarks.departments COUNT` prints their ports.

Each is an HTTP server that answers JSON after the time that `latency_s` says of this department and this person:
the same however and whenever it is asked, so that two ways of asking can be compared person by person. The last one
hangs: it accepts a question and says nothing.
"""

from __future__ import annotations

import asyncio
import hashlib
import json
import signal
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from functools import partial

import uvloop

FASTEST_S, SLOWEST_S = 0.080, 0.250
FIELDS = 12
PATH = "/query"
KEY = "idNo"

Way = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Awaitable[None]]


def latency_s(department: int, person: str) -> float:
    """Spread evenly between the fastest and the slowest."""
    digest = hashlib.blake2b(f"{department} {person}".encode(), digest_size=4).digest()
    return FASTEST_S + (SLOWEST_S - FASTEST_S) * int.from_bytes(digest) / 2**32


async def answer(department: int, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    """One connection: questions one after another until the other side closes."""
    try:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).lower()
            length = int(head.split(b"content-length:")[1].split(b"\r\n")[0])
            person = json.loads(await reader.readexactly(length))[KEY]
            await asyncio.sleep(latency_s(department, person))
            fields = {f"f{number}": "广东省佛山市禅城区祖庙街道" for number in range(FIELDS)}
            body = json.dumps({"rows": [{KEY: person, "updated": "2026-09-01", **fields}]}).encode()
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: %d\r\n\r\n" % len(body) + body)
            await writer.drain()
    except (asyncio.IncompleteReadError, ConnectionError):
        writer.close()


async def hang(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(ConnectionError):
        await reader.read(-1)
    writer.close()


async def main(count: int) -> None:
    ways: list[Way] = [*(partial(answer, number) for number in range(count)), hang]
    servers = [await asyncio.start_server(way, "127.0.0.1", 0, backlog=1024) for way in ways]
    print(*(server.sockets[0].getsockname()[1] for server in servers), flush=True)
    stopped = asyncio.Event()
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, stopped.set)
    await stopped.wait()


if __name__ == "__main__":
    with asyncio.Runner(loop_factory=uvloop.new_event_loop) as runner:
        runner.run(main(int(sys.argv[1])))
