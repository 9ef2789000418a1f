"""A real hall for the console: its own thread and event loop, real store and HTTP, a browser beside it."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date, time
from pathlib import Path
from typing import Any, TypeVar, cast

from argon2 import PasswordHasher

from flows.application import Application, Identity, Lookup, Ticket
from flows.claims import record_behind
from flows.dispute import Dispute
from flows.wire import OpenVisit, Submitted
from hall import catalogue, departments
from hall.access_log import access_log
from hall.authority import Authority
from hall.bootstrap import Services, collecting_lock, database, peers
from hall.config import Address, HallConfig, Plan
from hall.correction_targets import CorrectionAnswer, correction_targets_of
from hall.corrections import Corrections
from hall.counter import Counter
from hall.dead_letters import DeadLetters
from hall.delivery import Deliverer
from hall.desk import Desk
from hall.exchange import Exchange
from hall.feeds import Feeds, feeds_of
from hall.libraries.collection import Collection
from hall.libraries.setting import LibrarySettings
from hall.queue import Queue
from hall.reconciliation import Reconciliation
from hall.roles import Role
from hall.serve import Addresses, run
from hall.staff import Staff
from hall.store.hall_store import HallStore
from hall.targets import targets_of
from hall.terminals import Terminals
from hall.usage import Usage
from hall.visits import Visits
from tests.hall import engines
from tests.hall.console_fakes import Clock, OutcomeTarget, OwnerTarget, SpecimenExchange, filled_in, person
from tests.hall.demo_desk import DEMO, DemoDesk
from tests.hall.stage_matters import STAGE_MATTERS, STAGE_RULES
from tests.patience import SOON_S

SETTINGS = departments.read_settings(DEMO / "departments", DEMO)
ALL_TITLES = {setting.code: setting.title for setting in SETTINGS}
KINDS = {setting.code: setting.kind for setting in SETTINGS}
CATALOGUE = catalogue.load(DEMO / "catalogue.toml", departments.connect(departments.read_settings(DEMO / "departments", DEMO)))
PASSWORD = "open sesame 2026"
MATTER = "hk-macau-permit"
OWN_SYSTEMS = {"exit_entry": "http://127.0.0.1:8101/case"}
APPROVING = ("population", "social_security", "traffic")

NO_DISPUTES: Mapping[str, str] = {}

T = TypeVar("T")
Make = Callable[[HallConfig, Clock], tuple[Services, SpecimenExchange, OutcomeTarget]]


@dataclass(frozen=True)
class Found:
    words: str


@dataclass(frozen=True)
class Judgement:
    faults: tuple[Found, ...]
    picture: bytes


def judge(shot: bytes, sheet: str, day: date) -> Judgement:
    """Photo checks that need no face: a small file is a bad photo."""
    return Judgement((Found("没有找到面部"),), b"") if len(shot) < 1000 else Judgement((), shot)


def stage_config(state: Path) -> HallConfig:
    nowhere = Path(__file__).parent
    anywhere = Address("127.0.0.1", 0)
    windows = ("1", "2", "3", "4", "5", "6")
    return HallConfig(
        "H1",
        "禅城区行政服务中心",
        "0757-82340000",
        windows,
        anywhere,
        anywhere,
        state,
        nowhere,
        nowhere,
        region="440604",
        public=anywhere,
        public_address="https://hall.example.cn",
        reconcile=Plan(time(23, 59)),  # not while a test runs that did not ask for it
    )


def stage_services(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
    """Everything real but the departments at the edges."""
    place = database(config)
    if isinstance(place, Path):
        engines.begin(place)
    store = HallStore.open(place, hall=config.hall, key_file=config.secrets / "field.key", clock=clock)
    exchange, target, wake = SpecimenExchange(store, clock), OutcomeTarget(), asyncio.Event()
    approving = [OutcomeTarget(code, target.answers) for code in APPROVING]
    authority = Authority(config.secrets, config.hall, clock)
    desk = Desk(store, exchange, clock, matters=STAGE_MATTERS, region=config.region, judge=judge, rules=STAGE_RULES)
    owner = OwnerTarget("household")
    queue = Queue(store, clock, matters=STAGE_MATTERS, hours=config.hours, windows=config.counters)
    visits = Visits(store, exchange, clock, matters=STAGE_MATTERS, region=config.region, line=queue)
    services = Services(
        config=config,
        clock=clock,
        store=store,
        exchange=cast(Any, exchange),
        visits=visits,
        desk=desk,
        counter=Counter(store, visits, exchange, clock, matters=STAGE_MATTERS, region=config.region, judge=judge),
        usage=Usage(store, clock, ALL_TITLES, matters=STAGE_MATTERS),
        staff=Staff(store, clock, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)),
        terminals=Terminals(authority, config.secrets / "terminals.json", config.hall, clock),
        peers=peers(config, authority, clock),
        collection=Collection.open(LibrarySettings(), (), store, clock, collecting_lock(config)),
        authority=authority,
        deliverer=Deliverer(store, [target, *approving], clock, wake, [owner]),
        letters=DeadLetters(store, [target, *approving], clock, hall=config.name, matters=STAGE_MATTERS),
        reconciliation=Reconciliation(store, [target, *approving], clock, config.reconcile),
        feeds=Feeds(store, (), clock),
        corrections=Corrections(store, desk, clock),
        targets=tuple(cast(Any, one) for one in (target, *approving, owner)),
        catalogue=CATALOGUE,
        own_systems=OWN_SYSTEMS,
        titles=ALL_TITLES,
        kinds=KINDS,
        matters=STAGE_MATTERS,
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
    public: str
    loop: asyncio.AbstractEventLoop

    @property
    def file(self) -> Path:
        """What names its database, on any engine."""
        place = database(self.services.config)
        assert isinstance(place, Path)
        return place

    def do(self, work: Awaitable[T]) -> T:
        async def awaited() -> T:
            return await work

        return asyncio.run_coroutine_threadsafe(awaited(), self.loop).result(SOON_S)

    def submit(
        self,
        key: str,
        number: int,
        *,
        left: frozenset[str] = frozenset(),
        opened_away: bool = False,
        matter: str = MATTER,
        disputes: Mapping[str, str] = NO_DISPUTES,
    ) -> Ticket:
        """A whole visit of a specimen at terminal K07; `opened_away`: it came out of a terminal's outbox. `disputes`
        are fields whose record is said to be wrong, with the right value as far as a terminal can take it."""
        visit = f"019ab000-0000-7000-8000-{number:012x}"
        return self.do(self._submit(person(key), visit, left, opened_away, matter, disputes)).ticket

    def approving(self, department: str) -> OutcomeTarget:
        """A department that has to agree, to be told what it decides."""
        return next(cast(OutcomeTarget, one) for one in self.services.targets if one.department == department)

    @property
    def owner(self) -> OwnerTarget:
        """The household register, asked about its records over the wire; the other departments are asked by hand."""
        return next(one for one in self.services.targets if isinstance(one, OwnerTarget))

    def owner_says(self, answer: CorrectionAnswer) -> None:
        self.owner.says = answer
        self.clock.later(minutes=1)
        self.loop.call_soon_threadsafe(self.services.wake.set)

    def department_answers(self) -> None:
        self.loop.call_soon_threadsafe(self.target.answers.set)
        self.clock.later(minutes=1)
        self.loop.call_soon_threadsafe(self.services.wake.set)

    async def _submit(
        self,
        identity: Identity,
        visit: str,
        left: frozenset[str],
        opened_away: bool,
        matter: str,
        disputes: Mapping[str, str],
    ) -> Submitted:
        visits = self.services.visits
        if opened_away:
            application = filled_in(visit, identity, None, self.clock(), left, matter)
            return await visits.submit_sealed(visit, "K07", application)
        opened = await visits.open(visit, "K07", OpenVisit(matter, STAGE_MATTERS[matter].version, identity))
        application = filled_in(visit, identity, opened.lookup, self.clock(), left, matter)
        said = {name: _dispute(application, opened.lookup, name, claim) for name, claim in disputes.items()}
        return await visits.submit(visit, "K07", replace(application, disputes=said))


def _dispute(application: Application, lookup: Lookup, name: str, claim: str) -> Dispute:
    record = record_behind(STAGE_MATTERS[application.matter].fields[name], application.answers[name], lookup)
    assert record
    return Dispute(record.item, record.department, record.value, record.as_of, "CHANGED", claim)


def services_of(desk: DemoDesk) -> Make:
    """The same hall with real departments, asked and told over their own protocols."""

    def make(config: HallConfig, clock: Clock) -> tuple[Services, SpecimenExchange, OutcomeTarget]:
        services, exchange, target = stage_services(config, clock)
        store, connections = services.store, departments.connect(desk.read())
        real = Exchange(
            connections, catalogue.load(DEMO / "catalogue.toml", connections), access_log(store, clock), matters=STAGE_MATTERS
        )
        told = targets_of(desk.read())
        owners, sources = correction_targets_of(desk.read(), config.name), feeds_of(desk.read())
        real_desk = Desk(store, real, clock, matters=STAGE_MATTERS)
        visits = Visits(store, real, clock, matters=STAGE_MATTERS, line=services.queue)
        real_services = replace(
            services,
            exchange=real,
            visits=visits,
            counter=Counter(store, visits, real, clock, matters=STAGE_MATTERS, judge=judge),
            desk=real_desk,
            deliverer=Deliverer(store, told, clock, services.wake, owners),
            letters=DeadLetters(store, told, clock, hall=config.name, matters=STAGE_MATTERS),
            reconciliation=Reconciliation(store, told, clock, config.reconcile),
            feeds=Feeds(store, sources, clock),
            corrections=Corrections(store, real_desk, clock),
            targets=(*told, *owners, *sources),
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
            if await services.store.account(clerk) is None:
                await services.staff.add(clerk, PASSWORD, frozenset({Role.CLERK, Role.SUPERVISOR}))

        def listening(at: Addresses) -> None:
            loop = asyncio.get_running_loop()
            started.append(Stage(services, exchange, target, clock, at.console, at.terminals, at.public, loop))
            ready.set()

        await run(services, listening)

    thread = threading.Thread(target=_guarded(live, failed, ready), name="hall")
    thread.start()
    assert ready.wait(SOON_S), "the hall did not start"
    if failed:
        raise failed[0]
    try:
        yield started[0]
    finally:
        started[0].loop.call_soon_threadsafe(started[0].services.closing.set)
        thread.join(SOON_S)
        assert not thread.is_alive(), "the hall did not stop"


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
