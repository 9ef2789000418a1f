"""How far the audit's chain is proved while the hall runs.

From the first line once a day and when an auditor asks, from there on line by line as it grows. A long chain is followed in
pieces with pauses between them: nobody at a window waits for it.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from hall.audit import Chain
from hall.pauses import wait_at_most
from hall.store.store import EventStore
from hall.working_day import Clock

log = logging.getLogger(__name__)

PIECE = 2000
PAUSES = 3
"""How much longer a pause is than the piece before it took: a quarter of one core at the most."""
LOOK_S = 60.0
WHOLE_EVERY = timedelta(days=1)


@dataclass(frozen=True)
class Proof:
    """`whole_at`: when the last one from the first line began, None until one has ended since the hall started. `broken`: the
    number of the first line that is not what it was. `under_way`: to how many lines one has come that has not ended."""

    whole_at: datetime | None
    broken: int | None
    under_way: int | None


@dataclass
class _Walk:
    """One proof from the first line."""

    begun: datetime
    chain: Chain = field(default_factory=Chain)


class AuditProof:
    """Of this hall's chain. What was proved is remembered here and not in the store, where it could be changed with the lines."""

    def __init__(self, store: EventStore, clock: Clock, pause: Callable[[float], Awaitable[None]] = asyncio.sleep) -> None:
        self._store = store
        self._clock = clock
        self._pause = pause
        self._lock = asyncio.Lock()
        self._walk: _Walk | None = _Walk(clock())
        self._proved: _Walk | None = None
        self._asked = asyncio.Event()

    async def run(self) -> None:
        """For ever."""
        while True:
            try:
                await self.look()
            except Exception as error:  # the store is away; its error may hold a row, so only its type is logged
                log.error("audit_not_proved", extra={"error": type(error).__name__})
            await wait_at_most(self._asked, LOOK_S)

    async def look(self) -> None:
        """Once what it does by itself: from the first line when that is due, and then up to the newest one."""
        self._asked.clear()
        if self._walk is None and self._proved and self._clock() - self._proved.begun >= WHOLE_EVERY:
            self._walk = _Walk(self._clock())
        loop = asyncio.get_running_loop()
        while self._walk:
            began = loop.time()
            await self._on(self._walk)
            await self._pause(PAUSES * (loop.time() - began))
        await self.proof()

    async def proof(self) -> Proof:
        """Up to the newest line, once the first proof has ended."""
        if self._proved is None:
            await self._on(self._walk)
        while await self._on(self._proved):
            pass
        proved = self._proved
        return Proof(
            whole_at=proved.begun if proved else None,
            broken=proved.chain.broken if proved else None,
            under_way=self._walk.chain.lines if self._walk else None,
        )

    async def anew(self) -> None:
        """From the first line again, whatever was proved; a short chain is proved at once."""
        self._walk = _Walk(self._clock())
        await self._on(self._walk)
        self._asked.set()

    async def _on(self, walk: _Walk | None) -> bool:
        """One piece further; whether there may be more."""
        async with self._lock:
            if walk is None or walk.chain.broken is not None:
                return False
            lines = await self._store.audit_after(walk.chain.lines, PIECE)
            await asyncio.to_thread(walk.chain.follow, lines)
            if not lines:  # asked only now: a line written in between is no line cut off
                walk.chain.reach(await self._store.last_audit())
            if len(lines) == PIECE and walk.chain.broken is None:
                return True
            self._ended(walk)
            return False

    def _ended(self, walk: _Walk) -> None:
        if walk.chain.broken is not None:
            log.error("audit_broken", extra={"line": walk.chain.broken})
        if walk is self._walk:
            self._proved, self._walk = walk, None
