"""What departments say became of their cases, and how far their feeds were read: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.delivery import Progress
from hall.store.request import Request


@dataclass(frozen=True)
class Message:
    """One thing that a department says. `id` is the department's own name of the message: said again it is the same."""

    id: str
    number: str
    progress: Progress


@dataclass(frozen=True)
class Reached:
    """How far a feed was read, and when it is read again."""

    mark: str
    next_poll: datetime


@dataclass(frozen=True)
class FeedState:
    """How a department's feed stands. `held` messages wait for a case that is not so far, or are of no case at all."""

    department: str
    mark: str
    next_poll: datetime
    heard_at: datetime | None = None
    failures: int = 0
    problem: str = ""
    held: int = 0


@dataclass(frozen=True)
class Ready:
    """A number whose document can be collected. Numbers begin anew every day, so its day belongs to it."""

    number: str
    working_day: date
    department: str
    since: datetime


class FeedStore(Protocol):
    """Messages are kept once; a case moves forward only."""

    async def claim_feed(self, department: str, now: datetime, until: datetime) -> str | None:
        """The mark to read on from; None while another process reads, or it is not due."""
        ...

    async def hear(self, department: str, messages: Sequence[Message], reached: Reached | None, request: Request) -> int:
        """How many of them were news that moved a case. `reached`: None for what the department brought by itself."""
        ...

    async def feed_failed(self, department: str, problem: str, next_poll: datetime) -> None: ...

    async def wake_feed(self, department: str, at: datetime) -> None:
        """The department knocked."""
        ...

    async def tidy_feed(self, department: str, held_before: datetime, *, rewind: bool) -> None:
        """Drops messages that nobody waits for any more; `rewind`: reads from the beginning next time."""
        ...

    async def feeds(self) -> tuple[FeedState, ...]: ...

    async def ready(self, since: datetime, most: int = 60) -> tuple[Ready, ...]:
        """For the calling board: what can be collected, the newest first."""
        ...
