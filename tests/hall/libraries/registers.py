"""Registers in memory to collect from, and a collector over them on a real file."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path

from flows.application import Record
from hall.departments.connection import Batch, Connection, DepartmentFailure, Finding, Purpose, Subject
from hall.libraries.collector import Collector
from hall.libraries.library import Libraries
from hall.libraries.setting import COLLECTION, Every, Grant, Library, LibrarySettings, PeerSetting, Source
from hall.store.hall_store import HallStore
from hall.store.libraries import Shelf, ShelfState
from tests.hall import engines
from tests.hall.fakes import NOON, FakeClock
from tests.patience import SOON_S

WHEN = datetime(2026, 9, 1, tzinfo=UTC)
HOUSEHOLD = ("person.name", "household.address")
SOCIAL = ("person.name", "contact.mobile")


def number(serial: int) -> str:
    """A fictional person's number."""
    first = f"440602199202{29 - serial // 1000:02}{serial % 1000:03}"
    weights = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)
    return first + "10X98765432"[sum(int(d) * w for d, w in zip(first, weights, strict=True)) % 11]


ME, SHE, HE = number(1), number(2), number(3)


@dataclass
class Register:
    """A department that tells what changed since a number, so many entries at a time; `before` runs before it answers."""

    code: str
    items: tuple[str, ...]
    key: str = "person.number"
    page: int = 2
    collects: bool = True
    deadline_s: float = 5.0
    at_once: int = 4
    hedged: bool = False
    log: list[tuple[str, dict[str, str] | None, datetime]] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)
    asked_items: list[tuple[str, ...]] = field(default_factory=list)
    answers: list[Batch | Exception] = field(default_factory=list)
    known_at: datetime | None = None
    before: Callable[[], Awaitable[None]] | None = None

    @property
    def title(self) -> str:
        return self.code

    def tell(self, key: str, as_of: datetime = WHEN, **values: str) -> None:
        """Values by item, with _ for the dot."""
        self.log.append((key, {item.replace("_", ".", 1): value for item, value in values.items()}, as_of))

    def strike(self, key: str) -> None:
        self.log.append((key, None, WHEN))

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        self.asked.append(mark)
        self.asked_items.append(tuple(items))
        if self.before is not None:
            await self.before()
        if self.answers:
            answer = self.answers.pop(0)
            if isinstance(answer, Exception):
                raise answer
            return answer
        first = int(mark or 0)
        page = self.log[first : first + self.page]
        end = first + len(page)
        return Batch(tuple(self._subject(*entry) for entry in page), str(end), end < len(self.log), known_at=self.known_at)

    def _subject(self, key: str, values: dict[str, str] | None, as_of: datetime) -> Subject:
        if values is None:
            return Subject(key, (), gone=True)
        told = {self.key: key, **values}
        return Subject(key, tuple(Record(item, value, self.code, as_of) for item, value in told.items()))

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        raise DepartmentFailure("down")

    async def check(self) -> Sequence[Finding]:
        return ()

    async def close(self) -> None: ...


def subject(key: str, name: str, department: str = "household", as_of: datetime = WHEN, doubt: str = "") -> Subject:
    return Subject(key, (Record("person.name", name, department, as_of, doubt),))


def settings(
    *sources: Source, peers: tuple[PeerSetting, ...] = (), keep_days: int = 30, serve_hours: int = 72
) -> LibrarySettings:
    library = Library("population", "人口基础库", "Population", "person.number", keep_days, serve_hours, sources)
    return LibrarySettings((library,), peers)


def source(department: str, items: tuple[str, ...], minutes: int = 10, on_change: str = "") -> Source:
    return Source(Shelf("population", department), items, Every(minutes), on_change)


CITY = PeerSetting("CITY", "市大厅", (Grant("population", (*HOUSEHOLD, "contact.mobile"), (COLLECTION, "letter")),))


@dataclass
class Desk:
    """A hall that collects two registers into the population library."""

    path: Path
    store: HallStore
    clock: FakeClock
    household: Register
    social: Register
    settings: LibrarySettings
    collector: Collector
    libraries: Libraries

    async def collect(self, department: str = "household") -> ShelfState:
        """One round and what it leaves to settle."""
        one = next(source for source in self.settings.sources if source.shelf.department == department)
        state = await self.collector.collect(one)
        await self.collector.settle(one)
        return state

    async def names(self, *keys: str) -> list[str | None]:
        """What is kept of the household for each of these people."""
        found = [await self.libraries.kept("household", key, ("person.name",)) for key in keys]
        return [kept[1][0].value if kept else None for kept in found]


@asynccontextmanager
async def desk(folder: Path, *, peers: tuple[PeerSetting, ...] = (), **limits: int) -> AsyncIterator[Desk]:
    """A second one on the same folder is the hall after a restart."""
    path = folder / "hall.db"
    clock = FakeClock(NOON)
    store = engines.store(path, clock=clock)
    sources = (source("household", HOUSEHOLD, on_change="POLICE"), source("social_security", SOCIAL))
    chosen = settings(*sources, peers=peers, **limits)
    household, social = Register("household", HOUSEHOLD), Register("social_security", SOCIAL)
    known: dict[str, Connection] = {"household": household, "social_security": social}
    collector = Collector(chosen, known, store, clock, folder / "collecting.lock")
    try:
        yield Desk(path, store, clock, household, social, chosen, collector, Libraries(chosen, store, clock))
    finally:
        await store.close()


async def until(store: HallStore, condition: Callable[[], Awaitable[bool]]) -> None:
    """Waits for what other tasks write."""
    async with asyncio.timeout(SOON_S):
        while True:
            changed = store.changed
            if await condition():
                return
            await changed.wait()
