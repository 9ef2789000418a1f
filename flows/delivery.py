"""Outcomes on their way back to a department, and what the department says became of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from flows.application import Status

NUMBERING = ("accept", "request")
"""The steps in which a department gives its own number."""


class Progress(StrEnum):
    """What a department says it does for the citizen, in the order in which it comes."""

    MAKING = "making"  # 制证中
    READY = "ready"  # 待领取
    COLLECTED = "collected"  # 已领取
    POSTED = "posted"  # 已寄出


RANK: Mapping[Progress, int] = {Progress.MAKING: 1, Progress.READY: 2, Progress.COLLECTED: 3, Progress.POSTED: 3}

FED: Mapping[Progress, Status] = {
    Progress.MAKING: Status.MAKING,
    Progress.READY: Status.READY,
    Progress.COLLECTED: Status.DELIVERED,
    Progress.POSTED: Status.DELIVERED,
}
"""The status of a case whose departments have come so far."""

_ENDED = (Status.ACCEPTED, Status.APPROVED)

FED_FROM: Mapping[Status, tuple[Status, ...]] = {
    Status.MAKING: _ENDED,
    Status.READY: (*_ENDED, Status.MAKING),
    Status.DELIVERED: (*_ENDED, Status.MAKING, Status.READY),
}
"""From which statuses a department's word moves a case there: some leave a stage out, and none goes back."""


def status_of(progresses: Iterable[Progress]) -> Status | None:
    """A case is as far as the last of the departments that have said anything; None when none has."""
    last = min(progresses, key=lambda progress: RANK[progress], default=None)
    return FED[last] if last else None


@dataclass(frozen=True)
class DeliveryStep:
    """One step of a write-back, remembered: done once, never again. `number` is what the
    department gave in return; `problem` is a code of the last failure, `sent` the fingerprint of what was sent."""

    name: str
    tries: int = 0
    done_at: datetime | None = None
    number: str = ""
    problem: str = ""
    sent: str = field(default="", compare=False)
    failing_since: datetime | None = field(default=None, compare=False)


@dataclass(frozen=True)
class Delivery:
    """The outcome on its way to one department, closed by that department's own number. `dead_at`: when the tries were
    used up; a person resends it, or takes it there (`by_hand` is who did)."""

    visit: str
    department: str
    steps: tuple[DeliveryStep, ...]
    next_try: datetime | None = field(default=None, compare=False)
    dead_at: datetime | None = None
    by_hand: str = ""
    progress: Progress | None = None
    progress_at: datetime | None = None

    @property
    def number(self) -> str:
        """The department's own number (受理编号); empty until it came back."""
        return next((step.number for step in self.steps if step.name in NUMBERING), "")

    @property
    def sent(self) -> str:
        """The fingerprint of what was sent; empty when it was carried by hand, or sent before fingerprints were kept."""
        return next((step.sent for step in self.steps if step.name in NUMBERING), "")

    @property
    def undone(self) -> DeliveryStep | None:
        """The step that it is at."""
        return next((step for step in self.steps if not step.done_at), None)

    @property
    def done(self) -> bool:
        return self.undone is None
