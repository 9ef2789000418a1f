"""The hall's own visits, queue and desk on a file, behind the terminal's seam: departments answer from the specimens."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

from flows.application import Application, Identity, Lookup
from flows.flow import Flow
from flows.wire import OpenVisit, Submitted, VisitOpened
from hall.desk import Desk
from hall.exchange import Purpose
from hall.queue import Queue
from hall.store.hall_store import HallStore
from hall.visits import Visits
from kiosk.visit import Ended, serve_one
from tests.hall.fakes import EMPTY, FakeClock
from tests.kiosk.fakes import FakeHall, Stage
from tests.kiosk.people import NOW
from tests.patience import SOON_S
from tests.registers import lookup_of
from tests.visits.playing import Script, ScriptedDisplay, Story

REGION = "440604"


class Departments:
    def forget(self, visit: str) -> None:
        """Nothing is remembered here."""

    async def lookup(
        self, identity: Identity, items: Sequence[str], purpose: Purpose, *, guardian: Identity | None = None, fresh: bool = False
    ) -> Lookup:
        return lookup_of(identity.number, items, guardian=guardian)


class Wired(FakeHall):
    """One terminal's line to a real hall."""

    def __init__(self, visits: Visits, terminal: str) -> None:
        super().__init__()
        self._visits, self._terminal = visits, terminal

    async def open(self, visit: str, flow: Flow, identity: Identity, guardian: Identity | None) -> VisitOpened:
        opening = OpenVisit(flow.code, flow.version, identity, guardian)
        return await self._visits.open(visit, self._terminal, opening)

    async def submit(self, application: Application) -> Submitted:
        self.submissions.append(application)
        return await self._visits.submit(application.visit, self._terminal, application)

    async def leave(self, visit: str) -> None:
        await self._visits.leave(visit, self._terminal)


@dataclass
class RealHall:
    store: HallStore
    clock: FakeClock
    visits: Visits
    queue: Queue
    desk: Desk

    async def visited(self, story: Story, terminal: str) -> Application:
        """A whole visit at a terminal; what was handed in."""
        stage = Stage(hall=Wired(self.visits, terminal))
        stage.time.now = self.clock()
        story.before(stage)
        script = Script(story, stage)
        async with asyncio.timeout(SOON_S):
            ended = await serve_one(stage.terminal(ScriptedDisplay(script)))
        assert (ended, script.coming) == (Ended.TICKET, [])
        return stage.hall.submissions[-1]


@asynccontextmanager
async def real_hall(folder: Path) -> AsyncIterator[RealHall]:
    (folder / "hall.db").write_bytes(EMPTY)
    clock = FakeClock(NOW)
    store = HallStore.open(folder / "hall.db", hall="H1", clock=clock)
    departments = Departments()
    visits = Visits(store, departments, clock, region=REGION)
    try:
        yield RealHall(store, clock, visits, Queue(store, clock), Desk(store, departments, clock, region=REGION))
    finally:
        await store.close()
