"""How the departments answered within the last hour, in memory: it begins with the process and says since when."""

from __future__ import annotations

import time
from collections import defaultdict, deque
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from statistics import quantiles

LOOKED_BACK_S = 3600.0
MINUTE_S = 60.0
MOST_TIMES = 2000
"""Of so many answers the times are kept; in a busier hour they are those of its end."""


@dataclass(frozen=True)
class LastHour:
    """Of one department. Milliseconds of the good answers; None where there was none."""

    calls: int = 0
    failures: int = 0
    p50_ms: int | None = None
    p95_ms: int | None = None


@dataclass
class _Minute:
    number: int
    good: int = 0
    failed: int = 0


class Pulse:
    """Counts by whole minutes, so that looking costs the same whatever was asked."""

    def __init__(self, now: Callable[[], float] = time.monotonic) -> None:
        self._now = now
        self._began = now()
        self._minutes: dict[str, deque[_Minute]] = defaultdict(lambda: deque(maxlen=int(LOOKED_BACK_S // MINUTE_S) + 1))
        self._times: dict[str, deque[tuple[float, float]]] = defaultdict(lambda: deque(maxlen=MOST_TIMES))

    @property
    def runs(self) -> timedelta:
        """For how long it has counted."""
        return timedelta(seconds=self._now() - self._began)

    def answered(self, department: str, seconds: float) -> None:
        self._minute(department).good += 1
        self._times[department].append((self._now(), seconds))

    def failed(self, department: str) -> None:
        self._minute(department).failed += 1

    def of(self, department: str) -> LastHour:
        since = self._now() - LOOKED_BACK_S
        minutes = [one for one in self._minutes[department] if one.number >= since // MINUTE_S]
        good, failed = sum(one.good for one in minutes), sum(one.failed for one in minutes)
        times = sorted(seconds for at, seconds in self._times[department] if at >= since)
        if not times:
            return LastHour(good + failed, failed)
        cuts = quantiles(times, n=20, method="inclusive") if len(times) > 1 else times * 19
        return LastHour(good + failed, failed, round(cuts[9] * 1000), round(cuts[18] * 1000))

    def _minute(self, department: str) -> _Minute:
        number, minutes = int(self._now() // MINUTE_S), self._minutes[department]
        if not minutes or minutes[-1].number != number:
            minutes.append(_Minute(number))
        return minutes[-1]
