"""Deliveries as a supervisor watches them, and what a person does with those given up: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from hall.store.outbox import Accepted
from hall.store.request import Request


@dataclass(frozen=True)
class Addressed:
    """One delivery: of which visit, to whom."""

    subject: str
    department: str


@dataclass(frozen=True)
class Troubled:
    """A delivery that fails, or was given up (`dead_at`). No personal data: a number of the queue and a matter."""

    at: Addressed
    ticket: str
    working_day: date
    matter: str
    step: str
    tries: int
    problem: str
    failing_since: datetime | None
    next_try: datetime
    dead_at: datetime | None


@dataclass(frozen=True)
class Counts:
    """How many deliveries to one department are under way, of these in trouble and given up, and how many it took
    since an instant."""

    under_way: int = 0
    troubled: int = 0
    dead: int = 0
    accepted: int = 0


class DeadLetterStore(Protocol):
    """Only what was given up can be resent or carried by hand; a delivery under way is its sender's."""

    async def delivery_counts(self, since: datetime) -> Mapping[str, Counts]:
        """By department."""
        ...

    async def troubled(self, department: str, most: int) -> tuple[Troubled, ...]:
        """Of all departments when it is ""."""
        ...

    async def troubled_at(self, at: Addressed) -> Troubled | None:
        """None when it is on its way without trouble, done, or was never there."""
        ...

    async def dead_letters(self, department: str) -> tuple[Addressed, ...]: ...

    async def resend(self, letters: Sequence[Addressed], request: Request) -> int:
        """How many of them go out again; one that is not given up any more is left alone."""
        ...

    async def reopen(self, letters: Sequence[Addressed], request: Request) -> int:
        """How many that were done are sent again from the beginning, because their department lost them."""
        ...

    async def letter(self, at: Addressed) -> Accepted:
        """What would be sent; NotKnown when there is no such delivery."""
        ...

    async def carried(self, at: Addressed, number: str, request: Request) -> None:
        """A person took it there; DeliveryMoved when it is no dead letter that is to be accepted, NumberTaken."""
        ...
