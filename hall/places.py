"""The bulkhead: a department is asked at most so many questions at the same time."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from hall.departments.connection import DepartmentFailure


class Places:
    """A department's places. Who waits longest gets the next."""

    def __init__(self, count: int) -> None:
        self._free = asyncio.Semaphore(count)
        self.taken = 0

    @property
    def all_taken(self) -> bool:
        return self._free.locked()

    @asynccontextmanager
    async def one(self, until: float) -> AsyncIterator[None]:
        """A place for the time of the block; DepartmentFailure when there is none until then."""
        try:
            async with asyncio.timeout_at(until):
                await self.take()
        except TimeoutError:
            raise DepartmentFailure("busy") from None
        try:
            yield
        finally:
            self.give_back()

    async def take(self) -> None:
        await self._free.acquire()
        self.taken += 1

    def give_back(self) -> None:
        self.taken -= 1
        self._free.release()
