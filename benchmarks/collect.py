"""A register of 100,000 entries is collected: `python -m benchmarks.collect [FOLDER [ENTRIES]]` prints what it costs.

Four figures: entries a second, the memory that the collection adds, and how long a look-up in the library takes while
nothing is collected and while everything is (the hall's other work has to fit in between). Absolute figures say
something about the machine; the ratio of the two look-ups is about us.
"""

from __future__ import annotations

import asyncio
import resource
import sys
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory

from flows.application import Record
from hall.departments.connection import Batch, Finding, Purpose, Subject
from hall.libraries.collector import Collector
from hall.libraries.library import Libraries
from hall.libraries.setting import Every, Library, LibrarySettings, Source
from hall.store.hall_store import HallStore
from hall.store.libraries import Shelf, ShelfState
from hall.working_day import utc_now

ENTRIES = 100_000
PAGE = 500
LOOK_UPS = 400
PAUSE_S = 0.005
ITEMS = ("person.name", "person.sex", "person.birth", "household.number", "household.address", "household.police_station")
AS_OF = datetime(2026, 9, 1, tzinfo=UTC)
SOURCE = Source(Shelf("population", "household"), ITEMS, Every(10))
SETTINGS = LibrarySettings((Library("population", "人口基础库", "Population", "person.number", 30, 72, (SOURCE,)),))


@dataclass
class Register:
    """Makes its entries as it is asked for them, so that only the collection needs memory."""

    entries: int
    edition: str = "一"
    code: str = "household"
    title: str = "公安户籍"
    items: tuple[str, ...] = ITEMS
    key: str = "person.number"
    deadline_s: float = 2.0
    at_once: int = 1
    hedged: bool = False
    collects: bool = True

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        first = int(mark or 0)
        end = min(first + PAGE, self.entries)
        return Batch(tuple(self._subject(serial) for serial in range(first, end)), str(end), end < self.entries)

    def _subject(self, serial: int) -> Subject:
        told = (
            "人" + str(serial),
            "2",
            "1992-02-29",
            f"44060{serial:07}",
            f"佛山市禅城区同济路{serial}号{self.edition}",
            "祖庙派出所",
        )
        return Subject(key_of(serial), tuple(Record(i, v, self.code, AS_OF) for i, v in zip(ITEMS, told, strict=True)))

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        return ()

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...


def key_of(serial: int) -> str:
    return f"440602{19000101 + serial // 10_000}{serial % 10_000:04}"


async def measured(folder: Path, entries: int) -> None:
    store = HallStore.open(folder / "hall.db", hall="H1")
    register = Register(entries)
    collector = Collector(SETTINGS, {"household": register}, store, utc_now, folder / "lock")
    libraries = Libraries(SETTINGS, store, utc_now)
    before_mb = _memory_mb()
    state = await _timed("first collection", collector, entries)
    print(f"{'memory added':24} {_memory_mb() - before_mb:8.1f} MB")
    idle = await _look_ups(libraries, entries)
    await _timed("nothing new", collector, entries)
    register.edition = "二"
    under_way = asyncio.create_task(_anew(collector, store, entries))
    busy = await _look_ups(libraries, entries)
    await under_way
    assert state.entries == entries
    for name, times in (("look-up, idle", idle), ("look-up, collecting", busy)):
        print(f"{name:24} {_at(times, 0.5) * 1000:8.2f} ms median {_at(times, 0.99) * 1000:8.2f} ms p99")
    print(f"{'file':24} {(folder / 'hall.db').stat().st_size / 1024**2:8.1f} MB")
    await store.close()


async def _anew(collector: Collector, store: HallStore, entries: int) -> None:
    """Everything again with another address: the dearest round, with its old generation to be struck off."""
    await store.fail_round(SOURCE.shelf, "down", utc_now(), anew=True)
    await _timed("everything anew", collector, entries)


async def _timed(what: str, collector: Collector, entries: int) -> ShelfState:
    began = time.perf_counter()
    state = await collector.collect(SOURCE)
    collected_s = time.perf_counter() - began
    await collector.settle(SOURCE)
    settled_s = time.perf_counter() - began - collected_s
    if state.failures:
        raise SystemExit(f"{what}: {state.problem}")
    print(f"{what:24} {collected_s:8.1f} s and {settled_s:.1f} s to settle, {entries / (collected_s + settled_s):,.0f} entries/s")
    return state


async def _look_ups(libraries: Libraries, entries: int) -> list[float]:
    """How long each took from when it could have begun: waiting for the loop counts."""
    times = []
    for number in range(LOOK_UPS):
        due = time.perf_counter() + PAUSE_S
        with suppress(TimeoutError):
            async with asyncio.timeout(PAUSE_S):
                await asyncio.Event().wait()
        if await libraries.kept("household", key_of(number * entries // LOOK_UPS), ITEMS) is None:
            raise SystemExit("an entry is missing")
        times.append(time.perf_counter() - due)
    return sorted(times)


def _at(times: list[float], share: float) -> float:
    return times[min(int(len(times) * share), len(times) - 1)]


def _memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> int:
    entries = int(sys.argv[2]) if len(sys.argv) > 2 else ENTRIES
    with TemporaryDirectory(dir=sys.argv[1] if len(sys.argv) > 1 else None) as name:
        asyncio.run(measured(Path(name), entries))
    return 0


if __name__ == "__main__":
    sys.exit(main())
