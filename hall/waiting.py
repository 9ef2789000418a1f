"""How long somebody probably waits, as a span, from the handling times of the last days; or that it cannot be told."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from statistics import fmean, pvariance

from flows.waiting import MOST_AHEAD, WaitSpan
from hall.line_policy import Order, order_on
from hall.store.line import Handled
from hall.store.store import Store
from hall.working_day import Clock, working_day

MOST_SAMPLES = 2000
FRESH = timedelta(minutes=5)
STEP_MIN = 5
WIDTH = 1.28
"""Standard deviations to each side: four of five waits lie within."""


@dataclass(frozen=True)
class Basis:
    """How long a ticket occupies a window, in seconds: mean and variance of those that can be trusted."""

    mean_s: float
    variance_s2: float


class Waiting:
    """The basis of a past day never changes; that of the last days is worked out every few minutes."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        self._days: dict[date, tuple[float, ...]] = {}
        self._basis: tuple[datetime, Basis | None] | None = None

    async def of(self, visit: str, windows: Sequence[str]) -> WaitSpan | None:
        """Of a ticket that waits, with so many windows open to it; None when it does not, or there is no basis."""
        return await self._span(visit, windows)

    async def of_line(self, windows: Sequence[str]) -> WaitSpan | None:
        """Of somebody who comes now."""
        return await self._span(None, windows)

    async def _span(self, visit: str | None, windows: Sequence[str]) -> WaitSpan | None:
        if not windows:
            return None
        now = self._clock()
        day, basis = working_day(now), await self._known(now)
        ahead = await self._store.ahead(day, visit, MOST_AHEAD) if basis else None
        if basis is None or ahead is None:
            return None
        busy = sum(window in windows for window in await self._store.busy_windows())
        return span(basis, ahead, busy, len(windows), order_on(day))

    async def _known(self, now: datetime) -> Basis | None:
        if self._basis is None or not timedelta(0) <= now - self._basis[0] < FRESH:
            self._basis = (now, await self._worked_out(now))
        return self._basis[1]

    async def _worked_out(self, now: datetime) -> Basis | None:
        today = working_day(now)
        order = order_on(today)
        seconds: list[float] = []
        for back in range(order.estimate.days + 1):
            day = today - timedelta(days=back)
            if day not in self._days or day >= today:
                self._days[day] = trusted(await self._store.handled(day, MOST_SAMPLES), order)
            seconds.extend(self._days[day])
        self._days = {
            day: kept for day, kept in self._days.items() if today - timedelta(days=order.estimate.days) <= day <= today
        }
        return Basis(fmean(seconds), pvariance(seconds)) if len(seconds) >= order.estimate.least else None


def trusted(handled: Sequence[Handled], order: Order) -> tuple[float, ...]:
    """Seconds at a window, without those during which something else happened or the clock was moved."""
    most = (order.limits.walking_min + order.limits.handling_min) * 60
    spans = ((one, (one.decided_at - one.called_at).total_seconds()) for one in handled)
    return tuple(seconds for one, seconds in spans if not one.doubts - {"carried"} and 0 < seconds <= most)


def span(basis: Basis, ahead: int, busy: int, windows: int, order: Order) -> WaitSpan:
    """Until a window is free for one with so many ahead: as many departures as must come first, at the rate of all windows."""
    departures = max(0, ahead + 1 - (windows - min(busy, windows)))
    mean_s = departures * basis.mean_s / windows
    spread_s = WIDTH * math.sqrt(departures * max(basis.variance_s2, basis.mean_s**2 / 4)) / windows
    least = max(0, math.floor((mean_s - spread_s) / 60 / STEP_MIN) * STEP_MIN)
    most = max(STEP_MIN, math.ceil((mean_s + spread_s) / 60 / STEP_MIN) * STEP_MIN)
    told = order.estimate.longest_min
    if ahead >= MOST_AHEAD or most > told:
        return WaitSpan(min(least, told), None)
    return WaitSpan(least, most)
