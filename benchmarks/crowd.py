"""200 clerks and 40 terminals at one hall process over HTTP: 100 requests a second for a minute, whether answered or not."""

from __future__ import annotations

import asyncio
import itertools
import os
import ssl
import time
from collections.abc import Callable, Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import uuid4

import httpx

from benchmarks.workload import at
from devices.simulators.local_port import free_ports
from flows.wire import OpenVisit, VisitOpened, from_json, to_json
from hall.console.security import COOKIE
from hall.working_day import utc_now
from tests.hall import fakes
from tests.hall.race.department import keep
from tests.hall.race.hall_process import HallPlace, serve
from tests.hall.race.people import HELD, SEEN
from tests.hall.race.race import DEPARTMENTS, Race, prepare, processes, wait_until_up

CLERKS, TERMINALS = 200, 40
PER_S, FOR_S = 100, 60
LEAST_WAITING = 40
WORST_P95_MS = 300
"""Two requests bring a citizen, four serve one."""


@dataclass
class Crowd:
    """Whoever is next does the next step; how long each took is counted from when it was due."""

    place: HallPlace
    pages: int
    took: dict[str, list[float]] = field(default_factory=dict)
    refused: int = 0
    heard: int = 0
    visits: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    async def run(self) -> None:
        tls = ssl.create_default_context(cafile=str(self.place.state / "K1" / "hall-ca.pem"))
        tls.check_hostname = False
        tls.load_cert_chain(self.place.state / "K1" / "terminal.pem", self.place.state / "K1" / "terminal.key")
        limits = httpx.Limits(max_connections=None, max_keepalive_connections=None)
        async with (
            httpx.AsyncClient(
                base_url=f"https://127.0.0.1:{self.place.terminals}", verify=tls, limits=limits, timeout=30
            ) as terminals,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{self.place.console}", limits=limits, timeout=30) as console,
        ):
            self._terminals, self._console = terminals, console
            await asyncio.gather(*(self._comes() for _ in range(LEAST_WAITING)))
            self.took.clear()
            watching = [asyncio.create_task(self._watches(console, clerk)) for clerk in range(1, self.pages + 1)]
            await self._at_pace()
            for page in watching:
                page.cancel()
            await asyncio.gather(*watching, return_exceptions=True)

    async def _at_pace(self) -> None:
        clerks = itertools.cycle(range(1, CLERKS + 1))
        began, asked = time.perf_counter(), 0
        going: list[asyncio.Task[None]] = []
        turns = itertools.count()
        while asked < PER_S * FOR_S:
            due = began + asked / PER_S
            await asyncio.sleep(max(0.0, due - time.perf_counter()))
            turn = next(turns)
            story = self._told(self._comes() if turn % 2 else self._serves(next(clerks)))
            going.append(asyncio.create_task(story))
            asked += 2 if turn % 2 else 4
        await asyncio.gather(*going)

    async def _told(self, story: Coroutine[None, None, None]) -> None:
        """Somebody who is not answered at all goes home."""
        try:
            await story
        except httpx.TransportError:
            self.refused += 1

    async def _comes(self) -> None:
        number = next(self.visits)
        visit, identity = fakes.visit_id(number), fakes.somebody(number)
        opening = to_json(OpenVisit(fakes.FLOW.code, fakes.FLOW.version, identity))
        opened = await self._ask("open a visit", self._terminals, "PUT", f"/api/visits/{visit}", opening)
        form = fakes.filled_in(visit, from_json(VisitOpened, opened.content).lookup, self.place.clock(), identity)
        await self._ask("submit", self._terminals, "PUT", f"/api/visits/{visit}/application", to_json(form))

    async def _serves(self, clerk: int) -> None:
        cookie = {"Cookie": f"{COOKIE}=token-{clerk}", "Origin": f"http://127.0.0.1:{self.place.console}"}
        await self._ask("call", self._console, "POST", "/queue/next", {"key": str(uuid4())}, cookie)
        page = await self._ask("queue page", self._console, "GET", "/", b"", cookie)
        if held := HELD.search(page.text):
            case = await self._ask("case page", self._console, "GET", f"/cases/{held[1]}", b"", cookie)
            seen = SEEN.search(case.text)
            form = {"key": str(uuid4()), "seen": seen[1] if seen else ""}
            await self._ask("confirm", self._console, "POST", f"/cases/{held[1]}/confirm", form, cookie)

    async def _ask(
        self,
        name: str,
        by: httpx.AsyncClient,
        method: str,
        path: str,
        body: bytes | dict[str, str],
        headers: dict[str, str] | None = None,
    ) -> httpx.Response:
        began = time.perf_counter()
        data, content = (body, None) if isinstance(body, dict) else (None, body)
        try:
            answer = await by.request(method, path, headers=headers, data=data, content=content)
        except httpx.TransportError:  # a connection that the hall had just closed, having been quiet
            answer = await by.request(method, path, headers=headers, data=data, content=content)
        self.took.setdefault(name, []).append(time.perf_counter() - began)
        self.refused += answer.status_code >= 400
        return answer

    async def _watches(self, console: httpx.AsyncClient, clerk: int) -> None:
        """The queue page as it stands open at every window."""
        headers = {"Cookie": f"{COOKIE}=token-{clerk}"}
        with suppress(httpx.HTTPError):
            async with console.stream("GET", "/events", headers=headers) as page:
                async for sent in page.aiter_raw():
                    self.heard += len(sent)


