"""One day of the hall in figures, worked out from its numbers, its sittings and who was at the windows. Pure."""

from __future__ import annotations

from bisect import bisect_right
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta

from hall.chain import Chain, chain_of, first_end
from hall.hours import Hours
from hall.steps import StepTimes
from hall.store.overview import CaseTimes, Presence
from hall.working_day import SHANGHAI, working_day

QUARTER = timedelta(minutes=15)
LONGEST_SITTING = timedelta(hours=8)
"""A session never lasts longer; one whose end nobody wrote down ends there."""


@dataclass(frozen=True)
class Quarter:
    """`waiting` at its end, for the first call."""

    begins: datetime
    arrived: int
    waiting: int

    @property
    def ends(self) -> datetime:
        return self.begins + QUARTER


@dataclass(frozen=True)
class OfMatter:
    """`ended`: with a first outcome on the day; `on_the_spot`: accepted or issued then, and not given back."""

    matter: str
    cases: int
    ended: int
    on_the_spot: int


@dataclass(frozen=True)
class OfWindow:
    """`staffed`: logged in and not locked. `unsure`: the end of a sitting was not written down."""

    window: str
    handled: int
    staffed: timedelta
    unsure: bool = False

    @property
    def an_hour(self) -> float | None:
        """Cases in each hour with a clerk; None below a quarter of an hour, which would say nothing."""
        return self.handled / (self.staffed / timedelta(hours=1)) if self.staffed >= QUARTER else None


@dataclass(frozen=True)
class Rated:
    """好差评: how many were served and how many of them rated. `good` is None while the day runs: a share that moves as
    somebody leaves a window would tell what they gave."""

    served: int
    rated: int
    good: int | None


@dataclass(frozen=True)
class DayFigures:
    """Up to the instant `at`. `clock_moved` counts sittings that ended before they began."""

    day: date
    at: datetime
    quarters: tuple[Quarter, ...]
    matters: tuple[OfMatter, ...]
    windows: tuple[OfWindow, ...]
    chain: Chain
    clock_moved: int = 0
    rated: Rated | None = None

    @property
    def cases(self) -> int:
        return sum(one.cases for one in self.matters)

    @property
    def ended(self) -> int:
        return sum(one.ended for one in self.matters)

    @property
    def on_the_spot(self) -> int:
        return sum(one.on_the_spot for one in self.matters)

    @property
    def whole(self) -> OfWindow:
        """All windows together."""
        staffed = sum((one.staffed for one in self.windows), timedelta())
        return OfWindow("", sum(one.handled for one in self.windows), staffed, any(one.unsure for one in self.windows))


@dataclass(frozen=True)
class Read:
    """What the store has of a day."""

    cases: Sequence[CaseTimes]
    steps: Sequence[StepTimes]
    presence: Sequence[Presence]


def figures_of(read: Read, day: date, now: datetime, hours: Hours, windows: Sequence[str]) -> DayFigures:
    """`windows` are those of the hall, in order; others that handled something that day come after them."""
    cases = [case for case in read.cases if not _replaced(case)]
    at = min(now, begins(day + timedelta(days=1)))
    return DayFigures(
        day=day,
        at=at,
        quarters=tuple(_quarters(cases, read.steps, day, at, hours)),
        matters=tuple(_matters(cases)),
        windows=tuple(_windows(read, day, at, windows)),
        chain=chain_of(cases, read.steps, day),
        clock_moved=sum("clock" in step.doubts for one in read.steps for step in (one.waiting, one.walking, one.handling)),
    )


def begins(day: date) -> datetime:
    """Midnight in the hall."""
    return datetime.combine(day, time(), SHANGHAI)


def _replaced(case: CaseTimes) -> bool:
    """Taken back for another number of the same person: no case of its own."""
    return any(event == "ticket_replaced" for event, _ in case.ends)


def _matters(cases: Sequence[CaseTimes]) -> Iterator[OfMatter]:
    counts = Counter(case.matter for case in cases)
    ended = Counter(case.matter for case in cases if first_end(case))
    spot = Counter(case.matter for case in cases if _on_the_spot(case))
    for matter in sorted(counts, key=lambda code: (-counts[code], code)):
        yield OfMatter(matter, counts[matter], ended[matter], spot[matter])


