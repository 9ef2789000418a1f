"""A ticket in the line, and whom the decision about it goes to."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from flows.application import Status, Ticket
from flows.waiting import WaitSpan


@dataclass(frozen=True)
class Place:
    """Where a new ticket stands in the line: `due` is the arrival less the head start of its class. It is not called
    before `not_before`. `appointment` was made for it; `late`: too late to be kept. `wait` is told with the ticket."""

    day: date
    due: datetime
    arrived: datetime | None = None  # None: without a head start
    line_class: str = "ordinary"
    not_before: datetime | None = None
    ground: str = ""
    appointment: str = ""
    late: bool = False
    wait: WaitSpan | None = None


@dataclass(frozen=True)
class Standing:
    """A ticket and how it stands. No personal data: it is on the board for everybody.

    `meant_for`: "" anybody's, a window, or skill:NAME; `beside`: because its person is at that window. `from_…`: who held
    it or passed it on, and why. `carried`: it stands over from an earlier day. `ended`: why the hall ended it."""

    ticket: Ticket
    status: Status
    window: str
    calls: int
    line_class: str = "ordinary"
    ground: str = ""
    arrived_at: datetime | None = None
    due: datetime | None = None
    not_before: datetime | None = None
    meant_for: str = ""
    beside: bool = False
    from_window: str = ""
    from_clerk: str = ""
    from_why: str = ""
    carried: bool = False
    ended: str = ""
    calls_since: datetime | None = None


@dataclass(frozen=True)
class Told:
    """Whom a confirmation goes to; `approvals`: each of them has to agree (并联审批)."""

    departments: tuple[str, ...] = ()
    approvals: bool = False


NOBODY = Told()
