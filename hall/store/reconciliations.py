"""What departments have, compared with what they were sent: reports by day and department, this topic's part of the store."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from typing import Literal, Protocol

from hall.store.request import Request

State = Literal["running", "done", "failed"]


class FindingKind(StrEnum):
    """How a case is not the same on both sides."""

    MISSING = "missing"  # the department gave a number, and has no such case any more
    DIFFERENT = "different"  # it has something else than it was sent
    SURPLUS = "surplus"  # it has a case that the hall knows nothing of, or a second one for the same


@dataclass(frozen=True)
class Sent:
    """What a department is said to have; `sent` is the fingerprint, "" when none was kept."""

    subject: str
    number: str
    sent: str = ""
    by_hand: bool = False


@dataclass(frozen=True)
class Mismatch:
    """One case that is not the same on both sides. `subject` is the visit, "" when the hall knows of none; `ours` and
    `theirs` are the department's numbers as either side has them."""

    kind: FindingKind
    subject: str
    ours: str = ""
    theirs: str = ""


@dataclass(frozen=True)
class Compared:
    """The outcome for one department; `problem` says why it could not be finished."""

    matched: int = 0
    found: tuple[Mismatch, ...] = ()
    problem: str = ""

    def count(self, kind: FindingKind) -> int:
        return sum(one.kind is kind for one in self.found)


@dataclass(frozen=True)
class Report:
    """One department's line of a day."""

    department: str
    state: State
    began_at: datetime
    ended_at: datetime | None
    problem: str
    matched: int
    missing: int
    different: int
    surplus: int

    @property
    def amiss(self) -> int:
        """How many cases are not the same on both sides."""
        return self.missing + self.different + self.surplus


@dataclass(frozen=True)
class Finding:
    """A mismatch with what a person needs to look it up; `resent`: it is on its way again."""

    department: str
    mismatch: Mismatch
    ticket: str
    working_day: date | None
    matter: str
    resent: bool


Known = Literal["unknown", "under_way", "dead", "taken"]


class ReconciliationStore(Protocol):
    """One comparison a day and department, over however many processes."""

    async def claim_reconciliation(self, day: date, department: str, now: datetime, until: datetime, *, again: bool) -> bool:
        """False when another process compares, or it was done today; `again` lets it be done once more."""
        ...

    async def keep_report(self, day: date, department: str, began_at: datetime, compared: Compared, request: Request) -> None: ...

    async def accepted_since(self, department: str, since: datetime) -> tuple[Sent, ...]: ...

    async def has_number(self, department: str, number: str) -> bool:
        """Whether any case ever had it."""
        ...

    async def delivery_known(self, department: str, subject: str) -> Known:
        """What the hall knows of a delivery that the department names."""
        ...

    async def reconciliation_days(self, most: int = 60) -> tuple[date, ...]: ...

    async def reports(self, day: date) -> tuple[Report, ...]: ...

    async def findings(self, day: date, most: int = 5000) -> tuple[Finding, ...]: ...

    async def reconciliation_asked(self, request: Request) -> bool:
        """A person wants it now; False when this very click was told before."""
        ...

    async def forget_reports(self, before: date) -> None: ...
