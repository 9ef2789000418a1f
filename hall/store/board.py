"""What the calling board and the ticket page may read: no sealed column."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.application import Status


@dataclass(frozen=True)
class LastCall:
    """A ticket called to a window. `calls`: how often so far."""

    number: str
    window: str
    calls: int
    at: datetime
    status: Status


@dataclass(frozen=True)
class SpokenCall:
    """A call as it happened."""

    number: str
    window: str
    again: bool


class BoardStore(Protocol):
    async def calls_since(self, since: datetime, most: int) -> Sequence[LastCall]:
        """Newest first."""
        ...

    async def waiting_on(self, day: date, most: int) -> int:
        """How many stand in the line, counted up to `most`."""
        ...

    async def to_collect(self, most: int) -> Sequence[str]:
        """Numbers whose documents lie ready."""
        ...

    async def call_of_event(self, number: int) -> SpokenCall | None:
        """None when the event is no call."""
        ...
