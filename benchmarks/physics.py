"""Does the line do what a line must do? The real queue on a virtual clock against Erlang's formula and another simulator.

`python -m benchmarks.physics` runs the long form. Customers come at random to `WINDOWS` windows (M/M/c). The hall is opened
again and again as it stands in the long run, with as many people in it as the stationary law of M/M/c gives, evenly over that
law: a handful of customers is watched each time, so that a few thousand tell the mean to a percent or two, where one long
day at a load of 0.9 would need a million. The same customers go through simpy, which shares no line with the hall.
"""

from __future__ import annotations

import asyncio
import heapq
import math
import random
import sys
from collections.abc import Generator, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate
from pathlib import Path
from statistics import fmean, quantiles
from tempfile import TemporaryDirectory

import simpy

from flows.application import Action, Answer, Application, Assurance, Decision, Identity, Lookup, Source, SourceKind
from hall.queue import Queue
from hall.store.hall_store import HallStore
from hall.store.request import Request
from hall.store.standing import Place
from hall.working_day import working_day

WINDOWS = 4
SERVICE_S = 360.0
MEAN_WITHIN, P95_WITHIN = 0.05, 0.10
BEGIN = datetime(2026, 11, 23, 1, tzinfo=UTC)
WATCHED = 4
SHORT = {0.7: 800, 0.8: 500, 0.9: 300}
LONG = {0.5: 16000, 0.7: 8000, 0.8: 6000, 0.9: 4000}
"""How often the hall is opened at each load: the less of a load, the fewer wait at all."""

PERSON = Identity("440602199202299863", "吕晓岚", "2", date(1992, 2, 29), "resident_card", Assurance.SAM, "01")
FORM = Application("", "hk-macau-permit", "1", "", PERSON, {"way": Answer("pickup", Source(SourceKind.CITIZEN))}, BEGIN)


@dataclass(frozen=True)
class Opening:
    """The hall as it is opened: how many are in it, how long each takes, when the others come and how long they take."""

    there: tuple[float, ...]
    comes_at: tuple[float, ...]
    takes: tuple[float, ...]


def openings(load: float, count: int, watched: int = WATCHED, seed: int = 5) -> list[Opening]:
    """Seconds. As many in the hall as the stationary law says, every part of it in its share; and so with every span: the
    n-th gap, or service, takes every part of its law once over all openings (a Latin hypercube)."""
    chance = random.Random(seed)  # noqa: S311
    law = list(_stationary(load))
    there = [_quantile(law, (number + chance.random()) / count) for number in range(count)]
    gap_s = SERVICE_S / (load * WINDOWS)
    gaps = [_even(chance, count, gap_s) for _ in range(watched - 1)]
    takes = [_even(chance, count, SERVICE_S) for _ in range(max(there) + watched)]
    found = []
    for number, inside in enumerate(there):
        # The first at once: whoever comes sees the stationary law, a moment before which nobody came does not.
        comes = [0.0, *accumulate(gap[number] for gap in gaps)]
        spans = [take[number] for take in takes[: inside + watched]]
        found.append(Opening(tuple(spans[:inside]), tuple(comes), tuple(spans[inside:])))
    return found


def _even(chance: random.Random, count: int, mean_s: float) -> list[float]:
    """Exponential spans, one from each part of the law, in any order."""
    spans = [-mean_s * math.log(1 - (number + chance.random()) / count) for number in range(count)]
    chance.shuffle(spans)
    return spans


def erlang_c(load: float, windows: int = WINDOWS) -> float:
    """Mean seconds of waiting in M/M/c: the chance of waiting at all times the mean wait of those who do."""
    offered = load * windows
    busy = offered**windows / math.factorial(windows) / (1 - load)
    idle = sum(offered**number / math.factorial(number) for number in range(windows))
    return busy / (idle + busy) * SERVICE_S / (windows * (1 - load))


def _stationary(load: float) -> Iterator[float]:
    """The chance of n people in the hall, n from 0 on."""
    offered = load * WINDOWS
    idle = sum(offered**n / math.factorial(n) for n in range(WINDOWS))
    chance = 1 / (idle + offered**WINDOWS / math.factorial(WINDOWS) / (1 - load))
    for number in range(1, 1000):
        yield chance
        chance *= offered / min(number, WINDOWS)


def _quantile(law: Sequence[float], at: float) -> int:
    total = 0.0
    for number, chance in enumerate(law):
        total += chance
        if total > at:
            return number
    return len(law)


Takes = dict[str, float]
Happens = list[tuple[datetime, int, str]]


@dataclass
class VirtualClock:
    now: datetime = BEGIN

    def __call__(self) -> datetime:
        return self.now


