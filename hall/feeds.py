"""What departments say became of their cases: their feeds read from mark to mark, sooner when they knock."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Protocol

from flows.delivery import Progress
from hall.departments.connection import DepartmentFailure
from hall.departments.setting import Setting
from hall.errors import NotAllowed
from hall.pauses import wait_at_most
from hall.rest_book import RestBook, number_in
from hall.store.feeds import Message, Reached
from hall.store.request import Request
from hall.store.store import Store
from hall.working_day import Clock

log = logging.getLogger(__name__)

LEASE = timedelta(seconds=90)
"""Longer than a part of a feed may take to come."""
LONGEST_PAUSE_S = 600.0
LOOK_S = 1.0
LONGEST_ID = 80
MOST_PARTS = 1000


@dataclass(frozen=True)
class News:
    """Part of a feed. `mark` is where the next one goes on; `more`: at once."""

    messages: tuple[Message, ...]
    mark: str
    more: bool = False


class FeedSource(Protocol):
    """A department that says how far its cases are."""

    @property
    def department(self) -> str: ...

    @property
    def poll_s(self) -> float: ...

    @property
    def peer(self) -> str:
        """The name in its certificate when it knocks or brings messages by itself; "" when it does neither."""
        ...

    @property
    def words(self) -> Mapping[str, str]:
        """Its own words for each progress, and ours."""
        ...

    async def news(self, mark: str) -> News:
        """What is new since a mark, "" from the beginning; raises DepartmentFailure."""
        ...


class Feeds:
    """One reader for each department; over several processes the store gives each part to one of them."""

    def __init__(self, store: Store, sources: Sequence[FeedSource], clock: Clock) -> None:
        self._store = store
        self._sources = tuple(sources)
        self._clock = clock

    async def run(self) -> None:
        """For ever."""
        async with asyncio.TaskGroup() as group:
            for source in self._sources:
                group.create_task(self._always(source))
            group.create_task(asyncio.Event().wait())

    async def poll(self, source: FeedSource) -> int:
        """Reads what is due; how many messages moved a case."""
        moved = 0
        for _ in range(MOST_PARTS):
            now = self._clock()
            mark = await self._store.claim_feed(source.department, now, now + LEASE)
            if mark is None:
                return moved
            try:
                news = await source.news(mark)
            except DepartmentFailure as failure:
                await self._failed(source, failure.reason)
                return moved
            wait_s = 0.0 if news.more else source.poll_s
            reached = Reached(news.mark or mark, self._clock() + timedelta(seconds=wait_s))
            moved += await self._store.hear(source.department, news.messages, reached, self._request("hall"))
        return moved

    async def knock(self, peer: str) -> bool:
        """Something is new at the department with this certificate; False when no department has it."""
        source = self._of(peer)
        if source is None:
            return False
        await self._store.wake_feed(source.department, self._clock())
        return True

    async def bring(self, peer: str, entries: object) -> int:
        """What a department brings by itself; raises DepartmentFailure for what cannot be read, and takes none of it."""
        source = self._of(peer)
        if source is None:
            raise NotAllowed
        messages = messages_in(entries, source.words)
        return await self._store.hear(source.department, messages, None, self._request(f"peer:{peer}"))

    def _of(self, peer: str) -> FeedSource | None:
        return next((source for source in self._sources if peer and source.peer == peer), None)

    async def _always(self, source: FeedSource) -> None:
        while True:
            try:
                await self.poll(source)
            except Exception as error:  # the store is away; its error may hold a row, so only its type is logged
                log.error("feed_stopped", extra={"department": source.department, "error": type(error).__name__})
            changed = self._store.changed
            await wait_at_most(changed, LOOK_S)

    async def _failed(self, source: FeedSource, problem: str) -> None:
        log.warning("feed_failed", extra={"department": source.department, "problem": problem})
        state = next((one for one in await self._store.feeds() if one.department == source.department), None)
        failures = state.failures if state else 0
        wait_s = min(source.poll_s * 2 ** min(failures, 10), max(LONGEST_PAUSE_S, source.poll_s))
        await self._store.feed_failed(source.department, problem, self._clock() + timedelta(seconds=wait_s))

    def _request(self, by: str) -> Request:
        return Request("", by, self._clock())


class RestFeed:
    """GET `status_path` with `since`: `{"entries": [{"id", "number", "state"}], "mark", "more"}`."""

    def __init__(self, setting: Setting) -> None:
        self.department, self.poll_s = setting.code, setting.poll_s
        self.peer = setting.options.get("status_peer", "")
        self.words = setting.codes.get("progress", {})
        self._path = setting.options.get("status_path", "")
        self._book = RestBook(setting, self._path)

    async def news(self, mark: str) -> News:
        if not self._path:
            return News((), mark)
        entries, reached, more = await self._book.part(self._path, {"since": mark})
        if more and reached == mark:  # it would be asked for for ever
            raise DepartmentFailure("garbled")
        return News(messages_in(entries, self.words), reached, more)

    async def close(self) -> None:
        await self._book.close()


def feeds_of(settings: Iterable[Setting]) -> tuple[RestFeed, ...]:
    """The departments that can be asked, or come by themselves."""
    return tuple(RestFeed(one) for one in settings if {"status_path", "status_peer"} & set(one.options))


def messages_in(entries: object, words: Mapping[str, str]) -> tuple[Message, ...]:
    """A word that is neither ours nor translated is no progress: the department has stages that citizens are not told
    of. Anything else that cannot be read makes the whole part garbled."""
    if not isinstance(entries, list) or not all(isinstance(entry, dict) for entry in entries):
        raise DepartmentFailure("garbled")
    found = []
    for entry in entries:
        number, said = number_in(entry), entry.get("state")
        name = entry.get("id", f"{number} {said}")
        if not isinstance(said, str) or not isinstance(name, str | int) or not 0 < len(str(name)) <= LONGEST_ID:
            raise DepartmentFailure("garbled")
        word = words.get(said, said)
        if word in set(Progress):
            found.append(Message(str(name), number, Progress(word)))
    return tuple(found)
