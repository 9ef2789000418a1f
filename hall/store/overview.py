"""What the hall overview reads: this topic's part of the store. Numbers of tickets and windows, never whose."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from flows.application import Status
from hall.store.dead_letters import Counts


@dataclass(frozen=True)
class WaitingGroup:
    """Who waits with one matter and class; `since`: the first of them came."""

    matter: str
    line_class: str
    waiting: int
    since: datetime


@dataclass(frozen=True)
class SittingAt:
    """Who is logged in at a window, without a name."""

    started_at: datetime
    seen_at: datetime
    locked_at: datetime | None


@dataclass(frozen=True)
class LastCalled:
    """The ticket that a window called last, and how it stands."""

    number: str
    matter: str
    status: Status
    calls_since: datetime | None
    decided_at: datetime | None


@dataclass(frozen=True)
class CaseTimes:
    """A number given out on a day. `began_at` is None where the hall kept no reading of a card; `at_terminal`: not begun by
    a clerk. `ends` are codes of hall.audit.EVENTS with their instants, by the end of that day. `missing` counts departments
    that have not taken it."""

    visit: str
    matter: str
    issued_at: datetime
    began_at: datetime | None
    at_terminal: bool
    ends: tuple[tuple[str, datetime], ...] = ()
    accepted_at: datetime | None = None
    missing: int = 0
    by_hand: int = 0


@dataclass(frozen=True)
class Presence:
    """A line of the audit about a window's clerk: log-in, lock, or the end of one."""

    window: str
    at: datetime
    event: str


class OverviewStore(Protocol):
    """Each by an index: what it costs grows with one day, or with what is under way."""

    async def waiting_groups(self, day: date, most: int) -> Sequence[WaitingGroup]: ...

    async def sittings_at(self) -> Mapping[str, SittingAt]:
        """By window; of two sessions the one seen last."""
        ...

    async def last_called(self, windows: Sequence[str]) -> Mapping[str, LastCalled]: ...

    async def deliveries_open(self) -> Mapping[str, Counts]:
        """By department; what was accepted is not counted here."""
        ...

    async def cases_of_day(self, day: date) -> Sequence[CaseTimes]: ...

    async def presence(self, since: datetime, until: datetime) -> Sequence[Presence]: ...

    async def days(self) -> tuple[date, date] | None:
        """The first and the last day with a number; None in a hall that begins."""
        ...
