"""Collects every source into its library (归集): on schedule and on a knock, in small steps, from mark to mark."""

from __future__ import annotations

import asyncio
import fcntl
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import datetime, timedelta
from pathlib import Path
from time import monotonic

from flows.items import ITEMS
from hall.departments.connection import Batch, Connection, DepartmentFailure, Subject
from hall.libraries.schedule import next_try
from hall.libraries.setting import LibrarySettings, Source
from hall.pauses import wait_at_most
from hall.store.libraries import LibraryStore, Part, Reached, ShelfState
from hall.store.request import Request
from hall.working_day import Clock

log = logging.getLogger(__name__)

BATCH_S = 120.0
LONGEST_MARK = 4000
LONGEST_KEY = 64
MOST_IN_BATCH = 500_000
MOST_BATCHES = 20_000
MOST_ENTRIES = 5_000_000
"""A round that is longer never ends."""

PART = 40
"""Subjects put in one transaction: the hall's other work waits that long at most."""

GARBLED_TO_BEGIN_ANEW = 3
"""So often in a row a mark may lead to nonsense; then it is the mark that the department does not know any more."""

EMPTY_TO_BELIEVE = 3
"""So often in a row a register must say that it is empty before everything that was collected of it goes."""

LOOK_S = 5.0
"""How soon a wish that another process wrote down is seen."""

BETWEEN_S = 0.2
"""Before a round: what changes together is collected together, and nobody can keep the hall busy by knocking."""

SETTLE = 50


BEGIN_ANEW = frozenset({"endless", "too_large", "empty", "overtaken"})
"""After these there is no mark to go on from."""


class NotBelieved(Exception):
    """What the department tells can not be its register; `reason` is a code."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Collector:
    """One task for each source, so that none waits for another; never two at the same time for one."""

    def __init__(
        self,
        settings: LibrarySettings,
        connections: Mapping[str, Connection],
        store: LibraryStore,
        clock: Clock,
        lock: Path,
        *,
        changed: Callable[[str], None] = lambda library: None,
    ) -> None:
        self._settings, self._connections, self._store, self._clock = settings, connections, store, clock
        self._lock = lock
        self._changed = changed
        self._knocked = {source.shelf: asyncio.Event() for source in settings.sources}
        self._under_way = {source.shelf: asyncio.Lock() for source in settings.sources}

    async def run(self) -> None:
        """For ever; only one process of a hall collects."""
        while True:
            with self.alone() as alone:
                if alone:
                    async with asyncio.TaskGroup() as group:
                        group.create_task(asyncio.Event().wait())
                        for source in self._settings.sources:
                            group.create_task(self._always(source))
            await asyncio.sleep(LOOK_S)

    @contextmanager
    def alone(self) -> Iterator[bool]:
        """Whether this process is the one that collects, as long as it stays here."""
        self._lock.parent.mkdir(parents=True, exist_ok=True)
        with self._lock.open("ab") as file:
            try:
                fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                yield False
                return
            yield True

    def knock(self, name: str) -> int:
        """Something changed at whoever bears this name: how many sources are collected at once for it."""
        concerned = [source for source in self._settings.sources if source.on_change == name]
        for source in concerned:
            self._knocked[source.shelf].set()
        return len(concerned)

    async def collect(self, source: Source) -> ShelfState:
        """One try, to the end of the round or the first failure; how the shelf stands after it."""
        async with self._under_way[source.shelf]:
            state = await self._store.begin_round(source.shelf, source.items, self._clock(), timedelta(days=source.anew_days))
            try:
                state = await self._round(source, state)
            except (DepartmentFailure, NotBelieved) as failure:
                return await self._failed(source, failure.reason)
            except Exception as error:  # its text may quote a record, so only its type is logged
                log.error("collection_broke", extra={**_named(source), "error": type(error).__name__})
                return await self._failed(source, "broken")
            log.info("collected", extra={**_named(source), "changed": state.changed, "gone": state.gone})
            return state

    async def settle(self, source: Source) -> None:
        """Numbers and strikes off what the last rounds left over."""
        while True:
            began = monotonic()
            passed_on = self._settings.passed_on(source.shelf.library)
            if not await self._store.settle(source.shelf, self._clock(), passed_on=passed_on, most=SETTLE):
                return
            await _rest(began)

    async def _always(self, source: Source) -> None:
        while True:
            try:
                await self.settle(source)
                await self._until_due(source)
                await asyncio.sleep(BETWEEN_S)
                before = await self._store.edition(source.shelf.library)
                self._knocked[source.shelf].clear()
                await self.collect(source)
                await self.settle(source)
                if await self._store.edition(source.shelf.library) != before:
                    self._changed(source.shelf.library)
            except Exception as error:  # the store is away
                log.error("collections_stopped", extra={**_named(source), "error": type(error).__name__})
                await asyncio.sleep(LOOK_S)

    async def _until_due(self, source: Source) -> None:
        knocked = self._knocked[source.shelf]
        while not knocked.is_set():
            now = self._clock()
            wait_s = (next_try(await self._store.shelf(source.shelf), source.when, now) - now).total_seconds()
            if wait_s <= 0:
                return
            await wait_at_most(knocked, min(wait_s, LOOK_S))

    async def _round(self, source: Source, state: ShelfState) -> ShelfState:
        connection = self._connections[source.shelf.department]
        while True:
            asked_at = self._clock()
            try:
                async with asyncio.timeout(BATCH_S):
                    batch = await connection.changes(state.mark, source.items)
            except TimeoutError:
                raise DepartmentFailure("late") from None
            _judge(batch, state)
            known_at = min(asked_at, batch.known_at or asked_at)
            state = await self._shelve(source, batch, known_at)
            if not batch.more:
                return state

    async def _shelve(self, source: Source, batch: Batch, known_at: datetime) -> ShelfState:
        """Part by part; only the last one moves the mark."""
        passed_on = self._settings.passed_on(source.shelf.library)
        key_item = self._connections[source.shelf.department].key
        for first in range(0, max(len(batch.subjects), 1), PART):
            began = monotonic()
            subjects = _minimal(batch.subjects[first : first + PART], key_item, source)
            last = first + PART >= len(batch.subjects)
            reached = Reached(batch.mark, batch.more) if last else None
            part = Part(subjects, known_at, self._clock(), batch.whole, passed_on, reached)
            state = await self._store.put(source.shelf, part, Request("", "hall", part.at))
            if not last:
                await _rest(began)
        return state

    async def _failed(self, source: Source, problem: str) -> ShelfState:
        log.warning("collection_failed", extra={**_named(source), "problem": problem})
        state = await self._store.shelf(source.shelf)
        anew = problem == "garbled" and state.mark != "" and state.failures + 1 >= GARBLED_TO_BEGIN_ANEW
        return await self._store.fail_round(source.shelf, problem, self._clock(), anew=anew or problem in BEGIN_ANEW)


async def _rest(began: float) -> None:
    """As long as the step took: a collection takes half of the hall's time at most."""
    await asyncio.sleep(monotonic() - began)