def _on_the_spot(case: CaseTimes) -> bool:
    """As open data counts it."""
    events = {event for event, _ in case.ends}
    return bool(events & {"case_confirmed", "certificate_issued"}) and not events & {"case_returned", "certificate_revoked"}


def _quarters(cases: Sequence[CaseTimes], steps: Sequence[StepTimes], day: date, at: datetime, hours: Hours) -> Iterator[Quarter]:
    first, last = begins(day), begins(day + timedelta(days=1))
    arrived = sorted(case.issued_at for case in cases if first <= case.issued_at < last)
    came, left = _stays(cases, steps)
    span = _span(day, at, hours, [*arrived, *(one for one in left if first <= one < last)])
    if span is None:
        return
    begun, until = span
    while begun < until:
        ended = begun + QUARTER
        waiting = bisect_right(came, min(ended, at)) - bisect_right(left, min(ended, at))
        yield Quarter(begun, _until(arrived, ended) - _until(arrived, begun), waiting)
        begun = ended


def _until(instants: Sequence[datetime], end: datetime) -> int:
    """How many are before an instant."""
    return bisect_right(instants, end - timedelta.resolution)


def _stays(cases: Sequence[CaseTimes], steps: Sequence[StepTimes]) -> tuple[list[datetime], list[datetime]]:
    """When each began to wait and when it was called, each in order. What was issued at once never waited; what stands in no
    line of this day any more was carried on, and waited to the end of it."""
    never = {case.visit for case in cases if case.ends and case.ends[0][0] == "certificate_issued"}
    seen = {one.visit for one in steps}
    stays = [(one.issued_at, one.called_at) for one in steps if one.issued_at and (one.called_at or one.visit not in never)]
    stays += [(case.issued_at, None) for case in cases if case.visit not in seen and not first_end(case)]
    right = [(begun, ended) for begun, ended in stays if begun and (ended is None or begun <= ended)]
    return sorted(begun for begun, _ in right), sorted(ended for _, ended in right if ended)


def _span(day: date, at: datetime, hours: Hours, events: Sequence[datetime]) -> tuple[datetime, datetime] | None:
    """From the first opening to the last closing, or as far as there is something to tell; in whole quarters."""
    midnight = begins(day)
    openings = () if hours.always else hours.of(day)
    ends = [midnight + timedelta(minutes=minute) for one in openings for minute in (one.opens, one.closes)]
    every = [*ends, *events]
    if not every:
        return None
    first = midnight + (min(every) - midnight) // QUARTER * QUARTER
    last = max(every) + timedelta.resolution
    if working_day(at) == day:
        last = at if hours.always else min(last, at)
    return first, min(midnight - (midnight - last) // QUARTER * QUARTER, begins(day + timedelta(days=1)))


def _windows(read: Read, day: date, at: datetime, windows: Sequence[str]) -> Iterator[OfWindow]:
    handled = Counter(one.window for one in read.steps if one.decided_at and one.window)
    present = {line.window for line in read.presence}
    others = sorted((set(handled) | present) - set(windows), key=lambda name: (len(name), name))
    for window in (*windows, *others):
        staffed, unsure = _staffed([line for line in read.presence if line.window == window], begins(day), at)
        if window in windows or window in handled or staffed:
            yield OfWindow(window, handled[window], staffed, unsure)


def _staffed(lines: Sequence[Presence], since: datetime, until: datetime) -> tuple[timedelta, bool]:
    """How long somebody was there within a span, and whether an end had to be assumed."""
    total, unsure = timedelta(), False
    there: datetime | None = None
    logged_in: datetime | None = None

    def sat(ended: datetime) -> timedelta:
        begun = max(there, since) if there else ended
        return max(timedelta(), min(ended, until) - begun)

    for line in lines:
        match line.event:
            case "staff_logged_in":
                total += sat(line.at)
                there = logged_in = line.at
            case "staff_unlocked" if logged_in is not None:
                there = there or line.at
            case "staff_locked":
                total, there = total + sat(line.at), None
            case "staff_logged_out" | "staff_session_ended":
                total, there, logged_in = total + sat(line.at), None, None
            case _:
                pass
    if there is not None and logged_in is not None:
        longest = logged_in + LONGEST_SITTING
        unsure = longest < until
        total += sat(min(until, longest))
    return total, unsure
