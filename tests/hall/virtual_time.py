"""Event loops whose time passes at once: what waits for an hour is done in no time, and nothing depends on the machine."""

from __future__ import annotations

import asyncio
import selectors
from collections.abc import Coroutine
from typing import Any, TypeVar

T = TypeVar("T")


class VirtualTime:
    """A clock that goes on from one story to the next. At the end of a story nothing that it began may be left."""

    def __init__(self) -> None:
        self.now = 1000.0

    def run(self, story: Coroutine[Any, Any, T]) -> T:
        with self.runner() as runner:
            return runner.run(_alone(story))

    def runner(self) -> asyncio.Runner:
        """For a story told in pieces: what is at work waits from one piece to the next."""
        return asyncio.Runner(loop_factory=lambda: _Loop(self))


async def _alone(story: Coroutine[Any, Any, T]) -> T:
    try:
        return await story
    finally:
        await asyncio.sleep(0)  # what ended just now says so in the next turn
        assert asyncio.all_tasks() == {asyncio.current_task()}, "something is still at work"


class _Loop(asyncio.SelectorEventLoop):
    def __init__(self, clock: VirtualTime) -> None:
        self._clock = clock
        super().__init__(_Skipping(clock))

    def time(self) -> float:
        return self._clock.now


class _Skipping(selectors.SelectSelector):
    """Nothing comes from outside: whatever the loop would sleep for has passed."""

    def __init__(self, clock: VirtualTime) -> None:
        super().__init__()
        self._clock = clock

    def select(self, timeout: float | None = None) -> list[tuple[selectors.SelectorKey, int]]:
        if timeout is None:
            raise AssertionError("everybody waits, and no time will end it")
        self._clock.now += max(timeout, 0.0)
        return super().select(0)
