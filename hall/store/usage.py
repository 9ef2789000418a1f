"""Whose records were read: an index over the audit, by which a person finds every line about them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from flows.usage import Kept, UseKind
from hall.audit import AuditEvent
from hall.store.request import Request

FROM_LIBRARY = "from_library"
"""In the outcome of an audit line, beside the department's code: it was silent, what was collected from it was read."""


@dataclass(frozen=True)
class Whose:
    """Somebody whose records are read. `as_guardian`: because they act for a child."""

    number: str
    as_guardian: bool = False


@dataclass(frozen=True)
class Reading:
    """A read of records, before it is done. `visit` is what the audit line is about; `outcome` names the department."""

    kind: UseKind
    visit: str
    matter: str
    of: tuple[Whose, ...]
    items: tuple[str, ...] = ()
    outcome: str = ""


@dataclass(frozen=True)
class KeptUse:
    """An audit line about a person, with what only the index knows. `window` is where a clerk read, "" when unknown."""

    line: AuditEvent
    matter: str
    window: str
    as_guardian: bool


@dataclass(frozen=True)
class Shown:
    """The audit line that says that a person looked, and what was kept about them then. Every page of that look is of
    the lines before it."""

    line: int
    kept: Kept


class UsageStore(Protocol):
    """Reads of people's records, found by the blind index of a number. Kept as long as the audit: it is the audit."""

    async def keep_reading(self, reading: Reading, request: Request) -> None:
        """Writes the audit line and whose records it is about, or neither. Never replayed by key."""
        ...

    async def show_usage(self, reading: Reading, kept: Kept, request: Request) -> Shown:
        """Writes down that a person looks at who read their records; a repeat gives what was shown first."""
        ...

    async def usage_of(self, number: str, before: int, most: int) -> tuple[KeptUse, ...]:
        """A person's lines with a number below `before`, newest first, found without opening any row."""
        ...
