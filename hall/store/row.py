"""What goes into a statement and what comes out of it, on any engine."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any, Protocol

Value = str | int | bytes | date | datetime | None
Stored = str | int | bytes | None


class Row(Protocol):
    """One row of an answer, by the names of its columns."""

    def __getitem__(self, column: str, /) -> Any: ...


def instant(written: str | None) -> datetime | None:
    """A stored instant; what is not there, or '', is none."""
    return datetime.fromisoformat(written) if written else None


def day_of(written: str | None) -> date | None:
    """The same for a stored day."""
    return date.fromisoformat(written) if written else None
