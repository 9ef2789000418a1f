"""Loops that look by themselves now and then, and at once when somebody calls."""

from __future__ import annotations

import asyncio
from contextlib import suppress


async def wait_at_most(event: asyncio.Event, seconds: float) -> None:
    """Comes back when the event is set, or after that time; a task that is cancelled in that very moment ends all the same."""
    with suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            await event.wait()
