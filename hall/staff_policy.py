"""Password rules and the time after which a counter left alone is locked: dated, from assets/policy/staff.toml."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from flows.policy import Dated, declare, on, read


@dataclass(frozen=True, kw_only=True)
class StaffTable(Dated):
    """One row of the policy."""

    least_password: int
    lock_after_min: int
    common: tuple[str, ...]

    @property
    def lock_after(self) -> timedelta:
        return timedelta(minutes=self.lock_after_min)


@dataclass(frozen=True)
class _File:
    staff: tuple[StaffTable, ...]


_ROWS = read(_File, "staff").staff
declare("staff", _ROWS)


def staff_policy(day: date) -> StaffTable:
    """The row in force on a working day."""
    return on(day, _ROWS, "staff")
