"""When a source is collected next."""

from __future__ import annotations

from datetime import UTC, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hall.libraries.schedule import LONGEST_PAUSE, next_try, pause
from hall.libraries.setting import Daily, Every
from hall.store.libraries import Shelf, ShelfState
from hall.working_day import SHANGHAI

SHELF = Shelf("population", "household")
NOW = datetime(2026, 11, 23, 4, tzinfo=UTC)
MOMENTS = st.datetimes(datetime(2025, 1, 1), datetime(2027, 12, 31), timezones=st.just(UTC))
PLANS = st.one_of(st.integers(1, 10_080).map(Every), st.times().map(lambda at: Daily(at.replace(second=0, microsecond=0))))


@pytest.mark.parametrize(
    "state",
    [
        ShelfState(SHELF),
        ShelfState(SHELF, tried_at=NOW, wanted=True),
        ShelfState(SHELF, tried_at=NOW, began_at=NOW),
        ShelfState(SHELF, tried_at=NOW + timedelta(hours=9)),
    ],
    ids=["never tried", "asked for", "interrupted", "the clock was set back"],
)
def test_some_are_due_at_once(state: ShelfState) -> None:
    assert next_try(state, Every(60), NOW) == NOW


def test_a_failure_is_tried_again_soon_and_ever_later() -> None:
    pauses = [pause(failures).total_seconds() for failures in (1, 2, 3, 8, 9, 1000)]
    assert pauses == [15, 30, 60, 1920, 3600, 3600]
    assert next_try(ShelfState(SHELF, tried_at=NOW, failures=2), Every(60), NOW) == NOW + timedelta(seconds=30)


def test_a_time_of_day_is_the_halls() -> None:
    at = Daily(time(2, 30))
    assert next_try(ShelfState(SHELF, tried_at=NOW), at, NOW).astimezone(SHANGHAI) == datetime(
        2026, 11, 24, 2, 30, tzinfo=SHANGHAI
    )
    early = datetime(2026, 11, 24, 2, 29, tzinfo=SHANGHAI)
    assert next_try(ShelfState(SHELF, tried_at=early), at, early).astimezone(SHANGHAI).isoformat() == "2026-11-24T02:30:00+08:00"


@given(tried=MOMENTS, now=MOMENTS, plan=PLANS, failures=st.integers(0, 5000))
def test_nobody_waits_longer_than_the_schedule_or_the_longest_pause(
    tried: datetime, now: datetime, plan: Every | Daily, failures: int
) -> None:
    due = next_try(ShelfState(SHELF, tried_at=tried, failures=failures), plan, now)
    longest = max(LONGEST_PAUSE, timedelta(minutes=plan.minutes) if isinstance(plan, Every) else timedelta(days=1))
    assert min(tried, now) <= due <= max(now, tried + longest)
    assert due == now or due > tried


@given(tried=MOMENTS, plan=PLANS)
def test_after_a_success_there_is_always_a_next_time(tried: datetime, plan: Every | Daily) -> None:
    due = next_try(ShelfState(SHELF, tried_at=tried), plan, tried)
    assert due > tried
