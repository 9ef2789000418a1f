"""Hand-written stand-ins for the world of a visit; each keeps what it was told."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from devices.device import Completion, DeviceError
from devices.document import IdentityDocument
from devices.plate import Presence
from flows.application import Application, Identity, Lookup, Ticket
from flows.flow import Flow
from flows.matters import MATTERS
from flows.recheck import Problem
from flows.wire import VisitOpened
from kiosk.config import Department
from kiosk.hall_client import HallAway, Refused
from kiosk.privacy import IdleTimes
from kiosk.slip import Slip
from kiosk.terminal import Place, Terminal
from kiosk.view import Display
from kiosk.words import all_words
from tests.kiosk.people import AUTHORITY, LYU, NOW, RECORDS, TITLES, lookup

WORDS = all_words()
PLACE = Place(
    terminal="K07",
    hall_name="禅城区行政服务中心",
    phone="12345",
    departments=tuple(Department(code, TITLES[code], tuple(RECORDS[code])) for code in AUTHORITY),
)


class FakeTime:
    """Time that passes only when a story says so; waits end in order, and may begin new ones."""

    def __init__(self) -> None:
        self.now = NOW
        self._until = NOW
        self._waiting: list[tuple[datetime, asyncio.Future[None]]] = []

    def clock(self) -> datetime:
        return self.now

    async def wait(self, seconds: float) -> None:
        due = self.now + timedelta(seconds=seconds)
        if due > self._until:
            future: asyncio.Future[None] = asyncio.get_running_loop().create_future()
            self._waiting.append((due, future))
            try:
                await future
            finally:
                self._waiting = [entry for entry in self._waiting if entry[1] is not future]
        self.now = max(self.now, due)

    def pass_by(self, seconds: float) -> None:
        self._until = self.now + timedelta(seconds=seconds)
        for due, future in sorted(self._waiting, key=lambda entry: entry[0]):
            if due <= self._until and not future.done():
                future.set_result(None)


class FakePlate:
    """A plate with one reader. What a card does when it is read is said as it is laid."""

    def __init__(self) -> None:
        self.reads = 0
        self._count = 0
        self._lying: Presence | None = None
        self._says: IdentityDocument | Completion = LYU
        self._while_reading: Callable[[], None] | None = None
        self._online = True
        self._another_reader = False
        self._turn = asyncio.Event()

    def lay(
        self,
        says: IdentityDocument | Completion = LYU,
        *,
        readable: bool = True,
        while_reading: Callable[[], None] | None = None,
    ) -> None:
        self._count += 1
        self._lying, self._says, self._while_reading = Presence("plate", self._count, readable), says, while_reading
        self._changed()

    def pull(self) -> None:
        self._lying = None
        self._changed()

    def reader_goes(self) -> None:
        self._online = False
        self.pull()

    def reader_comes_back(self) -> None:
        self._online = True
        self._changed()

    def has_another_reader(self) -> None:
        self._another_reader = True

    def ready(self) -> bool:
        return self._online or self._another_reader

    def serves(self, presence: Presence) -> bool:
        return self._online

    async def changed(self) -> None:
        await self._turn.wait()

    async def card_laid(self) -> Presence:
        while self._lying is None:
            await self._turn.wait()
        return self._lying

    async def read(self, presence: Presence) -> IdentityDocument:
        self.reads += 1
        if self._while_reading:
            self._while_reading()
        await asyncio.sleep(0)
        if not self._online:
            raise DeviceError(Completion.DEVICE_NOT_READY)
        if self._lying != presence:
            raise DeviceError(Completion.MEDIA_REMOVED)
        if isinstance(self._says, Completion):
            raise DeviceError(self._says)
        return replace(self._says, media_id=presence.media_id, device_id=presence.device_id)

    async def card_gone(self, presence: Presence) -> None:
        while self._lying == presence:
            await self._turn.wait()

    def _changed(self) -> None:
        self._turn.set()
        self._turn = asyncio.Event()


class FakeHall:
    """A hall with one queue. `away` and the rest are set by a story at any moment."""

    def __init__(self) -> None:
        self.away = False
        self.says: Lookup = lookup()
        self.refuses_terminal = False
        self.refuses: tuple[Problem, ...] = ()
        self.refuses_the_clerks_case_too = False
        self.forgets = False
        self.loses_answers = 0
        self.ahead = 3
        self.opened: list[tuple[str, str, Identity]] = []
        self.submissions: list[Application] = []
        self.said: list[Lookup] = []
        self.left: list[str] = []
        self.tickets: dict[str, Ticket] = {}
        self.answering = asyncio.Event()
        self.answering.set()

    async def open(self, visit: str, matter: str, identity: Identity) -> VisitOpened:
        if self.refuses_terminal:
            raise Refused("not_allowed")
        self.opened.append((visit, matter, identity))
        await self.answering.wait()
        self._reachable()
        self.said.append(self.says)
        return VisitOpened(self.says, "2026-11-23")

    async def submit(self, application: Application) -> Ticket:
        self._reachable()
        self.submissions.append(application)
        if self.forgets:
            raise Refused("not_known")
        if self.refuses and (self.refuses_the_clerks_case_too or not application.to_counter):
            raise Refused("not_taken", self.refuses)
        ticket = self.ticket(application.visit, application.matter)
        if self.loses_answers:
            self.loses_answers -= 1
            raise HallAway
        return ticket

    async def leave(self, visit: str) -> None:
        self._reachable()
        self.left.append(visit)

    def ticket(self, visit: str, matter: str) -> Ticket:
        number = f"A{len(self.tickets) + 23:03}"
        return self.tickets.setdefault(visit, Ticket(number, visit, matter, NOW.date(), NOW, self.ahead))

    def _reachable(self) -> None:
        if self.away:
            raise HallAway


class FakePost:
    """An outbox in memory, emptied into the hall when it is there."""

    def __init__(self, hall: FakeHall) -> None:
        self._hall = hall
        self.full = False
        self.kept: dict[str, Application] = {}
        self.sent: list[Application] = []

    def keep(self, application: Application) -> None:
        if self.full:
            raise OSError(28, "disk full")
        self.kept[application.visit] = application

    def waiting(self) -> tuple[str, ...]:
        return tuple(self.kept)

    async def send(self, visit: str) -> Ticket | None:
        if self._hall.away:
            return None
        application = self.kept.pop(visit)
        self.sent.append(application)
        return self._hall.ticket(visit, application.matter)


class FakePrinter:
    """Paper that can be looked at: the slips by job."""

    def __init__(self) -> None:
        self.fault: Completion | None = None
        self.slips: dict[str, Slip] = {}

    async def print(self, slip: Slip, *, job_id: str) -> None:
        if self.fault:
            raise DeviceError(self.fault)
        self.slips.setdefault(job_id, slip)


@dataclass
class Stage:
    """The world of one visit, for a story to change. `fingers`: when one is on the glass without touching a button."""

    plate: FakePlate = field(default_factory=FakePlate)
    hall: FakeHall = field(default_factory=FakeHall)
    printer: FakePrinter = field(default_factory=FakePrinter)
    time: FakeTime = field(default_factory=FakeTime)
    fingers: list[datetime] = field(default_factory=list)
    matters: dict[str, Flow] = field(default_factory=lambda: {"hk-macau-permit": MATTERS["hk-macau-permit"]})
    idle: IdleTimes = field(default_factory=lambda: IdleTimes(glance_s=0))
    post: FakePost = field(init=False)

    def __post_init__(self) -> None:
        self.post = FakePost(self.hall)

    def terminal(self, display: Display) -> Terminal:
        return Terminal(
            display=display,
            plate=self.plate,
            hall=self.hall,
            post=self.post,
            paper=self.printer,
            matters=self.matters,
            words=WORDS,
            place=PLACE,
            idle=self.idle,
            clock=self.time.clock,
            wait=self.time.wait,
        )
