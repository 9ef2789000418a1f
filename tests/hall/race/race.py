"""64 clerks and a few terminals against a hall whose processes are killed at random: one race, from start to judgement."""

from __future__ import annotations

import asyncio
import hashlib
import multiprocessing
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from multiprocessing.context import ForkServerProcess
from pathlib import Path

from devices.simulators.local_port import free_ports
from hall.authority import Authority
from hall.store.audit_file import Place
from hall.store.hall_store import HallStore
from hall.store.postgresql_address import PostgresqlAddress
from hall.store.request import Request
from hall.store.staff import Account, StaffSession
from hall.terminals import Terminals
from hall.working_day import utc_now, working_day
from tests.hall import fakes
from tests.hall.race import department
from tests.hall.race.hall_process import HallPlace, serve
from tests.hall.race.judgement import Judgement, Kept, judge
from tests.hall.race.people import Halls, clerk, terminal

DEPARTMENTS = fakes.FLOW.told
UP_S = 60
LINE = 60  # bytes of an answer as it is noted
LOOK_S = 0.2


@dataclass(frozen=True)
class Race:
    """`processes`: how many of the hall; on a file it is one. `kill_every`: after about so many answers one of them is
    killed; 0: none."""

    tickets: int
    processes: int = 1
    clerks: int = 64
    terminals: int = 4
    kill_every: int = 12
    seed: int = 1
    mutant: str = ""


_nursery = multiprocessing.get_context("forkserver")
_nursery.set_forkserver_preload(["tests.hall.race.hall_process", "tests.hall.race.people"])


def run(race: Race, folder: Path, database: PostgresqlAddress | None) -> Judgement:
    """The whole race; what is wrong afterwards, and how much there was of everything."""
    chance, began = random.Random(race.seed), utc_now()
    ports = iter(free_ports(len(DEPARTMENTS) + 2 * race.processes))
    departments = {name: next(ports) for name in DEPARTMENTS}
    places = [
        HallPlace(f"hall-{n}", folder, database, next(ports), next(ports), departments, began, race.clerks, race.mutant)
        for n in range(race.processes)
    ]
    asyncio.run(prepare(places[0], race))
    halls = Halls([place.console for place in places], [place.terminals for place in places])
    with processes() as start:
        for name, port in departments.items():
            start(department.keep, folder / f"{name}.book", port)
        serving = [start(serve, place) for place in places]
        for place in places:
            wait_until_up(place)
        clerks = [start(clerk, n, f"token-{n}", halls, folder) for n in range(1, race.clerks + 1)]
        queues = [range(first, race.tickets + 1, race.terminals) for first in range(1, race.terminals + 1)]
        terminals = [
            start(terminal, f"K{n}", visits, halls, folder, places[0].clock()) for n, visits in enumerate(queues, start=1)
        ]
        killer = Killer(race, places, start, serving)
        killer.until_gone(terminals, chance)
        (folder / "over").touch()
        killer.until_gone(clerks, chance)
        kept = asyncio.run(_settled(places[0]))
    found = judge(kept, folder, DEPARTMENTS)
    found.counts["kills"] = killer.kills
    found.expect(len(kept.tickets) == race.tickets, f"{len(kept.tickets)} tickets of {race.tickets} citizens")
    return found


Start = Callable[..., ForkServerProcess]


@contextmanager
def processes() -> Iterator[Start]:
    """Everything that is started here ends here."""
    started: list[ForkServerProcess] = []

    def start(work: Callable[..., None], *given: object) -> ForkServerProcess:
        one = _nursery.Process(target=work, args=given, daemon=True)
        one.start()
        started.append(one)
        return one

    try:
        yield start
    finally:
        for one in started:
            one.kill()
        for one in started:
            one.join()


@dataclass
class Killer:
    """kill -9 at random moments in the middle of the work; what was killed is started again at once."""

    race: Race
    places: Sequence[HallPlace]
    start: Start
    serving: list[ForkServerProcess]
    kills: int = 0

    def until_gone(self, people: Sequence[ForkServerProcess], chance: random.Random) -> None:
        at = self._told() + self._next(chance)
        while any(one.is_alive() for one in people):
            time.sleep(0.01)
            up = [one for one, place in enumerate(self.places) if place.up.exists()]
            if up and self.race.kill_every and self._told() > at:
                self._kill(chance.choice(up))
                at = self._told() + self._next(chance)

    def _next(self, chance: random.Random) -> float:
        return LINE * self.race.kill_every * (0.5 + chance.random())

    def _told(self) -> int:
        """How much everybody has been told: on a slow machine nobody is killed more often than there are answers."""
        return sum(file.stat().st_size for file in self.places[0].state.glob("*.told"))

    def _kill(self, one: int) -> None:
        self.serving[one].kill()
        self.serving[one].join()
        self.places[one].up.unlink()
        self.serving[one] = self.start(serve, self.places[one])
        self.kills += 1


def wait_until_up(place: HallPlace) -> None:
    until = time.monotonic() + UP_S
    while not place.up.exists():
        assert time.monotonic() < until, f"{place.name} did not come up"
        time.sleep(0.02)


def _store(place: HallPlace) -> HallStore:
    return HallStore.open(_place(place), hall="H1", key_file=place.state / "hall" / "field.key", clock=place.clock)


def _place(place: HallPlace) -> Place:
    return place.database or place.state / "hall" / "hall.sqlite"


async def prepare(place: HallPlace, race: Race) -> None:
    """Terminals enrolled, and a clerk logged in at each window."""
    authority = Authority(place.state / "hall", "H1", place.clock)
    terminals = Terminals(authority, place.state / "hall" / "terminals.json", "H1", place.clock)
    for n in range(1, race.terminals + 1):
        terminals.enrol(f"K{n}", place.state / f"K{n}")
    store, now = _store(place), place.clock()
    for n in range(1, race.clerks + 1):
        session = StaffSession(f"c{n}", str(n), now, now)
        await store.add_staff(Account(f"c{n}", "no password"), Request(f"add {n}", "hall", now))
        await store.start_session(hashlib.sha256(f"token-{n}".encode()).hexdigest(), session, Request(f"in {n}", "hall", now))
    await store.close()


async def _settled(place: HallPlace) -> Kept:
    """What the database holds once every delivery is done, or a minute has passed."""
    store = _store(place)
    with suppress(TimeoutError):
        async with asyncio.timeout(UP_S):
            changed = store.changed
            while await store.next_delivery_at() is not None:
                with suppress(TimeoutError):
                    async with asyncio.timeout(LOOK_S):  # on a file another process rings no bell
                        await changed.wait()
                changed = store.changed
    lines = await store.lines(working_day(place.clock()))
    tickets = {line.ticket.visit: (line.ticket.number, line.status.value) for line in lines}
    decisions: dict[str, tuple[str, ...]] = {}
    sent: dict[tuple[str, str], tuple[bool, str]] = {}
    for visit in tickets:
        case = await store.case(visit)
        decisions[visit] = tuple(decision.action.value for decision in case.decisions)
        sent |= {(visit, one.department): (one.done, one.number) for one in case.deliveries}
    await store.close()
    return Kept(_place(place), tickets, decisions, sent)
