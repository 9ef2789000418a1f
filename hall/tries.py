"""Wrong passwords and codes: after a few, the name and the place they come from rest for a time that grows."""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

from hall.staff_errors import TooManyTries
from hall.store.request import Request
from hall.store.store import Store
from hall.working_day import Clock

MOST_WRONG = 5
FIRST_REST = timedelta(minutes=1)
"""After the fifth wrong try within a quarter of an hour; doubled by every further one."""


@dataclass(frozen=True)
class Who:
    """A try to log in: `by` for the audit, which never repeats a name that was only typed. `place` is the window, or where
    somebody without one sits."""

    name: str
    by: str
    window: str
    place: str


class Tries:
    """Passwords and codes count together."""

    def __init__(self, store: Store, clock: Clock) -> None:
        self._store = store
        self._clock = clock
        # One log-in at a time, or many at once would all be tried before the first wrong one counts.
        self.turn = asyncio.Lock()

    async def right(self, who: Who, proved: Callable[[], Awaitable[bool]]) -> bool:
        """Whether a try is right; a wrong one counts. TooManyTries: not even looked at."""
        async with self.turn:
            await self.rested(who)
            if await proved():
                return True
            await self.wrong(who)
            return False

    async def rested(self, who: Who) -> None:
        """Raises TooManyTries while the name or the place rests."""
        now = self._clock()
        counts = await self._store.wrong_log_ins(who.name, who.place, now)
        until = max((c.last + FIRST_REST * 2 ** (c.tries - MOST_WRONG) for c in counts if c.tries >= MOST_WRONG), default=now)
        if now < until:
            await self._store.audit("staff_log_in_barred", self._request(who), who.by, outcome=who.window)
            raise TooManyTries(until)

    async def wrong(self, who: Who) -> None:
        await self._store.wrong_log_in(who.name, who.place, self._request(who))

    def _request(self, who: Who) -> Request:
        return Request(f"staff:{secrets.token_urlsafe(16)}", who.by, self._clock(), who.window)
