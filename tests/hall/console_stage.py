"""A real hall for the console: its own thread and event loop, real store and HTTP, a browser beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher
from playwright.sync_api import Browser, sync_playwright

from flows.application import Identity, Ticket
from hall import catalogue, delivery, departments
from hall.audit import access_log
from hall.authority import Authority
from hall.bootstrap import Services, database
from hall.config import Address, HallConfig
from hall.delivery import Deliverer
from hall.desk import Desk
from hall.exchange import Exchange
from hall.queue import Queue
from hall.serve import run
from hall.staff import Staff
from hall.store.sqlite import SqliteStore
from hall.terminals import Terminals
from hall.visits import Visits
from tests.hall.console_fakes import TITLES, Clock, OutcomeTarget, SpecimenExchange, filled_in, person
from tests.hall.demo_desk import DEMO, DemoDesk

DEADLINE_S = 20
PASSWORD = "open sesame 2026"
MATTER = "hk-macau-permit"

T = TypeVar("T")
Make = Callable[[HallConfig, Clock], tuple[Services, SpecimenExchange, OutcomeTarget]]


def stage_config(state: Path) -> HallConfig:
    nowhere = Path(__file__).parent
    anywhere = Address("127.0.0.1", 0)
    windows = ("1", "2", "3", "4", "5", "6")
    return HallConfig("H1", "禅城区行政服务中心", "0757-82340000", windows, anywhere, anywhere, state, nowhere, nowhere)


def stage_services(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    """Everything real but the departments at the edges."""
    store = SqliteStore.open(database(config), hall=config.hall, clock=clock)
    exchange, target, wake = SpecimenExchange(store, clock), OutcomeTarget(), asyncio.Event()
    authority = Authority(config.secrets, config.hall, clock)
    services = Services(
        config=config,
        clock=clock,
        store=store,
        exchange=cast(Any, exchange),
        visits=Visits(store, exchange, clock),
        queue=Queue(store, clock),
        desk=Desk(store, exchange, clock),
        staff=Staff(store, clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        terminals=Terminals(authority, config.secrets / "terminals.json", config.hall, clock),
        authority=authority,
        deliverer=Deliverer(store, [target], clock, wake),
        targets=(cast(Any, target),),
        titles=TITLES,
        wake=wake,
    )
    return services, exchange, target


@dataclass
class Stage:
    """A running hall. `do` runs a coroutine in the hall's own loop and waits for it."""

    services: Services
    exchange: SpecimenExchange
    target: OutcomeTarget
    clock: Clock
    console: str
    terminals: str
    loop: asyncio.AbstractEventLoop

    def do(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self.loop).result(DEADLINE_S)

    def submit(self, key: str, number: int, *, left: frozenset[str] = frozenset(), opened_away: bool = False) -> Ticket:
        """A whole visit of a specimen at terminal K07; `opened_away`: it came out of a terminal's outbox."""
        return self.do(self._submit(person(key), f"019ab000-0000-7000-8000-{number:012x}", left, opened_away))

    def department_answers(self) -> None:
        self.loop.call_soon_threadsafe(self.target.answers.set)
        self.clock.later(minutes=1)
        self.loop.call_soon_threadsafe(self.services.wake.set)

    async def _submit(self, identity: Identity, visit: str, left: frozenset[str], opened_away: bool) -> Ticket:
        visits = self.services.visits
        if opened_away:
            application = filled_in(visit, identity, None, self.clock(), left)
            return await visits.submit_sealed(visit, "K07", application)
        opened = await visits.open(visit, "K07", MATTER, identity)
        return await visits.submit(visit, "K07", filled_in(visit, identity, opened.lookup, self.clock(), left))


def services_of(desk: DemoDesk) -> Make:
    """The same hall with real departments, asked and told over their own protocols."""

    def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
        services, exchange, target = stage_services(config, clock)
        store, connections = services.store, departments.load(desk.settings, desk.state)
        real = Exchange(connections, catalogue.load(DEMO / "catalogue.toml", connections), access_log(store, clock))
        targets = delivery.targets(desk.settings, desk.state)
        real_services = replace(
            services,
            exchange=real,
            visits=Visits(store, real, clock),
            desk=Desk(store, real, clock),
            deliverer=Deliverer(store, targets, clock, services.wake),
            targets=targets,
        )
        return real_services, exchange, target

    return make


@contextmanager
def running_hall(state: Path, make: Make = stage_services, clerks: Sequence[str] = ("张敏", "陈志远", "李红")) -> Iterator[Stage]:
    """A hall that listens on free ports until the block ends; its clerks have one password."""
    started: list[Stage] = []
    ready = threading.Event()
    failed: list[BaseException] = []

    async def live() -> None:
        clock = Clock()
        services, exchange, target = make(stage_config(state), clock)
        for clerk in clerks:
            await services.staff.add(clerk, PASSWORD)

        def listening(console: str, terminals: str) -> None:
            loop = asyncio.get_running_loop()
            started.append(Stage(services, exchange, target, clock, console, terminals, loop))
            ready.set()

        await run(services, listening)

    thread = threading.Thread(target=_guarded(live, failed, ready), name="hall")
    thread.start()
    assert ready.wait(DEADLINE_S), "the hall did not start"
    if failed:
        raise failed[0]
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(started[0].services.closing.set)
        thread.join(DEADLINE_S)
        assert not thread.is_alive(), "the hall did not stop"


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's browser; Playwright's own download is neither needed nor reachable."""
    with sync_playwright() as playwright:
        flags = ["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"]
        browser = playwright.chromium.launch(executable_path="/usr/bin/chromium", headless=True, args=flags)
        try:
            yield browser
        finally:
            browser.close()


def _guarded(work: Callable[[], Awaitable[None]], failed: list[BaseException], ready: threading.Event) -> Callable[[], None]:
    async def awaited() -> None:
        await work()

    def guarded() -> None:
        try:
            asyncio.run(awaited())
        except BaseException as error:
            failed.append(error)
            ready.set()

    return guarded
