"""What the hall keeps of ratings (好差评): grades without a visit, and low ones that are followed up."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.application import Status
from hall.store.request import Request
from hall.store.screens import Turn

SERVED = frozenset(
    {
        Status.ACCEPTED,
        Status.APPROVED,
        Status.REFUSED,
        Status.RETURNED,
        Status.NOT_ACCEPTED,
        Status.MAKING,
        Status.READY,
        Status.DELIVERED,
    }
)
"""After these somebody was served to an end, whatever came of it."""


@dataclass(frozen=True)
class Contact:
    """Whom to call, because they ticked that they want to be called. Sealed at rest, forgotten once it is done."""

    name: str
    mobile: str
    number: str


@dataclass(frozen=True)
class Given:
    """A rating as it is to be kept. `due` is set for a low grade; `contact` when its giver wants to be called."""

    day: date
    grade: int
    tags: tuple[str, ...] = ()
    due: date | None = None
    contact: Contact | None = None


@dataclass(frozen=True)
class Counted:
    """So many ratings alike."""

    window: str
    matter: str
    grade: int
    tags: tuple[str, ...]
    ratings: int


@dataclass(frozen=True)
class CallBack:
    """A low grade to be followed up. `wanted`: its giver wants to be called; `contact` is opened on asking only."""

    id: str
    day: date
    due: date
    window: str
    matter: str
    grade: int
    tags: tuple[str, ...]
    wanted: bool
    closed_at: datetime | None = None
    closed_by: str = ""
    outcome: str = ""
    contact: Contact | None = None


class RatingStore(Protocol):
    """Nothing here tells which visit was rated how."""

    async def rated(self, turn: Turn) -> bool: ...

    async def rate(self, given: Given, turn: Turn, since: datetime, request: Request) -> None:
        """ScreenMoved unless this turn is the window's and ended after `since`; RatedAlready the second time."""
        ...

    async def ratings_of(self, day: date) -> tuple[int, Sequence[Counted]]:
        """How many were served to an end on a working day, and the ratings."""
        ...

    async def call_backs(self, since: date) -> Sequence[CallBack]:
        """Open ones of any day, and those closed that are not older than `since`."""
        ...

    async def call_back(self, id: str, request: Request) -> CallBack:
        """One, with whom to call: an audited look. NotKnown when there is none."""
        ...

    async def close_call_back(self, id: str, by: str, outcome: str, request: Request) -> None:
        """NotKnown when there is none, or when it is closed."""
        ...
