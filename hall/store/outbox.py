"""What waits to be sent to the departments, and how its steps are remembered: the outbox's part of the store."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from flows.application import Application, Attached, Decision, Status
from flows.correction import Correction
from flows.delivery import Delivery


@dataclass(frozen=True)
class Accepted:
    """An accepted application on its way; `status` is how its case stands."""

    application: Application
    decision: Decision
    status: Status = Status.ACCEPTED


@dataclass(frozen=True)
class Asked:
    """A record's owner is asked to look into it."""

    correction: Correction
    evidence: tuple[Attached, ...] = ()


@dataclass(frozen=True)
class OutboxEntry:
    """A delivery that is due, leased to the one who asked for it. `subject` is the visit, or the correction.
    `again`: somebody had leased it before, so the department may have it already."""

    subject: str
    department: str
    parcel: Accepted | Asked
    delivery: Delivery
    again: bool = field(default=False, compare=False)


class OutboxStore(Protocol):
    """What is on its way to the departments. Steps of an accepted case are "accept", "read_back"; where departments
    have to agree, then "approval" and "outcome". Those of a correction are "request", "read_back" and "answer"."""

    async def due_deliveries(self, now: datetime, busy: Mapping[str, int] = ...) -> tuple[OutboxEntry, ...]:
        """Leases what is due for a minute, so that nobody else sends it meanwhile; a few of each department. `busy` is
        how many this sender has under way."""
        ...

    async def step_done(self, subject: str, department: str, step: str, number: str, at: datetime, sent: str = "") -> None:
        """`sent` is the fingerprint of what the department took. The next step has a fresh lease."""
        ...

    async def step_failed(self, subject: str, department: str, step: str, problem: str, next_try: datetime) -> None:
        """A next try at the end of time makes it a dead letter."""
        ...

    async def step_waits(self, subject: str, department: str, step: str, next_try: datetime) -> None:
        """The department has not decided yet: no failure."""
        ...

    async def decided(self, subject: str, department: str, verdict: str, at: datetime) -> None:
        """What a department decided, once. Of a case "agreed" or "refused": the last to agree, or the first to
        refuse, ends it and sends everybody the outcome. Of a correction its owner's answer."""
        ...

    async def by_hand(self, subject: str, at: datetime) -> None:
        """A correction that cannot be sent: a person takes it to the department."""
        ...

    async def next_delivery_at(self) -> datetime | None:
        """When the next delivery falls due; None when everything is delivered."""
        ...
