"""The working day is the day in the hall, not the UTC date."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from hall.working_day import utc_now, working_day


@pytest.mark.parametrize(
    ("instant", "day"),
    [
        (datetime(2026, 11, 22, 15, 59, 59, tzinfo=UTC), date(2026, 11, 22)),
        (datetime(2026, 11, 22, 16, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 22, 23, 59, 59, tzinfo=UTC), date(2026, 11, 23)),
        (datetime(2026, 11, 23, 0, 0, 0, tzinfo=UTC), date(2026, 11, 23)),
    ],
    ids=["before midnight there", "midnight there", "07:59:59 there", "08:00:00 there"],
)
def test_the_day_turns_at_midnight_in_shanghai_and_not_at_eight(instant: datetime, day: date) -> None:
    assert working_day(instant) == day


def test_the_clock_is_aware_and_utc() -> None:
    assert utc_now().tzinfo is UTC