def _judge(batch: Batch, state: ShelfState) -> None:
    """Raises DepartmentFailure or NotBelieved for a batch that cannot be."""
    if batch.more and (batch.mark in ("", state.mark) or state.batches >= MOST_BATCHES):
        raise NotBelieved("endless")
    if len(batch.mark) > LONGEST_MARK or len(batch.subjects) > MOST_IN_BATCH or state.built > MOST_ENTRIES:
        raise NotBelieved("too_large")
    if batch.whole and state.batches and not state.fresh:
        raise NotBelieved("overtaken")
    ends = (state.fresh or batch.whole) and not batch.more
    empties = ends and state.entries and not state.built and all(subject.gone for subject in batch.subjects)
    if empties and (state.problem != "empty" or state.failures + 1 < EMPTY_TO_BELIEVE):
        raise NotBelieved("empty")


def _minimal(subjects: Sequence[Subject], key_item: str, source: Source) -> list[Subject]:
    """Only the listed items, under the key as it is normally written; who has none of them is not kept. An entry that is
    about somebody else than its key says is left out, and does not hold up the others."""
    normal = ITEMS[key_item].kind.normal
    found = []
    for subject in subjects:
        key = normal(subject.key)
        if not key or len(key) > LONGEST_KEY:
            raise DepartmentFailure("garbled", f"an entry has no {key_item}")
        if any(record.item == key_item and normal(record.value) != key for record in subject.records):
            log.warning("entry_contradicts_its_key", extra=_named(source))
            continue
        records = tuple(record for record in subject.records if record.item in source.items)
        found.append(Subject(key, records, gone=subject.gone or not records))
    return found


def _named(source: Source) -> dict[str, str]:
    return {"library": source.shelf.library, "department": source.shelf.department}
