"""大厅总览: the hall as its manager sees it, now and day by day. Numbers of tickets and windows; nobody's name.

What stands now is read at most once a second, a day's figures at most once a minute, however many pages are open: a look
costs a few indexed statements, and no look reads the tickets of a day.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from enum import StrEnum

from flows.application import Status
from flows.waiting import WaitSpan
from hall.breaker import Spared
from hall.day_figures import LONGEST_SITTING, DayFigures, Rated, Read, begins, figures_of
from hall.heartbeats import Heartbeats, TerminalStanding
from hall.hours import Moment
from hall.metrics import Metrics
from hall.pulse import LastHour
from hall.queue import Queue
from hall.ratings import Ratings
from hall.ratings import rule_on as rating_rule_on
from hall.staff import IDLE, LONGEST
from hall.store.dead_letters import Counts
from hall.store.overview import LastCalled, SittingAt, WaitingGroup
from hall.store.store import Store
from hall.working_day import Clock, working_day

MOST_WAITING = 5000
"""A longer line is told as "more than"."""

LOOK_S = 1.0
COUNT_S = 60.0
MOST_DAYS = 8
"""Days whose figures are kept; the one looked at longest ago goes."""


class WindowState(StrEnum):
    SERVING = "serving"
    IDLE = "idle"
    LOCKED = "locked"
    PAUSE = "pause"  # nobody is served: the hall has its break
    AWAY = "away"  # nobody is logged in
    DESERTED = "deserted"  # nobody is, and a called ticket is not decided


@dataclass(frozen=True)
class WindowNow:
    """`since`: of the state; None when nobody knows."""

    window: str
    state: WindowState
    number: str = ""
    matter: str = ""
    since: datetime | None = None


@dataclass(frozen=True)
class DepartmentNow:
    department: str
    spared: Spared
    hour: LastHour


@dataclass(frozen=True)
class Now:
    """`departments_since`: from when on their hour was counted. `waits`: how long one who comes now would wait, of each matter
    that somebody waits for; None cannot be told."""

    at: datetime
    moment: Moment
    opens_at: datetime | None
    groups: Sequence[WaitingGroup]
    wait: WaitSpan | None
    waits: Mapping[str, WaitSpan | None]
    undone: Sequence[tuple[str, str]]
    windows: Sequence[WindowNow]
    terminals: Sequence[TerminalStanding]
    departments: Sequence[DepartmentNow]
    departments_since: datetime
    deliveries: Mapping[str, Counts]

    @property
    def waiting(self) -> int:
        return sum(group.waiting for group in self.groups)

    @property
    def longest_since(self) -> datetime | None:
        return min((group.since for group in self.groups), default=None)


class Overview:
    def __init__(
        self,
        store: Store,
        clock: Clock,
        *,
        queue: Queue,
        heartbeats: Heartbeats,
        metrics: Metrics,
        departments: Sequence[str],
        ratings: Ratings | None = None,
    ) -> None:
        self._store = store
        self._clock = clock
        self._queue = queue
        self._heartbeats = heartbeats
        self._metrics = metrics
        self._departments = tuple(departments)
        self._windows = queue.windows.numbers
        self._ratings = ratings
        self._looking = asyncio.Lock()
        self._counting = asyncio.Lock()
        self._now: tuple[float, Now] | None = None
        self._days: dict[date, tuple[float, DayFigures]] = {}

    async def now(self) -> Now:
        """What stands now, not older than a second: pages that ask at once get one look."""
        async with self._looking:
            looked = asyncio.get_running_loop().time()
            if self._now is None or looked - self._now[0] >= LOOK_S:
                self._now = (looked, await self._looked())
            return self._now[1]

    async def rested(self) -> None:
        """Until the next look may be taken: what an open page waits for, so that it is never left with an old one."""
        if self._now is not None:
            await asyncio.sleep(self._now[0] + LOOK_S - asyncio.get_running_loop().time())

    async def of_day(self, day: date) -> DayFigures:
        """Not older than a minute. A day that is over still changes while departments take what was accepted on it."""
        async with self._counting:
            counted, kept = asyncio.get_running_loop().time(), self._days.pop(day, None)
            if kept is None or counted - kept[0] >= COUNT_S or self._is_of_another_time(kept[1]):
                kept = (counted, await self._counted(day))
            self._days[day] = kept
            while len(self._days) > MOST_DAYS:
                del self._days[next(iter(self._days))]
            return kept[1]

    def _is_of_another_time(self, figures: DayFigures) -> bool:
        """The hall's clock was set back, or the day is over since: neither waits for its minute."""
        now = self._clock()
        return figures.at > now or (working_day(figures.at) == figures.day and working_day(now) != figures.day)

    async def _counted(self, day: date) -> DayFigures:
        since, until = begins(day), begins(day + timedelta(days=1))
        read = Read(
            await self._store.cases_of_day(day),
            await self._queue.steps(day),
            await self._store.presence(since - LONGEST_SITTING, until),
        )
        # In a thread: a busy day is tens of milliseconds of arithmetic, and the loop has calls to answer.
        figures = await asyncio.to_thread(figures_of, read, day, self._clock(), self._queue.hours, self._windows)
        return replace(figures, rated=await self._rated(day))

    async def _rated(self, day: date) -> Rated | None:
        if self._ratings is None:
            return None
        told, low = await self._ratings.figures(day), rating_rule_on(day).low
        good = sum(count for grade, count in told.grades.items() if grade > low)
        return Rated(told.served, told.rated, good if day < working_day(self._clock()) else None)

    async def _looked(self) -> Now:
        now = self._clock()
        day, hours, queue = working_day(now), self._queue.hours, self._queue
        groups, open_ = await self._store.waiting_groups(day, MOST_WAITING), await queue.open_windows()
        matters = {group.matter for group in groups} if queue.windows.scopes else set()
        return Now(
            at=now,
            moment=hours.moment(now),
            opens_at=hours.next_opening(now),
            groups=groups,
            wait=await queue.waiting.of_line(open_),
            waits={matter: await queue.expected_for(matter) for matter in sorted(matters)},
            undone=await queue.undone(open_),
            windows=await self._windows_now(now, hours.moment(now)),
            terminals=await self._heartbeats.standings(),
            departments=[self._department(code) for code in self._departments],
            departments_since=now - self._metrics.pulse.runs,
            deliveries=await self._store.deliveries_open(),
        )

    def _department(self, code: str) -> DepartmentNow:
        return DepartmentNow(code, self._metrics.spared(code), self._metrics.pulse.of(code))

    async def _windows_now(self, now: datetime, moment: Moment) -> Sequence[WindowNow]:
        sittings = await self._store.sittings_at()
        last = await self._store.last_called(self._windows)
        there = {window: one for window, one in sittings.items() if not _over(one, now)}
        return [_window(number, there.get(number), last.get(number), moment) for number in self._windows]


def _over(one: SittingAt, now: datetime) -> bool:
    """The session would be ended at its next request: nobody is there."""
    return now - one.seen_at > IDLE or now - one.started_at > LONGEST


def _window(window: str, there: SittingAt | None, last: LastCalled | None, moment: Moment) -> WindowNow:
    if last is not None and last.status is Status.CALLED:
        state = WindowState.DESERTED if there is None else WindowState.LOCKED if there.locked_at else WindowState.SERVING
        return WindowNow(window, state, last.number, last.matter, last.calls_since)
    if there is None:
        return WindowNow(window, WindowState.AWAY)
    if there.locked_at is not None:
        return WindowNow(window, WindowState.LOCKED, since=there.locked_at)
    free = last.decided_at if last is not None else None
    since = max(free, there.started_at) if free else there.started_at
    return WindowNow(window, WindowState.PAUSE if moment is Moment.BREAK else WindowState.IDLE, since=since)
