"""How long each step of a visit took: waiting, walking to the window, handling; and whether that can be trusted."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime

from hall.line_policy import Limits, order_on
from hall.store.line import Measured
from hall.working_day import working_day

WAITING_DOUBTS = frozenset({"carried"})
WALKING_DOUBTS = frozenset({"missed", "left", "held", "passed"})
HANDLING_DOUBTS = WALKING_DOUBTS
"""What happened to a ticket that makes a step of it doubtful: carried over night, nobody came, its window was left, held,
passed on to another window."""


@dataclass(frozen=True)
class Step:
    """`seconds` is None while the step is not over. `doubts` are codes: carried, missed, left, held, passed; clock (it ended
    before it began), too_long, overnight."""

    seconds: int | None
    doubts: tuple[str, ...] = ()

    @property
    def trusted(self) -> bool:
        return self.seconds is not None and not self.doubts


@dataclass(frozen=True)
class StepTimes:
    """One sitting of a ticket."""

    visit: str
    number: str
    matter: str
    line_class: str
    window: str
    issued_at: datetime | None
    called_at: datetime | None
    opened_at: datetime | None
    decided_at: datetime | None
    waiting: Step
    walking: Step
    handling: Step


def step_times(measured: Iterable[Measured], day: date) -> tuple[StepTimes, ...]:
    limits = order_on(day).limits
    return tuple(_times(one, day, limits) for one in measured)


def _times(one: Measured, day: date, limits: Limits) -> StepTimes:
    overnight = one.arrived_at is not None and working_day(one.arrived_at) != day
    waiting_doubts = (one.doubts & WAITING_DOUBTS) | ({"overnight"} if overnight else set())
    return StepTimes(
        visit=one.visit,
        number=one.number,
        matter=one.matter,
        line_class=one.line_class,
        window=one.window,
        issued_at=one.arrived_at,
        called_at=one.called_at,
        opened_at=one.opened_at,
        decided_at=one.decided_at,
        waiting=_step(one.arrived_at, one.called_at, waiting_doubts, limits.waiting_min),
        walking=_step(one.called_at, one.opened_at, one.doubts & WALKING_DOUBTS, limits.walking_min),
        handling=_step(one.opened_at, one.decided_at, one.doubts & HANDLING_DOUBTS, limits.handling_min),
    )


def _step(begun: datetime | None, ended: datetime | None, doubts: frozenset[str] | set[str], most_min: int) -> Step:
    if begun is None or ended is None:
        return Step(None)
    seconds = int((ended - begun).total_seconds())
    found = set(doubts)
    if seconds < 0:
        found.add("clock")
    elif seconds > most_min * 60:
        found.add("too_long")
    return Step(seconds, tuple(sorted(found)))
