"""What every connection to a department is: the seam between the exchange and whatever departments speak."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal, Protocol

from flows.application import Record

OWN_KEY = "person.number"

Reason = Literal["late", "down", "busy", "untrusted", "refused", "garbled", "wrong_person"]
"""untrusted: its certificate cannot be believed. refused: it does not let the hall in. busy: the hall asks it as much
as it may already."""


@dataclass(frozen=True)
class Purpose:
    """Why a record is read. `asked_by` is "terminal:K07" or "clerk:zhang"; `flow_version` that of the case,
    "" for the newest."""

    visit: str
    matter: str
    asked_by: str
    flow_version: str = ""


@dataclass(frozen=True)
class Access:
    """One question to a department, as it is written down before it is asked. `person` is the number of whom the
    records are about; `from_library`: the department is silent and what was collected from it is read instead."""

    purpose: Purpose
    department: str
    items: tuple[str, ...]
    person: str
    from_library: bool = False


class DepartmentFailure(Exception):
    """The department did not give a usable answer. `detail` says more to whoever connects it, in words, and never
    holds a value of anybody's record."""

    def __init__(self, reason: Reason, detail: str = "") -> None:
        super().__init__(reason)
        self.reason: Reason = reason
        self.detail = detail


@dataclass(frozen=True)
class Finding:
    """One step of a check, in words for whoever connects the department; never a value of anybody's record."""

    step: str
    words: str
    good: bool


@dataclass(frozen=True)
class Subject:
    """One entry of a register as it was collected: what the department has under one key, or that it has it no more."""

    key: str
    records: tuple[Record, ...]
    gone: bool = False


@dataclass(frozen=True)
class Batch:
    """Part of a collection (归集). `mark` is where the next one goes on, a text only its connection understands;
    `more`: there is a next one at once. `whole`: it belongs to a collection of everything, and what that does not name
    is gone. `known_at`: the department itself only passes on what was so then; None: it is so now."""

    subjects: tuple[Subject, ...]
    mark: str
    more: bool = False
    whole: bool = False
    known_at: datetime | None = None


class Connection(Protocol):
    """One department, whatever it speaks.

    A non-empty answer always repeats the key as a record of item `key`: by it the exchange knows
    that the answer is about the right person.
    """

    @property
    def code(self) -> str: ...

    @property
    def title(self) -> str: ...

    @property
    def items(self) -> tuple[str, ...]: ...

    @property
    def key(self) -> str:
        """The item by which this department finds a record."""
        ...

    @property
    def deadline_s(self) -> float: ...

    @property
    def at_once(self) -> int:
        """How many look-ups it may be asked at the same time."""
        ...

    @property
    def hedged(self) -> bool:
        """Whether a second, equal question may be asked when the first one takes unusually long."""
        ...

    async def look_up(self, key: str, items: Sequence[str], purpose: Purpose) -> tuple[Record, ...]:
        """Its records of these items, () when it has none; raises DepartmentFailure."""
        ...

    async def check(self) -> Sequence[Finding]:
        """Proves the connection step by step, with a look-up that concerns nobody. A step that fails is the last one, but
        all items are judged together."""
        ...

    async def changes(self, mark: str, items: Sequence[str]) -> Batch:
        """What is new since a mark, "" from the beginning; raises DepartmentFailure. Only for a department whose
        settings say how it is collected (`collects`)."""
        ...

    @property
    def collects(self) -> bool: ...

    async def close(self) -> None: ...
