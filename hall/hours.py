"""When the hall is open: its hours, the week, holidays and make-up days, and the line that one who comes now stands in."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from enum import StrEnum
from itertools import pairwise

from flows.calendar import YEARS, Year
from hall.working_day import SHANGHAI, working_day

WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
FARTHEST = 60
"""Days that are searched for the next open one; no holiday is so long."""


class Moment(StrEnum):
    """What the door says."""

    OPEN = "open"
    BREAK = "break"
    BEFORE = "before"
    CLOSED = "closed"


@dataclass(frozen=True, order=True)
class Opening:
    """From one minute of the day to another, the last one excluded: 540 is 09:00."""

    opens: int
    closes: int

    def __str__(self) -> str:
        return "–".join(f"{minute // 60:02}:{minute % 60:02}" for minute in (self.opens, self.closes))


@dataclass(frozen=True)
class Hours:
    """`usual` on working days (make-up days too), `weekly` where a day of the week has its own, `closed` this hall's own
    days. Without `usual` the hall never closes. `keep`: who waits when a day ends stands in the next day's line."""

    usual: tuple[Opening, ...] = ()
    weekly: Mapping[int, tuple[Opening, ...]] = field(default_factory=dict)
    closed: frozenset[date] = frozenset()
    keep: bool = False

    @property
    def always(self) -> bool:
        return not self.usual

    def of(self, day: date) -> tuple[Opening, ...]:
        """The openings of a day in order; none: closed. A year whose holidays are not published is taken as plain weeks."""
        if self.always:
            return (Opening(0, 24 * 60),)
        if day in self.closed:
            return ()
        year = _year(day)
        if year is not None and day in year.made_up:
            return self.usual  # an ordinary working day, whatever the week says
        if year is not None and year.is_holiday(day):
            return ()
        return self.weekly.get(day.weekday(), self.usual if day.weekday() < 5 else ())

    def moment(self, at: datetime) -> Moment:
        openings, minute = self.of(working_day(at)), _minute(at)
        if any(one.opens <= minute < one.closes for one in openings):
            return Moment.OPEN
        if not openings or minute >= openings[-1].closes:
            return Moment.CLOSED
        return Moment.BEFORE if minute < openings[0].opens else Moment.BREAK

    def is_open(self, at: datetime) -> bool:
        return self.moment(at) is Moment.OPEN

    def line_day(self, at: datetime) -> date:
        """The day whose line one who comes now stands in: today until the last closing, then the next open day."""
        day = working_day(at)
        if self.moment(at) is not Moment.CLOSED:
            return day
        return next(self._open_days(day), day)

    def standing_day(self, day: date) -> date:
        """Where the line of a day that is over goes on: this day if it is open at all, else the next open one."""
        return day if self.of(day) else next(self._open_days(day), day)

    def next_opening(self, at: datetime) -> datetime | None:
        """When the door opens next; None while it is open, or when no open day is known."""
        day, minute = working_day(at), _minute(at)
        if self.is_open(at):
            return None
        later = [one for one in self.of(day) if one.opens > minute]
        opens = later[0].opens if later else None
        if opens is None:
            following = next(self._open_days(day), None)
            if following is None:
                return None
            day, opens = following, self.of(following)[0].opens
        return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=opens)

    def _open_days(self, after: date) -> Iterator[date]:
        days = (after + timedelta(days=number) for number in range(1, FARTHEST))
        return (day for day in days if self.of(day))


ALWAYS = Hours()


def read_hours(written: Mapping[str, object]) -> tuple[Hours, tuple[str, ...]]:
    """The section [hours] of hall.toml, and what is wrong with it."""
    problems: list[str] = []
    usual = _openings("open", written.get("open"), problems)
    if not usual and not problems:
        problems.append('hours.open must be a list such as ["09:00-12:00", "14:00-17:30"]')
    weekly = {number: _openings(name, written[name], problems) for number, name in enumerate(WEEKDAYS) if name in written}
    closed = written.get("closed", [])
    days = [day for day in closed if type(day) is date] if isinstance(closed, list) else []
    if not isinstance(closed, list) or len(days) != len(closed):
        problems.append("hours.closed must be a list of days, e.g. [2026-12-31]")
    overnight = written.get("overnight", "end")
    if overnight not in ("keep", "end"):
        problems.append('hours.overnight must be "keep" or "end"')
    return Hours(usual, weekly, frozenset(days), overnight == "keep"), tuple(problems)


def _openings(name: str, written: object, problems: list[str]) -> tuple[Opening, ...]:
    texts = written if isinstance(written, list) else [] if written is None else [None]
    found = [_opening(text) for text in texts]
    openings = [one for one in found if one is not None]
    apart = all(one.closes <= other.opens for one, other in pairwise(openings))
    if len(openings) != len(found) or not apart:
        problems.append(f'hours.{name} must be spans in order that do not overlap, e.g. ["09:00-12:00", "14:00-17:30"]')
        return ()
    return tuple(openings)


def _opening(text: object) -> Opening | None:
    found = re.fullmatch(r"([0-2][0-9]):([0-5][0-9])-([0-2][0-9]):([0-5][0-9])", text) if isinstance(text, str) else None
    if found is None:
        return None
    first, second, third, fourth = map(int, found.groups())
    opens, closes = first * 60 + second, third * 60 + fourth
    return Opening(opens, closes) if opens < closes <= 24 * 60 else None


def _year(day: date) -> Year | None:
    return next((year for year in YEARS if year.in_force(day)), None)


def _minute(at: datetime) -> int:
    there = at.astimezone(SHANGHAI)
    return there.hour * 60 + there.minute
