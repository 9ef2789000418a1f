"""When a source is collected next: on its schedule, sooner after a failure and ever later while it goes on failing."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import assert_never

from hall.libraries.setting import Daily, Every
from hall.store.libraries import ShelfState
from hall.working_day import SHANGHAI

FIRST_PAUSE = timedelta(seconds=15)
LONGEST_PAUSE = timedelta(hours=1)
DOUBLED_AT_MOST = 10


def next_try(state: ShelfState, when: Every | Daily, now: datetime) -> datetime:
    """`now` for what was never tried, is asked for, or was interrupted by the end of the process. A try that lies in the
    future was made before the clock was set back: nobody waits for that hour to come again."""
    if state.tried_at is None or state.wanted or state.tried_at > now:
        return now
    if state.failures:
        return state.tried_at + pause(state.failures)
    if state.began_at is not None:
        return now
    return _on_schedule(when, state.tried_at)


def pause(failures: int) -> timedelta:
    """After so many failures in a row: 15 seconds, doubling to an hour."""
    doubled = FIRST_PAUSE * (1 << min(failures - 1, DOUBLED_AT_MOST))
    return min(doubled, LONGEST_PAUSE)


def _on_schedule(when: Every | Daily, tried_at: datetime) -> datetime:
    match when:
        case Every(minutes):
            return tried_at + timedelta(minutes=minutes)
        case Daily(at):
            local = tried_at.astimezone(SHANGHAI)
            today = local.replace(hour=at.hour, minute=at.minute, second=0, microsecond=0)
            return (today if today > local else today + timedelta(days=1)).astimezone(UTC)
        case never:
            assert_never(never)
