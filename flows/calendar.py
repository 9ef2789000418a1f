"""Working days: the week, the State Council's holidays and the make-up days (assets/policy/working_days.toml)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.flow import Term
from flows.policy import Dated, declare, on, read


@dataclass(frozen=True, kw_only=True)
class Span:
    first: date
    last: date


@dataclass(frozen=True, kw_only=True)
class Year(Dated):
    """One year's arrangement (国务院办公厅关于节假日安排的通知): days off, and weekend days that are worked instead."""

    holidays: tuple[Span, ...]
    made_up: tuple[date, ...]

    def is_holiday(self, day: date) -> bool:
        return any(span.first <= day <= span.last for span in self.holidays)


@dataclass(frozen=True, kw_only=True)
class Years:
    year: tuple[Year, ...]


YEARS = read(Years, "working_days").year
declare("working days", YEARS)


def is_working_day(day: date) -> bool:
    """Raises PolicyError for a year whose arrangement is not in the tables."""
    year = on(day, YEARS, "working days")
    return day in year.made_up or (day.weekday() < 5 and not year.is_holiday(day))


def due_day(term: Term, accepted_on: date) -> date:
    """The last day of a term; counting begins on the day after acceptance.

    Raises PolicyError when the calendar is not published that far.
    """
    if term.unit == "days":
        return accepted_on + timedelta(days=term.number)
    day, left = accepted_on, term.number
    while left:
        day += timedelta(days=1)
        left -= is_working_day(day)
    return day