class VirtualHall:
    """One opening after the other, a day each, through the queue and the store that clerks use."""

    def __init__(self, store: HallStore, clock: VirtualClock) -> None:
        self._store, self._clock = store, clock
        self._queue = Queue(store, clock)
        self._day = 0

    async def waits(self, opening: Opening) -> list[float]:
        """How long each of those who came was waiting, in seconds."""
        self._day += 1
        begin = self._clock.now = BEGIN + timedelta(days=self._day)
        takes = {self._visit(n): s for n, s in enumerate((*opening.there, *opening.takes))}
        before = len(opening.there)
        await asyncio.gather(*(self._submit(self._visit(n)) for n in range(before)))
        comes = {self._visit(before + n): begin + timedelta(seconds=s) for n, s in enumerate(opening.comes_at)}
        happens = [(at, 1, visit) for visit, at in comes.items()]
        free = [f"{self._day}-{n}" for n in range(WINDOWS)]
        waited: dict[str, float] = {}
        line = before - min(before, WINDOWS)
        for window in free[:before]:
            await self._call(window, takes, free, happens)
        heapq.heapify(happens)
        while len(waited) < len(comes):
            self._clock.now, kind, who = heapq.heappop(happens)
            if kind:
                await self._submit(who)
                line += 1
            else:
                window, visit = who.split()
                await self._end(window, visit)
                free.append(window)
            while free and line:
                called, line = await self._call(free[0], takes, free, happens), line - 1
                if called in comes:
                    waited[called] = (self._clock.now - comes[called]).total_seconds()
        return [waited[visit] for visit in comes]

    def _visit(self, number: int) -> str:
        return f"{self._day}-{number}"

    async def _submit(self, visit: str) -> None:
        now = self._clock.now
        form = replace(FORM, visit=visit, identity=replace(PERSON, number=visit))
        request = Request(f"submit:{visit}", "terminal:K07", now)
        await self._store.submit(form, Place(working_day(now), now, now), request, Lookup(now))

    async def _call(self, window: str, takes: Takes, free: list[str], happens: Happens) -> str:
        visit = await self._queue.call_next(window, "zhang", f"{window} {self._clock.now.isoformat()}")
        if visit is None:
            raise SystemExit("somebody waits and nobody was called")
        free.remove(window)
        heapq.heappush(happens, (self._clock.now + timedelta(seconds=takes[visit]), 0, f"{window} {visit}"))
        return visit

    async def _end(self, window: str, visit: str) -> None:
        now = self._clock.now
        decision = Decision(visit, Action.REJECT, "zhang", window, now, "NOT_ELIGIBLE")
        await self._store.act(decision, Request(f"end {visit}", "clerk:zhang", now, window), working_day(now))


async def ours(folder: Path, given: Sequence[Opening]) -> list[float]:
    clock = VirtualClock()
    store = HallStore.open(folder / "hall.db", hall="H1", clock=clock)
    hall = VirtualHall(store, clock)
    try:
        return [wait for opening in given for wait in await hall.waits(opening)]
    finally:
        await store.close()


def theirs(given: Sequence[Opening]) -> list[float]:
    """The same customers in simpy."""
    return [wait for opening in given for wait in _simulated(opening)]


def _simulated(opening: Opening) -> list[float]:
    environment = simpy.Environment()
    windows = simpy.Resource(environment, capacity=WINDOWS)
    waits: dict[int, float] = {}

    def customer(number: int | None, comes_at: float, takes: float) -> Generator[simpy.Event, None, None]:
        yield environment.timeout(comes_at)
        with windows.request() as place:
            yield place
            if number is not None:
                waits[number] = environment.now - comes_at
            yield environment.timeout(takes)

    for takes in opening.there:
        environment.process(customer(None, 0, takes))
    for number, (comes_at, takes) in enumerate(zip(opening.comes_at, opening.takes, strict=True)):
        environment.process(customer(number, comes_at, takes))
    environment.run()
    return [waits[number] for number in range(len(opening.comes_at))]


@dataclass(frozen=True)
class Compared:
    load: float
    customers: int
    mean_s: float
    formula_s: float
    p95_s: float
    simulator_p95_s: float

    @property
    def holds(self) -> bool:
        return abs(self.mean_s / self.formula_s - 1) <= MEAN_WITHIN and abs(self.p95_s / self.simulator_p95_s - 1) <= P95_WITHIN

    def __str__(self) -> str:
        mean, p95 = self.mean_s / self.formula_s - 1, self.p95_s / self.simulator_p95_s - 1
        said = f"mean {self.mean_s:7.1f} s, Erlang-C {self.formula_s:7.1f} s ({mean:+.1%})"
        said += f"; p95 {self.p95_s:7.1f} s, simpy {self.simulator_p95_s:7.1f} s ({p95:+.1%})"
        return f"{'PASS  ' if self.holds else 'MISSED'} load {self.load}: {self.customers} customers, {said}"


@contextmanager
def virtual_disk() -> Iterator[Path]:
    """In memory where there is such a place: on a virtual clock a disk has nothing to say."""
    with TemporaryDirectory(dir="/dev/shm" if Path("/dev/shm").is_dir() else None) as name:  # noqa: S108
        yield Path(name)


def compared(folder: Path, load: float, count: int) -> Compared:
    given = openings(load, count)
    waits, simulated = asyncio.run(ours(folder, given)), theirs(given)
    return Compared(load, len(waits), fmean(waits), erlang_c(load), _p95(waits), _p95(simulated))


def _p95(waits: Sequence[float]) -> float:
    return quantiles(waits, n=20)[-1]


def main() -> int:
    good = True
    for load, count in LONG.items():
        with virtual_disk() as folder:
            found = compared(folder, load, count)
        print(found, flush=True)
        good = good and found.holds
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