@dataclass(frozen=True)
class Heard:
    """What the crowd's own process tells."""

    took: dict[str, list[float]]
    refused: int
    heard: int


def _crowd(place: HallPlace, pages: int, said: Connection) -> None:
    crowd = Crowd(place, pages)
    asyncio.run(crowd.run())
    said.send(Heard(crowd.took, crowd.refused, crowd.heard))


def cpu_s(process: int | None) -> float:
    """What a process has spent since it began."""
    spent = Path(f"/proc/{process}/stat").read_text(encoding="ascii").rpartition(")")[2].split()[11:13]
    return sum(map(int, spent)) / os.sysconf("SC_CLK_TCK")


def measure(say: Callable[[bool, str], None]) -> None:
    """Without and with a live page open at every window."""
    for pages in (0, CLERKS):
        _measure(say, pages)


def _measure(say: Callable[[bool, str], None], pages: int) -> None:
    """On a file, with departments that take what is confirmed."""
    with TemporaryDirectory(prefix="yimen-crowd-") as made, processes() as start:
        folder, ports = Path(made), iter(free_ports(2 + len(DEPARTMENTS)))
        departments = {name: next(ports) for name in DEPARTMENTS}
        place = HallPlace("hall", folder, None, next(ports), next(ports), departments, utc_now(), CLERKS)
        asyncio.run(prepare(place, Race(0, clerks=CLERKS, terminals=TERMINALS)))
        for name, port in departments.items():
            start(keep, folder / f"{name}.book", port)
        hall = start(serve, place)
        wait_until_up(place)
        ours, theirs = Pipe(duplex=False)
        start(_crowd, place, pages, theirs)
        told: Heard = ours.recv()
        spent_s = cpu_s(hall.pid)
    every = sorted(itertools.chain.from_iterable(told.took.values()))
    p95 = at(every, 0.95) * 1000
    for name, took in told.took.items():
        took.sort()
        print(
            f"        {name:12} {len(took):5} requests  p50 {at(took, 0.5) * 1000:6.1f} ms  p95 {at(took, 0.95) * 1000:6.1f} ms"
        )
    print(f"        the hall's process spent {spent_s / len(every) * 1000:.1f} ms of processor a request")
    words = f"{CLERKS} clerks, {pages} live pages, {TERMINALS} terminals, {PER_S} requests/s for {FOR_S} s on SQLite over HTTP"
    say(p95 < WORST_P95_MS and not told.refused, f"{words}: p95 {p95:.0f} ms (< {WORST_P95_MS}), {told.refused} refused")
