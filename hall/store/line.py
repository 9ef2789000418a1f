"""The line of a hall: this topic's part of the store."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Protocol

from flows.application import Action, Status
from hall.store.request import Request
from hall.store.standing import Standing
from hall.windows import ANY, Scope

MOST_COUNTED = 1000
"""A page that shows this many shows "more than": a line is not counted to its end each time somebody looks."""


@dataclass(frozen=True)
class TicketMove:
    """What a clerk, or the turn of a day, does with a ticket; `window` is where the ticket must be, if it is called.

    `reason` is the code of a ground or passing, `line` whom it is passed on to, `due` the new place, `line_class` the new
    class. A no-show must have been called `least_calls` times, first not after `called_before`.
    """

    visit: str
    action: Action
    day: date
    reason: str = ""
    line: str = ""
    due: datetime | None = None
    line_class: str = ""
    least_calls: int = 0
    called_before: datetime | None = None


@dataclass(frozen=True)
class Turn:
    """The day whose line begins. `place` is where what is left of earlier days goes on; None: it is ended."""

    day: date
    place: date | None
    standing_day: date


@dataclass(frozen=True)
class LinePage:
    """A part of the day's line. Tallies are counted up to MOST_COUNTED; `later` stand in later days' lines."""

    waiting: tuple[Standing, ...] = ()
    at_windows: tuple[Standing, ...] = ()
    held: tuple[Standing, ...] = ()
    others: tuple[Standing, ...] = ()
    tallies: Mapping[Status, int] = field(default_factory=dict)
    later: int = 0


@dataclass(frozen=True)
class Measured:
    """What was measured of one sitting of a ticket; `doubts` are codes of what happened meanwhile."""

    visit: str
    number: str
    matter: str
    line_class: str
    window: str
    arrived_at: datetime | None
    called_at: datetime | None
    opened_at: datetime | None
    decided_at: datetime | None
    doubts: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Handled:
    """How long a ticket occupied a window: from its first call to its decision."""

    matter: str
    called_at: datetime
    decided_at: datetime
    doubts: frozenset[str]


class LineStore(Protocol):
    """Calling tickets, moving them about the line, and what was measured of them."""

    async def call_next(self, day: date, request: Request, scope: Scope = ANY) -> str | None:
        """The visit now at request.window; the one it holds already, if any."""
        ...

    async def move_ticket(self, move: TicketMove, request: Request) -> Status:
        """One move of the table; NotKnown, NotPossible, NotAllowed (another window), WindowBusy."""
        ...

    async def turn_day(self, turn: Turn, request: Request, most: int = 200) -> int:
        """Carries or ends at most so many tickets of days that are over; how many. Nothing is left when it is fewer."""
        ...

    async def line_page(self, day: date, *, most: int, skip: int = 0, recent: int = 20) -> LinePage: ...

    async def ahead(self, day: date, visit: str | None, most: int) -> int | None:
        """How many wait in front of a ticket, or in the whole line, counted up to `most`; None when it does not wait."""
        ...

    async def stranded(self, day: date, lines: Sequence[tuple[str, str]], at: datetime) -> tuple[tuple[str, str], ...]:
        """Of these lines, by whom they are meant for and matter ("" any), those in which somebody waits."""
        ...

    async def open_windows(self, since: datetime, earliest: datetime) -> tuple[str, ...]:
        """Where a clerk is logged in: seen since, and logged in not before."""
        ...

    async def busy_windows(self) -> tuple[str, ...]:
        """Windows that hold a ticket."""
        ...

    async def beside(self, window: str) -> tuple[Standing, ...]:
        """What else the person at a window waits for, in order."""
        ...

    async def step_times(self, day: date) -> tuple[Measured, ...]: ...

    async def handled(self, day: date, most: int) -> tuple[Handled, ...]: ...
