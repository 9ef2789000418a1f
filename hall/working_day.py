"""The clock and the working day: a day in Asia/Shanghai, although every stored instant is UTC."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")

Clock = Callable[[], datetime]
"""Gives the present instant, aware, in UTC."""


def utc_now() -> datetime:
    return datetime.now(UTC)


def working_day(at: datetime) -> date:
    """The day in the hall. The UTC date turns at 08:00 there, just as the doors open."""
    return at.astimezone(SHANGHAI).date()
