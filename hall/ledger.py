"""The access log of one look-up: no line, no question."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable

from hall.departments.connection import Access

AccessLog = Callable[[Access], Awaitable[None]]
"""Writes down that records are about to be read; if it raises, nobody is asked."""


class Ledger:
    """What is about to be asked at the same moment is written down together: when one line cannot be, nobody is asked.

    A question has one line, also when it is put a second time for want of an answer: the department reads the same
    record for the same purpose.
    """

    def __init__(self, log: AccessLog) -> None:
        self._log = log
        self._lines: list[Access] = []
        self._writing: asyncio.Task[None] | None = None

    async def write(self, access: Access) -> None:
        self._lines.append(access)
        if self._writing is None:
            # The task begins only after everybody who is ready in this turn of the loop has added a line.
            self._writing = asyncio.create_task(self._write())
        # Whoever goes away takes no line of another's away.
        await asyncio.shield(self._writing)

    async def _write(self) -> None:
        lines, self._lines, self._writing = self._lines, [], None
        await asyncio.gather(*(self._log(line) for line in lines))
