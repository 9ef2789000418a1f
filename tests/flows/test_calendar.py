"""Working days and due days: an independent calendar, the long holidays, and a year that nobody has published."""

from __future__ import annotations

from datetime import date, timedelta

import holidays
import pytest
from hypothesis import given
from hypothesis import strategies as st

from flows.calendar import YEARS, due_day, is_working_day
from flows.flow import Term
from flows.policy import PolicyError

YEAR = [date(2026, 1, 1) + timedelta(days=number) for number in range(365)]


def working(number: int) -> Term:
    return Term(number, "working_days")


def test_2026_is_as_an_independent_calendar_has_it() -> None:
    off = holidays.country_holidays("CN", years=2026)
    worked = {day for day in off.weekend_workdays if day.year == 2026}
    independent = {day for day in YEAR if day in worked or (day.weekday() < 5 and day not in off)}
    assert {day for day in YEAR if is_working_day(day)} == independent


@pytest.mark.parametrize(
    ("accepted", "number", "due", "why"),
    [
        ("2026-11-23", 7, "2026-12-02", "counting begins on the day after acceptance"),
        ("2026-11-27", 1, "2026-11-30", "a weekend does not count"),
        ("2026-02-13", 1, "2026-02-14", "a Saturday that is made up for Spring Festival counts"),
        ("2026-02-13", 2, "2026-02-24", "nine days of Spring Festival do not"),
        ("2026-02-12", 7, "2026-02-28", "over Spring Festival, with both days that make up for it"),
        ("2026-09-30", 1, "2026-10-08", "the week of National Day does not count"),
        ("2026-09-30", 3, "2026-10-10", "and the Saturday after it does"),
        ("2026-09-30", 7, "2026-10-15", "seven days take a fortnight then"),
        ("2026-12-30", 1, "2026-12-31", "the last day of a published year is still there"),
    ],
)
def test_a_term_in_working_days(accepted: str, number: int, due: str, why: str) -> None:
    assert due_day(working(number), date.fromisoformat(accepted)) == date.fromisoformat(due), why


def test_a_term_in_days_counts_every_day() -> None:
    assert due_day(Term(20, "days"), date(2026, 2, 10)) == date(2026, 3, 2)
    assert due_day(Term(20, "days"), date(2026, 12, 20)) == date(2027, 1, 9)


def test_a_term_into_a_year_without_an_arrangement_has_no_due_day_and_says_which_day() -> None:
    after = max(year.effective_to or date.max for year in YEARS) + timedelta(days=1)
    with pytest.raises(PolicyError, match=f"no table of working days is in force on {after}"):
        due_day(working(7), after - timedelta(days=3))


@given(st.dates(date(2026, 1, 1), date(2026, 10, 31)), st.integers(1, 20))
def test_a_due_day_is_a_working_day_with_the_whole_term_before_it(accepted: date, number: int) -> None:
    due = due_day(working(number), accepted)
    days = [accepted + timedelta(days=n) for n in range(1, (due - accepted).days + 1)]
    assert is_working_day(due)
    assert sum(is_working_day(day) for day in days) == number


@pytest.mark.parametrize("year", YEARS, ids=lambda year: str(year.effective_from.year))
def test_make_up_days_are_weekends_and_no_holiday_is_worked(year: object) -> None:
    (found,) = [each for each in YEARS if each is year]
    assert all(day.weekday() >= 5 and not found.is_holiday(day) for day in found.made_up)
    assert all(span.first <= span.last for span in found.holidays)
    assert found.source
